"""Rankings of the Python API: labs, families, models and accounts by downloads in a period, with changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, get_args

import polars as pl

from tracker.api.arguments import LAYERS, LENSES, MODELS, as_list, one_of
from tracker.api.names import NamedQueries
from tracker.errors import UsageError

Subject = Literal["lab", "family", "model", "account"]
Period = Literal["30d", "7d", "90d", "all_time"]
Order = Literal["downloads", "rise"]
SUBJECTS: tuple[Subject, ...] = get_args(Subject)
PERIODS: tuple[Period, ...] = get_args(Period)
ORDERS: tuple[Order, ...] = get_args(Order)

FORMATS = (
    "GGUF", "MLX", "AWQ", "GPTQ", "FP8", "copy", "adapter", "merge", "finetune", "original", "other",
)  # fmt: skip
NOT_KNOWN = "not_known"
"""The value of a filter that means NULL."""

LARGE = 0.05
"""Part of a sum from which on models that are first read make it another series, as in the table segments."""

GROUPED: tuple[Subject, ...] = ("lab", "family")
"""Subjects that are read from sums of repositories that count alike: a few thousand rows instead of millions."""

KEYS: dict[Subject, str] = {
    "lab": "counts.lab", "family": "counts.family", "model": "counts.hub_id", "account": "counts.author",
}  # fmt: skip
"""What is ranked -> its column."""

_LENGTHS: dict[Period, int] = {"7d": 7, "30d": 30, "90d": 90}
_OF = {True: "ranking_groups as counts", False: "ranking_counts as counts"}
"""Whether groups are read -> the table."""

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
class RankingDays:
    """The days that rankings of a class of models are about."""

    last_day: date
    day_before: date | None
    """The day that counters are compared with; None if no earlier reading is comparable."""

    known_from: date | None
    known_until: date | None
    """First and last day of comparable daily downloads."""

    def knows(self, period: Period) -> bool:
        """Whether the downloads of a period are known."""
        return self._reaches(_LENGTHS[period]) if period in ("7d", "90d") else True

    def knows_before(self, period: Period) -> bool:
        """Whether those of the same period 30 days earlier are known and comparable."""
        return self._reaches(_LENGTHS[period] + 30) if period in ("7d", "90d") else self.day_before is not None

    def knows_week_before(self) -> bool:
        """Whether the last seven days and the seven before are known."""
        return self._reaches(14)

    @property
    def first_week(self) -> int:
        """The first of the weeks 1 to 13 that is known; 14 if none is."""
        return next((week for week in range(1, 14) if self._reaches(7 * (14 - week))), 14)

    def _reaches(self, days: int) -> bool:
        if self.known_from is None or self.known_until is None:
            return False
        return self.known_until - timedelta(days=days - 1) >= self.known_from


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

    def condition_for(self, subject: Subject) -> str:
        """The SQL condition on `ranking_groups` and its weeks for groups, else on `ranking_counts`."""
        if subject in GROUPED:
            return f"lens = $lens and {self._condition('origin')}"
        return self._condition("publisher_origin")

    def values_for(self, subject: Subject) -> dict[str, Any]:
        """The parameters of `condition_for`."""
        models = {} if self.models == "all" else {"models": self.models}
        chosen = {name: list(values) for name, (_, values) in self._lists("").items() if values}
        return models | chosen | ({"lens": self.lens} if subject in GROUPED else {})

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


class RankingQueries(NamedQueries):
    """The ranking methods of `Tracker`."""

    __slots__ = ()

    def ranking_days(self, models: str = "language") -> RankingDays | None:
        """Return the days that rankings of a class of models are about; None if there is no reading."""
        models = one_of("models", models, MODELS)
        found = self.run(_DAYS, {"models": models})
        if found.is_empty():
            return None
        row = found.row(0, named=True)
        first = self.run(_FLOW_FROM, {"models": models, "day": row["known_until"]})["day"][0]
        known_from = max(first, row["known_from"]) if first and row["known_from"] else None
        before = row["day_before"] if row["has_counters_before"] else None
        return RankingDays(row["last_day"], before, known_from, row["known_until"])

    def ranking(
        self,
        subject: str = "family",
        period: str = "30d",
        order: str = "downloads",
        layer: str | Iterable[str] | None = None,
        origin: str | Iterable[str] | None = None,
        size_bucket: str | Iterable[str] | None = None,
        format: str | Iterable[str] | None = None,
        lens: str = "publisher",
        floor: int = 0,
        limit: int = 100,
        models: str = "language",
    ) -> pl.DataFrame:
        """The largest or fastest rising labs, families, models or accounts by downloads in a period.

        Columns: id, name, origin, rank (always by downloads), rank_change, downloads, share (0 to 1, of all models that
        match), change_30d and change_30d_percent (against the same period 30 days earlier), change_7d_percent, rise
        and is_new. Unknown changes are null. Among risers, all downloads of what was created in the last 30 days are
        its change. No rows if the period is not known (`ranking_days`), or for risers the 30 days before.

        Args:
            subject: lab, family, model or account.
            period: 30d, 7d, 90d or all_time.
            order: downloads, or rise (the change relative to the downloads before, or to the floor if they were fewer).
            layer: one or several of release, derivative, repackaged, other, with a lab's own copies as release.
            origin: one or several origins.
            size_bucket: one or several sizes, such as 5-10.
            format: one or several of GGUF, MLX, AWQ, GPTQ, FP8, copy, adapter, merge, finetune, original, other.
            lens: publisher, or root: labs and families are credited with what is built on their models, by weight.
            floor: downloads that a row needs.
            limit: number of rows.
            models: the models counted, as in `adoption`.
        """
        if limit < 1:
            raise UsageError(f"limit must be 1 or more, not {limit}.")
        filters = Filters(
            one_of("models", models, MODELS),
            _values(as_list("layer", layer, LAYERS)),
            _values(self.codes("origin", origin)),
            _values(self.codes("size_bucket", size_bucket)),
            _values(as_list("format", format, FORMATS if self.checks_names else None)),
            one_of("lens", lens, LENSES),
        )
        return self.ranked(
            one_of("subject", subject, SUBJECTS),
            one_of("period", period, PERIODS),
            one_of("order", order, ORDERS),
            filters,
            floor,
            limit,
        )

    def ranked(
        self, subject: Subject, period: Period, order: Order, filters: Filters, floor: int, limit: int
    ) -> pl.DataFrame:
        """Return the ranking of the models that match, as `ranking`."""
        known = self.ranking_days(filters.models)
        if known is None or not known.knows(period) or (order == "rise" and not known.knows_before(period)):
            return pl.DataFrame()
        column = _COLUMNS[period]
        is_of_groups = subject in GROUPED
        is_single = subject == "model"
        sql = _RANKED.format(
            key=KEYS[subject], of=_OF[is_of_groups], where=filters.condition_for(subject),
            first_read=_first_read(period, is_of_groups=is_of_groups), now=column, before=f"{column}_before",
            sum="" if is_single else "sum", every="" if is_single else "bool_and",
            group="" if is_single else "group by id", order=_ORDERS[order],
            outer=_ORDERS[order].replace("downloads", "shown.downloads").replace("rise", "shown.rise"),
        )  # fmt: skip
        has = {"has_before": known.knows_before(period), "has_week": known.knows_week_before()}
        limits = {"floor": floor, "most": limit, "is_rise": order == "rise", "large": LARGE}
        found = self.run(sql, {**filters.values_for(subject), **has, **limits})
        ids = {"ids": found["id"].to_list()}
        named = self.run(_NAMES[subject], ids if "$ids" in _NAMES[subject] else {})
        return found.join(named, on="id", how="left").select("id", "name", "origin", pl.exclude("id", "name", "origin"))


def _first_read(period: Period, *, is_of_groups: bool) -> str:
    """The downloads of what existed before but was not read then; all time, such models count as unchanged."""
    if period == "all_time":
        return "null"
    column = _COLUMNS[period]
    if is_of_groups:
        return f"{column}_first_read"
    return f"case when {column}_before is null and not is_new then {column} end"


def _values(found: Iterable[str | None] | None) -> tuple[str, ...]:
    return tuple(NOT_KNOWN if value is None else value for value in found or ())
