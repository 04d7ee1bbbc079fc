"""The page of rankings: labs, families, models and accounts by downloads in a period, with changes."""

from typing import Literal

import polars as pl

from dashboards.data.cache import cached
from dashboards.data.vocabulary import NOT_KNOWN
from dashboards.data.warehouse import Store, rows
from dashboards.queries.shared import tracker
from tracker.api.rankings import GROUPED, KEYS, Filters, Order, Period, RankingDays, Subject

_WEEKS_OF = {
    True: "ranking_group_weeks as counts",
    False: "ranking_counts as counts join ranking_weeks as weeks using (repository_key)",
}
"""Whether groups are read -> the tables."""

_WEEKS = """
with wanted as (
    select unnest($ids::varchar[]) as id, unnest(range(len($ids))) as place
),
summed as (
    select wanted.place, week, bool_or(is_whole) as is_whole, sum(downloads)::bigint as downloads
    from {weeks_of}
    join wanted on wanted.id = {key}
    where {where}
    group by wanted.place, week
),
every as (
    select wanted.id, wanted.place, weeks.week::integer as week
    from wanted
    cross join (select unnest(generate_series($first_week, 13)) as week) as weeks
)
select every.id, list(case when summed.is_whole then summed.downloads end order by every.week) as weeks
from every
left join summed using (place, week)
group by every.id
"""


@cached(20)
def days(store: Store, models: str) -> RankingDays | None:
    """The days of the rankings of a class of models; None if there is no reading."""
    return tracker(store).ranking_days(models)


@cached(300)
def ranking(
    store: Store, subject: Subject, period: Period, filters: Filters, order: Order, floor: int, most: int
) -> pl.DataFrame:
    """The first `most` rows of `Tracker.ranking`, with the column `weeks`: downloads of the last 13 weeks."""
    known = days(store, filters.models)
    found = tracker(store).ranked(subject, period, order, filters, floor, most)
    if known is None or not found.columns:
        return found
    sql = _WEEKS.format(weeks_of=_WEEKS_OF[subject in GROUPED], key=KEYS[subject], where=filters.condition_for(subject))
    chosen = {"ids": found["id"].to_list(), "first_week": known.first_week}
    weeks = rows(store, sql, {**filters.values_for(subject), **chosen})
    return found.join(_known(weeks), on="id", how="left")


def _known(weeks: pl.DataFrame) -> pl.DataFrame:
    """The weeks since the last unknown one: a sparkline cannot have a gap, and must not show one as zero."""
    known = []
    for values in weeks["weeks"].to_list():
        gap = max((place for place, value in enumerate(values) if value is None), default=-1)
        known.append(values[gap + 1 :] or None)
    return weeks.with_columns(pl.Series("weeks", known, dtype=pl.List(pl.Int64)))


@cached(20)
def options(store: Store, column: Literal["origin", "size_bucket", "format"]) -> tuple[str, ...]:
    """The values of a column that have downloads, the largest first; NOT_KNOWN means NULL."""
    sql = f"""
        select coalesce({column}, '{NOT_KNOWN}') as value
        from ranking_groups where lens = 'publisher' group by all order by sum(downloads_30d) desc nulls last, value
    """
    return tuple(rows(store, sql)["value"])
