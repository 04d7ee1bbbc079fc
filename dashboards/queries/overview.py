"""The overview: adoption and new derivatives by country or region, and one day under every definition."""

from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl

from dashboards.charts import line_parts
from dashboards.charts.axes import Axes
from dashboards.data.cache import cached
from dashboards.data.definition import Definition
from dashboards.data.vocabulary import METRIC_NAMES, NOT_KNOWN, OTHER
from dashboards.data.warehouse import Store, rows
from dashboards.queries.first_readings import first_read
from dashboards.queries.segments import panels
from dashboards.queries.shared import NO_REGION, Part, by_group, is_counted, last_whole_day, region_codes, tracker
from tracker.api.adoption_sql import ADDED_UP_SPANS
from tracker.api.queries import COUNTED_LAYER

_DERIVATIVES = """
select month as day, task_class, coalesce(root_origin, $not_known) as origin, sum(derivatives)::double as value
from derivatives_months
where min_downloads = $min_downloads and month > date '2022-03-01' and month < date_trunc('month', $last::date)
group by all
"""

_PARTS = """
select
    adoption.lens,
    adoption.task_class,
    {layer} as layer,
    coalesce(adoption.is_below_1b, false) as is_below_1b,
    adoption.is_gguf,
    adoption.origin,
    {sums}
from origin_days as adoption
where adoption.day = $day
group by all
"""

_ADDED_UP_SINCE = f"""
with {ADDED_UP_SPANS.strip()}
select first_day from spans where $day between first_day and last_day
"""

_ALL_TIME = """
select
    origin,
    $models as task_class,
    {layer} as layer,
    coalesce(is_below_1b, false) as is_below_1b,
    is_gguf,
    sum(case when day = $first_day then downloads_all_time else downloads end)::double as downloads_all_time
from origin_days
where lens = $lens and ($models = 'all' or task_class = $models) and day between $first_day and $day
group by all
"""

_SEPARATE = """
select count(*) = 0 as is_separate
from crossover_observations
where metric = 'downloads' and task_class = $models and last_day - first_day >= 3
    and last_day >= $day::date - 3 and first_day <= $day::date + 3
"""

_LEAST_OF_A_MONTH = 20
"""Minimum number of derivatives in the first month drawn."""

ALL_TIME = "downloads_all_time"
_OTHERS = tuple(metric for metric in METRIC_NAMES if metric != ALL_TIME)

_GROUPS = {"country": "origin", "region": "region"}
"""Grouping of the page -> grouping of the Python API."""


@cached(500)
def origin_days(
    store: Store, definition: Definition, metric: str, group: str, own: tuple[str, ...] | None, most: int
) -> pl.DataFrame:
    """One row per day and group: day, code, value, share (0 to 1, of all groups that day).

    The `most` largest of the codes in `own` (None: of all) on the last day have their own line, others are summed as
    'other'. Unknown origins always have their own line. Days without data have no row.
    """
    return _drawn(of_metric(store, definition, group, metric), own, most)


@cached(100)
def derivative_months(
    store: Store, models: str, min_downloads: int, group: str, own: tuple[str, ...] | None, most: int
) -> pl.DataFrame:
    """New derivatives by the root's country or region, a row for every whole month: day, code, value, share.

    Left out are the first month of the Hub's dates (it includes earlier ones), the current month, and the months before
    the first with 20 derivatives, where shares mean little. A group without derivatives in a month counts zero.
    """
    parts, code = _derivatives(store, min_downloads), pl.col("origin")
    of_class = parts if models == "all" else parts.filter(task_class=models)
    if group == "region":
        code = code.replace_strict(region_codes(store), default=NO_REGION)
    counted = of_class.group_by("day", code.alias("code")).agg(pl.col("value").sum())
    months = line_parts.with_gaps(counted, Axes(step="month")).with_columns(pl.col("value").fill_null(0.0))
    of_month = pl.col("value").sum().over("day")
    months = months.with_columns(share=pl.when(of_month > 0).then(pl.col("value") / of_month))
    many = months.group_by("day").agg(pl.col("value").sum()).filter(pl.col("value") >= _LEAST_OF_A_MONTH)
    late = months if many.is_empty() else months.filter(pl.col("day") >= many["day"].min())
    return _drawn(late, own, most)


