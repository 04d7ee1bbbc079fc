"""What lies between our default and a published figure. Its own module: queries fill it, texts and tables read it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboards.data.vocabulary import LANGUAGE

NO_LIST, NOT_READ, NO_COUNTERS, NOTHING_COUNTED = "no list", "not read", "no counters", "nothing counted"
"""Why the share after a step is unknown."""

DERIVED, OWN_COPIES = "derived", "own copies"
"""The subject of a bridge by layer: derivatives and copies. Labs' copies of their own models come in by a step."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted at one point of a bridge."""

    day: date
    models: str = LANGUAGE
    lens: str = "publisher"
    counter: str = "downloads_30d"
    text_tags: bool = False
    originals: bool = False
    own_copies: bool = False
    gguf: bool = False
    names: tuple[str, ...] | None = None
    """The models of the reader's list; None for all."""
    since: date | None = None
    """First day of a sum of daily downloads; None for a counter."""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """The share after one change of the definition."""

    code: str
    """As in the registry."""
    share: float | None
    """0 to 1; None if these data do not allow the step. It then changes nothing."""
    counted: Counted
    of_all: tuple[float, float] | None = None
    """The shares of the subject and of the other one in all downloads counted."""
    models: int = 0
    """Repositories counted, of all subjects."""
    without_counter: int = 0
    because: str | None = None
    """Why the share is unknown: a code, or a sentence of the table `reproductions`."""


@dataclass(frozen=True, slots=True)
class Bridge:
    """A published figure, our default, and the steps between them."""

    published: dict[str, Any]
    """The row of published_figures."""
    other: dict[str, Any] | None
    """The row of the figure that it is compared with."""
    counted_by: str
    theirs: float
    """The published share, 0 to 1."""
    ours: Step
    steps: tuple[Step, ...]

    @property
    def last(self) -> Step:
        """The last point with a known share: as close as these data come to the published definition."""
        return next((step for step in reversed(self.steps) if step.share is not None), self.ours)
