"""What the cards say about parents: mostly the truth, sometimes not, and names as they were at the time. Pure."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from tracker.demo.simulation.invented import Taken
from tracker.demo.simulation.misbehaviour import NEVER, Incidents, Misbehaviour
from tracker.demo.simulation.population import DAY_SECONDS, Ints, Kind, Population, Window
from tracker.demo.simulation.sources import Line


class Corruption(StrEnum):
    """What is wrong with a declaration of parents."""

    UNDECLARED = "undeclared"
    WRONG_CASE_UNSEEN = "wrong case, no tag"
    WRONG_CASE = "wrong case, in tags"
    DANGLING = "names a repository that does not exist"
    LOCAL_PATH = "local path"
    BARE_NAME = "name without owner"
    SELF_REFERENCE = "names itself"
    CYCLE = "names its own derivative"
    HIDDEN = "undeclared, but in the registry"


@dataclass(frozen=True, slots=True)
class Declaration:
    """The parents a card names, and those of them the Hub could link."""

    refs: tuple[str, ...]
    """As in the tags."""

    linked: tuple[int, ...]
    """Positions of the models in `baseModels`."""


@dataclass(frozen=True, slots=True)
class Naming:
    """Names before and after renames."""

    first: list[str]
    later: dict[int, str]
    """Position -> new name, of the renamed only."""

    rename_day: Ints
    """Position in the window (negative before it), NEVER where there is no new name."""

    def on(self, model: int, day: int) -> str:
        """The name on a day of the window; negative days lie before it."""
        return self.later[model] if day >= self.rename_day[model] else self.first[model]


def naming(
    rng: np.random.Generator, population: Population, lines: tuple[Line, ...], hit: Incidents, taken: Taken
) -> Naming:
    """New names of the renamed: labs stay recognisable, others change owner or name."""
    later: dict[int, str] = {}
    days = hit.rename_day.copy()
    for model in np.flatnonzero(hit.rename_day < NEVER).tolist():
        owner, _, name = population.names[model].partition("/")
        draw = int(rng.integers(0, 1 << 20))
        if population.kinds[model] != Kind.RELEASE:
            heir = population.names[draw % len(population)].partition("/")[0]
            is_moved = bool(draw & 1) and population.kinds[draw % len(population)] != Kind.RELEASE
            later[model] = taken.claim(
                f"{heir}/{name}" if is_moved else f"{owner}/{name}-{('final', 'new', 'hf')[draw % 3]}"
            )
        elif lines[population.lines[model]].accepts(f"{name}-HF") and taken.is_free(f"{owner}/{name}-HF"):
            later[model] = taken.claim(f"{owner}/{name}-HF")
        else:
            days[model] = NEVER
    return Naming(population.names, later, days)


def declarations(
    rng: np.random.Generator,
    population: Population,
    names: Naming,
    rates: Misbehaviour,
    hidden: frozenset[str],
    window: Window,
) -> tuple[list[Declaration], dict[int, Corruption]]:
    """What each model declares, and what is wrong with it where something is.

    `hidden` names the releases whose parents the registry knows because their cards do not tell.
    """
    born = (population.created // DAY_SECONDS - window.first).tolist()
    parents = population.parents.tolist()
    honest = [
        Declaration(tuple(names.on(p, day) for p in row if p >= 0), tuple(p for p in row if p >= 0))
        if row[0] >= 0
        else _NOTHING
        for row, day in zip(parents, born, strict=True)
    ]
    corrupted = _corrupted(rng, population, rates)
    corrupted |= _cycles(rng, population, rates, corrupted)
    corrupted |= _hidden(rng, population, rates, hidden)
    eldest = _eldest_children(population)
    for model, corruption in sorted(corrupted.items()):
        own = names.on(model, born[model])
        child = eldest.get(model, -1)
        if corruption is Corruption.CYCLE and born[child] < 0:
            honest[model] = Declaration((names.on(child, born[child]),), (child,))
        elif corruption is Corruption.CYCLE:
            del corrupted[model]
        else:
            honest[model] = _damaged(honest[model], corruption, model, own)
    return honest, corrupted


_NOTHING = Declaration((), ())


def _corrupted(rng: np.random.Generator, population: Population, rates: Misbehaviour) -> dict[int, Corruption]:
    """One draw for each derivative; labs' own cards are in order."""
    case = rates.wrong_case / 2
    plain = (rates.dangling, rates.local_path, rates.bare_name, rates.self_reference)
    bounds = np.cumsum([rates.undeclared, case, case, *plain])
    derived = np.flatnonzero((population.parents[:, 0] >= 0) & (population.kinds != Kind.RELEASE))
    draws = np.searchsorted(bounds, rng.random(len(derived)), side="right")
    reasons = tuple(Corruption)
    hits = zip(derived.tolist(), draws.tolist(), strict=True)
    return {model: reasons[draw] for model, draw in hits if draw < len(bounds)}


def _cycles(
    rng: np.random.Generator, population: Population, rates: Misbehaviour, others: dict[int, Corruption]
) -> dict[int, Corruption]:
    """Derivatives with derivatives of their own that are in order: the older one is made to name the younger one."""
    derived = int(((population.parents[:, 0] >= 0) & (population.kinds != Kind.RELEASE)).sum())
    wanted = round(rates.cycle * derived)
    eldest = _eldest_children(population)
    able = [
        model
        for model, child in eldest.items()
        if population.kinds[model] != Kind.RELEASE
        and model not in others
        and child not in others
        and eldest.get(child) is None
    ]
    chosen = rng.permutation(np.array(sorted(able), dtype=np.int64))[:wanted]
    return {model: Corruption.CYCLE for model in chosen.tolist()}


def _hidden(
    rng: np.random.Generator, population: Population, rates: Misbehaviour, hidden: frozenset[str]
) -> dict[int, Corruption]:
    able = [i for i, name in enumerate(population.names) if name in hidden and population.parents[i, 0] >= 0]
    draws = zip(able, rng.random(len(able)).tolist(), strict=True)
    return {model: Corruption.HIDDEN for model, draw in draws if draw < rates.hidden_base}


def _eldest_children(population: Population) -> dict[int, int]:
    """Parent -> its first derivative that is not a merge."""
    first = population.parents[:, 0]
    plain = np.flatnonzero((first >= 0) & (population.kinds != Kind.MERGE))[::-1]
    return dict(zip(first[plain].tolist(), plain.tolist(), strict=True))


def _damaged(honest: Declaration, corruption: Corruption, model: int, own: str) -> Declaration:
    """The declaration with its first parent (or all of it, where the damage is of that sort) spoilt."""
    first, others = honest.refs[0], honest.refs[1:]
    short = first.partition("/")[2]
    match corruption:
        case Corruption.UNDECLARED | Corruption.WRONG_CASE_UNSEEN | Corruption.HIDDEN:
            return _NOTHING
        case Corruption.WRONG_CASE:
            return Declaration((first.lower() if first != first.lower() else first.upper(), *others), honest.linked[1:])
        case Corruption.DANGLING:
            return Declaration((f"{first}-private", *others), honest.linked[1:])
        case Corruption.LOCAL_PATH:
            path = f"C:\\models\\{short}" if model % 4 == 0 else f"/cache/models/{short}"
            return Declaration((path, *others), honest.linked[1:])
        case Corruption.BARE_NAME:
            return Declaration((short.lower().split("-")[0], *others), honest.linked[1:])
    if model % 2:
        return Declaration((own,), (model,))
    return Declaration((*honest.refs, own), (*honest.linked, model))
