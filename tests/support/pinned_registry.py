"""The registry from which tests draw simulated worlds: new facts in the shipped one do not change those worlds."""

import json
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from tracker.registry.entries import Family, Registry
from tracker.registry.load import load

_FILE = Path(__file__).with_suffix(".json")


@cache
def pinned_registry() -> Registry:
    """The shipped registry with only the accounts, bases, families, generations and release days of the file."""
    kept = json.loads(_FILE.read_text())
    shipped = load()
    return replace(
        shipped,
        organizations=tuple(o for o in shipped.organizations if o.handle in kept["organizations"]),
        bases=tuple(base for base in shipped.bases if base.repo_id in kept["bases"]),
        families=tuple(_pinned(f, kept["families"][f.id]) for f in shipped.families if f.id in kept["families"]),
    )


def _pinned(family: Family, days: dict[str, str | None]) -> Family:
    """The family with the generations of `days`, released on those days."""
    generations = (
        replace(generation, released_on=date.fromisoformat(day) if (day := days[generation.id]) else None)
        for generation in family.generations
        if generation.id in days
    )
    return replace(family, generation=tuple(generations))
