"""What happened on a day: crossovers, models that enter the top ten, releases ahead of their peers, and rollbacks.

An event has the day of the first complete reading that shows it, not that of the build, and only readings up to this
day decide whether it is one. So it is the same in every later build, unless a day arrives late or the class of a
model changes.
"""

from datetime import date, timedelta

import polars as pl

from dashboards.data.cache import cached
from dashboards.data.warehouse import Store, history_since, rows
from dashboards.queries.shared import IS_COUNTED
from tracker.api.adoption_sql import IS_COUNTED as IS_OF_SERIES

PLACES = 10
"""Places of the top of a ranking."""

LOOK_BACK = 30
"""Days before a model is news again that was in the top."""

SETTLED_AFTER = 16
"""Days from a crossover to its event: 14 days of lead, the first day included, and 3 that the last mean needs."""

PEERS = 20
"""Models of a size that must have reached an age, so that the first ten are news."""

FIRST_AGE = 7
"""The first age in days at which releases are compared."""

_SUGGESTED = 3 * PLACES
"""Models of the last day that give a lower bound of the counters in the top."""

_WHOLE_DAYS = """
with whole_days as (
    select day, segment
    from panel_days
    where task_class = $models and is_whole and segment is not null and day between $since and $last
)
"""

_DAYS = f"""
{_WHOLE_DAYS}
select
    whole_days.day,
    whole_days.segment,
    coalesce(series.is_cut, false) as is_cut,
    list(
        case when crawls.is_recorded then 'recorded' else coverage.scope end
        order by coverage.models desc nulls last, coverage.scope
    ) filter (coverage.models is not null) as scopes
from whole_days
left join series_days as series using (day)
left join coverage_days as coverage using (day)
left join crawls on crawls.day = coverage.day and crawls.scope = coverage.scope
group by whole_days.day, whole_days.segment, series.is_cut
order by whole_days.day
"""

_CROSSOVERS = f"""
{_WHOLE_DAYS},
changes as (
    select
        (select min(day) from whole_days where day >= crossed_on + {SETTLED_AFTER}) as day,
        metric, lens, a, b, crossed_on, crossed_after
    from lead_changes
    where definition = 'baseline' and task_class = $models and layer = 'all'
        and crossed_on + {SETTLED_AFTER} >= $since
)
select *
from changes
where day >= $first
order by day, metric, lens, a, b
"""

# Days whose counters were set aside are left out: what they show may be gone with the next reading.
_USED_DAYS = f"""
{_WHOLE_DAYS},
used_days as (
    select day, segment, lag(day) over (partition by segment order by day) as day_before
    from whole_days
    where day not in (select day from quality_events where kind = 'rollback')
)
"""

_LEAST = f"""
{_USED_DAYS},
suggested as (
    select days.hub_id
    from model_days as days
    join models using (hub_id)
    where days.day = (select max(day) from used_days) and {IS_COUNTED} and {IS_OF_SERIES}
    order by days.downloads_30d desc nulls last
    limit {_SUGGESTED}
),
placed as (
    select
        days.day, days.downloads_30d,
        row_number() over (partition by days.day order by days.downloads_30d desc) as place
    from model_days as days
    join used_days using (day)
    where days.hub_id in (select hub_id from suggested) and days.downloads_30d is not null
)
select case when count(*) = (select count(*) from used_days) then min(downloads_30d) else 0 end as downloads_30d
from placed
where place = {PLACES}
"""

_ENTRIES = f"""
{_USED_DAYS},
ranked as (
    select
        used_days.day, used_days.segment, used_days.day_before, days.hub_id, days.downloads_30d,
        rank() over (partition by used_days.day order by days.downloads_30d desc) as place
    from model_days as days
    join used_days using (day)
    join models using (hub_id)
    where days.downloads_30d >= $least and days.day between $since and $last and {IS_COUNTED} and {IS_OF_SERIES}
),
entered as (
    select *, lag(day) over (partition by hub_id, segment order by day) as was_in_on
    from ranked
    where place <= {PLACES}
)
select
    entered.day, entered.day_before, entered.hub_id, models.repo_id, models.publisher_origin as origin, entered.place,
    entered.downloads_30d
from entered
join models using (hub_id)
left join model_days as before on before.hub_id = entered.hub_id and before.day = entered.day_before
where entered.day >= $first and entered.day_before >= entered.day - {LOOK_BACK}
    and (entered.was_in_on is null or entered.was_in_on < entered.day - {LOOK_BACK})
    and (before.hub_id is not null or models.created_at::date > entered.day_before)
order by entered.day, entered.place, models.repo_id
"""

