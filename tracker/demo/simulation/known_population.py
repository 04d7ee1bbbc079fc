"""The known models as repositories of the simulated world, with the registry's lines. Pure."""

from collections.abc import Sequence

import numpy as np

from tracker.demo.simulation.known_models import KnownModel
from tracker.demo.simulation.population import (
    DAY_SECONDS,
    MOST_PARENTS,
    Floats,
    Ints,
    Kind,
    Population,
    Window,
    valid_times,
)
from tracker.demo.simulation.release_names import params_in
from tracker.demo.simulation.sources import Line
from tracker.demo.simulation.upload_names import UsedNames
from tracker.registry.entries import Registry, Relation, Role

_KINDS = {
    Relation.FINETUNE: Kind.FINETUNE,
    Relation.ADAPTER: Kind.ADAPTER,
    Relation.QUANTIZED: Kind.QUANTIZED,
    Relation.MERGE: Kind.MERGE,
}
_UNLISTED_PER_DAY = 30.0
"""Median downloads per day of bases whose downloads are not known."""


def draw_known(
    rng: np.random.Generator,
    models: Sequence[KnownModel],
    lines: tuple[Line, ...],
    registry: Registry,
    window: Window,
    used_names: UsedNames,
) -> Population:
    """The repositories of `models`, which hold parents before their derivatives. Hours are drawn, days are known."""
    labs = {org.handle for org in registry.organizations if org.role is Role.LAB}
    sizes = {entry.repo_id: entry.params_total for entry in registry.parameters}
    place = {used_names.claim(model.repo_id): position for position, model in enumerate(models)}
    parents = np.full((len(models), MOST_PARENTS), -1, dtype=np.int64)
    of_line: list[int] = []
    params: list[int] = []
    for position, model in enumerate(models):
        known = [place[parent] for parent in model.parents]
        parents[position, : len(known)] = known
        own = _line(model, lines)
        of_line.append(of_line[known[0]] if own < 0 and known else own)
        size = sizes.get(model.repo_id) or model.params or params_in(model.repo_id) or 0
        is_copy = model.relation in (Relation.QUANTIZED, Relation.ADAPTER)
        params.append(params[known[0]] or size if is_copy else size)
    return Population(
        names=[model.repo_id for model in models],
        kinds=np.array([_kind(model, labs) for model in models], dtype=np.int64),
        created=_created(rng, models, parents, window),
        parents=parents,
        relations=[model.relation for model in models],
        formats=[model.format for model in models],
        lines=np.array(of_line, dtype=np.int64),
        params=np.array(params, dtype=np.int64),
        popularity=_popularity(rng, models),
        known=list(models),
    )


def _line(model: KnownModel, lines: tuple[Line, ...]) -> int:
    """Position of the owner's line to which the registry assigns the name; -1 without one."""
    owner, _, name = model.repo_id.partition("/")
    return next((i for i, line in enumerate(lines) if line.handle == owner and line.accepts(name)), -1)


def _kind(model: KnownModel, labs: set[str]) -> Kind:
    if model.repo_id.partition("/")[0] in labs:
        return Kind.RELEASE
    return Kind.OTHER if model.relation is None else _KINDS[model.relation]


def _created(rng: np.random.Generator, models: Sequence[KnownModel], parents: Ints, window: Window) -> Ints:
    """Creation times on the known days, or a minute after the newest parent where that is later."""
    days = np.array([model.created for model in models], dtype=np.int64)
    times = valid_times((days + rng.beta(4, 3, len(models))) * DAY_SECONDS, window).tolist()
    for position, row in enumerate(parents.tolist()):
        times[position] = max([times[position], *(times[parent] + 60 for parent in row if parent >= 0)])
    return np.array(times, dtype=np.int64)


def _popularity(rng: np.random.Generator, models: Sequence[KnownModel]) -> Floats:
    """Known downloads per day; drawn for bases without."""
    drawn = _UNLISTED_PER_DAY * rng.lognormal(0, 1, len(models))
    known = [np.nan if model.downloads_30d is None else model.downloads_30d / 30 for model in models]
    return np.where(np.isnan(known), drawn, known)
