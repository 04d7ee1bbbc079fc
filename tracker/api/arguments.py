"""The arguments of the Python API, held to what is allowed: anything else raises UsageError, which names it."""

from collections.abc import Iterable
from datetime import date

from tracker.errors import UsageError

LAYERS = ("release", "derivative", "repackaged", "other")
THRESHOLDS = (0, 5, 50)


def allowed(name: str, value: str, choices: Iterable[str]) -> str:
    """The value, if it is one of the choices."""
    known = tuple(choices)
    if value not in known:
        raise UsageError(f"{name} must be one of {', '.join(known)}, not {value!r}.")
    return value


def some(name: str, values: str | Iterable[str] | None, choices: Iterable[str] | None) -> list[str] | None:
    """One or several values as a list; None stands for all."""
    if values is None:
        return None
    found = [values] if isinstance(values, str) else list(values)
    return found if choices is None else [allowed(name, value, choices) for value in found]


def day(name: str, value: str | date | None) -> date | None:
    """A day as it is or as it is written; None stands for no bound."""
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError as problem:
        raise UsageError(f"{name} must be a day such as 2026-08-19, not {value!r}.") from problem


def threshold(value: int) -> int:
    """The downloads that a derivative must exceed to count."""
    if value not in THRESHOLDS:
        raise UsageError(f"min_downloads must be one of 0, 5, 50, not {value!r}.")
    return value
