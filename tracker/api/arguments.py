"""Argument checks of the Python API. A value that is not allowed raises UsageError, which lists the allowed ones."""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from tracker.errors import UsageError

Choice = TypeVar("Choice", bound=str)

LENSES = ("publisher", "root")
LAYERS = ("release", "derivative", "repackaged", "other")
MODELS = ("language", "encoder", "vision", "audio", "other", "all")
"""The task classes, and all models."""
MIN_DOWNLOADS = (0, 5, 50)


def one_of(name: str, value: str, choices: Iterable[Choice]) -> Choice:
    """Return the one of `choices` that is `value` in any case."""
    known = tuple(choices)
    if isinstance(value, str):
        for choice in known:
            if choice.casefold() == value.casefold():
                return choice
    raise UsageError(f"{name} must be one of {', '.join(known)}, not {value!r}.")


def as_list(name: str, values: str | Iterable[str] | None, choices: Iterable[str] | None = None) -> list[str] | None:
    """Return one or several values as a list, each checked against `choices`. None means no restriction."""
    if values is None:
        return None
    found = [values] if isinstance(values, str) else list(values)
    return found if choices is None else [one_of(name, value, choices) for value in found]


def as_day(name: str, value: str | date | None) -> date | None:
    """Return a day given as a date or an ISO string. None means no bound."""
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError as problem:
        raise UsageError(f"{name} must be a day such as 2026-08-19, not {value!r}.") from problem


def checked_min_downloads(value: int) -> int:
    """Return `value` if derivatives are counted above that many downloads."""
    if value not in MIN_DOWNLOADS:
        raise UsageError(f"min_downloads must be one of 0, 5, 50, not {value!r}.")
    return value
