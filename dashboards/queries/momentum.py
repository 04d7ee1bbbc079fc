"""What the page of momentum asks: releases at an age, against the leaders of their size."""

from datetime import date

import polars as pl

from dashboards.remembered import remembered
from dashboards.store import Store, rows

_LATEST = """
with placed as (
    select
        momentum.*,
        models.repo_id, models.publisher_origin, models.publisher_lab, models.released_on, models.is_listed,
        row_number() over latest_first as place,
        lead(momentum.age_days) over latest_first as age_before,
        lead(momentum.ram_median) over latest_first as ram_median_before,
        lead(momentum.ram_tenth) over latest_first as ram_tenth_before
    from momentum
    join models using (hub_id)
    where momentum.ram_median is not null or momentum.ram_tenth is not null
    window latest_first as (partition by momentum.hub_id order by momentum.age_days desc)
)
"""

_RELEASES = (
    _LATEST
    + """
select hub_id, repo_id, publisher_origin, released_on, ram_median, ram_tenth
from placed
where place = 1 and size_bucket = $size and case $ram when 'ram_median' then ram_median else ram_tenth end > 0
order by
    released_on > $since::date desc,
    case $ram when 'ram_median' then ram_median else ram_tenth end desc,
    hub_id
limit 1000
"""
)

_RISING = (
    _LATEST
    + """
select
    placed.repo_id, placed.publisher_origin, labs.name as lab, placed.released_on, placed.size_bucket, placed.age_days,
    placed.ram_median, placed.ram_tenth, placed.age_before, placed.ram_median_before, placed.ram_tenth_before,
    placed.downloads_all_time, placed.bucket_models
from placed
left join labs on labs.lab = placed.publisher_lab
where placed.place = 1 and placed.released_on > $since::date and placed.is_listed
order by
    case $ram when 'ram_median' then placed.ram_median else placed.ram_tenth end desc nulls last,
    placed.ram_median desc nulls last,
    placed.hub_id
limit $most
"""
)

_POINTS = """
select hub_id as code, age_days, ram_median, ram_tenth, downloads_all_time, bucket_models
from momentum
where list_contains($ids::varchar[], hub_id)
order by code, age_days
"""


@remembered(20)
def measured(store: Store) -> pl.DataFrame:
    """How many releases of each size have a RAM: size_bucket, releases."""
    sql = """
        select size_bucket, count(distinct hub_id) as releases
        from momentum where ram_median is not null group by size_bucket order by size_bucket
    """
    return rows(store, sql)


@remembered(20)
def baseline(store: Store) -> date | None:
    """The day on which the baselines were computed."""
    day: date | None = rows(store, "select max(baseline) as day from momentum")["day"][0]
    return day


@remembered(100)
def releases(store: Store, size: str, ram: str, since: date) -> pl.DataFrame:
    """The releases of a size with a RAM: hub_id, repo_id, publisher_origin, released_on, the latest of both RAMs.

    Those released after `since` come first, then the highest by the definition `ram` (ram_median or ram_tenth).
    """
    return rows(store, _RELEASES, {"size": size, "ram": ram, "since": since})


@remembered(200)
def points(store: Store, hub_ids: tuple[str, ...], ram: str) -> pl.DataFrame:
    """The RAM of these releases at each age it is known at: code, age_days, both RAMs, `value` is the one of `ram`."""
    found = rows(store, _POINTS, {"ids": list(hub_ids)})
    return found.with_columns(value=pl.col(ram))


@remembered(50)
def rising(store: Store, ram: str, since: date, most: int) -> pl.DataFrame:
    """The listed releases after `since` of any size, by their latest RAM, with the checkpoint before it."""
    return rows(store, _RISING, {"ram": ram, "since": since, "most": most})
