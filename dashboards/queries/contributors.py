"""The models that moved the shares most between two days."""

from datetime import date, timedelta

import polars as pl

from dashboards.data.cache import cached
from dashboards.data.definition import Definition
from dashboards.data.vocabulary import NOT_KNOWN
from dashboards.data.warehouse import Store, rows
from dashboards.queries.overview import is_comparable
from tracker.api.adoption_sql import ATTRIBUTED_MODELS, IS_COUNTED
from tracker.api.queries import COUNTED_LAYER, GROUPS

MOST = 10
PERIOD = 30
"""Days between the two days, or fewer if comparable days began later."""

METRICS = ("downloads_30d", "likes")
"""Metrics whose sums are those of the counters of a day; the others are traced by 30-day downloads."""

_FIRST = """
select min(panels.day) as day
from panel_days as panels
join panel_days as last on last.task_class = panels.task_class and last.day = $day and last.segment = panels.segment
where panels.task_class = $models and panels.day >= $earliest and panels.day < $day
"""

_CONTRIBUTORS = """
with before as (
    select hub_id, {metric} as value from model_days where day = $before
),
now as (
    select hub_id, {metric} as value from model_days where day = $day
),
values as (
    select
        hub_id, before.value as earlier, now.value as later,
        before.hub_id is null as is_missing_before, now.hub_id is null as is_missing_now
    from before
    full join now using (hub_id)
),
counted as (
    select adoption.hub_id, coalesce({group}, $not_known) as code, adoption.weight
    from ({attributed}) as adoption
    left join origins on origins.code = adoption.origin
    where list_contains($layers::varchar[], {layer})
        and ($models = 'all' or adoption.task_class = $models)
        and ($below_1b or adoption.size_bucket is distinct from '<1') and ($gguf or not adoption.is_gguf)
        and {is_counted}
),
summed as ({summed}),
weighed as (
    select
        summed.hub_id, summed.code, values.is_missing_before, values.is_missing_now,
        values.earlier::double * summed.weight as earlier, values.later::double * summed.weight as later
    from summed
    join values using (hub_id)
),
totals as (
    select nullif(sum(earlier), 0) as earlier, nullif(sum(later), 0) as later from weighed
),
shares as (
    select
        weighed.*,
        case when is_missing_now then 0 else weighed.later end / totals.later
        - case when is_missing_before then 0 else weighed.earlier end / totals.earlier as effect
    from weighed
    cross join totals
    where weighed.later is distinct from weighed.earlier
),
largest as (
    select abs(effect) as effect from shares where effect is not null order by 1 desc limit $most
)
select
    models.repo_id, shares.code, shares.earlier, shares.later, shares.later - shares.earlier as change, shares.effect,
    case
        when shares.is_missing_before and models.created_at::date > $before then 'new'
        when shares.is_missing_before then 'arrived'
        when shares.is_missing_now then 'gone'
        when shares.hub_id in (
            select hub_id from quality_events
            where kind = 'fall' and day > $before and day <= $day
        ) then 'corrected'
        when shares.later >= shares.earlier then 'grew'
        else 'fell'
    end as reason
from shares
join models using (hub_id)
where abs(shares.effect) >= (select min(effect) from largest)
order by abs(shares.effect) desc, models.repo_id, shares.code
limit $most
"""

_SUMMED = {
    True: "select hub_id, code, sum(weight) as weight from counted group by hub_id, code",
    False: "select * from counted",
}
"""Whether a repository may count for one code more than once -> its weights."""


def day_before(store: Store, definition: Definition, metric: str, day: date) -> date | None:
    """The day that `day` is compared with: 30 days before, or the first comparable one since; None without one."""
    earliest = day - timedelta(days=PERIOD)
    values = {"models": definition.models, "day": day, "earliest": earliest}
    found = rows(store, _FIRST, values)["day"][0]
    return found if isinstance(found, date) and is_comparable(store, definition.models, metric, found, day) else None


@cached(50)
def contributors(
    store: Store, definition: Definition, metric: str, group: str, before: date, day: date
) -> pl.DataFrame:
    """The models with the largest effect between two days: repo_id, code, earlier, later, change, effect, reason.

    `effect` is the model's share of all on `day` less its share before, 0 to 1; `reason` is new (created since),
    arrived (not read before), gone (no longer read), corrected (its counter dropped), grew or fell. Figures of a day on
    which the model was not read are null. Models read with an unknown counter are left out.
    """
    expression = GROUPS["origin" if group == "country" else "region"]
    sql = _CONTRIBUTORS.format(
        attributed=ATTRIBUTED_MODELS[definition.lens],
        group=expression,
        metric=metric,
        layer=COUNTED_LAYER.format(table="adoption"),
        is_counted=IS_COUNTED.replace("models.", "adoption."),
        summed=_SUMMED[definition.lens == "root" and group != "country"],
    )
    values = {**definition.switches, "layers": list(definition.layers), "day": day, "before": before, "most": MOST}
    del values["lens"], values["layer"]
    return rows(store, sql, {**values, "not_known": NOT_KNOWN})
