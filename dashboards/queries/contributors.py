"""The models that moved the shares most between two days."""

from datetime import date, timedelta

import polars as pl

from dashboards.data.cache import cached
from dashboards.data.definition import Definition
from dashboards.data.vocabulary import NOT_KNOWN
from dashboards.data.warehouse import Store, rows
from dashboards.queries.overview import is_comparable
from tracker.api.adoption_sql import ATTRIBUTED, IS_COUNTED
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
with attributed as ({origins}),
values as (
    select
        hub_id,
        max(case when day = $before then {metric} end) as earlier,
        max(case when day = $day then {metric} end) as later,
        count(*) filter (day = $before) = 0 as is_missing_before,
        count(*) filter (day = $day) = 0 as is_missing_now
    from model_days
    where day in ($before, $day)
    group by hub_id
),
counted as (
    select
        models.hub_id, models.repo_id, models.created_at, coalesce({group}, $not_known) as code,
        sum(adoption.weight) as weight
    from models
    join attributed as adoption using (hub_id)
    left join origins on origins.code = adoption.origin
    where list_contains($layers::varchar[], {layer})
        and ($models = 'all' or models.task_class = $models)
        and ($below_1b or models.size_bucket is distinct from '<1') and ($gguf or not models.is_gguf)
        and {is_counted}
    group by all
),
weighed as (
    select
        counted.*,
        values.is_missing_before,
        values.is_missing_now,
        values.earlier::double * counted.weight as earlier,
        values.later::double * counted.weight as later
    from counted
    join values using (hub_id)
),
shares as (
    select
        *,
        case when is_missing_now then 0 else later end / nullif(sum(later) over (), 0)
        - case when is_missing_before then 0 else earlier end / nullif(sum(earlier) over (), 0) as effect
    from weighed
)
select
    repo_id,
    code,
    earlier,
    later,
    later - earlier as change,
    effect,
    case
        when is_missing_before and created_at::date > $before then 'new'
        when is_missing_before then 'arrived'
        when is_missing_now then 'gone'
        when hub_id in (
            select hub_id from quality_events
            where kind = 'fall' and day > $before and day <= $day
        ) then 'corrected'
        when later >= earlier then 'grew'
        else 'fell'
    end as reason
from shares
where effect is not null and later is distinct from earlier
order by abs(effect) desc, repo_id, code
limit $most
"""


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
        origins=ATTRIBUTED[definition.lens],
        group=expression,
        metric=metric,
        layer=COUNTED_LAYER.format(table="models"),
        is_counted=IS_COUNTED,
    )
    values = {**definition.switches, "layers": list(definition.layers), "day": day, "before": before, "most": MOST}
    del values["lens"], values["layer"]
    return rows(store, sql, {**values, "not_known": NOT_KNOWN})
