"""The grammar of the registry's files: which keys each kind of entry has, and of what type."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tracker.registry.entries import EventKind, Measure, Relation, Role, Unit

REGIONS = ("China", "United States", "Europe", "Other", "Unknown")


class Shape(StrEnum):
    """What a value must be; the text is how a message names it."""

    TEXT = "text"
    TEXTS = "a list of texts"
    DATE = "a date"
    COUNT = "a whole number above 0"
    NUMBER = "a number above 0"
    FLAG = "true or false"
    REPO = "a repository id (owner/name)"
    REPOS = "a list of repository ids (owner/name)"
    TABLES = "a list of tables"


@dataclass(frozen=True, slots=True)
class Field:
    """One key of an entry."""

    shape: Shape
    is_required: bool = True
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of entry and the file it stands in, as an array of tables."""

    name: str
    file: str
    key: tuple[str, ...]
    """The fields that together name an entry, and by which its file is sorted."""
    fields: Mapping[str, Field]


_TEXT = Field(Shape.TEXT)
_REPO = Field(Shape.REPO)
_DATE = Field(Shape.DATE)
_MAYBE_TEXT = Field(Shape.TEXT, is_required=False)
_MAYBE_DATE = Field(Shape.DATE, is_required=False)
_MAYBE_FLAG = Field(Shape.FLAG, is_required=False)

_ORIGIN = Kind(
    "origin", "origins.toml", ("code",), {"code": _TEXT, "name": _TEXT, "region": Field(Shape.TEXT, choices=REGIONS)}
)
_LAB = Kind(
    "lab",
    "labs.toml",
    ("id",),
    {
        "id": _TEXT,
        "name": _TEXT,
        "country": _TEXT,
        "contested": _MAYBE_FLAG,
        "evidence": _TEXT,
        "note": _MAYBE_TEXT,
    },
)
_ORGANIZATION = Kind(
    "organization",
    "organizations.toml",
    ("handle",),
    {
        "handle": _TEXT,
        "lab": _MAYBE_TEXT,
        "country": _MAYBE_TEXT,
        "role": Field(Shape.TEXT, choices=tuple(Role)),
        "since": _MAYBE_DATE,
        "until": _MAYBE_DATE,
        "successor": _MAYBE_TEXT,
        "contested": _MAYBE_FLAG,
        "evidence": _TEXT,
        "note": _MAYBE_TEXT,
    },
)
_FAMILY = Kind(
    "family",
    "families.toml",
    ("id",),
    {
        "id": _TEXT,
        "name": _TEXT,
        "lab": _TEXT,
        "patterns": Field(Shape.TEXTS),
        "examples": Field(Shape.REPOS),
        "evidence": _TEXT,
        "generation": Field(Shape.TABLES, is_required=False),
    },
)
GENERATION = Kind(
    "generation",
    "families.toml",
    ("id",),
    {"id": _TEXT, "pattern": _TEXT, "released_on": _MAYBE_DATE, "examples": Field(Shape.REPOS)},
)
"""Nested in a family as `[[family.generation]]`."""
_RELEASE = Kind("release", "releases.toml", ("repo_id",), {"repo_id": _REPO, "released_on": _DATE, "evidence": _TEXT})
_PARAMETERS = Kind(
    "parameters",
    "parameters.toml",
    ("repo_id",),
    {
        "repo_id": _REPO,
        "params_total": Field(Shape.COUNT),
        "params_active": Field(Shape.COUNT, is_required=False),
        "evidence": _TEXT,
    },
)
_BASE = Kind(
    "base",
    "bases.toml",
    ("repo_id",),
    {
        "repo_id": _REPO,
        "parents": Field(Shape.REPOS),
        "relation": Field(Shape.TEXT, choices=tuple(Relation)),
        "evidence": _TEXT,
    },
)
_EVENT = Kind(
    "event",
    "events.toml",
    ("date", "title"),
    {
        "date": _DATE,
        "kind": Field(Shape.TEXT, choices=tuple(EventKind)),
        "title": _TEXT,
        "detail": _MAYBE_TEXT,
        "origin": _MAYBE_TEXT,
        "family": _MAYBE_TEXT,
        "evidence": _TEXT,
    },
)
_PUBLISHED = Kind(
    "published",
    "published.toml",
    ("id",),
    {
        **{name: _TEXT for name in ("id", "source", "reference", "title", "scope", "definition", "period")},
        "since": _DATE,
        "until": _DATE,
        "value": Field(Shape.NUMBER, is_required=False),
        "unit": Field(Shape.TEXT, choices=tuple(Unit)),
        "as_published": _TEXT,
        "measure": Field(Shape.TEXT, is_required=False, choices=tuple(Measure)),
        "subject": _MAYBE_TEXT,
        "not_computable": _MAYBE_TEXT,
    },
)

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (_ORIGIN, _LAB, _ORGANIZATION, _FAMILY, _RELEASE, _PARAMETERS, _BASE, _EVENT, _PUBLISHED)
}
"""Every kind by its name, in the order in which the files are read."""
