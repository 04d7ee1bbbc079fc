"""What an embedded Hub serves: the public models of one day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

Row = Mapping[str, Any]
"""One model with every field the list route can expand, in the Hub's own JSON shape (`_id`, `id`, `downloads`, ...)."""


@dataclass(frozen=True, slots=True)
class Listing:
    """All public models of one day."""

    rows: Sequence[Row]
    """Ordered by `_id`, which is also the order of creation."""

    renames: Mapping[str, str] = field(default_factory=dict)
    """Former name -> name of the repository the Hub redirects to."""


class Catalog(Protocol):
    """A source of listings, one per day."""

    @property
    def is_simulated(self) -> bool:
        """True for simulated rows; the embedded Hub then adds a header to each response."""

    @property
    def days(self) -> Sequence[date]:
        """The days that can be served, ascending."""

    def listing(self, day: date) -> Listing:
        """The public models on `day`; the same object for the same day, so that servers may index it."""
