"""The repositories of a simulated world as columns: owner, parents, creation time. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from tracker.demo.simulation.known_models import Format, KnownModel
from tracker.registry.entries import Relation

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

DAY_SECONDS = 86_400
MOST_PARENTS = 4
OLDEST_CREATED = 1_646_263_744
"""2022-03-02T23:29:04Z, the Hub's creation time for all older repositories."""


class Kind(IntEnum):
    """Kind of repository by its origin."""

    RELEASE = 0
    QUANTIZED = 1
    FINETUNE = 2
    ADAPTER = 3
    MERGE = 4
    OTHER = 5


@dataclass(frozen=True, slots=True)
class Window:
    """The listed days as day numbers since 1970-01-01, both ends included."""

    first: int
    last: int

    @classmethod
    def ending(cls, last_day: date, days: int) -> "Window":
        """The window of `days` days whose last one is `last_day`."""
        last = last_day.toordinal() - date(1970, 1, 1).toordinal()
        return cls(last - days + 1, last)

    @property
    def end_second(self) -> int:
        """The latest possible creation time: five minutes before the end of the last day."""
        return (self.last + 1) * DAY_SECONDS - 300


@dataclass(frozen=True, slots=True)
class Population:
    """Columns of equal length, one entry per repository: lists for text, arrays for numbers."""

    names: list[str]
    """Full names ("owner/name") as given at creation."""

    kinds: Ints
    created: Ints
    """Seconds since 1970, UTC."""

    parents: Ints
    """Shape (n, 4): positions of the true parents in this population, padded with -1."""

    relations: list[Relation | None]
    formats: list[Format]
    lines: Ints
    """Position of the release line of the repository's first ancestor; -1 without one."""

    params: Ints
    """True number of parameters; 0 where it is unknown."""

    popularity: Floats
    """Downloads per day after the launch, before any decay; not used where the known 30-day downloads are given."""

    known: list[KnownModel | None]
    """Facts about a real repository; None for an invented one."""

    def __len__(self) -> int:
        """Number of repositories."""
        return len(self.names)

    @property
    def is_known(self) -> Flags:
        """Which repositories are real ones."""
        return np.array([known is not None for known in self.known], dtype=np.bool_)


def concatenated(parts: list[Population]) -> Population:
    """Concatenate the parts; `parents` already hold positions in the result."""
    return Population(
        names=list(chain.from_iterable(part.names for part in parts)),
        kinds=np.concatenate([part.kinds for part in parts]),
        created=np.concatenate([part.created for part in parts]),
        parents=np.concatenate([part.parents for part in parts]),
        relations=list(chain.from_iterable(part.relations for part in parts)),
        formats=list(chain.from_iterable(part.formats for part in parts)),
        lines=np.concatenate([part.lines for part in parts]),
        params=np.concatenate([part.params for part in parts]),
        popularity=np.concatenate([part.popularity for part in parts]),
        known=list(chain.from_iterable(part.known for part in parts)),
    )


def sorted_by_creation(population: Population, rng: np.random.Generator) -> tuple[Population, list[str]]:
    """The population in order of creation, and its `_id`s: 8 hex digits of time, 10 random ones, a counter of 6."""
    draws = rng.integers(0, 1 << 40, len(population))
    order = np.lexsort((draws, population.created))
    new_position = np.append(np.argsort(order), -1)
    old_positions = order.tolist()
    ordered = Population(
        names=[population.names[i] for i in old_positions],
        kinds=population.kinds[order],
        created=population.created[order],
        parents=new_position[population.parents[order]],
        relations=[population.relations[i] for i in old_positions],
        formats=[population.formats[i] for i in old_positions],
        lines=population.lines[order],
        params=population.params[order],
        popularity=population.popularity[order],
        known=[population.known[i] for i in old_positions],
    )
    stamps = zip(ordered.created.tolist(), draws[order].tolist(), strict=True)
    return ordered, [
        f"{created:08x}{draws:010x}{count & 0xFFFFFF:06x}" for count, (created, draws) in enumerate(stamps)
    ]


def valid_times(created: Ints | Floats, window: Window) -> Ints:
    """Clip creation times to 2022-03-02 and the end of the window, and out of the last five minutes of a day."""
    whole = np.clip(created.astype(np.int64), OLDEST_CREATED, window.end_second)
    of_day = whole % DAY_SECONDS
    return whole - np.where(whole > OLDEST_CREATED, np.maximum(of_day - (DAY_SECONDS - 300), 0), 0)
