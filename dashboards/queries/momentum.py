"""The momentum page: releases compared with the leaders of their size at the same age."""

from datetime import date

import polars as pl

from dashboards.data.cache import cached
from dashboards.data.warehouse import Store, rows
from dashboards.queries.shared import IS_COUNTED

LEAST_PEERS = 5
"""A RAM against fewer models of the size is not shown."""

_LATEST = f"""
with placed as (
    select
        momentum.*,
        row_number() over (partition by hub_id order by age_days desc) as place,
        lead(age_days) over latest_first as age_before,
        lead(ram_median) over latest_first as ram_median_before,
        lead(ram_tenth) over latest_first as ram_tenth_before
    from momentum
    where (ram_median is not null or ram_tenth is not null) and bucket_models >= {LEAST_PEERS} and {IS_COUNTED}
    window latest_first as (partition by hub_id, segment order by age_days desc)
)
select
    placed.hub_id, models.repo_id, models.publisher_origin, labs.name as lab, models.released_on, models.is_listed,
    placed.size_bucket, placed.age_days, placed.ram_median, placed.ram_tenth,
    placed.age_before, placed.ram_median_before, placed.ram_tenth_before,
    placed.downloads_all_time, placed.bucket_models
from placed
join models using (hub_id)
left join labs on labs.lab = models.publisher_lab
where placed.place = 1
order by placed.hub_id
"""

_MOST = 1000
"""Maximum number of options."""

_POINTS = f"""
with latest as (
    select
        *,
        last_value(segment) over (
            partition by hub_id order by age_days rows between unbounded preceding and unbounded following
        ) as last_segment
    from momentum
    where list_contains($ids::varchar[], hub_id) and bucket_models >= {LEAST_PEERS}
)
select hub_id as code, age_days, ram_median, ram_tenth, downloads_all_time, bucket_models
from latest
where segment is not distinct from last_segment
order by code, age_days
"""


@cached(20)
def measured(store: Store, models: str) -> pl.DataFrame:
    """How many releases of each size have a RAM: size_bucket, releases."""
    sql = f"""
        select size_bucket, count(distinct hub_id) as releases
        from momentum where ram_median is not null and bucket_models >= {LEAST_PEERS} and {IS_COUNTED}
        group by size_bucket order by size_bucket
    """
    return rows(store, sql, {"models": models})


@cached(20)
def baseline(store: Store) -> date | None:
    """The day on which the baselines were computed."""
    day: date | None = rows(store, "select max(baseline) as day from momentum")["day"][0]
    return day


@cached(4)
def latest(store: Store, models: str) -> pl.DataFrame:
    """Every release with a RAM at the last age it is known at, with the checkpoint before it, by hub_id."""
    return rows(store, _LATEST, {"models": models})


@cached(100)
def releases(store: Store, models: str, size: str, ram: str, since: date) -> pl.DataFrame:
    """The releases of a size with a RAM: hub_id, repo_id, publisher_origin, released_on, the latest of both RAMs.

    Those released after `since` come first, then the highest by the definition `ram` (ram_median or ram_tenth); at most
    a thousand.
    """
    found = latest(store, models).filter((pl.col("size_bucket") == size) & (pl.col(ram) > 0))
    found = found.sort(pl.col("released_on") <= since, pl.col(ram), "hub_id", descending=[False, True, False])
    return found.head(_MOST).select("hub_id", "repo_id", "publisher_origin", "released_on", "ram_median", "ram_tenth")


@cached(200)
def points(store: Store, hub_ids: tuple[str, ...], ram: str) -> pl.DataFrame:
    """The RAM of these releases at each age it is known at: code, age_days, both RAMs, `value` is the one of `ram`.

    Only ages read in the segment of the release's last age: leaders of another segment are others.
    """
    found = rows(store, _POINTS, {"ids": list(hub_ids)})
    return found.with_columns(value=pl.col(ram))


@cached(50)
def rising(store: Store, models: str, ram: str, since: date, most: int) -> pl.DataFrame:
    """The listed releases after `since` of any size, by their latest RAM, with the checkpoint before it."""
    found = latest(store, models).filter((pl.col("released_on") > since) & pl.col("is_listed"))
    order = [pl.col(ram), pl.col("ram_median"), pl.col("hub_id")]
    return found.sort(order, descending=[True, True, False], nulls_last=True).head(most).drop("hub_id", "is_listed")
