"""The most downloaded repository of each country or region, and its share of the total: how much one model decides."""

from datetime import date

import polars as pl

from dashboards.data.cache import cached
from dashboards.data.definition import Definition
from dashboards.data.vocabulary import NOT_KNOWN
from dashboards.data.warehouse import Store, rows
from tracker.api.adoption_sql import ADDED_UP_SPANS, ATTRIBUTED, IS_COUNTED
from tracker.api.queries import COUNTED_LAYER, GROUPS
from tracker.api.tracker import COUNTERS

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

_LARGEST = """
with {corrected}
attributed as ({origins}),
counted as (
    select models.repo_id, coalesce({group}, $not_known) as code, sum({value} * adoption.weight) as value
    from model_days as days
    {join}
    join models using (hub_id)
    join attributed as adoption using (hub_id)
    left join origins on origins.code = adoption.origin
    where days.day = $day and list_contains($layers::varchar[], {layer})
        and ($models = 'all' or models.task_class = $models)
        and ($below_1b or models.size_bucket is distinct from '<1') and ($gguf or not models.is_gguf)
        and {is_counted}
    group by all
),
ranked as (
    select
        *,
        sum(value) over (partition by code) as group_total,
        sum(value) over () as total,
        row_number() over (partition by code order by value desc nulls last, repo_id) as place
    from counted
)
select code, repo_id, value / nullif(group_total, 0) as share_of_group, value / nullif(total, 0) as share_of_all
from ranked
where place = 1 and value > 0
order by value desc, code
"""


@cached(200)
def largest_models(store: Store, definition: Definition, metric: str, group: str, day: date) -> pl.DataFrame:
    """The largest repository of each group on a day: code, repo_id, share_of_group, share_of_all, the largest first.

    Daily downloads are judged by 30-day downloads. No rows for the number of models, and none for a group without any.
    """
    counter = "downloads_30d" if metric == "downloads_7d_mean" else metric
    if counter not in COUNTERS:
        return pl.DataFrame(schema={"code": pl.String, "repo_id": pl.String, "share_of_group": pl.Float64,
                                    "share_of_all": pl.Float64})  # fmt: skip
    expression = GROUPS["origin" if group == "country" else "region"]
    layer = COUNTED_LAYER.format(table="models")
    is_added_up = counter == "downloads_all_time"
    sql = _LARGEST.format(
        origins=ATTRIBUTED[definition.lens],
        group=expression,
        layer=layer,
        is_counted=IS_COUNTED,
        corrected=f"{ADDED_UP_SPANS.strip()},\n{_CORRECTED.strip()}" if is_added_up else "",
        value="coalesce(corrected.value, days.downloads_all_time)" if is_added_up else f"days.{counter}",
        join="left join corrected using (hub_id)" if is_added_up else "",
    )
    values = {**definition.switches, "layers": list(definition.layers), "day": day, "not_known": NOT_KNOWN}
    del values["lens"], values["layer"]
    return rows(store, sql, values)
