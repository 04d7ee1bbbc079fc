"""Facts about real repositories: names, days of creation, licences, tasks, sizes, bases and downloads. Pure."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from tracker.registry.entries import Relation

_FILE = Path(__file__).with_name("known_models.csv")
LISTED_ON = date(2026, 8, 22)
"""Day of the listing from which the facts are."""

_EPOCH = date(1970, 1, 1).toordinal()


class Format(StrEnum):
    """Storage format of the weights."""

    SAFETENSORS = "safetensors"
    PEFT = "peft"
    GGUF = "gguf"
    MLX = "mlx"
    AWQ = "awq"
    GPTQ = "gptq"
    FP8 = "fp8"
    BNB = "bitsandbytes"


FORMAT_TAGS = {
    "gguf": Format.GGUF,
    "mlx": Format.MLX,
    "awq": Format.AWQ,
    "gptq": Format.GPTQ,
    "fp8": Format.FP8,
    "nvfp4": Format.FP8,
    "compressed-tensors": Format.FP8,
    "modelopt": Format.FP8,
    "bitsandbytes": Format.BNB,
    "peft": Format.PEFT,
    "lora": Format.PEFT,
}
"""Tag -> format of the weights."""


@dataclass(frozen=True, slots=True)
class KnownModel:
    """What is known of one repository; None or empty text where it is unknown."""

    repo_id: str
    created: int | None
    """Day number since 1970-01-01."""

    license: str
    is_gated: bool
    task: str
    library: str
    params: int | None
    relation: Relation | None
    parents: tuple[str, ...]
    tags: tuple[str, ...]
    """Tags of architectures and formats."""

    downloads_30d: int | None
    likes: int | None

    @property
    def format(self) -> Format:
        """Format of the weights by the tags; safetensors if they name none."""
        return next((FORMAT_TAGS[tag] for tag in self.tags if tag in FORMAT_TAGS), Format.SAFETENSORS)


def known_models(count: int, last_day: int) -> list[KnownModel]:
    """About `count` known models created by `last_day`, the most used first, each after all of its parents."""
    every = _completed(_read())
    chosen: dict[str, KnownModel] = {}
    for model in every.values():
        if len(chosen) >= count:
            break
        kin = _with_ancestors(model, every)
        if all(one.created is not None and one.created <= last_day for one in kin):
            chosen |= {one.repo_id: one for one in kin}
    return list(chosen.values())


@cache
def _read() -> tuple[KnownModel, ...]:
    with _FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(map(_parsed, csv.DictReader(line for line in lines if not line.startswith("#"))))


def _parsed(row: dict[str, str]) -> KnownModel:
    return KnownModel(
        repo_id=row["repo_id"],
        created=date.fromisoformat(row["created"]).toordinal() - _EPOCH if row["created"] else None,
        license=row["license"],
        is_gated=bool(row["gated"]),
        task=row["task"],
        library=row["library"],
        params=int(row["params"]) if row["params"] else None,
        relation=Relation(row["relation"]) if row["relation"] else None,
        parents=tuple(row["parents"].split()),
        tags=tuple(row["tags"].split()),
        downloads_30d=int(row["downloads_30d"]) if row["downloads_30d"] else None,
        likes=int(row["likes"]) if row["likes"] else None,
    )


def _completed(models: Sequence[KnownModel]) -> dict[str, KnownModel]:
    """The models by name. A base of unknown day is as old as its oldest derivative: labs publish both at once.

    A base of unknown task has that of its most used derivative.
    """
    found = {model.repo_id: model for model in models}
    undated = {model.repo_id for model in models if model.created is None}
    for repo_id in list(found):  # in the file, a base of unknown day comes after its derivatives
        for parent in undated.intersection(found[repo_id].parents):
            days = [day for day in (found[repo_id].created, found[parent].created) if day is not None]
            task = found[parent].task or found[repo_id].task
            found[parent] = replace(found[parent], created=min(days, default=None), task=task)
    return found


def _with_ancestors(model: KnownModel, every: Mapping[str, KnownModel]) -> list[KnownModel]:
    return [*(one for parent in model.parents for one in _with_ancestors(every[parent], every)), model]