@cached(20)
def _derivatives(store: Store, min_downloads: int) -> pl.DataFrame:
    """New derivatives by month, class and origin of the root."""
    last = last_whole_day(store)
    return rows(store, _DERIVATIVES, {"min_downloads": min_downloads, "last": last, "not_known": NOT_KNOWN})


def _drawn(days: pl.DataFrame, own: tuple[str, ...] | None, most: int) -> pl.DataFrame:
    """The groups of each day (day, code, value, share) as lines: the largest of `own`, and the rest as one."""
    code = pl.col("code")
    may_stand = (code != NOT_KNOWN) & (pl.lit(True) if own is None else code.is_in(own))
    largest = days.filter((pl.col("day") == pl.col("day").max()) & may_stand).sort(
        "value", "code", descending=[True, False]
    )
    drawn = [*largest["code"].head(most), NOT_KNOWN]
    lines = pl.when(code.is_in(drawn)).then(code).otherwise(pl.lit(OTHER)).alias("code")
    known = pl.col("share").count() > 0
    sums = days.group_by("day", lines).agg(pl.col("value").sum(), pl.when(known).then(pl.col("share").sum()))
    return sums.sort("day", "code")


@cached(500)
def origin_table(store: Store, definition: Definition, metric: str, group: str, day: date) -> pl.DataFrame:
    """Every group on `day`: code, every metric (in whole numbers), share of `metric`, share_change, share_before.

    The largest is first. share_before is the share 30 days before, unknown where that day has no data, or where one of
    the two days is known only as part of a sum over a longer time. share_change leaves out models first read since.
    """
    earlier = day - timedelta(days=30)
    table = day_metrics(store, definition, group, day).with_columns(share=f"{metric}_share")
    before = of_metric(store, definition, group, metric).filter(pl.col("day") == earlier)
    if not is_comparable(store, definition.models, metric, earlier, day):
        before = before.clear()
    table = table.join(before.select("code", share_before="share"), on="code", how="left")
    values = dict(table.select("code", metric).iter_rows())
    same = same_shares(values, first_read(store, definition, metric, group, earlier, day))
    ordered = table.sort(metric, "code", descending=[True, False], nulls_last=True)
    whole = (pl.col(name).round().cast(pl.Int64) for name in METRIC_NAMES)
    same_share = pl.col("code").replace_strict(same, default=None, return_dtype=pl.Float64)
    change = same_share - pl.col("share_before")
    return ordered.select("code", *whole, "share", "share_before", share_change=change)


def same_shares(values: Mapping[str, float | None], left_out: Mapping[str, float]) -> dict[str, float]:
    """Code -> its share (0 to 1) of the values without what is left out of them, where known."""
    known = {code: value - left_out.get(code, 0.0) for code, value in values.items() if value is not None}
    whole = sum(known.values())
    return {code: value / whole for code, value in known.items()} if whole else {}


def is_comparable(store: Store, models: str, metric: str, before: date, day: date) -> bool:
    """Whether the shares of two days may be compared: they are of one segment, and each day is known on its own."""
    is_mean = metric == "downloads_7d_mean"
    if is_mean and not (is_separate(store, models, day) and is_separate(store, models, before)):
        return False
    of_days = panels(store, models)
    if before == day or not {before, day} <= of_days.keys():
        return False
    segment = of_days[day].of(metric)
    return segment is not None and of_days[before].of(metric) == segment


@cached(200)
def is_separate(store: Store, models: str, day: date) -> bool:
    """Whether the 7-day mean of a day is known on its own, not only as part of the sum of a longer time."""
    return bool(rows(store, _SEPARATE, {"models": models, "day": day})[0, 0])


