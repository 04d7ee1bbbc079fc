"""Derivatives over several levels (finetunes, adapters, merges, quantized copies), and unrelated uploads. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.demo.simulation.known_models import Format
from tracker.demo.simulation.population import (
    DAY_SECONDS,
    MOST_PARENTS,
    Flags,
    Floats,
    Ints,
    Kind,
    Population,
    Window,
    concatenated,
    valid_times,
)
from tracker.demo.simulation.upload_names import UsedNames, account_names, derived_name, merged_name
from tracker.registry.entries import Relation

_MEAN_AGE_DAYS, _OLDEST_DAYS = 500, 1_250
_FRESHNESS_DAYS = 300
"""Days in which a parent's attraction for new derivatives falls to 1/e."""

_NEXT_TRY = 1_057
"""Added to a draw whose name is in use; changes the owner, the subject and the ending."""

_CHAT = ("text-generation", "image-text-to-text", "any-to-any")
_PICTURES = ("diffusion-single-file", "text-to-image", "image-to-image", "text-to-video", "image-to-video")
_PICTURE_REPACKAGERS = ("Abiray", "Comfy-Org", "DeepBeepMeep", "Kijai", "realrebelai", "stable-diffusion-v1-5")
"""Registered repackagers that copy models of images and video; these are all they copy, and all others do not."""

_BUSY = {
    "mradermacher": 12,
    "unsloth": 6,
    "RedHatAI": 4,
    "mlx-community": 4,
    "bartowski": 4,
    "lmstudio-community": 3,
    "antirez": 0,
    "audio-cpp": 0,
    "FluidInference": 0,
    "huggyllama": 0,
    "stable-diffusion-v1-5": 0,
}
"""Repackager -> its uploads, as a multiple of those of the other repackagers; 0 for copies of single models."""

_OTHER_TASKS = 0.1
"""Attraction of models of other tasks than chat, as a multiple of that of chat models of the same downloads."""

_MOST_PER_DAY = 400.0
"""Downloads per day that invented derivatives do not reach: all those with more are known by name."""


@dataclass(frozen=True, slots=True)
class Uploaders:
    """Who uploads derivatives: fictitious accounts, and the registry's repackagers."""

    accounts: list[str]
    repackagers: tuple[str, ...]

    def copying(self, is_picture: bool) -> list[str]:
        """Repackagers of models of images and video, or of all other models; busy ones several times."""
        return [
            handle
            for handle in self.repackagers
            if (handle in _PICTURE_REPACKAGERS) is is_picture
            for _ in range(_BUSY.get(handle, 1))
        ]

    def draw(self, rng: np.random.Generator, count: int) -> list[str]:
        """Draw the accounts of `count` uploads: a few accounts make many, most make few."""
        positions = (len(self.accounts) * rng.random(count) ** 2.5).astype(int)
        return [self.accounts[position] for position in positions.tolist()]


@dataclass(frozen=True, slots=True)
class Counts:
    """Number of repositories of each kind."""

    finetune: int
    adapter: int
    merge: int
    quantized: int
    other: int

    @classmethod
    def of(cls, models: int, base: Population) -> "Counts":
        """Numbers to add to `base` for `models` repositories; the remainder after rounding is quantized."""
        have = np.bincount(base.kinds, minlength=len(Kind)).tolist()
        rest, left = models - have[Kind.RELEASE], models - len(base)
        shares = {Kind.FINETUNE: 19, Kind.ADAPTER: 16, Kind.MERGE: 5, Kind.OTHER: 10}
        of_kind = {}
        for kind, share in shares.items():
            of_kind[kind] = min(max(round(rest * share / 85) - have[kind], 0), left)
            left -= of_kind[kind]
        return cls(of_kind[Kind.FINETUNE], of_kind[Kind.ADAPTER], of_kind[Kind.MERGE], left, of_kind[Kind.OTHER])


def add_derivatives(
    rng: np.random.Generator,
    base: Population,
    uploaders: Uploaders,
    counts: Counts,
    window: Window,
    used_names: UsedNames,
    tasks: Sequence[str],
) -> Population:
    """`base` and its derivatives, each younger than all of its parents, followed by unrelated uploads.

    `tasks` are those of the release lines.
    """
    generator = _Generator(rng, uploaders, window, used_names, np.array([*tasks, ""]))
    deeper, deepest = round(counts.finetune * 0.16), round(counts.finetune * 0.04)
    world = base
    level = generator.derive(world, _all(base), Kind.FINETUNE, counts.finetune - deeper - deepest)
    for count in (deeper, deepest):
        world, start = concatenated([world, level]), len(world)
        level = generator.derive(world, np.arange(start, len(world)), Kind.FINETUNE, count)
    world = concatenated([world, level])
    second = round(counts.merge * 0.2)
    for count in (counts.merge - second, second):
        chat = np.flatnonzero(np.isin(generator.tasks_of(world), _CHAT))
        world = concatenated([world, generator.derive(world, np.intersect1d(_all(world), chat), Kind.MERGE, count)])
    adapters = generator.derive(world, _all(world), Kind.ADAPTER, counts.adapter)
    quantized = generator.derive(world, _all(world), Kind.QUANTIZED, counts.quantized)
    return concatenated([world, adapters, quantized, generator.others(counts.other)])


