"""The Python API: `tracker.open(home)` returns a `Tracker`."""

from tracker.api.tracker import Tracker

__all__ = ["Tracker"]
