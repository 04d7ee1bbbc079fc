"""The concentration page: measures by day, and the largest members."""

from datetime import date, timedelta

import polars as pl

from dashboards.charts import line_parts
from dashboards.data.cache import cached
from dashboards.data.definition import Definition
from dashboards.data.warehouse import Store, rows

# Shares are over the members alone, as in concentration_days: models outside registered labs or families are left out.
_MEMBERS = """
with averaged as (
    select panels.day
    from panel_days as panels
    join panel_days as middle using (task_class, flow_segment)
    where panels.day between $first and $last and middle.day = $day and task_class = $models
),
summed as (
    select
        case $of when 'lab' then lab else family end as member,
        sum(downloads) / (select count(*) from averaged) as downloads
    from family_days
    where day in (select day from averaged) and lens = $lens and ($models = 'all' or task_class = $models)
        and downloads is not null
    group by all
),
placed as (
    select *, sum(downloads) over () as downloads_of_all
    from summed
)
select
    placed.member,
    coalesce(case $of when 'lab' then labs.name else families.name end, placed.member) as name,
    labs.name as lab,
    labs.origin,
    placed.downloads,
    placed.downloads / nullif(sum(placed.downloads) over (), 0) as share,
    sum(placed.downloads) over () / nullif(placed.downloads_of_all, 0) as registered_share
from placed
left join families on $of = 'family' and families.family = placed.member
left join labs on labs.lab = case $of when 'lab' then placed.member else families.lab end
where placed.member is not null
order by placed.downloads desc, placed.member
limit $most
"""

_MEASURES = ("hhi", "effective_number", "gini", "top1_share", "top10_share")
_ONE_DAY = """
select days.day, days.lens, days.of, days.members, means.known_days, {chosen}
from concentration_days as days
join concentration_means as means using (day, lens, task_class, of)
where day = $day and task_class = $models
order by days.of, days.lens
"""

_DAYS = """
select day, lens as code, days.*, means.* exclude (day, lens, task_class, of)
from concentration_days as days
join concentration_means as means using (day, lens, task_class, of)
join panel_days as panels using (day, task_class)
where of = $of and task_class = $models and panels.flow_segment is not null
order by day, lens
"""
_LAST_DAY = """
select max(day) as day
from concentration_days
join panel_days using (day, task_class)
where hhi is not null and task_class = $models
    and flow_segment = (select max(segment) from segments where task_class = $models)
"""


@cached(100)
def days(store: Store, models: str, of: str, measure: str, step: str) -> pl.DataFrame:
    """One row per day and lens, all days of the range: day, code (the lens), members, day_value, mean_value, value.

    `step` says whether `value` is that of the day or the centred 7-day mean.
    """
    found = rows(store, _DAYS, {"of": of, "models": models})
    day_value, mean_value = pl.col(measure), pl.col(f"{measure}_7d_mean")
    value = (day_value if step == "day" else mean_value).alias("value")
    chosen = found.select("day", "code", "members", value, day_value=day_value, mean_value=mean_value)
    return line_parts.with_gaps(chosen)


@cached(20)
def last_day(store: Store, models: str) -> date | None:
    """The last day with known downloads of the models of a class (or all) that are read now; None if there is none."""
    day: date | None = rows(store, _LAST_DAY, {"models": models})["day"][0]
    return day


@cached(20)
def measures(store: Store, models: str, day: date, step: str) -> pl.DataFrame:
    """All measures of one day, or of the mean around it, by kind of member and lens.

    known_days: the number of days in the mean.
    """
    mean = ", ".join(f"means.{measure}_7d_mean as {measure}" for measure in _MEASURES)
    chosen = mean if step == "mean" else ", ".join(f"days.{measure}" for measure in _MEASURES)
    return rows(store, _ONE_DAY.format(chosen=chosen), {"day": day, "models": models})


@cached(100)
def largest(store: Store, definition: Definition, of: str, day: date, step: str, most: int) -> pl.DataFrame:
    """The largest labs or families of a day, or of the week around it, under a lens: member, name, lab, origin,
    downloads (a day), share (of all of them), registered_share (of all downloads that all of them have).
    """
    chosen = {"of": of, "lens": definition.lens, "models": definition.models, "most": most}
    return rows(store, _MEMBERS, {**chosen, **_days_of(day, step)})


def _days_of(day: date, step: str) -> dict[str, date]:
    """The first and last day of the period around a day."""
    around = timedelta(days=3 if step == "mean" else 0)
    return {"day": day, "first": day - around, "last": day + around}
