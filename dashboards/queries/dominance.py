"""The most downloaded repository of each country or region, and its share of the total: how much one model decides."""

from datetime import date

import polars as pl

from dashboards.data.cache import cached
from dashboards.data.definition import Definition
from dashboards.data.vocabulary import NOT_KNOWN
from dashboards.data.warehouse import Store, rows
from tracker.api.adoption_sql import ADDED_UP_SPANS, ATTRIBUTED_MODELS, IS_COUNTED
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
counted as (
    select adoption.hub_id, coalesce({group}, $not_known) as code, {value} * adoption.weight as value
    from model_days as days
    {join}
    join ({attributed}) as adoption using (hub_id)
    left join origins on origins.code = adoption.origin
    where days.day = $day and list_contains($layers::varchar[], {layer})
        and ($models = 'all' or adoption.task_class = $models)
        and ($below_1b or adoption.size_bucket is distinct from '<1') and ($gguf or not adoption.is_gguf)
        and {is_counted}
),
summed as ({summed}),
groups as (
    select code, max(value) as value, sum(value) as total
    from summed
    group by code
)
select
    groups.code, min(models.repo_id) as repo_id, groups.value / nullif(groups.total, 0) as share_of_group,
    groups.value / nullif((select sum(total) from groups), 0) as share_of_all
from groups
join summed on summed.code = groups.code and summed.value = groups.value
join models using (hub_id)
where groups.value > 0
group by groups.code, groups.value, groups.total
order by groups.value desc, groups.code
"""

_SUMMED = {
    True: "select hub_id, code, sum(value) as value from counted group by hub_id, code",
    False: "select * from counted",
}
"""Whether a repository may count for one code more than once -> its sums."""


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
    layer = COUNTED_LAYER.format(table="adoption")
    is_added_up = counter == "downloads_all_time"
    sql = _LARGEST.format(
        attributed=ATTRIBUTED_MODELS[definition.lens],
        group=expression,
        layer=layer,
        is_counted=IS_COUNTED.replace("models.", "adoption."),
        summed=_SUMMED[definition.lens == "root" and group != "country"],
        corrected=f"{ADDED_UP_SPANS.strip()},\n{_CORRECTED.strip()}" if is_added_up else "",
        value="coalesce(corrected.value, days.downloads_all_time)" if is_added_up else f"days.{counter}",
        join="left join corrected using (hub_id)" if is_added_up else "",
    )
    values = {**definition.switches, "layers": list(definition.layers), "day": day, "not_known": NOT_KNOWN}
    del values["lens"], values["layer"]
    return rows(store, sql, values)
