"""The models that moved the shares most between two days."""

from datetime import date, timedelta

import polars as pl

from dashboards.data.cache import cached
from dashboards.data.definition import Definition
from dashboards.data.warehouse import Store, rows
from dashboards.queries import large_counts
from dashboards.queries.overview import day_values, is_comparable
from dashboards.queries.segments import panels
from dashboards.queries.shared import IS_CHOSEN, PART_COLUMNS, counted, in_groups, readings
from tracker.api.adoption_sql import IS_COUNTED, attributed_models

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
    select hub_id, {metric} as value from {readings} where day = $day
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

_CHANGED = f"read.later is distinct from read.earlier and {IS_CHOSEN.format(table='adoption')}"
_SUMS = ("earlier", "later")
_MODELS = """
with {read}
select
    adoption.hub_id, adoption.repo_id, adoption.origin, {part_columns},
    read.is_missing_before, read.is_missing_now, adoption.created_at::date > $before as is_created_since,
    adoption.hub_id in (
        select hub_id from quality_events where kind = 'fall' and day > $before and day <= $day
    ) as is_corrected,
    read.later as counter,
    sum(read.earlier::double * adoption.weight) as earlier, sum(read.later::double * adoption.weight) as later
from ({attributed}) as adoption
join read using (hub_id)
where {is_counted} and {is_chosen}
group by all
"""


def day_before(store: Store, definition: Definition, metric: str, day: date) -> date | None:
    """The day that `day` is compared with: 30 days before, or the first comparable one since; None without one."""
    of_days, earliest = panels(store, definition.models), day - timedelta(days=PERIOD)
    segment = of_days[day].counters if day in of_days else None
    if segment is None:
        return None
    found = next((other for other, of in of_days.items() if earliest <= other < day and of.counters == segment), None)
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
    of = (store, metric, before, day, definition.lens)
    if large_counts.days(store) == (day, before) and total and total_before:
        large = large_models(*of).filter(counted(definition))
        found = _largest(in_groups(store, large, group, _SUMS), total, total_before)
        other, other_before = (
            large_counts.largest_other(store, definition.models, metric, group, of) for of in (day, before)
        )
        if found.filter(pl.col("effect").abs() >= max(other / total, other_before / total_before)).height == MOST:
            return found
    return _largest(in_groups(store, _models(*of, definition), group, _SUMS), total, total_before)


def _largest(changes: pl.DataFrame, total: float, total_before: float) -> pl.DataFrame:
    """The changes with the largest effect on shares."""
    missing_before, missing_now = pl.col("is_missing_before"), pl.col("is_missing_now")
    share = pl.when(missing_now).then(0.0).otherwise("later") / pl.lit(total or None, pl.Float64)
    share_before = pl.when(missing_before).then(0.0).otherwise("earlier") / pl.lit(total_before or None, pl.Float64)
    reason = (
        pl.when(missing_before & pl.col("is_created_since"))
        .then(pl.lit("new"))
        .when(missing_before)
        .then(pl.lit("arrived"))
        .when(missing_now)
        .then(pl.lit("gone"))
        .when("is_corrected")
        .then(pl.lit("corrected"))
        .when(pl.col("later") >= pl.col("earlier"))
        .then(pl.lit("grew"))
        .otherwise(pl.lit("fell"))
    )
    changed = changes.filter(pl.col("later").ne_missing(pl.col("earlier")))
    known = changed.with_columns(effect=share - share_before).filter(pl.col("effect").is_not_null())
    found = known.sort(pl.col("effect").abs(), "repo_id", "code", descending=[True, False, False]).head(MOST)
    change = (pl.col("later") - pl.col("earlier")).alias("change")
    return found.select("repo_id", "code", "earlier", "later", change, "effect", reason.alias("reason"))


@cached(20)
def large_models(store: Store, metric: str, before: date | None, day: date, lens: str) -> pl.DataFrame:
    """The models of large_counts by origin, of every class and model type: `counter` on `day`, and earlier, later."""
    return _models(store, metric, before, day, lens, None)


def _models(
    store: Store, metric: str, before: date | None, day: date, lens: str, definition: Definition | None
) -> pl.DataFrame:
    """The models by origin that a definition counts and that changed; without one, all large models."""
    table = "models" if definition else "large_counts"
    sql = _MODELS.format(
        read=_READ[table].format(metric=metric, readings=readings(store, day)).strip().removesuffix(","),
        part_columns=PART_COLUMNS.strip(),
        attributed=attributed_models(lens, table),
        is_counted=IS_COUNTED.replace("models.", "adoption."),
        is_chosen=_CHANGED if definition else "true",
    )
    values = {"day": day, "before": before, "maker_copies_as_release": True}
    return rows(store, sql, values | (definition.parameters if definition else {}))
