"""The models that moved the shares most between two days."""

from datetime import date, timedelta

import polars as pl

from dashboards.data.cache import cached
from dashboards.data.definition import Definition
from dashboards.data.vocabulary import NOT_KNOWN
from dashboards.data.warehouse import Store, rows
from dashboards.queries import large_counts
from dashboards.queries.overview import day_values, is_comparable
from dashboards.queries.segments import panels
from dashboards.queries.shared import IS_CHOSEN
from tracker.api.adoption_sql import IS_COUNTED, attributed_models
from tracker.api.queries import GROUPS

MOST = 10
PERIOD = 30
"""Days between the two days, or fewer if comparable days began later."""

METRICS = large_counts.METRICS
"""Metrics whose sums are those of the counters of a day; the others are traced by 30-day downloads."""

_LARGE = """
read as (
    select
        hub_id, {metric}_before as earlier, {metric} as later,
        not is_read_before as is_missing_before, not is_read as is_missing_now
    from large_counts
),
"""

_ALL = """
before as (
    select hub_id, {metric} as value from model_days where day = $before
),
now as (
    select hub_id, {metric} as value from model_days where day = $day
),
read as (
    select
        hub_id, before.value as earlier, now.value as later,
        before.hub_id is null as is_missing_before, now.hub_id is null as is_missing_now
    from before
    full join now using (hub_id)
),
"""

_READ = {"large_counts": _LARGE, "models": _ALL}
"""Table with the repositories and their attributes -> the CTE with their counters of both days."""

_CONTRIBUTORS = """
with {read}
counted as (
    select
        adoption.hub_id, adoption.repo_id, adoption.created_at, coalesce({group}, $not_known) as code, adoption.weight
    from ({attributed}) as adoption
    left join origins on origins.code = adoption.origin
    where {is_chosen} and {is_counted}
),
weighed as (
    select
        counted.repo_id, counted.created_at, counted.code, read.hub_id, read.is_missing_before, read.is_missing_now,
        sum(read.earlier::double * counted.weight) as earlier, sum(read.later::double * counted.weight) as later
    from counted
    join read using (hub_id)
    where read.later is distinct from read.earlier
    group by all
),
shares as (
    select
        *,
        case when is_missing_now then 0 else later end / $total::double
        - case when is_missing_before then 0 else earlier end / $total_before::double as effect
    from weighed
)
select
    repo_id, code, earlier, later, later - earlier as change, effect,
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
where effect is not null
order by abs(effect) desc, repo_id, code
limit $most
"""


def day_before(store: Store, definition: Definition, metric: str, day: date) -> date | None:
    """The day that `day` is compared with: 30 days before, or the first comparable one since; None without one."""
    of_days, earliest = panels(store, definition.models), day - timedelta(days=PERIOD)
    segment = of_days[day].counters if day in of_days else None
    same = (other for other, of in of_days.items() if earliest <= other < day and of.counters == segment is not None)
    found = next(same, None)
    return found if found and is_comparable(store, definition.models, metric, found, day) else None


@cached(50)
def contributors(
    store: Store, definition: Definition, metric: str, group: str, before: date, day: date
) -> pl.DataFrame:
    """The models with the largest effect between two days: repo_id, code, earlier, later, change, effect, reason.

    `effect` is the model's share of all on `day` less its share before, 0 to 1; `reason` is new (created since),
    arrived (not read before), gone (no longer read), corrected (its counter dropped), grew or fell. Figures of a day on
    which the model was not read are null. Models read with an unknown counter are left out.
    """
    total, total_before = (
        sum(value or 0.0 for value in day_values(store, definition, metric, group, of).values()) for of in (day, before)
    )
    values = {**definition.parameters, "day": day, "before": before, "most": MOST}
    values |= {"not_known": NOT_KNOWN, "total": total or None, "total_before": total_before or None}
    if large_counts.days(store) == (day, before) and total and total_before:
        found = rows(store, _sql("large_counts", definition, metric, group), values)
        other, other_before = (
            large_counts.largest_other(store, definition.models, metric, group, of) for of in (day, before)
        )
        if found.filter(pl.col("effect").abs() >= max(other / total, other_before / total_before)).height == MOST:
            return found
    return rows(store, _sql("models", definition, metric, group), values)


def _sql(table: str, definition: Definition, metric: str, group: str) -> str:
    return _CONTRIBUTORS.format(
        read=_READ[table].format(metric=metric).strip(),
        attributed=attributed_models(definition.lens, table),
        group=GROUPS["origin" if group == "country" else "region"],
        is_chosen=IS_CHOSEN.format(table="adoption"),
        is_counted=IS_COUNTED.replace("models.", "adoption."),
    )
