"""What the registry knows: curated facts as frozen values, each with its evidence."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """What an account on the Hub mostly does."""

    LAB = "lab"
    """Publishes base or foundation weights of its own."""
    COMPANY = "company"
    """Only finetunes, hosts or serves models of others."""
    COMMUNITY = "community"
    """A collective, a university group or a project without a company behind it."""
    REPACKAGER = "repackager"
    """Publishes converted or quantized copies of the models of others."""


class Relation(StrEnum):
    """How a repository comes from its parent."""

    FINETUNE = "finetune"
    ADAPTER = "adapter"
    QUANTIZED = "quantized"
    MERGE = "merge"


class EventKind(StrEnum):
    """What sort of thing happened on a day."""

    COUNTING_RULE = "counting-rule"
    ROLLBACK = "rollback"
    RELEASE = "release"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class Origin:
    """A country (ISO 3166-1 alpha-2), or `ZZ` for international or undisclosed."""

    code: str
    name: str
    region: str
    """'China', 'United States', 'Europe', 'Other' or 'Unknown'."""


@dataclass(frozen=True, slots=True)
class Lab:
    """A maker of models, which may publish under several handles."""

    id: str
    name: str
    country: str
    contested: bool
    """True where reasonable people name another country."""
    evidence: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Organization:
    """An account on the Hub, by its exact handle."""

    handle: str
    lab: str | None
    country: str
    """Said by the entry itself; where it says nothing, the same as its lab's."""
    role: Role
    since: date | None
    until: date | None
    """First day on which the handle no longer stands for this organisation."""
    successor: str | None
    """The handle that took over its repositories."""
    contested: bool
    """Said by the entry itself; where it says nothing, the same as its lab's."""
    evidence: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Generation:
    """One generation of a family, such as Qwen2.5."""

    id: str
    pattern: str
    released_on: date | None
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """Models of one lab that share a name."""

    id: str
    name: str
    lab: str
    patterns: tuple[str, ...]
    """Regular expressions over the repository's name without its owner, in any case."""
    examples: tuple[str, ...]
    evidence: str
    generations: tuple[Generation, ...]


@dataclass(frozen=True, slots=True)
class Release:
    """The day a model was released, where the day its repository was created misleads."""

    repo_id: str
    released_on: date
    evidence: str


@dataclass(frozen=True, slots=True)
class Parameters:
    """Parameter counts, in absolute numbers, where files and names mislead."""

    repo_id: str
    params_total: int
    params_active: int | None
    evidence: str


@dataclass(frozen=True, slots=True)
class Base:
    """The parents of a repository whose card does not declare them."""

    repo_id: str
    parents: tuple[str, ...]
    relation: Relation
    evidence: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a reader of the charts should know of."""

    date: date
    kind: EventKind
    title: str
    detail: str | None
    origin: str | None
    family: str | None
    evidence: str


@dataclass(frozen=True, slots=True)
class Registry:
    """All curated facts, each kind sorted by its key."""

    origins: tuple[Origin, ...]
    labs: tuple[Lab, ...]
    organizations: tuple[Organization, ...]
    families: tuple[Family, ...]
    releases: tuple[Release, ...]
    parameters: tuple[Parameters, ...]
    bases: tuple[Base, ...]
    events: tuple[Event, ...]
    version: str
    """A short hash of the files that were read."""
