"""Repositories that have a large part of a country or region, or of all: how much one model decides."""

from datetime import date

import polars as pl

from dashboards.data.cache import cached
from dashboards.data.definition import Definition
from dashboards.data.warehouse import Store, history_since, rows
from dashboards.queries import large_counts
from dashboards.queries.contributors import large_models
from dashboards.queries.overview import day_values
from dashboards.queries.shared import PART_COLUMNS, counted, in_groups, readings
from dashboards.text.overview import DOMINANT
from tracker.api.adoption_sql import ADDED_UP_SPANS, IS_COUNTED, attributed_models
from tracker.api.tracker import COUNTERS

_COLUMNS = {"code": pl.String, "repo_id": pl.String, "share_of_group": pl.Float64, "share_of_all": pl.Float64}

_CORRECTED = """
dropped as (
    select distinct changes.hub_id, spans.first_day
    from spans
    join large_changes as changes on changes.day > spans.first_day and changes.day <= $day
    where changes.kind = 'corrected' and $day between spans.first_day and spans.last_day
),
corrected as (
    select hub_id, sum(value) as value
    from (
        select days.hub_id, days.downloads_all_time as value
        from model_days as days
        join dropped on dropped.hub_id = days.hub_id and dropped.first_day = days.day
        union all
        select flows.hub_id, flows.downloads
        from model_flows as flows
        join dropped on dropped.hub_id = flows.hub_id and dropped.first_day < flows.day
        where flows.day <= $day
    )
    group by hub_id
),
"""
"""CTE: all-time downloads of the repositories whose counter dropped, added up like the sums of their groups."""

_ALL = """
large as (
    select hub_id, {counter} as value
    from {readings}
    where day = $day and {counter} >= $least
),
"""

_ALL_CORRECTED = f"""
{ADDED_UP_SPANS.strip()},
{_CORRECTED.strip()}
large as (
    select hub_id, coalesce(corrected.value, days.downloads_all_time) as value
    from {{readings}} as days
    left join corrected using (hub_id)
    where days.day = $day and coalesce(corrected.value, days.downloads_all_time) >= $least
),
"""

_COUNTED = """
with {large}
chosen as (
    select * from models where hub_id in (select hub_id from large)
)
select
    adoption.hub_id, adoption.repo_id, adoption.origin, {part_columns},
    large.value as counter, sum(large.value * adoption.weight)::double as value
from ({attributed}) as adoption
join large using (hub_id)
where {is_counted}
group by all
"""


@cached(200)
def dominant_models(
    store: Store, definition: Definition, metric: str, group: str, day: date, pair: tuple[str, str]
) -> pl.DataFrame:
    """The largest repository of each group on a day: code, repo_id, share_of_group, share_of_all, the largest first.

    Only repositories with at least a tenth of the smaller group of `pair`. Daily downloads are judged by 30-day
    downloads. There are no rows for the number of models. Nor are there for all-time downloads if the copy lacks the
    days they are added up from.
    """
    counter = "downloads_30d" if metric == "downloads_7d_mean" else metric
    totals = {code: value or 0.0 for code, value in day_values(store, definition, counter, group, day).items()}
    whole = sum(totals.values())
    is_cut = counter == "downloads_all_time" and history_since(store) is not None
    if counter not in COUNTERS or not whole or is_cut:
        return pl.DataFrame(schema=_COLUMNS)
    least = DOMINANT * min((totals[code] for code in pair if totals.get(code)), default=whole)
    if large_counts.has_all(store, definition.models, counter, group, day, least):
        _, before = large_counts.days(store)
        large = large_models(store, counter, before, day, definition.lens).filter(~pl.col("is_missing_now"))
        large = large.with_columns(value="later")
    else:
        large = _counted(store, definition, counter, day, least)
    chosen = large.filter(counted(definition) & (pl.col("counter") >= least))
    summed = in_groups(store, chosen.select("hub_id", "repo_id", "origin", "value"), group, ("value",))
    ordered = summed.sort("value", "repo_id", descending=[True, False])
    found = ordered.group_by("code").first().sort("value", "code", descending=[True, False])
    return found.select(
        "code",
        "repo_id",
        share_of_group=pl.col("value") / pl.col("code").replace_strict(totals, default=None, return_dtype=pl.Float64),
        share_of_all=pl.col("value") / whole,
    )


def _counted(store: Store, definition: Definition, counter: str, day: date, least: float) -> pl.DataFrame:
    """The models with at least `least` of a counter by origin, with the columns of a part."""
    is_all_time = counter == "downloads_all_time"
    sql = _COUNTED.format(
        large=(_ALL_CORRECTED if is_all_time else _ALL).format(counter=counter, readings=readings(store, day)).strip(),
        part_columns=PART_COLUMNS.strip(),
        attributed=attributed_models(definition.lens, "chosen"),
        is_counted=IS_COUNTED.replace("models.", "adoption."),
    )
    values = {"day": day, "least": least, "maker_copies_as_release": True}
    return rows(store, sql, values | ({"models": definition.models} if is_all_time else {}))
