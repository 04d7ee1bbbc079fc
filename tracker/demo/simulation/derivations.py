"""Derivatives over several levels (finetunes, adapters, merges, quantized copies), and unrelated uploads. Pure."""

from dataclasses import dataclass

import numpy as np

from tracker.demo.simulation.population import (
    DAY_SECONDS,
    MOST_PARENTS,
    Flags,
    Floats,
    Format,
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

_WELL_KNOWN = (
    ("sentence-transformers/all-MiniLM-L6-v2", 22_713_728, 6e5),
    ("sentence-transformers/all-mpnet-base-v2", 109_486_978, 3e5),
    ("openai-community/gpt2", 137_022_720, 2e5),
    ("google-bert/bert-base-uncased", 110_106_428, 3e5),
    ("distilbert/distilbert-base-uncased", 66_985_530, 1e5),
    ("FacebookAI/roberta-large", 355_412_957, 2e5),
    ("FacebookAI/xlm-roberta-base", 278_295_186, 2e5),
    ("timm/resnet50.a1_in1k", 25_610_205, 2e5),
    ("google/electra-base-discriminator", 109_000_000, 3e5),
    ("openai/clip-vit-base-patch32", 151_277_313, 2e5),
    ("pyannote/segmentation-3.0", 1_473_515, 1e5),
    ("timm/mobilenetv3_small_100.lamb_in1k", 2_550_000, 3e5),
)
"""Small, widely used models without a parent: id, parameters, simulated downloads per day."""

_ST, _HF = "sentence-transformers", "transformers"
WELL_KNOWN_TASKS = {
    "sentence-transformers/all-MiniLM-L6-v2": ("sentence-similarity", _ST),
    "sentence-transformers/all-mpnet-base-v2": ("sentence-similarity", _ST),
    "openai-community/gpt2": ("text-generation", _HF),
    "google-bert/bert-base-uncased": ("fill-mask", _HF),
    "distilbert/distilbert-base-uncased": ("fill-mask", _HF),
    "FacebookAI/roberta-large": ("fill-mask", _HF),
    "FacebookAI/xlm-roberta-base": ("fill-mask", _HF),
    "timm/resnet50.a1_in1k": ("image-classification", "timm"),
    "openai/clip-vit-base-patch32": ("zero-shot-image-classification", _HF),
    "pyannote/segmentation-3.0": ("voice-activity-detection", "pyannote-audio"),
    "timm/mobilenetv3_small_100.lamb_in1k": ("image-classification", "timm"),
}
"""Id of a widely used model -> its task and library on the Hub. google/electra-base-discriminator has no task."""


@dataclass(frozen=True, slots=True)
class Uploaders:
    """Who uploads derivatives: fictitious accounts, and the registry's repackagers."""

    accounts: list[str]
    repackagers: tuple[str, ...]

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
    def of(cls, rest: int) -> "Counts":
        """Split `rest` repositories over the kinds; the remainder after rounding is quantized."""
        finetune, adapter, merge, other = (round(rest * share / 85) for share in (19, 16, 5, 10))
        return cls(finetune, adapter, merge, rest - finetune - adapter - merge - other, other)


def add_derivatives(
    rng: np.random.Generator,
    base: Population,
    uploaders: Uploaders,
    counts: Counts,
    window: Window,
    used_names: UsedNames,
) -> Population:
    """`base` and its derivatives, each younger than all of its parents, followed by unrelated uploads."""
    generator = _Generator(rng, uploaders, window, used_names)
    deeper, deepest = round(counts.finetune * 0.16), round(counts.finetune * 0.04)
    world = base
    level = generator.derive(world, _all(base), Kind.FINETUNE, counts.finetune - deeper - deepest)
    for count in (deeper, deepest):
        world, start = concatenated([world, level]), len(world)
        level = generator.derive(world, np.arange(start, len(world)), Kind.FINETUNE, count)
    world = concatenated([world, level])
    second = round(counts.merge * 0.2)
    merges = generator.derive(world, _all(world), Kind.MERGE, counts.merge - second)
    world = concatenated([world, merges])
    world = concatenated([world, generator.derive(world, _all(world), Kind.MERGE, second)])
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

    def derive(self, world: Population, pool: Ints, kind: Kind, count: int) -> Population:
        """Draw `count` repositories of one kind with parents at the positions `pool`."""
        pool = pool if len(pool) else _all(world)
        pool = pool[world.created[pool] < self.window.end_second - 7_200]
        pool = pool[np.argsort(world.created[pool], kind="stable")]
        created = self._creation_times(count)
        is_repackaged = (self.rng.random(count) < 0.55) & (kind is Kind.QUANTIZED) & bool(self.uploaders.repackagers)
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
        """Draw uploads without a parent, most of them small; well-known models with free names come first."""
        known = [item for item in _WELL_KNOWN if self.used_names.is_free(item[0])][: count // 4]
        names = [self.used_names.claim(name) for name, _, _ in known]
        draws = self.rng.integers(0, 1 << 30, count - len(known)).tolist()
        for owner, draw in zip(self.uploaders.draw(self.rng, len(draws)), draws, strict=True):
            names.append(
                self.used_names.claim(
                    f"{owner}/{merged_name('', draw).replace('merge', ('ppo', 'cnn', 'act', 'tts')[draw % 4])}"
                )
            )
        created = self._creation_times(count)
        created[: len(known)] = valid_times(np.zeros(len(known)), self.window)
        params = np.exp(self.rng.normal(np.log(6e7), 1.5, count))
        popularity = 0.5 * self.rng.lognormal(0, 2, count)
        params[: len(known)] = [params for _, params, _ in known]
        popularity[: len(known)] = [popularity for _, _, popularity in known]
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
        attraction: Floats = np.cumsum(world.popularity[pool] ** 0.6 * np.exp(-np.minimum(age, 20)))
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
        for i, parent in enumerate(first.tolist()):
            owner = None if is_repackaged[i] else owners[i]
            name, formats[i] = self._name(kind, world.names[parent].partition("/")[2], owner, formats[i], draws[i])
            names.append(name)
        relation = Relation[kind.name]
        popularity = (world.popularity[first] + 1) ** 0.4 * np.where(is_repackaged, 5.0, 0.15)
        return Population(
            names=names,
            kinds=np.full(count, kind, dtype=np.int64),
            created=created,
            parents=parents,
            relations=[relation] * count,
            formats=formats,
            lines=world.lines[first],
            params=world.params[first],
            popularity=popularity * np.exp(self.rng.normal(0, 1, count) * np.where(is_repackaged, 1.5, 2.5)),
        )

    def _name(self, kind: Kind, stem: str, owner: str | None, format_: Format, draw: int) -> tuple[str, Format]:
        """Claim a free name. Returns it with the format its owner uses; an `owner` of None draws a repackager."""
        full, made = "", format_
        for attempt in range(draw, draw + 6 * _NEXT_TRY, _NEXT_TRY):
            handle, made = (owner, format_) if owner is not None else self._repackager(attempt, format_)
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

    def _repackager(self, draw: int, format_: Format) -> tuple[str, Format]:
        """Draw a repackager and a format; one with a format in its name uploads only that format."""
        handle = self.uploaders.repackagers[draw // 32 % len(self.uploaders.repackagers)]
        for own, word in ((Format.MLX, "mlx"), (Format.GGUF, "ggml"), (Format.GGUF, "gguf"), (Format.BNB, "bnb")):
            if word in handle.lower():
                return handle, own
        return handle, Format.GGUF if format_ is Format.MLX else format_


def account_names_for(rng: np.random.Generator, models: int, reserved: frozenset[str]) -> list[str]:
    """Draw the fictitious accounts of a world of `models` repositories: about one for every five."""
    return account_names(rng, max(models // 5, 3), reserved)
