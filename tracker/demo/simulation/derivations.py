"""What others make: finetunes, adapters, merges, quantized copies, several levels deep, and unrelated uploads. Pure."""

from dataclasses import dataclass

import numpy as np

from tracker.demo.simulation.invented import Taken, account_names, derived_name, merged_name
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
    clamped,
    concatenated,
)
from tracker.registry.entries import Relation

_MEAN_AGE_DAYS, _OLDEST_DAYS = 500, 1_250
_FRESHNESS_DAYS = 300
"""How fast a parent falls out of fashion: its pull on new derivatives falls to 1/e in that time."""

_NEXT_TRY = 1_057
"""Added to a draw whose name is taken: it changes the owner, the subject and the ending."""

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
"""Small models with no parent and a large use: id, parameters, downloads a day of the simulation (made up)."""


@dataclass(frozen=True, slots=True)
class Makers:
    """Who derives: made-up accounts, and the registry's repackagers."""

    accounts: list[str]
    repackagers: tuple[str, ...]

    def drawn(self, rng: np.random.Generator, count: int) -> list[str]:
        """Accounts of `count` uploads: a few are very busy, most are not."""
        places = (len(self.accounts) * rng.random(count) ** 2.5).astype(int)
        return [self.accounts[place] for place in places.tolist()]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many repositories of each kind."""

    finetune: int
    adapter: int
    merge: int
    quantized: int
    other: int

    @classmethod
    def of(cls, rest: int) -> "Counts":
        """The kinds' shares of everything that is no release; what rounding leaves is quantized."""
        finetune, adapter, merge, other = (round(rest * share / 85) for share in (19, 16, 5, 10))
        return cls(finetune, adapter, merge, rest - finetune - adapter - merge - other, other)


def derived(
    rng: np.random.Generator, base: Population, makers: Makers, counts: Counts, window: Window, taken: Taken
) -> Population:
    """`base` and everything made from it; derivatives are younger than each of their parents."""
    maker = _Maker(rng, makers, window, taken)
    deeper, deepest = round(counts.finetune * 0.16), round(counts.finetune * 0.04)
    world = base
    level = maker.made(world, _all(base), Kind.FINETUNE, counts.finetune - deeper - deepest)
    for count in (deeper, deepest):
        world, start = concatenated([world, level]), len(world)
        level = maker.made(world, np.arange(start, len(world)), Kind.FINETUNE, count)
    world = concatenated([world, level])
    second = round(counts.merge * 0.2)
    merges = maker.made(world, _all(world), Kind.MERGE, counts.merge - second)
    world = concatenated([world, merges])
    world = concatenated([world, maker.made(world, _all(world), Kind.MERGE, second)])
    adapters = maker.made(world, _all(world), Kind.ADAPTER, counts.adapter)
    quantized = maker.made(world, _all(world), Kind.QUANTIZED, counts.quantized)
    return concatenated([world, adapters, quantized, maker.others(counts.other)])


def _all(population: Population) -> Ints:
    return np.flatnonzero(np.array([format_ is Format.SAFETENSORS for format_ in population.formats]))


