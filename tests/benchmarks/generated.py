"""A lake of any size, written directly as columns instead of crawled from a Hub."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from tracker.domain import Manifest
from tracker.lake.lake import Lake
from tracker.lake.writer import SCHEMAS, LakeWriter

STANDING = 0.6
"""Share of repositories without new downloads."""

EDGES = 0.7
"""Links to a base per repository."""

NEW, CHANGED = 0.003, 0.01
"""Shares of repositories that a day adds and changes; the changed ones are sampled each day."""

_WINDOW = 30
_STALL, _ROLLBACK = 20, range(40, 43)
"""Index of the day on which counters stall, and of the days on which a fifth of them are lower."""

_MAKERS = ("Qwen/Qwen3-", "meta-llama/Llama-3.1-", "mistralai/Mistral-", "google/gemma-3-", "unsloth/Qwen3-")
_SIZES = ("0.6B", "1.7B", "4B", "8B", "14B", "32B", "70B")


class Generated:
    """Repositories with random counters; each `land` adds one day of scope hub."""

    def __init__(self, home: Path, models: int, standing: float = STANDING, *, has_random_ids: bool = False) -> None:
        self._lake, self._rng, self._landed = Lake(home), np.random.default_rng(7), 0
        self._tail = _random_tail if has_random_ids else "{:016x}".format
        self._ids = pa.array([f"{0x62000000 + 90 * n:08x}{self._tail(n)}" for n in range(models)])
        self._created = 0x62000000 + 90 * np.arange(models, dtype=np.int64)
        rates = self._rng.lognormal(0.5, 2.2, models)
        self._rates = np.where(self._rng.random(models) < standing, 0.0, rates)
        self._recent = [self._rng.poisson(self._rates).astype(np.int64) for _ in range(_WINDOW)]
        self._all_time = self._rng.poisson(rates * 40).astype(np.int64) + sum(self._recent)
        self._is_rolled_back = self._rng.random(models) < 0.2

    def land(self, day: date) -> None:
        """Land one day; the first has attributes and links too."""
        if not self._landed:
            self._land(day, np.arange(len(self._ids)))
        else:
            self._land(day, np.arange(0))

    def land_elsewhere(self, home: Path, day: date) -> None:
        """Land a typical further day in another home."""
        self._lake = Lake(home)
        self.land_typical(day)

    def land_typical(self, day: date) -> None:
        """Land a day with new and changed repositories."""
        count = len(self._ids)
        self._add(int(count * NEW), day)
        changed = self._rng.choice(count, int(count * CHANGED), replace=False)
        self._land(day, np.sort(np.concatenate([changed, np.arange(count, len(self._ids))])))

    def _add(self, count: int, day: date) -> None:
        """New repositories: nine of ten created that day, the others older ones that became public."""
        numbers = np.arange(len(self._ids), len(self._ids) + count)
        midnight = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
        created = np.where(numbers % 10 > 0, midnight + numbers % 3600, 0x62000000 + numbers)
        ids = [f"{second:08x}{self._tail(n)}" for second, n in zip(created.tolist(), numbers.tolist(), strict=True)]
        self._ids = pa.concat_arrays([self._ids, pa.array(ids)])
        self._created = np.concatenate([self._created, created])
        self._rates = np.concatenate([self._rates, self._rng.lognormal(0.5, 2.2, count)])
        nothing = np.zeros(count, dtype=np.int64)
        self._recent = [np.concatenate([counts, nothing]) for counts in self._recent]
        self._all_time = np.concatenate([self._all_time, nothing])
        self._is_rolled_back = np.concatenate([self._is_rolled_back, nothing.astype(bool)])

    def _land(self, day: date, new_or_changed: np.ndarray) -> None:
        """Land the counters of all repositories, and attributes and links of those that are `new_or_changed`."""
        position, count = self._landed, len(self._ids)
        if position != _STALL:
            self._recent = [*self._recent[1:], self._rng.poisson(self._rates).astype(np.int64)]
            self._all_time += self._recent[-1]
        shown = self._all_time // np.where(self._is_rolled_back & (position in _ROLLBACK), 2, 1)
        folder = self._lake.home / "making"
        folder.mkdir(parents=True, exist_ok=True)
        sink = LakeWriter(folder)
        sink.write("model_days", self._model_days(shown, day))
        if len(new_or_changed):
            sink.write("models", self._models(new_or_changed))
            sink.write("edges", self._edges(new_or_changed))
        files = self._lake.add_files(*sink.close(self._lake, day, "hub"))
        folder.rmdir()
        self._lake.save_manifest(_manifest(day, count, len(new_or_changed), files))
        self._landed += 1

    def _model_days(self, shown: np.ndarray, day: date) -> pa.Table:
        likes = np.sqrt(shown).astype(np.int64)
        read_at = pa.array(np.full(len(shown), np.datetime64(day, "us")), pa.timestamp("us", "UTC"))
        trending = np.zeros(len(shown))
        return pa.table([self._ids, sum(self._recent), shown, likes, trending, read_at], schema=SCHEMAS["model_days"])

    def _models(self, new_or_changed: np.ndarray) -> pa.Table:
        count = len(new_or_changed)
        created = pa.array(self._created[new_or_changed] * 1000).cast(pa.timestamp("ms", "UTC"))
        formats = np.array(["transformers", "gguf", "peft", "diffusers"])[self._rng.integers(0, 4, count)]
        known = {
            "hub_id": self._ids.take(pa.array(new_or_changed)),
            "repo_id": pa.array([_name(n) for n in new_or_changed.tolist()]),
            "created_at": created,
            "last_modified": created,
            "gated": pa.array(["no"] * count),
            "is_disabled": pa.array(np.zeros(count, dtype=bool)),
            "pipeline_tag": pa.array(["text-generation"] * count),
            "library_name": pa.array(formats),
            "license": pa.array(["apache-2.0"] * count),
            "tags": pa.array([["region:us", "conversational"]] * count),
            "fingerprint": pa.array(new_or_changed.astype(np.uint64)),
        }
        columns = [
            known.get(name, pa.nulls(count, SCHEMAS["models"].field(name).type)) for name in SCHEMAS["models"].names
        ]
        return pa.table(columns, schema=SCHEMAS["models"])

    def _edges(self, new_or_changed: np.ndarray) -> pa.Table:
        """Link each child to one older repository; older ones are likelier."""
        children = new_or_changed[self._rng.random(len(new_or_changed)) < EDGES]
        children = children[children > 0]
        parents = (children * self._rng.random(len(children)) ** 3).astype(np.int64)
        count = len(children)
        relations = np.array(["finetune", "adapter", "quantized", "merge"])[self._rng.integers(0, 4, count)]
        return pa.table(
            [
                self._ids.take(pa.array(children)),
                self._ids.take(pa.array(parents)),
                pa.array([_name(n) for n in parents.tolist()]),
                pa.array(relations),
                pa.array(["baseModels"] * count),
                pa.array(np.ones(count, dtype=np.int32)),
            ],
            schema=SCHEMAS["edges"],
        )


def _random_tail(number: int) -> str:
    """Last 16 digits of an id, which on the Hub cannot be guessed from those of others."""
    return hashlib.sha256(str(number).encode()).hexdigest()[:16]


def _name(number: int) -> str:
    size = _SIZES[number % len(_SIZES)]
    if number % 50 == 0:
        return f"{_MAKERS[number // 50 % len(_MAKERS)]}{size}-{number}"
    return f"user-{number % 9973}/tuned-{size}-{number}"


def _manifest(day: date, models: int, new: int, files: tuple[object, ...]) -> Manifest:
    moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return Manifest(
        crawl=f"{day}-hub",
        day=day,
        scope="hub",
        families=(),
        source="crawl",
        endpoint="http://generated",
        started_at=moment,
        ended_at=moment + timedelta(hours=1),
        seconds=3600.0,
        requests=models // 1000,
        pages=models // 1000,
        rows_read=models,
        models=models,
        duplicates=0,
        refused=0,
        refused_because={},
        refused_examples=(),
        new_models=new,
        changed_models=0,
        is_complete=True,
        incomplete_because=None,
        is_simulated=True,
        program_version="0",
        registry_version="0",
        files=files,  # type: ignore[arg-type]
    )
