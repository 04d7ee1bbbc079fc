"""All questions of the pages. Each function is one; frames come back in the order shown.

Adoption is asked of the Python API (tracker/api.py), so a page and a notebook say the same.

Results are kept per store (per build), so a new build is asked anew and nothing else is.
"""

from datetime import date, timedelta
from functools import partial
from pathlib import Path

import polars as pl
import streamlit as st

from dashboards.palette import NOT_KNOWN, OTHER
from dashboards.store import Store, rows
from dashboards.words import METRIC_NAMES
from tracker.api import Tracker

ORDERS = {
    "30-day downloads": "downloads_30d desc nulls last",
    "All-time downloads": "downloads_all_time desc nulls last",
    "Likes": "likes desc nulls last",
    "Newest": "released_on desc nulls last",
    "Name": "lower(repo_id)",
}
"""Order shown to the reader -> order by clause of the table of models."""

_GROUPS = {"country": "origin", "region": "region"}
"""How a page groups -> what the Python API calls it."""

_MODELS = """
with latest as (
    select hub_id, downloads_30d, downloads_all_time, likes
    from model_days
    where day = $day
)
select
    m.hub_id, m.repo_id, m.publisher_origin, l2.name as lab, m.layer, m.family,
    m.released_on, m.params_total, m.license, l.downloads_30d, l.downloads_all_time, l.likes
from models as m
left join latest as l using (hub_id)
left join labs as l2 on l2.lab = m.publisher_lab
where {where}
order by {order}, m.hub_id
limit $most
"""

_WHERE = """
($search = '' or contains(lower(m.repo_id), lower($search)))
and ($origins::varchar[] is null or m.publisher_origin in (select unnest($origins::varchar[])))
and ($labs::varchar[] is null or m.publisher_lab in (select unnest($labs::varchar[])))
and ($layers::varchar[] is null or m.layer in (select unnest($layers::varchar[])))
"""

_RECENT = """
select hub_id, list(downloads_30d order by day) as recent
from model_days
where hub_id in (select unnest($ids::varchar[]))
    and day > $day::date - interval 30 day and day <= $day
    and downloads_30d is not null
group by hub_id
"""


@st.cache_data(show_spinner=False, max_entries=500)
def origin_days(
    store: Store,
    lens: str,
    metric: str,
    group: str,
    layers: tuple[str, ...],
    own: tuple[str, ...] | None,
    most: int,
) -> pl.DataFrame:
    """One row per day and group: day, code, value, share (0 to 1, of all groups that day).

    `own` limits which codes may stand for themselves (None: any); of those the `most` largest on the
    last day do, all others are summed as 'other'. What is counted under no known origin always stands for
    itself. Days without data have no row.
    """
    days = _adoption(store, lens, metric, group, layers)
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


@st.cache_data(show_spinner=False, max_entries=500)
def origin_table(store: Store, lens: str, metric: str, group: str, layers: tuple[str, ...], day: date) -> pl.DataFrame:
    """Every group on `day`: code, every metric (in whole numbers), share of `metric`, share_change; the largest first.

    share_change is the difference to the share 30 days before, unknown where that day has no data.
    """
    table = _adoption(store, lens, metric, group, layers, day).select("code", "share")
    before = _adoption(store, lens, metric, group, layers, day - timedelta(days=30))
    table = table.join(before.select("code", share_before="share"), on="code", how="left")
    for name in METRIC_NAMES:
        figure = _adoption(store, lens, name, group, layers, day).select("code", pl.col("value").alias(name))
        table = table.join(figure, on="code", how="full", coalesce=True)
    ordered = table.sort(metric, "code", descending=[True, False], nulls_last=True)
    whole = (pl.col(name).round().cast(pl.Int64) for name in METRIC_NAMES)
    return ordered.select("code", *whole, "share", share_change=pl.col("share") - pl.col("share_before"))