@dataclass(frozen=True, slots=True)
class _Maker:
    rng: np.random.Generator
    makers: Makers
    window: Window
    taken: Taken

    def made(self, world: Population, pool: Ints, kind: Kind, count: int) -> Population:
        """`count` new repositories of one kind, made from those at the positions `pool`."""
        pool = pool if len(pool) else _all(world)
        pool = pool[world.created[pool] < self.window.end_second - 7_200]
        pool = pool[np.argsort(world.created[pool], kind="stable")]
        created = self._moments(count)
        is_repackaged = (self.rng.random(count) < 0.55) & (kind is Kind.QUANTIZED) & bool(self.makers.repackagers)
        parents = np.full((count, MOST_PARENTS), -1, dtype=np.int64)
        parents[:, 0] = self._parents(world, pool, created)
        if kind is Kind.MERGE:
            self._add_parents(world, pool, created, parents)
        parents[is_repackaged, 0] = self._popular(world, pool, int(is_repackaged.sum()))
        created = clamped(np.where(is_repackaged, self._soon(world.created[parents[:, 0]]), created), self.window)
        newest = np.where(parents >= 0, world.created[parents], 0).max(axis=1)
        created = np.maximum(created, newest + 60)
        return self._named(world, kind, created, parents, is_repackaged)

    def others(self, count: int) -> Population:
        """Uploads without a parent, most of them small; the well-known ones first, as far as their names are free."""
        known = [item for item in _WELL_KNOWN if self.taken.is_free(item[0])][: count // 4]
        names = [self.taken.claim(name) for name, _, _ in known]
        draws = self.rng.integers(0, 1 << 30, count - len(known)).tolist()
        for owner, draw in zip(self.makers.drawn(self.rng, len(draws)), draws, strict=True):
            names.append(
                self.taken.claim(
                    f"{owner}/{merged_name('', draw).replace('merge', ('ppo', 'cnn', 'act', 'tts')[draw % 4])}"
                )
            )
        created = self._moments(count)
        created[: len(known)] = clamped(np.zeros(len(known)), self.window)
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

    def _moments(self, count: int) -> Ints:
        """Moments of creation: ever more a day as the years go by."""
        share = 1 - np.exp(-_OLDEST_DAYS / _MEAN_AGE_DAYS)
        ages = -np.log(1 - self.rng.random(count) * share) * _MEAN_AGE_DAYS
        return clamped((self.window.last + 1 - ages) * DAY_SECONDS, self.window)

    def _soon(self, released: Ints) -> Floats:
        """Moments within days of each release, and at any time since where that is not over yet."""
        moment = released + 3_600 + self.rng.exponential(4 * DAY_SECONDS, len(released))
        since = released + self.rng.random(len(released)) * (self.window.end_second - released)
        return np.where(moment > self.window.end_second, since, moment)

    def _pull(self, world: Population, pool: Ints) -> Floats:
        """Running sum over `pool` (by creation) of how much each draws derivatives."""
        age = (self.window.last - world.created[pool] / DAY_SECONDS) / _FRESHNESS_DAYS
        pull: Floats = np.cumsum(world.popularity[pool] ** 0.6 * np.exp(-np.minimum(age, 20)))
        return pull

    def _parents(self, world: Population, pool: Ints, created: Ints) -> Ints:
        """For each moment one older repository of the pool; the oldest of all where none is older."""
        pull = self._pull(world, pool)
        older: Ints = np.searchsorted(world.created[pool], created - 60, side="left")
        reach = np.where(older > 0, pull[np.maximum(older, 1) - 1], 0.0)
        place = np.searchsorted(pull, self.rng.random(len(created)) * reach, side="right")
        parents: Ints = pool[np.minimum(place, np.maximum(older - 1, 0))]
        return parents

    def _popular(self, world: Population, pool: Ints, count: int) -> Ints:
        pull = self._pull(world, pool)
        place = np.searchsorted(pull, self.rng.random(count) * pull[-1], side="right")
        parents: Ints = pool[np.minimum(place, len(pool) - 1)]
        return parents

    def _add_parents(self, world: Population, pool: Ints, created: Ints, parents: Ints) -> None:
        """Two to four parents each; a parent that was drawn twice is listed once."""
        wanted = self.rng.choice([2, 2, 3, 4], len(created))
        for place in range(1, MOST_PARENTS):
            further = self._parents(world, pool, created)
            is_new = (wanted > place) & ~(parents[:, :place] == further[:, None]).any(axis=1)
            parents[is_new, place] = further[is_new]
        parents[:, 1:] = -np.sort(-parents[:, 1:], axis=1)

    def _named(self, world: Population, kind: Kind, created: Ints, parents: Ints, is_repackaged: Flags) -> Population:
        count = len(created)
        first = parents[:, 0]
        formats = self._formats(kind, count)
        owners = self.makers.drawn(self.rng, count)
        draws = self.rng.integers(0, 1 << 30, count).tolist()
        names = []
        for i, parent in enumerate(first.tolist()):
            owner = None if is_repackaged[i] else owners[i]
            name, formats[i] = self._name(kind, world.names[parent].partition("/")[2], owner, formats[i], draws[i])
            names.append(name)
        relation = Relation[kind.name]
        fame = (world.popularity[first] + 1) ** 0.4 * np.where(is_repackaged, 5.0, 0.15)
        return Population(
            names=names,
            kinds=np.full(count, kind, dtype=np.int64),
            created=created,
            parents=parents,
            relations=[relation] * count,
            formats=formats,
            lines=world.lines[first],
            params=world.params[first],
            popularity=fame * np.exp(self.rng.normal(0, 1, count) * np.where(is_repackaged, 1.5, 2.5)),
        )

    def _name(self, kind: Kind, stem: str, owner: str | None, format_: Format, draw: int) -> tuple[str, Format]:
        """A free name and the format that goes with its owner; `owner` is None where a repackager is to be found."""
        full, made = "", format_
        for luck in range(draw, draw + 6 * _NEXT_TRY, _NEXT_TRY):
            handle, made = (owner, format_) if owner is not None else self._repackager(luck, format_)
            name = merged_name(stem, luck) if kind is Kind.MERGE else derived_name(stem, made, luck)
            full = f"{handle}/{name}"
            if self.taken.is_free(full):
                break
        return self.taken.claim(full), made

    def _formats(self, kind: Kind, count: int) -> list[Format]:
        if kind is Kind.ADAPTER:
            return [Format.PEFT] * count
        if kind is not Kind.QUANTIZED:
            return [Format.SAFETENSORS] * count
        usual = (Format.GGUF, Format.MLX, Format.AWQ, Format.GPTQ, Format.FP8, Format.BNB)
        places = self.rng.choice(len(usual), count, p=(0.6, 0.12, 0.07, 0.05, 0.08, 0.08))
        return [usual[place] for place in places.tolist()]

    def _repackager(self, draw: int, format_: Format) -> tuple[str, Format]:
        """Who makes copies of a format: those with the format in their name make nothing else."""
        handle = self.makers.repackagers[draw // 32 % len(self.makers.repackagers)]
        for own, word in ((Format.MLX, "mlx"), (Format.GGUF, "ggml"), (Format.GGUF, "gguf"), (Format.BNB, "bnb")):
            if word in handle.lower():
                return handle, own
        return handle, Format.GGUF if format_ is Format.MLX else format_


def accounts(rng: np.random.Generator, models: int, reserved: frozenset[str]) -> list[str]:
    """The made-up accounts of a world of `models` repositories: about one for every five."""
    return account_names(rng, max(models // 5, 3), reserved)
