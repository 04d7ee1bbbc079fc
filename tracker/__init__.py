"""Adoption of open-weight models, counted from the Hugging Face Hub.

`tracker.open(home)` answers questions about a built home with Polars frames; see `tracker.api`.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from tracker.version import VERSION

if TYPE_CHECKING:
    from tracker.api.tracker import Tracker

__version__ = VERSION


# The one function in an `__init__.py`: it is what people type. The import waits, so that `import tracker` stays light.
def open(home: str | Path = "data") -> "Tracker":
    """The warehouse of a home, or a warehouse file, for reading. Raises DataError if nothing has been built there."""
    from tracker.api.tracker import Tracker

    return Tracker.of_home(home)
