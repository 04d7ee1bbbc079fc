"""The models page: filters, matching models and the options of filters."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from dashboards.data.cache import cached
from dashboards.data.vocabulary import NOT_KNOWN
from dashboards.data.warehouse import Store, rows
from dashboards.queries import rankings

CHOICES = {
    "origin": "publisher_origin",
    "lab": "publisher_lab",
    "layer": "layer",
    "family": "family",
    "size": "size_bucket",
    "task": "pipeline_tag",
    "role": "publisher_role",
    "generation": "generation",
    "root_origin": "root_origin",
    "root_family": "root_family",
    "params_source": "params_source",
    "library": "library_name",
    "licence": "license",
    "gated": "gated",
}
"""URL parameter of a filter by values -> its column of `models`."""

FLAGS = {"listed": "is_listed", "mixed": "is_mixed_origin", "gguf_repo": "is_gguf", "disabled": "is_disabled"}
"""A filter by yes or no -> its column."""

SPANS = {
    "released": "released_on",
    "created": "created_at",
    "modified": "last_modified",
    "first_seen": "first_seen",
    "last_seen": "last_seen",
}
"""A filter by days -> its column."""

MOST_VALUES = 300
"""Values of a column to choose from, the most frequent ones; licences and libraries are anyone's text."""

ORDERS = {
    "30-day downloads": "downloads_30d desc nulls last",
    "All-time downloads": "downloads_all_time desc nulls last",
    "Likes": "likes desc nulls last",
    "Newest": "released_on desc nulls last",
    "Name": "lower(repo_id)",
}
"""Order shown to the reader -> order by clause of the table of models."""

# The ids are found with few columns first; the wide rows are read for these only.
_MODELS = """
with found as (
    select m.hub_id
    from models as m
    left join latest_counts as c using (hub_id)
    where {where}
    order by {order}, m.hub_id
    limit $most
)
select
    m.hub_id, m.repo_id, m.publisher_origin, labs.name as lab, m.layer,
    coalesce(families.name, m.family) as family, m.released_on, m.params_total,
    m.license, c.rank_30d, c.downloads_30d, c.downloads_all_time, c.likes, c.day as read_on,
    case
        when $has_before then 100.0 * (p.downloads_30d_now - p.downloads_30d_before) / nullif(p.downloads_30d_before, 0)
    end as change_30d_percent,
    case
        when $has_week then 100.0 * (p.downloads_7d - p.downloads_7d_previous) / nullif(p.downloads_7d_previous, 0)
    end as change_7d_percent
from found
join models as m using (hub_id)
left join latest_counts as c using (hub_id)
left join (
    select hub_id, downloads_30d as downloads_30d_now, downloads_30d_before, downloads_7d, downloads_7d_previous
    from ranking_counts
) as p using (hub_id)
left join labs on labs.lab = m.publisher_lab
left join families on families.family = m.family
order by {order}, m.hub_id
"""

_VALUES = """
select coalesce({column}, '{not_known}') as value
from models
group by all
order by count(*) desc, value
limit {most}
"""


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions for models; empty parts match every model."""

    search: str = ""
    task_class: str = "all"
    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Key of CHOICES -> any of these values; NOT_KNOWN means NULL."""

    flags: tuple[tuple[str, bool], ...] = ()
    """Key of FLAGS -> required value; models with an unknown value match neither."""

    spans: tuple[tuple[str, date | None, date | None], ...] = ()
    """Key of SPANS, its first and its last day."""


@cached(500)
def models(store: Store, filters: Filters, order: str, most: int) -> pl.DataFrame:
    """The first `most` models that match, with their counters at the last reading of each."""
    where, values = _conditions(filters)
    known = rankings.days(store, filters.task_class)
    has = {
        "has_before": known is not None and known.knows_before("30d"),
        "has_week": known is not None and known.knows_week_before(),
    }
    return rows(store, _MODELS.format(where=where, order=ORDERS[order]), {**values, **has, "most": most})


@cached(500)
def models_count(store: Store, filters: Filters) -> int:
    """How many models match, before any limit."""
    where, values = _conditions(filters)
    return int(rows(store, f"select count(*) as models from models as m where {where}", values)["models"][0])


@cached(200)
def values(store: Store, choice: str) -> tuple[str, ...]:
    """The most frequent values of a column, the commonest first; NOT_KNOWN means NULL."""
    sql = _VALUES.format(column=CHOICES[choice], not_known=NOT_KNOWN, most=MOST_VALUES)
    return tuple(rows(store, sql)["value"])


def _conditions(filters: Filters) -> tuple[str, dict[str, Any]]:
    """The condition over `models as m`, and its named parameters. Columns come from this module, values never do."""
    parts = list(_parts(filters))
    values: dict[str, Any] = {}
    for _, parameters in parts:
        values |= parameters
    return " and ".join(condition for condition, _ in parts) or "true", values


def _parts(filters: Filters) -> Iterator[tuple[str, dict[str, Any]]]:
    if filters.search.strip():
        yield "contains(lower(m.repo_id), lower($search))", {"search": filters.search.strip()}
    if filters.task_class != "all":
        yield "m.task_class = $task_class", {"task_class": filters.task_class}
    for key, chosen in filters.choices:
        if chosen:
            condition = f"list_contains(${key}::varchar[], coalesce(m.{CHOICES[key]}, '{NOT_KNOWN}'))"
            yield condition, {key: list(chosen)}
    for key, wanted in filters.flags:
        yield f"m.{FLAGS[key]} = ${key}", {key: wanted}
    for key, first, last in filters.spans:
        for bound, name, day in ((">=", "from", first), ("<=", "until", last)):
            if day is not None:
                yield f"m.{SPANS[key]}::date {bound} ${key}_{name}::date", {f"{key}_{name}": day}
