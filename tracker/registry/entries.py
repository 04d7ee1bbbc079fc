"""The registry's data model: each kind of entry with its keys, their types and the rules for single values.

Each field is declared once, here; one without a default is a required key. pydantic reads the declarations to validate
files (validate.py). This module does not import it, because most commands only load the shipped files, and importing
pydantic would double the time of that.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal

from tracker.domain import Axis
from tracker.registry.measures import BridgeStep, CountedBy, Measure, Unit


class Rule:
    """Constraints of a value, by the names of pydantic-core. The type alone applies until a file is validated."""

    def __init__(self, **constraints: object) -> None:
        self.constraints = constraints

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        return {**handler(source), **self.constraints}


Text = Annotated[str, Rule(pattern=r"\S")]
Day = Annotated[date, Rule(strict=True)]
Flag = Annotated[bool, Rule(strict=True)]
Count = Annotated[int, Rule(strict=True, gt=0)]
Number = Annotated[float, Rule(strict=True, gt=0)]
RepoId = Annotated[str, Rule(pattern="^[^/ ]+/[^/ ]+$")]
"""Owner and name, such as `Qwen/Qwen3-8B`."""
Texts = Annotated[tuple[Text, ...], Rule(min_length=1)]
RepoIds = Annotated[tuple[RepoId, ...], Rule(min_length=1)]


class Role(StrEnum):
    """What an account on the Hub mostly publishes."""

    LAB = "lab"
    """Its own base or foundation weights."""
    COMPANY = "company"
    """Finetunes of other models, or models it hosts or serves."""
    COMMUNITY = "community"
    """Work of a collective, a university group or a project without a company."""
    REPACKAGER = "repackager"
    """Converted or quantized copies of other models."""


class Relation(StrEnum):
    """How a repository was made from its parent."""

    FINETUNE = "finetune"
    ADAPTER = "adapter"
    QUANTIZED = "quantized"
    MERGE = "merge"


class EventKind(StrEnum):
    """Kind of an event that readers of the charts should know."""

    COUNTING_RULE = "counting-rule"
    ROLLBACK = "rollback"
    RELEASE = "release"
    PLATFORM = "platform"


class TaskClass(StrEnum):
    """What a model is for: the groups of models that are compared with each other."""

    LANGUAGE = "language"
    """Writes text, from text or also from images, video or audio."""
    ENCODER = "encoder"
    """Turns text into vectors, scores or labels."""
    VISION = "vision"
    """Generates or understands images and video."""
    AUDIO = "audio"
    OTHER = "other"


class _Entry:
    """Base of the entries. Keys that are not declared are errors."""

    __slots__ = ()
    __pydantic_config__: ClassVar = {"extra": "forbid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin(_Entry):
    """A country (ISO 3166-1 alpha-2), or `ZZ` for international or undisclosed."""

    code: Text
    name: Text
    region: Literal["China", "United States", "Europe", "Other", "Unknown"]
    adjective: Text | None = None
    """For "Chinese labs"; without one, texts say "labs from China"."""
    headline: Literal[1, 2] | None = None
    """Place in the pair of countries that headlines compare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab(_Entry):
    """A maker of models, which may publish under several handles."""

    id: Text
    name: Text
    country: Text
    contested: Flag = False
    """True if reasonable people name another country."""
    other_country: Text | None = None
    """The country that they name."""
    evidence: Text
    note: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization(_Entry):
    """An account on the Hub, by its exact handle. Without a country, contested or other one it has those of its lab."""

    handle: Text
    lab: Text | None = None
    country: Text
    role: Role
    since: Day | None = None
    until: Day | None = None
    """First day on which the handle no longer belongs to this organisation."""
    successor: Text | None = None
    """The handle that took over its repositories."""
    contested: Flag = False
    other_country: Text | None = None
    evidence: Text
    note: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation(_Entry):
    """One generation of a family, such as Qwen2.5. In the file, a nested `[[family.generation]]`."""

    id: Text
    pattern: Text
    released_on: Day | None = None
    examples: RepoIds
    evidence: Text | None = None
    """The source of its release day, if it is not that of the family."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family(_Entry):
    """Models of one lab that share a name."""

    id: Text
    name: Text
    lab: Text
    patterns: Texts
    """Regular expressions over the repository's name without its owner, in any case."""
    examples: RepoIds
    evidence: Text
    compare: Count | None = None
    """Place among the families that the page Compare offers together."""
    generation: tuple[Generation, ...] = ()
    """Named as in the file, `[[family.generation]]`; code reads `generations`."""

    @property
    def generations(self) -> tuple[Generation, ...]:
        """Its generations in the order of the file."""
        return self.generation


