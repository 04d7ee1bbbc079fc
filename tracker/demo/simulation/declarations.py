"""Parents that model cards declare: mostly correct, under the names of the upload day. Pure."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from tracker.demo.simulation.incidents import NEVER, IncidentRates, Incidents
from tracker.demo.simulation.population import DAY_SECONDS, Ints, Kind, Population, Window
from tracker.demo.simulation.sources import Line
from tracker.demo.simulation.upload_names import UsedNames


class Corruption(StrEnum):
    """How a declaration of parents is wrong."""

    UNDECLARED = "undeclared"
    WRONG_CASE_UNTAGGED = "wrong case, no tag"
    WRONG_CASE = "wrong case, in tags"
    DANGLING = "names a repository that does not exist"
    LOCAL_PATH = "local path"
    BARE_NAME = "name without owner"
    SELF_REFERENCE = "names itself"
    CYCLE = "names its own derivative"
    HIDDEN = "undeclared, but in the registry"


@dataclass(frozen=True, slots=True)
class Declaration:
    """The parents that a card names, and those that the Hub can link."""

    refs: tuple[str, ...]
    """Parent names as they appear in the tags."""

    linked: tuple[int, ...]
    """Positions of the models in `baseModels`."""


@dataclass(frozen=True, slots=True)
class RepositoryNames:
    """Repository names before and after renames."""

    original: list[str]
    renamed: dict[int, str]
    """Position -> new name, for renamed repositories only."""

    rename_day: Ints
    """Day of the rename per repository: position in the window, negative before it, NEVER without a rename."""

    def on(self, model: int, day: int) -> str:
        """The name on a day, given as a position in the window; days before the window are negative."""
        return self.renamed[model] if day >= self.rename_day[model] else self.original[model]


def draw_names(
    rng: np.random.Generator,
    population: Population,
    lines: tuple[Line, ...],
    incidents: Incidents,
    used_names: UsedNames,
) -> RepositoryNames:
    """Draw new names. Lab releases get a suffix; other repositories change their owner or name."""
    renamed: dict[int, str] = {}
    days = incidents.rename_day.copy()
    for model in np.flatnonzero(incidents.rename_day < NEVER).tolist():
        owner, _, name = population.names[model].partition("/")
        draw = int(rng.integers(0, 1 << 20))
        if population.kinds[model] != Kind.RELEASE:
            new_owner = population.names[draw % len(population)].partition("/")[0]
            is_moved = bool(draw & 1) and population.kinds[draw % len(population)] != Kind.RELEASE
            renamed[model] = used_names.claim(
                f"{new_owner}/{name}" if is_moved else f"{owner}/{name}-{('final', 'new', 'hf')[draw % 3]}"
            )
        elif lines[population.lines[model]].accepts(f"{name}-HF") and used_names.is_free(f"{owner}/{name}-HF"):
            renamed[model] = used_names.claim(f"{owner}/{name}-HF")
        else:
            days[model] = NEVER
    return RepositoryNames(population.names, renamed, days)


def draw_declarations(
    rng: np.random.Generator,
    population: Population,
    names: RepositoryNames,
    rates: IncidentRates,
    hidden: frozenset[str],
    window: Window,
) -> tuple[list[Declaration], dict[int, Corruption]]:
    """Draw the declaration of each model, and the corruption of those that are wrong.

    `hidden` names the releases whose parents only the registry knows.
    """
    created_on = (population.created // DAY_SECONDS - window.first).tolist()
    parents = population.parents.tolist()
    declared = [
        Declaration(tuple(names.on(p, day) for p in row if p >= 0), tuple(p for p in row if p >= 0))
        if row[0] >= 0
        else _NO_PARENTS
        for row, day in zip(parents, created_on, strict=True)
    ]
    corrupted = _draw_corruptions(rng, population, rates)
    corrupted |= _draw_cycles(rng, population, rates, corrupted)
    corrupted |= _draw_hidden(rng, population, rates, hidden)
    first_children = _first_children(population)
    for model, corruption in sorted(corrupted.items()):
        own = names.on(model, created_on[model])
        child = first_children.get(model, -1)
        if corruption is Corruption.CYCLE and created_on[child] < 0:
            declared[model] = Declaration((names.on(child, created_on[child]),), (child,))
        elif corruption is Corruption.CYCLE:
            del corrupted[model]
        else:
            declared[model] = _corrupted_declaration(declared[model], corruption, model, own)
    return declared, corrupted


_NO_PARENTS = Declaration((), ())


def _draw_corruptions(rng: np.random.Generator, population: Population, rates: IncidentRates) -> dict[int, Corruption]:
    """Draw a corruption or none for each derivative. Lab releases and known models have none."""
    case = rates.wrong_case / 2
    single_rates = (rates.dangling, rates.local_path, rates.bare_name, rates.self_reference)
    bounds = np.cumsum([rates.undeclared, case, case, *single_rates])
    is_invented = (population.kinds != Kind.RELEASE) & ~population.is_known
    derived = np.flatnonzero((population.parents[:, 0] >= 0) & is_invented)
    draws = np.searchsorted(bounds, rng.random(len(derived)), side="right")
    corruptions = tuple(Corruption)
    draws_of_models = zip(derived.tolist(), draws.tolist(), strict=True)
    return {model: corruptions[draw] for model, draw in draws_of_models if draw < len(bounds)}


def _draw_cycles(
    rng: np.random.Generator, population: Population, rates: IncidentRates, corrupted: dict[int, Corruption]
) -> dict[int, Corruption]:
    """Choose derivatives that will name their own first derivative as their parent."""
    derived = int(((population.parents[:, 0] >= 0) & (population.kinds != Kind.RELEASE)).sum())
    count = round(rates.cycle * derived)
    first_children = _first_children(population)
    candidates = [
        model
        for model, child in first_children.items()
        if population.kinds[model] != Kind.RELEASE
        and population.known[model] is None
        and model not in corrupted
        and child not in corrupted
        and first_children.get(child) is None
    ]
    chosen = rng.permutation(np.array(sorted(candidates), dtype=np.int64))[:count]
    return {model: Corruption.CYCLE for model in chosen.tolist()}


def _draw_hidden(
    rng: np.random.Generator, population: Population, rates: IncidentRates, hidden: frozenset[str]
) -> dict[int, Corruption]:
    candidates = [i for i, name in enumerate(population.names) if name in hidden and population.parents[i, 0] >= 0]
    draws = zip(candidates, rng.random(len(candidates)).tolist(), strict=True)
    return {model: Corruption.HIDDEN for model, draw in draws if draw < rates.hidden_base}


def _first_children(population: Population) -> dict[int, int]:
    """Parent -> its first derivative that is not a merge."""
    first = population.parents[:, 0]
    children = np.flatnonzero((first >= 0) & (population.kinds != Kind.MERGE))[::-1]
    return dict(zip(first[children].tolist(), children.tolist(), strict=True))


def _corrupted_declaration(declared: Declaration, corruption: Corruption, model: int, own: str) -> Declaration:
    """The declaration with its first parent, or all parents, corrupted."""
    first, others = declared.refs[0], declared.refs[1:]
    short = first.partition("/")[2]
    match corruption:
        case Corruption.UNDECLARED | Corruption.WRONG_CASE_UNTAGGED | Corruption.HIDDEN:
            return _NO_PARENTS
        case Corruption.WRONG_CASE:
            return Declaration(
                (first.lower() if first != first.lower() else first.upper(), *others), declared.linked[1:]
            )
        case Corruption.DANGLING:
            return Declaration((f"{first}-private", *others), declared.linked[1:])
        case Corruption.LOCAL_PATH:
            path = f"C:\\models\\{short}" if model % 4 == 0 else f"/cache/models/{short}"
            return Declaration((path, *others), declared.linked[1:])
        case Corruption.BARE_NAME:
            return Declaration((short.lower().split("-")[0], *others), declared.linked[1:])
    if model % 2:
        return Declaration((own,), (model,))
    return Declaration((*declared.refs, own), (*declared.linked, model))