@st.cache_data(show_spinner=False, max_entries=500)
def models(
    store: Store,
    search: str,
    origins: tuple[str, ...],
    labs: tuple[str, ...],
    layers: tuple[str, ...],
    order: str,
    most: int,
    day: date,
) -> pl.DataFrame:
    """The first `most` models that match, with their counters of `day` and `recent`.

    Empty filters let everything through. `recent` lists the 30-day downloads of the 30 days up to `day`,
    oldest first, without the days that were not read.
    """
    parameters = _filters(search, origins, labs, layers)
    sql = _MODELS.format(where=_WHERE, order=ORDERS[order])
    found = rows(store, sql, {**parameters, "most": most, "day": day})
    recent = rows(store, _RECENT, {"ids": found["hub_id"].to_list(), "day": day})
    return found.join(recent, on="hub_id", how="left", maintain_order="left")


@st.cache_data(show_spinner=False, max_entries=500)
def models_count(
    store: Store, search: str, origins: tuple[str, ...], labs: tuple[str, ...], layers: tuple[str, ...]
) -> int:
    """How many models match, before any limit."""
    sql = f"select count(*) as models from models as m where {_WHERE}"
    return int(rows(store, sql, _filters(search, origins, labs, layers))["models"][0])


@st.cache_data(show_spinner=False, max_entries=20)
def origin_names(store: Store) -> dict[str, str]:
    """Code -> name of every origin of the registry, by name."""
    return dict(rows(store, "select code, name from origins order by name").iter_rows())


@st.cache_data(show_spinner=False, max_entries=20)
def lab_names(store: Store) -> dict[str, str]:
    """Lab -> its name, for the labs that published at least one model, by name."""
    sql = """
        select lab, name from labs where lab in (select publisher_lab from models) order by lower(name)
    """
    return dict(rows(store, sql).iter_rows())


@st.cache_data(show_spinner=False, max_entries=20)
def model_origins(store: Store) -> tuple[str, ...]:
    """The origins that published at least one model, most models first."""
    sql = """
        select publisher_origin from models where publisher_origin is not null
        group by publisher_origin order by count(*) desc, publisher_origin
    """
    return tuple(rows(store, sql)["publisher_origin"])


@st.cache_data(show_spinner=False, max_entries=20)
def last_whole_day(store: Store) -> date:
    """The last day whose listing was read whole, so that sums use it; the last day of all where none was."""
    whole = "select max(day) from adoption_days where models is not null"
    sql = f"select coalesce(({whole}), (select last_day from build)) as day"
    day = rows(store, sql)["day"][0]
    assert isinstance(day, date)
    return day


@st.cache_data(show_spinner=False, max_entries=20)
def coverage(store: Store) -> pl.DataFrame:
    """What was read of the last day, the widest scope first: day, scope, is_complete, models, refused."""
    sql = """
        select day, scope, is_complete, models, refused
        from coverage_days
        where day = (select last_day from build) and models is not null
        order by models desc nulls last, scope
    """
    return rows(store, sql)


def _adoption(
    store: Store, lens: str, metric: str, group: str, layers: tuple[str, ...], day: date | None = None
) -> pl.DataFrame:
    """What the Python API says of all days or of one: day, code, value, share; no origin known is NOT_KNOWN."""
    tracker = Tracker(Path(store.path), partial(rows, store))
    by = _GROUPS[group]
    found = tracker.adoption(by=by, lens=lens, layer=layers, metric=metric, since=day, until=day)
    return found.select("day", pl.col(by).fill_null(NOT_KNOWN).alias("code"), pl.col(metric).alias("value"), "share")


def _filters(
    search: str, origins: tuple[str, ...], labs: tuple[str, ...], layers: tuple[str, ...]
) -> dict[str, str | list[str] | None]:
    return {
        "search": search.strip(),
        "origins": list(origins) or None,
        "labs": list(labs) or None,
        "layers": list(layers) or None,
    }