# As the definition of ram_tenth, but over the models that had reached the age by then: `momentum` compares with all
# that have reached it since. Only a model among the ten of its day can be among the ten of a later one.
_RISES = f"""
{_WHOLE_DAYS},
counts as (
    select
        momentum.hub_id, momentum.age_days, momentum.size_bucket, momentum.segment, momentum.downloads_all_time,
        models.released_on + momentum.age_days as due
    from momentum
    join models using (hub_id)
    where momentum.size_bucket is not null and ($models = 'all' or momentum.task_class = $models)
),
running as (
    select
        *, count(*) over until_due as known, max(downloads_all_time, {PLACES}) over until_due as highest
    from counts
    window until_due as (
        partition by size_bucket, segment, age_days order by due range between unbounded preceding and current row
    )
),
leaders as (
    select * from running where downloads_all_time >= list_min(highest)
),
candidates as (
    select * from running where hub_id in (select hub_id from counts where due between $since and $last)
),
tenths as (
    select
        asked.size_bucket, asked.segment, asked.age_days, asked.due, leaders.age_days as age,
        max(leaders.downloads_all_time, {PLACES})[{PLACES}] as downloads_all_time
    from (select distinct size_bucket, segment, age_days, due from candidates) as asked
    join leaders
        on leaders.size_bucket = asked.size_bucket and leaders.segment is not distinct from asked.segment
        and leaders.age_days <= asked.age_days and leaders.due <= asked.due
    group by asked.size_bucket, asked.segment, asked.age_days, asked.due, leaders.age_days
),
baselines as (
    select size_bucket, segment, age_days, due, max(downloads_all_time) as tenth
    from tenths
    group by size_bucket, segment, age_days, due
    having max(downloads_all_time) filter (where age = age_days) is not null
),
checkpoints as (
    select *, max(ram) over (
            partition by hub_id order by age_days rows between unbounded preceding and 1 preceding
        ) as highest_before
    from (
        select candidates.*, candidates.downloads_all_time / nullif(baselines.tenth, 0) as ram
        from candidates
        join baselines
            on baselines.size_bucket = candidates.size_bucket
            and baselines.segment is not distinct from candidates.segment
            and baselines.age_days = candidates.age_days and baselines.due = candidates.due
    )
),
rises as (
    select
        (select min(day) from whole_days where day >= checkpoints.due) as day,
        checkpoints.hub_id, models.repo_id, models.publisher_origin as origin, checkpoints.age_days,
        checkpoints.ram, checkpoints.size_bucket, checkpoints.downloads_all_time, checkpoints.known
    from checkpoints
    join models using (hub_id)
    where checkpoints.ram > 1 and checkpoints.known >= {PEERS} and checkpoints.due >= $since
        and (
            checkpoints.highest_before <= 1
            or checkpoints.highest_before is null and checkpoints.age_days = {FIRST_AGE}
        )
)
select *
from rises
where day >= $first
order by day, ram desc, repo_id
"""

_ROLLBACKS = """
with read_days as (
    select day, lag(day) over (order by day) as day_before
    from series_days
),
set_aside as (
    select day, min(detail) as detail, min(handling) as handling
    from quality_events
    where hub_id is null and kind in ('rollback', 'lasting correction')
    group by day
)
select set_aside.day, set_aside.detail, set_aside.handling
from set_aside
join read_days using (day)
where set_aside.day between $first and $last
    and (read_days.day_before is null or read_days.day_before not in (select day from set_aside))
order by set_aside.day
"""


@cached(20)
def days(store: Store, models: str, first: date, last: date) -> pl.DataFrame:
    """The complete readings in a span of days: day, segment, is_cut, and the scopes read, the widest first."""
    return rows(store, _DAYS, {"models": models, "since": first, "last": last})


def crossovers(store: Store, models: str, first: date, last: date) -> pl.DataFrame:
    """Countries that have led another for 14 days: day, metric, lens, a (the new leader), b, crossed_on, crossed_after.

    The event follows the crossover by 16 days, when no later reading moves the 7-day means of these 14 days.
    """
    return rows(store, _CROSSOVERS, _span(models, first, last))


def entries(store: Store, models: str, first: date, last: date) -> pl.DataFrame:
    """Models in the top ten by 30-day downloads that were not in it before: day, hub_id, repo_id, origin, place, ...

    Compared are complete readings of one segment, without those set aside. Before means the last reading, day_before,
    and all others of the 30 days. A model that existed then but was not read is no news. In a compact copy, days
    without single models 30 days before have no entries.
    """
    known_since = history_since(store)
    if known_since is not None:
        first = max(first, known_since + timedelta(days=LOOK_BACK))
    values = _span(models, first, last)
    # With a constant the large table is filtered while it is read, before anything is joined or sorted.
    least = rows(store, _LEAST, {name: values[name] for name in ("models", "since", "last")})["downloads_30d"][0]
    return rows(store, _ENTRIES, {**values, "least": least or 0})


def rises(store: Store, models: str, first: date, last: date) -> pl.DataFrame:
    """Releases with a RAM above 1 for the first time: day, hub_id, repo_id, origin, age_days, ram, size_bucket, ...

    At the first age that is compared, or at a later one after a RAM of at most 1. The RAM is that of the tenth, among
    the models of the size that had reached the age by that day.
    """
    return rows(store, _RISES, _span(models, first, last))


def rollbacks(store: Store, first: date, last: date) -> pl.DataFrame:
    """The first day of each spell of days with lower counters: day, detail, handling."""
    return rows(store, _ROLLBACKS, {"first": first, "last": last})


def _span(models: str, first: date, last: date) -> dict[str, object]:
    return {"models": models, "since": first - timedelta(days=LOOK_BACK), "first": first, "last": last}
