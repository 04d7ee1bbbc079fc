"""Lab releases: base, tuned and quantized models of each line, dated around its release day. Pure."""

from collections import Counter
from collections.abc import Sequence
from itertools import islice

import numpy as np

from tracker.demo.simulation.population import (
    DAY_SECONDS,
    MOST_PARENTS,
    OLDEST_CREATED,
    Flags,
    Floats,
    Ints,
    Kind,
    Population,
    Window,
    concatenated,
    valid_times,
)
from tracker.demo.simulation.release_names import ReleaseName, described, release_names
from tracker.demo.simulation.sources import Line
from tracker.demo.simulation.upload_names import UsedNames
from tracker.registry.entries import Base, Relation

_NEW_IN_WINDOW = 0.25
"""Share of invented releases of recent lines that are dated within the window."""

_RECENT_DAYS = 500
_LONGEST_CHAIN = 12
"""Maximum number of steps from a root to a release."""

_MOST_PER_DAY = 600.0
"""Downloads per day that these releases do not reach: all those with more are known by name."""

_Named = tuple[int, ReleaseName]
"""Position of a line, and a name of that line."""


def draw_releases(
    rng: np.random.Generator,
    lines: tuple[Line, ...],
    curated: Sequence[Base],
    count: int,
    window: Window,
    used_names: UsedNames,
    known: Population,
) -> Population:
    """`known`, followed by up to `count` other releases.

    There are fewer if names run out or a release's curated parents are missing. Most names are real; a line has
    invented ones for at most a third of its releases.
    """
    releasing, quotas = _quotas(rng, lines, count)
    chosen: list[_Named] = []
    for line, quota in zip(releasing, quotas, strict=True):
        handle, examples = lines[line].handle, lines[line].examples
        free = (name for name in release_names(lines[line], window.last) if used_names.is_free(f"{handle}/{name.name}"))
        real = sum(used_names.is_free(f"{handle}/{name}") for name in examples)
        chosen += [(line, name) for name in islice(free, min(quota, real + len(examples) // 2 + 1))]
    chosen.sort(key=lambda item: (item[0], item[1].group, item[1].stage))
    chosen = _with_curated_parents(lines, chosen, curated, known.names)
    for line, name in chosen:
        used_names.claim(f"{lines[line].handle}/{name.name}")
    return concatenated([known, _dated(rng, lines, chosen, curated, window, known)])


def _quotas(rng: np.random.Generator, lines: tuple[Line, ...], count: int) -> tuple[list[int], list[int]]:
    """Draw lines and their numbers of releases. Countries alternate, so that a small world has several."""
    sizes = Counter(line.country for line in lines)
    turns: Counter[str] = Counter()
    ranks = np.zeros(len(lines))
    for position in rng.permutation(len(lines)).tolist():
        country = lines[position].country
        ranks[position] = (turns[country] + 0.5) / sizes[country] ** 0.5
        turns[country] += 1
    chosen = np.argsort(ranks, kind="stable")[: max(count // 2, 1)]
    weights = (1 + np.array([len(lines[i].examples) for i in chosen])) * rng.lognormal(0, 0.7, len(chosen))
    extra = rng.multinomial(max(count - len(chosen), 0), weights / weights.sum())
    return chosen.tolist(), (extra + 1).tolist()


def _with_curated_parents(
    lines: tuple[Line, ...], chosen: list[_Named], curated: Sequence[Base], known: Sequence[str]
) -> list[_Named]:
    """Drop releases whose curated parents are not among the chosen and the known names."""
    names = {f"{lines[line].handle}/{name.name}" for line, name in chosen}
    every = names.union(known)
    orphans = {base.repo_id for base in curated if base.repo_id in names and not every.issuperset(base.parents)}
    if not orphans:
        return chosen
    complete = [(line, name) for line, name in chosen if f"{lines[line].handle}/{name.name}" not in orphans]
    return _with_curated_parents(lines, complete, curated, known)


def _dated(
    rng: np.random.Generator,
    lines: tuple[Line, ...],
    chosen: list[_Named],
    curated: Sequence[Base],
    window: Window,
    known: Population,
) -> Population:
    """The chosen releases. Their parents are positions in `known` and, behind it, in `chosen`."""
    positions = np.array([line for line, _ in chosen], dtype=np.int64)
    names = [name for _, name in chosen]
    full_names = [f"{lines[line].handle}/{name.name}" for line, name in chosen]
    parents, relations = _parents(chosen, full_names, curated, known)
    created = np.append(known.created, _created(rng, lines, positions, names, window))
    is_old = (created == OLDEST_CREATED)[len(known) :] | (created[parents[:, 0]] == OLDEST_CREATED)
    created = _after_parents(created, parents, is_old)
    is_younger_parent = (parents >= 0) & (created[parents] >= created[len(known) :, np.newaxis])
    parents[is_younger_parent.any(axis=1)] = -1
    relations = [relation if row[0] >= 0 else None for relation, row in zip(relations, parents.tolist(), strict=True)]
    params = _params(rng, lines, names, positions)
    return Population(
        names=full_names,
        kinds=np.full(len(chosen), Kind.RELEASE, dtype=np.int64),
        created=created[len(known) :],
        parents=parents,
        relations=relations,
        formats=[name.format for name in names],
        lines=positions,
        params=params,
        popularity=_popularity(rng, lines, positions, names, params, window),
        known=[None] * len(chosen),
    )


def _parents(
    chosen: list[_Named], full_names: list[str], curated: Sequence[Base], known: Population
) -> tuple[Ints, list[Relation | None]]:
    """Parents from the registry, else the nearest earlier stage of the group."""
    parents = np.full((len(chosen), MOST_PARENTS), -1, dtype=np.int64)
    relations: list[Relation | None] = [None] * len(chosen)
    seen: dict[tuple[int, str, int], int] = {}
    for position, full_name in enumerate(known.names):
        name = described(full_name.partition("/")[2])
        seen.setdefault((int(known.lines[position]), name.group, name.stage), position)
    for i, (line, name) in enumerate(chosen):
        earlier = [seen[key] for stage in range(name.stage) if (key := (line, name.group, stage)) in seen]
        seen.setdefault((line, name.group, name.stage), len(known) + i)
        if earlier:
            parents[i, 0] = earlier[-1]
            relations[i] = Relation.QUANTIZED if name.stage == 3 else Relation.FINETUNE
    place = {name: i for i, name in enumerate([*known.names, *full_names])}
    for base in curated:
        if base.repo_id in place and (own := place[base.repo_id] - len(known)) >= 0:
            of_base = [place[parent] for parent in base.parents[:MOST_PARENTS]]
            parents[own] = of_base + [-1] * (MOST_PARENTS - len(of_base))
            relations[own] = base.relation
    return parents, relations


def _after_parents(created: Ints, parents: Ints, is_old: Flags) -> Ints:
    """Creation times, the last ones at least 15 minutes after those of `parents`; `is_old` ones are unchanged."""
    created = created.copy()
    own = created[len(created) - len(parents) :]
    for _ in range(_LONGEST_CHAIN):
        newest = np.where(parents >= 0, created[parents], 0).max(axis=1, initial=0)
        own[:] = np.where(is_old, own, np.maximum(own, newest + 900))
    return created


def _created(
    rng: np.random.Generator, lines: tuple[Line, ...], positions: Ints, names: list[ReleaseName], window: Window
) -> Ints:
    """Draw creation times: real names and most others up to five days before the release day, others later.

    A few invented ones are in the window. A name that states a month gets a time in that month.
    """
    months = [name.month for name in names]
    is_real = np.array(
        [name.name in lines[line].examples for line, name in zip(positions.tolist(), names, strict=True)],
        dtype=np.bool_,
    )
    first = np.array([line.released for line in lines])[positions]
    count = len(first)
    lag = np.where(is_real | (rng.random(count) < 0.6), -rng.integers(0, 6, count), rng.exponential(60, count))
    late = (rng.random(count) < _NEW_IN_WINDOW) & (first > window.first - _RECENT_DAYS) & ~is_real
    days = np.where(late, rng.integers(window.first, window.last + 1, count), first + lag)
    days = np.where(days > window.last, rng.integers(np.minimum(first, window.last), window.last + 1), days)
    starts = np.array([-1 if month is None else _first_day(month) for month in months])
    of_month = rng.integers(starts, np.maximum(np.minimum(starts + 28, window.last + 1), starts + 1))
    days = np.where(starts >= 0, of_month, days).astype(np.int64)
    moments = (days + rng.beta(4, 3, count)) * DAY_SECONDS
    return valid_times(np.minimum(moments, window.end_second - 900 * (_LONGEST_CHAIN + 1)), window)


def _first_day(month: int) -> int:
    return int(np.datetime64(f"{month // 12:04d}-{month % 12 + 1:02d}-01", "D").astype(int))


def _params(rng: np.random.Generator, lines: tuple[Line, ...], names: list[ReleaseName], positions: Ints) -> Ints:
    """Draw parameters around the number in the name, else around one size per line, curated if known."""
    typical = [2e10 if line.pipeline in ("text-generation", "image-text-to-text") else 3e8 for line in lines]
    drawn = np.array(typical) * rng.lognormal(0, 1, len(lines))
    usual = np.array([line.params or size for line, size in zip(lines, drawn.tolist(), strict=True)])
    stated = np.array([name.params or 0 for name in names])
    return (np.where(stated, stated, usual[positions]) * rng.uniform(0.97, 1.1, len(names))).astype(np.int64)


def _popularity(
    rng: np.random.Generator,
    lines: tuple[Line, ...],
    positions: Ints,
    names: list[ReleaseName],
    params: Ints,
    window: Window,
) -> Floats:
    """Draw a long-tailed popularity; newer lines and smaller models are more popular."""
    labs = sorted({line.lab for line in lines})
    of_lab = dict(zip(labs, rng.lognormal(0, 0.5, len(labs)).tolist(), strict=True))
    known = {lab: sum(line.lab == lab for line in lines) for lab in labs}
    years = (window.last - np.array([line.released for line in lines])) / 365
    of_line = np.array([of_lab[line.lab] * known[line.lab] ** 0.7 for line in lines]) * np.exp(-0.5 * years)
    of_line *= rng.lognormal(0, 0.5, len(lines))
    of_stage = np.array([0.4, 1.0, 1.3, 0.3])[[name.stage for name in names]]
    of_size = (params / 8e9 + 0.05) ** -0.45
    popularity: Floats = 100 * of_line[positions] * of_stage * of_size * rng.lognormal(0, 1.1, len(names))
    return popularity * _MOST_PER_DAY / (popularity + _MOST_PER_DAY)