def _all(population: Population) -> Ints:
    return np.flatnonzero(np.array([format_ is Format.SAFETENSORS for format_ in population.formats]))


@dataclass(frozen=True, slots=True)
class _Generator:
    rng: np.random.Generator
    uploaders: Uploaders
    window: Window
    used_names: UsedNames
    line_tasks: NDArray[np.str_]

    def tasks_of(self, world: Population) -> NDArray[np.str_]:
        """The task of each repository, or the library where it has no task; "" where both are unknown."""
        tasks = self.line_tasks[world.lines].astype(object)
        for position, known in enumerate(world.known):
            if known is not None and (known.task or known.library):
                tasks[position] = known.task or known.library
        return tasks.astype(str)

    def derive(self, world: Population, pool: Ints, kind: Kind, count: int) -> Population:
        """Draw `count` repositories of one kind with parents at the positions `pool`."""
        pool = pool if len(pool) else _all(world)
        pool = pool[world.created[pool] < self.window.end_second - 7_200]
        pool = pool[np.argsort(world.created[pool], kind="stable")]
        created = self._creation_times(count)
        is_repackaged = (self.rng.random(count) < 0.55) & (kind is Kind.QUANTIZED) & all(self._repackagers)
        parents = np.full((count, MOST_PARENTS), -1, dtype=np.int64)
        parents[:, 0] = self._parents(world, pool, created)
        if kind is Kind.MERGE:
            self._add_parents(world, pool, created, parents)
        parents[is_repackaged, 0] = self._popular_parents(world, pool, int(is_repackaged.sum()))
        created = valid_times(
            np.where(is_repackaged, self._soon_after(world.created[parents[:, 0]]), created), self.window
        )
        newest = np.where(parents >= 0, world.created[parents], 0).max(axis=1)
        created = np.maximum(created, newest + 60)
        return self._named(world, kind, created, parents, is_repackaged)

    def others(self, count: int) -> Population:
        """Draw uploads without a parent, most of them small."""
        names = []
        draws = self.rng.integers(0, 1 << 30, count).tolist()
        for owner, draw in zip(self.uploaders.draw(self.rng, len(draws)), draws, strict=True):
            names.append(
                self.used_names.claim(
                    f"{owner}/{merged_name('', draw).replace('merge', ('ppo', 'cnn', 'act', 'tts')[draw % 4])}"
                )
            )
        created = self._creation_times(count)
        params = np.exp(self.rng.normal(np.log(6e7), 1.5, count))
        popularity = 0.03 * self.rng.lognormal(0, 2, count)
        return Population(
            names=names,
            kinds=np.full(count, Kind.OTHER, dtype=np.int64),
            created=created,
            parents=np.full((count, MOST_PARENTS), -1, dtype=np.int64),
            relations=[None] * count,
            formats=[Format.SAFETENSORS] * count,
            lines=np.full(count, -1, dtype=np.int64),
            params=params.astype(np.int64),
            popularity=popularity,
            known=[None] * count,
        )

    def _creation_times(self, count: int) -> Ints:
        """Draw creation times; the number per day grows over the years."""
        share = 1 - np.exp(-_OLDEST_DAYS / _MEAN_AGE_DAYS)
        ages = -np.log(1 - self.rng.random(count) * share) * _MEAN_AGE_DAYS
        return valid_times((self.window.last + 1 - ages) * DAY_SECONDS, self.window)

    def _soon_after(self, released: Ints) -> Floats:
        """Draw times within days of each release; if that is after the window, any time since the release."""
        moment = released + 3_600 + self.rng.exponential(4 * DAY_SECONDS, len(released))
        since = released + self.rng.random(len(released)) * (self.window.end_second - released)
        return np.where(moment > self.window.end_second, since, moment)

    def _attraction(self, world: Population, pool: Ints) -> Floats:
        """Running sum, over `pool` in order of creation, of each model's attraction for derivatives."""
        age = (self.window.last - world.created[pool] / DAY_SECONDS) / _FRESHNESS_DAYS
        of_task = np.where(np.isin(self.tasks_of(world)[pool], _CHAT), 1, _OTHER_TASKS)
        attraction: Floats = np.cumsum(world.popularity[pool] ** 0.6 * np.exp(-np.minimum(age, 20)) * of_task)
        return attraction

    def _parents(self, world: Population, pool: Ints, created: Ints) -> Ints:
        """Draw an older repository of the pool for each time; the oldest one if none is older."""
        attraction = self._attraction(world, pool)
        older: Ints = np.searchsorted(world.created[pool], created - 60, side="left")
        reach = np.where(older > 0, attraction[np.maximum(older, 1) - 1], 0.0)
        position = np.searchsorted(attraction, self.rng.random(len(created)) * reach, side="right")
        parents: Ints = pool[np.minimum(position, np.maximum(older - 1, 0))]
        return parents

    def _popular_parents(self, world: Population, pool: Ints, count: int) -> Ints:
        attraction = self._attraction(world, pool)
        position = np.searchsorted(attraction, self.rng.random(count) * attraction[-1], side="right")
        parents: Ints = pool[np.minimum(position, len(pool) - 1)]
        return parents

    def _add_parents(self, world: Population, pool: Ints, created: Ints, parents: Ints) -> None:
        """Draw two to four parents for each merge. Duplicates are dropped, so some merges have fewer."""
        parent_counts = self.rng.choice([2, 2, 3, 4], len(created))
        for position in range(1, MOST_PARENTS):
            candidates = self._parents(world, pool, created)
            is_new = (parent_counts > position) & ~(parents[:, :position] == candidates[:, None]).any(axis=1)
            parents[is_new, position] = candidates[is_new]
        parents[:, 1:] = -np.sort(-parents[:, 1:], axis=1)

    def _named(self, world: Population, kind: Kind, created: Ints, parents: Ints, is_repackaged: Flags) -> Population:
        count = len(created)
        first = parents[:, 0]
        formats = self._formats(kind, count)
        owners = self.uploaders.draw(self.rng, count)
        draws = self.rng.integers(0, 1 << 30, count).tolist()
        names = []
        is_picture = np.isin(self.tasks_of(world), _PICTURES).tolist()
        repackagers = self._repackagers
        for i, parent in enumerate(first.tolist()):
            choice = repackagers[is_picture[parent]] if is_repackaged[i] else [owners[i]]
            name, formats[i] = self._name(kind, world.names[parent].partition("/")[2], choice, formats[i], draws[i])
            names.append(name)
        relation = Relation[kind.name]
        popularity = (world.popularity[first] + 1) ** 0.25 * np.where(is_repackaged, 1.0, 0.03)
        popularity *= np.exp(self.rng.normal(0, 1, count) * np.where(is_repackaged, 2.0, 3.0))
        return Population(
            names=names,
            kinds=np.full(count, kind, dtype=np.int64),
            created=created,
            parents=parents,
            relations=[relation] * count,
            formats=formats,
            lines=world.lines[first],
            params=world.params[first],
            popularity=popularity * _MOST_PER_DAY / (popularity + _MOST_PER_DAY),
            known=[None] * count,
        )

    @property
    def _repackagers(self) -> tuple[list[str], list[str]]:
        """Who copies other models, and who copies models of images and video."""
        return self.uploaders.copying(False), self.uploaders.copying(True)

    def _name(self, kind: Kind, stem: str, owners: list[str], format_: Format, draw: int) -> tuple[str, Format]:
        """Claim a free name of one of the owners, with the format that a single owner or a repackager uses."""
        full, made = "", format_
        for attempt in range(draw, draw + 6 * _NEXT_TRY, _NEXT_TRY):
            handle, made = (owners[0], format_) if len(owners) == 1 else _repackager(owners, attempt, format_)
            name = merged_name(stem, attempt) if kind is Kind.MERGE else derived_name(stem, made, attempt)
            full = f"{handle}/{name}"
            if self.used_names.is_free(full):
                break
        return self.used_names.claim(full), made

    def _formats(self, kind: Kind, count: int) -> list[Format]:
        if kind is Kind.ADAPTER:
            return [Format.PEFT] * count
        if kind is not Kind.QUANTIZED:
            return [Format.SAFETENSORS] * count
        usual = (Format.GGUF, Format.MLX, Format.AWQ, Format.GPTQ, Format.FP8, Format.BNB)
        positions = self.rng.choice(len(usual), count, p=(0.6, 0.12, 0.07, 0.05, 0.08, 0.08))
        return [usual[position] for position in positions.tolist()]


def _repackager(handles: list[str], draw: int, format_: Format) -> tuple[str, Format]:
    """Draw a repackager and a format; one with a format in its name uploads only that format."""
    handle = handles[draw // 32 % len(handles)]
    for own, word in ((Format.MLX, "mlx"), (Format.GGUF, "ggml"), (Format.GGUF, "gguf"), (Format.BNB, "bnb")):
        if word in handle.lower():
            return handle, own
    return handle, Format.GGUF if format_ is Format.MLX else format_


def account_names_for(rng: np.random.Generator, models: int, reserved: frozenset[str]) -> list[str]:
    """Draw the fictitious accounts of a world of `models` repositories: about one for every five."""
    return account_names(rng, max(models // 5, 3), reserved)
