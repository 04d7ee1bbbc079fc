"""The page of rankings: labs, families, models and accounts by downloads in a period, with changes."""

from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from dashboards.data.cache import cached
from dashboards.data.vocabulary import NOT_KNOWN
from dashboards.data.warehouse import Store, rows
from dashboards.queries.first_readings import LARGE
from dashboards.text.rankings import Days, Order, Period, Subject

_KEYS: dict[Subject, str] = {
    "lab": "counts.lab", "family": "counts.family", "model": "counts.hub_id", "account": "counts.author",
}  # fmt: skip
"""What is ranked -> its column."""

# Labs and families are read from sums of repositories that count alike: a few thousand rows instead of millions.
_GROUPS = ("lab", "family")
_OF = {True: "ranking_groups as counts", False: "ranking_counts as counts"}
_WEEKS_OF = {
    True: "ranking_group_weeks as counts",
    False: "ranking_counts as counts join ranking_weeks as weeks using (repository_key)",
}
"""Whether groups are read -> the tables."""

_COLUMNS: dict[Period, str] = {
    "7d": "downloads_7d", "30d": "downloads_30d", "90d": "downloads_90d", "all_time": "downloads_all_time",
}  # fmt: skip

# What existed before but was not read then is no growth: where it is a large part, the downloads before are unknown.
# A rise is the change relative to the downloads before, or to the floor if those were fewer. So new models have one,
# and tiny numbers do not rise by thousands of percent; older models that were not read before have none. Ranks are
# counted over the distinct numbers above those shown, which costs half of ranking all 200,000 models.
_RANKED = """
with chosen as (
    select
        {key} as id, {now} as downloads, {before} as before, {first_read} as first_read, downloads_7d,
        downloads_7d_previous, is_new
    from {of}
    where {where}
),
summed as (
    select
        id,
        {sum}(downloads)::bigint as downloads,
        case
            when $has_before and not coalesce({sum}(first_read) > $large * {sum}(downloads), false)
                then {sum}(before)::bigint
        end as downloads_before,
        {every}(is_new) as is_new,
        case when $has_week then {sum}(downloads_7d)::bigint end as week,
        case when $has_week then {sum}(downloads_7d_previous)::bigint end as week_before
    from chosen
    where id is not null
    {group}
),
shown as (
    select
        *,
        case
            when downloads_before is not null or is_new
                then (downloads - coalesce(downloads_before, 0)) / greatest(downloads_before, $floor, 1)
        end as rise
    from summed
    where downloads is not null and downloads >= $floor and (not $is_rise or downloads_before is not null or is_new)
    order by {order}, id
    limit $most
),
ranks as (
    select downloads, 1 + sum(count(*)) over (order by downloads desc) - count(*) as rank
    from summed
    where downloads >= (select min(downloads) from shown)
    group by downloads
),
ranks_before as (
    select downloads_before, 1 + sum(count(*)) over (order by downloads_before desc) - count(*) as rank_before
    from summed
    where downloads_before >= (select min(downloads_before) from shown)
    group by downloads_before
)
select
    shown.id, ranks.rank::bigint as rank, (ranks_before.rank_before - ranks.rank)::bigint as rank_change,
    shown.downloads, shown.downloads / nullif((select sum(downloads) from chosen), 0)::double as share,
    shown.downloads - case when $is_rise and $has_before and shown.is_new then coalesce(shown.downloads_before, 0)
        else shown.downloads_before end as change_30d,
    100.0 * (shown.downloads - shown.downloads_before) / nullif(shown.downloads_before, 0) as change_30d_percent,
    100.0 * (shown.week - shown.week_before) / nullif(shown.week_before, 0) as change_7d_percent,
    shown.rise, $is_rise and $has_before and shown.is_new and shown.downloads_before is null as is_new
from shown
join ranks on ranks.downloads = shown.downloads
left join ranks_before on ranks_before.downloads_before = shown.downloads_before
order by {outer}, shown.id
"""
_ORDERS: dict[Order, str] = {
    "downloads": "downloads desc",
    "rise": "rise desc nulls last, downloads desc",
}
_NAMES: dict[Subject, str] = {
    "lab": "select lab as id, name, origin from labs",
    "family": "select family as id, families.name, labs.origin from families left join labs using (lab)",
    "model": """
        select hub_id as id, repo_id as name, publisher_origin as origin
        from ranking_counts where hub_id in (select unnest($ids::varchar[]))
    """,
    "account": """
        select listed.id, listed.id as name, coalesce(organizations.origin, 'unaffiliated') as origin
        from (select unnest($ids::varchar[]) as id) as listed
        left join organizations on organizations.handle = listed.id
    """,
}
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
_DAYS = """
select
    days.last_day, days.day_before, days.known_from, days.known_until,
    now.segment is not null and now.segment = before.segment as has_counters_before,
    now.flow_segment as flow_segment
from comparison_days as days
left join panel_days as now on now.task_class = $models and now.day = days.last_day
left join panel_days as before on before.task_class = $models and before.day = days.day_before
"""
_FLOW_FROM = """
select min(day) as day
from panel_days
where task_class = $models and flow_segment = (
    select flow_segment from panel_days where task_class = $models and day = $day
)
"""