@dataclass(frozen=True, slots=True, kw_only=True)
class Release(_Entry):
    """The release day of a model whose repository was created on another day."""

    repo_id: RepoId
    released_on: Day
    evidence: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters(_Entry):
    """Parameter counts of a model whose files and name mislead, in absolute numbers."""

    repo_id: RepoId
    params_total: Count
    params_active: Count | None = None
    evidence: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Base(_Entry):
    """The parents of a repository, instead of those that its card declares.

    Neither the repository nor its parents need to be in the lake.
    """

    repo_id: RepoId
    parents: RepoIds
    relation: Relation
    evidence: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(_Entry):
    """A task of the Hub (pipeline_tag) and the class of models that do it."""

    id: Text
    task_class: TaskClass
    modality: Literal["text", "vision-language"] | None = None
    """What models that write text read; None for all others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Library(_Entry):
    """A library of the Hub (library_name) whose models are of one class."""

    id: Text
    task_class: TaskClass


@dataclass(frozen=True, slots=True, kw_only=True)
class Architecture(_Entry):
    """A tag that only models of one family have, such as the architecture `gemma4`."""

    id: Text
    family: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(_Entry):
    """Something that readers of the charts should know."""

    date: Day
    kind: EventKind
    title: Text
    detail: Text | None = None
    origin: Text | None = None
    family: Text | None = None
    evidence: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFigure(_Entry):
    """A figure published by others, for comparison with ours."""

    id: Text
    source: Text
    reference: Text
    """An arXiv number or a title."""
    title: Text
    scope: Text
    """What was counted."""
    definition: Text
    """How it was counted."""
    period: Text
    """The period it covers, as text."""
    since: Day
    until: Day
    """Last day of the period."""
    value: Number | None = None
    """None for figures of unit day."""
    unit: Unit
    as_published: Text
    """The number as printed."""
    measure: Measure | None = None
    subject: Text | None = None
    """The country, account, family or repository the figure is about, as the measure requires."""
    not_computable: Text | None = None
    """Why we cannot compute a figure with this scope and definition; given instead of a measure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge(_Entry):
    """How to get from our default to a published figure, one change of the definition at a time.

    The default: 30-day downloads of language models by publisher, on our last day.
    """

    figure: Text
    other: Text | None = None
    """A second figure: shares are of both subjects together. Without it, shares are of all that is counted."""
    name: Text
    """Short, for a list of choices."""
    counted_by: CountedBy
    steps: Annotated[tuple[BridgeStep, ...], Rule(min_length=1)]
    """In the order of the chart; each keeps what those before it changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias(_Entry):
    """Who makes the models of another ruler whose name there matches a pattern, and whether their weights are open."""

    axis: Axis
    pattern: Text
    """A regular expression over the ruler's own name of a model, in any case. The longest one that matches counts."""
    lab: Text | None = None
    family: Text | None = None
    """None where the name patterns of the lab's families decide."""
    is_open: Flag | None = None
    """None if it differs among the models: those for which the ruler names a repository are open then."""
    is_undisclosed: Flag = False
    """True if the ruler does not say who made the model."""
    is_mirror: Flag = False
    """True if the account republishes models of others, so that the name of the model decides."""
    valid_from: Day | None = None
    valid_until: Day | None = None
    """The first day on which the name no longer means this."""
    evidence: Text


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entry and its file, where entries are an array of tables."""

    name: str
    file: str
    model: type
    """The dataclass of its entries."""
    key: tuple[str, ...]
    """The fields that identify an entry, and by which its file is sorted."""


KINDS = {
    kind.name: kind
    for kind in (
        Kind("origin", "origins.toml", Origin, ("code",)),
        Kind("lab", "labs.toml", Lab, ("id",)),
        Kind("organization", "organizations.toml", Organization, ("handle",)),
        Kind("family", "families.toml", Family, ("id",)),
        Kind("release", "releases.toml", Release, ("repo_id",)),
        Kind("parameters", "parameters.toml", Parameters, ("repo_id",)),
        Kind("base", "bases.toml", Base, ("repo_id",)),
        Kind("task", "tasks.toml", Task, ("id",)),
        Kind("library", "libraries.toml", Library, ("id",)),
        Kind("architecture", "architectures.toml", Architecture, ("id",)),
        Kind("event", "events.toml", Event, ("date", "title")),
        Kind("published", "published.toml", PublishedFigure, ("id",)),
        Kind("bridge", "bridges.toml", Bridge, ("figure",)),
        Kind("alias", "axis_aliases.toml", Alias, ("axis", "pattern")),
    )
}
"""Every kind by name, in the order in which the files are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """All entries, each kind sorted by its key."""

    origins: tuple[Origin, ...] = ()
    labs: tuple[Lab, ...] = ()
    organizations: tuple[Organization, ...] = ()
    families: tuple[Family, ...] = ()
    releases: tuple[Release, ...] = ()
    parameters: tuple[Parameters, ...] = ()
    bases: tuple[Base, ...] = ()
    tasks: tuple[Task, ...] = ()
    libraries: tuple[Library, ...] = ()
    architectures: tuple[Architecture, ...] = ()
    events: tuple[Event, ...] = ()
    published: tuple[PublishedFigure, ...] = ()
    bridges: tuple[Bridge, ...] = ()
    axis_aliases: tuple[Alias, ...] = ()
    version: str
    """A short hash of the files."""
