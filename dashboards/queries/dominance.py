"""The most downloaded repository of each country or region, and its share of the total: how much one model decides."""

from datetime import date

import polars as pl

from dashboards.data.cache import cached
from dashboards.data.definition import Definition
from dashboards.data.vocabulary import NOT_KNOWN
from dashboards.data.warehouse import Store, rows
from tracker.api.queries import COUNTED_LAYER, GROUPS

_COUNTERS = ("downloads_30d", "downloads_all_time", "likes")
"""Metrics that every repository has of its own."""

_ORIGINS = {
    "publisher": "select hub_id, publisher_origin as origin, 1.0 as weight from models",
    "root": "select hub_id, root_origin as origin, sum(weight) as weight from lineage group by hub_id, root_origin",
}

_LARGEST = """
with attributed as ({origins}),
counted as (
    select models.repo_id, coalesce({group}, $not_known) as code, sum(days.{metric} * adoption.weight) as value
    from model_days as days
    join models using (hub_id)
    join attributed as adoption using (hub_id)
    left join origins on origins.code = adoption.origin
    where days.day = $day and list_contains($layers::varchar[], {layer})
        and ($models = 'all' or models.task_class = $models)
        and ($below_1b or models.size_bucket is distinct from '<1') and ($gguf or not models.is_gguf)
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
    if counter not in _COUNTERS:
        return pl.DataFrame(schema={"code": pl.String, "repo_id": pl.String, "share_of_group": pl.Float64,
                                    "share_of_all": pl.Float64})  # fmt: skip
    expression = GROUPS["origin" if group == "country" else "region"]
    layer = COUNTED_LAYER.format(table="models")
    sql = _LARGEST.format(origins=_ORIGINS[definition.lens], group=expression, metric=counter, layer=layer)
    values = {**definition.switches, "layers": list(definition.layers), "day": day, "not_known": NOT_KNOWN}
    del values["lens"], values["layer"]
    return rows(store, sql, values)