@dataclass(frozen=True, slots=True)
class Filters:
    """The models whose downloads count; empty parts match all."""

    models: str
    """The task class, or all."""

    layers: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    lens: str = "publisher"
    """publisher, or root: labs and families are credited with what is built on them, by weight."""

    @property
    def condition(self) -> str:
        """The SQL condition on `ranking_counts`."""
        return self._condition("publisher_origin")

    @property
    def group_condition(self) -> str:
        """The SQL condition on `ranking_groups` and its weeks."""
        return f"lens = $lens and {self._condition('origin')}"

    @property
    def values(self) -> dict[str, Any]:
        """The parameters of `condition`; `group_condition` has the lens too."""
        models = {} if self.models == "all" else {"models": self.models}
        return models | {name: list(values) for name, (_, values) in self._lists("").items() if values}

    def _condition(self, origin: str) -> str:
        parts = ["true" if self.models == "all" else "task_class = $models"]
        for name, (column, values) in self._lists(origin).items():
            parts += [f"list_contains(${name}::varchar[], coalesce({column}, '{NOT_KNOWN}'))"] if values else []
        return " and ".join(parts)

    def _lists(self, origin: str) -> dict[str, tuple[str, tuple[str, ...]]]:
        return {
            "layers": ("counted_layer", self.layers),
            "origins": (origin, self.origins),
            "sizes": ("size_bucket", self.sizes),
            "formats": ("format", self.formats),
        }


@cached(20)
def days(store: Store, models: str) -> Days | None:
    """The days of the rankings of a class of models; None if there is no reading."""
    found = rows(store, _DAYS, {"models": models})
    if found.is_empty():
        return None
    row = found.row(0, named=True)
    first = rows(store, _FLOW_FROM, {"models": models, "day": row["known_until"]})["day"][0]
    known_from = max(first, row["known_from"]) if first and row["known_from"] else None
    before = row["day_before"] if row["has_counters_before"] else None
    return Days(row["last_day"], before, known_from, row["known_until"])


@cached(300)
def ranking(
    store: Store, subject: Subject, period: Period, filters: Filters, order: Order, floor: int, most: int
) -> pl.DataFrame:
    """The first `most` labs, families, models or accounts with at least `floor` downloads, by downloads or by rise.

    Columns: id, name, origin, rank, rank_change, downloads, share (of all models that match), change_30d, in percent,
    change_7d_percent, weeks (downloads of the last 13 weeks), rise, is_new. The rank is always that by downloads.

    Among risers, all downloads of what is new (created in the last 30 days) are its change.
    """
    known = days(store, filters.models)
    if known is None or not known.knows(period):
        return pl.DataFrame()
    column = _COLUMNS[period]
    is_of_groups = subject in _GROUPS
    source = {
        "key": _KEYS[subject], "of": _OF[is_of_groups], "weeks_of": _WEEKS_OF[is_of_groups],
        "where": filters.group_condition if is_of_groups else filters.condition,
        "first_read": _first_read(period, is_of_groups=is_of_groups),
    }  # fmt: skip
    values = filters.values | ({"lens": filters.lens} if is_of_groups else {})
    of_rows = {"sum": "", "every": "", "group": ""}
    if subject != "model":
        of_rows = {"sum": "sum", "every": "bool_and", "group": "group by id"}
    sql = _RANKED.format(
        **source, now=column, before=f"{column}_before", order=_ORDERS[order],
        outer=_ORDERS[order].replace("downloads", "shown.downloads").replace("rise", "shown.rise"), **of_rows,
    )  # fmt: skip
    has = {"has_before": known.knows_before(period), "has_week": known.knows_week_before()}
    limits = {"floor": floor, "most": most, "is_rise": order == "rise", "large": LARGE}
    found = rows(store, sql, {**values, **has, **limits})
    ids = found["id"].to_list()
    named = rows(store, _NAMES[subject], {"ids": ids} if "$ids" in _NAMES[subject] else None)
    weeks = rows(store, _WEEKS.format(**source), {**values, "ids": ids, "first_week": known.first_week})
    return found.join(named, on="id", how="left").join(_known(weeks), on="id", how="left")


def _first_read(period: Period, *, is_of_groups: bool) -> str:
    """The downloads of what existed before but was not read then; all time, such models count as unchanged."""
    if period == "all_time":
        return "null"
    column = _COLUMNS[period]
    if is_of_groups:
        return f"{column}_first_read"
    return f"case when {column}_before is null and not is_new then {column} end"


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
