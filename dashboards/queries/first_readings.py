"""Models that were first read between two days although they existed before: their downloads are no growth."""

from datetime import date, timedelta

import polars as pl

from dashboards.data.cache import cached
from dashboards.data.definition import Definition
from dashboards.data.warehouse import Store, rows
from dashboards.queries.shared import PART_COLUMNS, Part, by_group, is_counted
from tracker.api.adoption_sql import IS_COUNTED as IS_OF_SERIES
from tracker.api.adoption_sql import attributed_models
from tracker.api.queries import COUNTED_LAYER, GROUPS
from tracker.api.rankings import LARGE

BACKCAST = timedelta(days=29)
"""Daily downloads are known from the 30 days before the first reading on."""

_METRICS = ("downloads_30d", "likes", "models")
"""Metrics that jump when a model is first read: all-time downloads are added up, daily ones are known from before."""

_FIRST_READ = """
with chosen as (
    select *
    from models
    where first_seen > $before and first_seen <= $day and is_listed and coalesce(created_at < $before::date, true)
)
select
    adoption.origin, {part_columns},
    sum(counts.downloads_30d * adoption.weight)::double as downloads_30d,
    sum(counts.likes * adoption.weight)::double as likes, sum(adoption.weight)::double as models
from ({attributed}) as adoption
join latest_counts as counts using (hub_id)
where {is_counted}
group by all
"""

_BREAKS = """
select day, {group} as code, sum(arrived_30d) / sum(downloads_30d) as share
from family_days as adoption
where lens = $lens and list_contains($codes::varchar[], {group})
    and list_contains($layers::varchar[], {layer}) and ($models = 'all' or task_class = $models)
    and ($below_1b or is_below_1b is distinct from true) and ($gguf or not is_gguf)
group by all
having sum(arrived_30d) > $large * sum(downloads_30d)
order by day, code
"""


def first_read(
    store: Store, definition: Definition, metric: str, group: str, before: date, day: date
) -> dict[str, float]:
    """Country or region -> what models have of a metric that were first read after `before`, but created earlier.

    `day` is the last day. Empty for metrics that do not jump when a model is first read.
    """
    found: dict[str, float] = {}
    for part in _parts(store, definition.lens, group, before, day) if metric in _METRICS else ():
        if part[metric] and is_counted(part, definition):
            found[part["code"]] = found.get(part["code"], 0.0) + part[metric]
    return found


@cached(20)
def _parts(store: Store, lens: str, group: str, before: date, day: date) -> list[Part]:
    """The sums of the models first read between two days by country or region and every switch. Do not modify."""
    return by_group(store, _origin_parts(store, lens, before, day), group)


@cached(20)
def _origin_parts(store: Store, lens: str, before: date, day: date) -> list[Part]:
    sql = _FIRST_READ.format(
        attributed=attributed_models(lens, "chosen"),
        part_columns=PART_COLUMNS.strip(),
        is_counted=IS_OF_SERIES.replace("models.", "adoption."),
    )
    return rows(store, sql, {"before": before, "day": day, "maker_copies_as_release": True}).to_dicts()


@cached(200)
def breaks(store: Store, definition: Definition, by: str, codes: tuple[str, ...], *, is_flow: bool) -> pl.DataFrame:
    """Where models that existed before but were not read bring more than LARGE of a line: day, code, share, read_on.

    `by` is a grouping of the API. The series of daily downloads (`is_flow`) breaks earlier than that of counters.
    """
    sql = _BREAKS.format(group=GROUPS[by], layer=COUNTED_LAYER.format(table="adoption"))
    values = definition.parameters | {"lens": definition.lens, "codes": list(codes), "large": LARGE}
    found = rows(store, sql, values).with_columns(read_on="day")
    return found.with_columns(pl.col("day") - BACKCAST) if is_flow else found