@cached(50)
def adoption(store: Store, definition: Definition, group: str, metrics: tuple[str, ...]) -> pl.DataFrame:
    """All days from the Python API: day, code, and metrics with their shares.

    Another metric costs little, but all-time downloads, which are added up, as much as all others.
    Unknown origins are NOT_KNOWN.
    """
    by = _GROUPS[group]
    found = tracker(store).adoption(by=by, metric=metrics, **definition.switches)
    named = found.rename({by: "code", "share": f"{metrics[0]}_share"}, strict=False)
    return named.with_columns(pl.col("code").fill_null(NOT_KNOWN))


def of_metric(store: Store, definition: Definition, group: str, metric: str) -> pl.DataFrame:
    """The known days of one metric: day, code, value, share."""
    days = adoption(store, definition, group, _OTHERS if metric in _OTHERS else (metric,))
    return days.filter(pl.col(metric).is_not_null()).select("day", "code", value=metric, share=f"{metric}_share")


def day_metrics(store: Store, definition: Definition, group: str, day: date) -> pl.DataFrame:
    """Every group on a day: code, and every metric with its share, null where the day is not in the series."""
    others = adoption(store, definition, group, _OTHERS).filter(pl.col("day") == day)
    panel = panels(store, definition.models).get(day)
    known = day_values(store, definition, ALL_TIME, group, day) if panel and panel.counters is not None else {}
    shares = same_shares(known, {})
    rows_of = [(code, value, shares.get(code)) for code, value in known.items() if value is not None]
    schema = {"code": pl.String, ALL_TIME: pl.Float64, f"{ALL_TIME}_share": pl.Float64}
    return others.join(pl.DataFrame(rows_of, schema, orient="row"), on="code", how="full", coalesce=True)


@cached(50)
def _day_parts(store: Store, group: str, day: date) -> list[Part]:
    """The sums of a day by lens, country or region and every switch, a few hundred rows. Do not modify."""
    return by_group(store, _origin_parts(store, day), group)


@cached(20)
def _origin_parts(store: Store, day: date) -> list[Part]:
    sql = _PARTS.format(
        layer=COUNTED_LAYER.format(table="adoption"),
        sums=", ".join(f"sum(adoption.{metric})::double as {metric}" for metric in _OTHERS),
    )
    return rows(store, sql, {"day": day, "maker_copies_as_release": True}).to_dicts()


def day_values(store: Store, definition: Definition, metric: str, group: str, day: date) -> dict[str, float | None]:
    """Code -> its total of a metric on a day under a definition; None if unknown."""
    found: dict[str, float | None] = {}
    if metric == ALL_TIME:
        parts = _all_time_parts(store, definition.lens, definition.models, group, day)
    else:
        parts = [part for part in _day_parts(store, group, day) if part["lens"] == definition.lens]
    for part in parts:
        if is_counted(part, definition):
            before, more = found.get(part["code"]), part[metric]
            found[part["code"]] = before if more is None else more + (before or 0.0)
    return found


@cached(50)
def _all_time_parts(store: Store, lens: str, models: str, group: str, day: date) -> list[Part]:
    """All-time downloads of a day by every switch, added up as in the Python API. Do not modify."""
    return by_group(store, _all_time_origins(store, lens, models, day), group)


@cached(50)
def _all_time_origins(store: Store, lens: str, models: str, day: date) -> list[Part]:
    sql = _ALL_TIME.format(layer=COUNTED_LAYER.format(table="origin_days"))
    first_day = _added_up_since(store, models, day) or day
    values = {"lens": lens, "models": models, "day": day, "first_day": first_day, "maker_copies_as_release": True}
    return rows(store, sql, values).to_dicts()


@cached(50)
def _added_up_since(store: Store, models: str, day: date) -> date | None:
    """The first day of the downloads that are added up to the all-time downloads of a day; None if they are not."""
    found: list[date] = rows(store, _ADDED_UP_SINCE, {"models": models, "day": day})["first_day"].to_list()
    return found[0] if found else None


def day_shares(store: Store, definition: Definition, metric: str, group: str, day: date) -> dict[str, float]:
    """Code -> its share (0 to 1) of a metric on a day under a definition, where known."""
    return same_shares(day_values(store, definition, metric, group, day), {})
