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


class Measure(StrEnum):
    """How a published figure is computed here; the SQL of warehouse/ has one rule for each."""

    LIST_DOWNLOADS = "list_downloads"
    """All-time downloads of the models of a list that the reader brings, for a country or an account."""
    NEW_DERIVATIVES_SHARE = "new_derivatives_share"
    """A root family's share of the derivatives created in the month, of those with more than 5 downloads."""
    DOWNLOADS_SHARE = "downloads_share"
    """A publishing country's share of the downloads booked within the window."""
    ACCOUNT_DERIVATIVES = "account_derivatives"
    """Repositories made directly from an account's models."""
    ACCOUNT_DOWNLOADS = "account_downloads"
    """Downloads of an account's repositories booked within the window."""
    GGUF_DOWNLOADS = "gguf_downloads"
    """30-day downloads of the GGUF repositories that go back to a family."""
    SMALL_MODELS_SHARE = "small_models_share"
    """Share of models below a billion parameters in all-time downloads, of those whose files declare a size."""
    DERIVATIVES_SHARE = "derivatives_share"
    """Share of derivatives and repackaged copies in 30-day downloads."""
    ACCOUNT_TEXT_SHARE = "account_text_share"
    """An account's share of the 30-day downloads of text and vision-language models."""
    DESCENDANTS = "descendants"
    """Repositories made from a model, directly or over others."""


class Unit(StrEnum):
    """What a published figure counts."""

    DOWNLOADS = "downloads"
    REPOSITORIES = "repositories"
    SHARE = "share"
    """0 to 1."""
    DAY = "day"
    """A day or a time of the year; it has no value, only its words."""


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
class Published:
    """A figure that others published, to hold ours against."""

    id: str
    source: str
    reference: str
    """Where it stands: an arXiv number or a title."""
    title: str
    scope: str
    """What was counted, in words."""
    definition: str
    """How it was counted, in words."""
    period: str
    """The time it tells of, in words."""
    since: date
    until: date
    """The last day of the time it tells of."""
    value: float | None
    """None where the figure is a day."""
    unit: Unit
    as_published: str
    """The number as it was printed."""
    measure: Measure | None
    subject: str | None
    """Whose figure it is: a country, an account, a family or a repository, as the measure asks."""
    not_computable: str | None
    """Why no figure of ours can have this scope and definition; stands instead of a measure."""


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
    published: tuple[Published, ...] = ()
