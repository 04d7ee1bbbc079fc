"""Types of the answers. Their schemas are part of the list of tools, so field names speak for themselves."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, PlainSerializer


def _rounded(value: float) -> int | float:
    """Return a number with as many digits as mean something: each digit is read by a language model."""
    if value == int(value):
        return int(value)
    return round(value, 2 if abs(value) >= 1 else 6)


Number = Annotated[float, PlainSerializer(_rounded, return_type=int | float, when_used="json")]


class About(BaseModel):
    """What the numbers of an answer count, and where they come from."""

    definition: str
    counted: str
    attribution: str
    scope: str
    coverage: str
    last_day: date
    is_simulated: bool
    citation: str
    notes: list[str]


class Answer(BaseModel):
    """Part of every answer."""

    about: About


class Status(Answer):
    """The warehouse as a whole."""

    built_at: datetime
    first_day: date | None
    days: int
    models_listed: int
    known_metrics: list[str]
    sources: list[str]
    rulers: list[str]
    data_issues: int


class Share(BaseModel):
    """A group on a day; share is 0 to 1."""

    day: date
    code: str | None
    name: str
    value: Number | None
    share: Number | None
    segment: int | None


class Adoption(Answer):
    """Groups day by day."""

    by: str
    metric: str
    rows: list[Share]
    rows_left_out: int


class Compared(BaseModel):
    """One of the compared; before is about 30 days earlier."""

    code: str
    name: str
    value: Number | None
    share: Number | None
    rank: int | None
    value_before: Number | None
    change_percent: Number | None


class Crossover(BaseModel):
    """When country a last passed country b; low and high are its 95% interval."""

    finding: str
    a: str
    b: str
    crossed_after: date | None
    crossed_on: date | None
    low: date | None
    high: date | None
    holds: bool | None
    is_ahead_throughout: bool


class Comparison(Answer):
    """Several groups or models on one day."""

    finding: str
    by: str
    metric: str
    day: date | None
    day_before: date | None
    rows: list[Compared]
    crossovers: list[Crossover]


class Ranked(BaseModel):
    """A row of a ranking; changes are against the same period 30 days earlier."""

    rank: int
    id: str
    name: str | None
    origin: str | None
    downloads: int
    share: Number | None
    rank_change: int | None
    change_30d: int | None
    change_30d_percent: Number | None
    change_7d_percent: Number | None
    is_new: bool


class Ranking(Answer):
    """The largest or fastest rising."""

    finding: str
    subject: str
    period: str
    period_ends: date | None
    rows: list[Ranked]


class Root(BaseModel):
    """A base model at the start of the chain; weights of a repository sum to 1."""

    name: str
    lab: str | None
    family: str | None
    origin: str | None
    weight: Number


class Model(Answer):
    """One repository."""

    repo_id: str
    url: str
    explanation: str
    author: str | None
    origin: str | None
    lab: str | None
    family: str | None
    generation: str | None
    model_type: str
    task_class: str | None
    params_total: int | None
    size_bucket: str | None
    license: str | None
    is_gguf: bool
    is_listed: bool
    released_on: date | None
    read_on: date | None
    downloads_30d: int | None
    downloads_30d_change_percent: Number | None
    downloads_all_time: int | None
    downloads_7d_mean: Number | None
    likes: int | None
    rank_30d: int | None
    rank_30d_in_class: int | None
    roots: list[Root]


class Relative(BaseModel):
    """A repository above or below in the lineage."""

    name: str
    relation: str
    steps: int
    weight: Number
    origin: str | None
    model_type: str | None
    downloads_30d: int | None


class Lineage(Answer):
    """What a repository is built on, and what is built on it."""

    repo_id: str
    bases: list[Relative]
    descendants: list[Relative]
    descendants_found: int
    descendants_downloads_30d: Number | None


class Member(BaseModel):
    """Repositories built on a family, by weight."""

    group: dict[str, Any]
    models: Number
    downloads_30d: Number | None
    downloads_all_time: Number | None
    share: Number | None


class Family(Answer):
    """Who builds on a family."""

    family: str
    name: str
    rows: list[Member]
    rows_left_out: int


class RulerShare(BaseModel):
    """A lab or country on a ruler: the value in the ruler's unit, and its share of open weights there."""

    ruler: str
    code: str | None
    name: str
    value: Number
    share: Number | None
    rank: int


class Ruler(BaseModel):
    """A ruler: what it counts, over which days, and the part of its total that is known."""

    ruler: str
    title: str
    unit: str
    first_day: date
    last_day: date
    coverage: Number | None
    credit: str


class Rulers(Answer):
    """The same labs or countries on several rulers."""

    rulers: list[Ruler]
    rows: list[RulerShare]


class PublishedFigure(BaseModel):
    """A figure that others published, and ours with the same scope and definition."""

    figure: str
    source: str
    reference: str | None
    title: str
    definition: str | None
    period: str | None
    as_published: str | None
    value: Number | None
    unit: str | None
    our_value: Number | None
    our_since: date | None
    our_until: date | None
    is_same_time: bool | None
    gap: Number | None
    because: str | None


class PublishedFigures(Answer):
    """Published figures next to ours."""

    rows: list[PublishedFigure]


class Column(BaseModel):
    """A column of a result."""

    name: str
    type: str


class SqlResult(Answer):
    """The rows of a query, each a list of values in the order of the columns."""

    columns: list[Column]
    rows: list[list[Any]]
    is_cut: bool
    seconds: float
