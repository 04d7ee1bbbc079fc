"""All SQL of the pages. Each function is one question; frames come back in the order shown.

Results are kept per store (per build), so a new build is asked anew and nothing else is.
"""

from datetime import date

import polars as pl
import streamlit as st

from dashboards.store import Store, rows

METRICS = ("downloads_30d", "likes", "models")
"""Columns of `adoption_days` that a page may sum."""

ORDERS = {
    "30-day downloads": "downloads_30d desc nulls last",
    "All-time downloads": "downloads_all_time desc nulls last",
    "Likes": "likes desc nulls last",
    "Newest": "released_on desc nulls last",
    "Name": "lower(repo_id)",
}
"""Order shown to the reader -> order by clause of the table of models."""

_GROUPS = {
    "country": "a.origin",
    "region": "case when a.origin = 'unaffiliated' then a.origin else coalesce(o.region, 'Unknown') end",
}

_ORIGIN_DAYS = """
with summed as (
    select a.day, {group} as code, sum(a.{metric}) as value
    from adoption_days as a
    left join origins as o on o.code = a.origin
    where a.lens = 'publisher' and a.models is not null and a.layer in (select unnest($layers::varchar[]))
    group by all
),
shares as (
    select day, code, value, value / nullif(sum(value) over (partition by day), 0) as share
    from summed
),
drawn as (
    select code
    from shares
    where day = (select max(day) from shares)
        and value is not null
        and ($own::varchar[] is null or code in (select unnest($own::varchar[])))
    order by value desc, code
    limit $most
)
select
    day,
    case when code in (select d.code from drawn as d) then code else 'other' end as code,
    sum(value)::double as value,
    sum(share)::double as share
from shares
group by all
order by day, code
"""

_ORIGIN_TABLE = """
with summed as (
    select
        a.day, {group} as code, sum(a.downloads_30d) as downloads_30d, sum(a.likes) as likes, sum(a.models) as models
    from adoption_days as a
    left join origins as o on o.code = a.origin
    where a.lens = 'publisher' and a.models is not null and a.layer in (select unnest($layers::varchar[]))
    group by all
),
shares as (
    select *, {metric} / nullif(sum({metric}) over (partition by day), 0) as share
    from summed
),
latest as (select * from shares where day = (select max(day) from shares)),
before as (
    select code, share
    from shares
    where day = (select max(day) - interval 30 day from shares)
)
select
    l.code,
    l.downloads_30d::bigint as downloads_30d,
    l.likes::bigint as likes,
    l.models::bigint as models,
    l.share::double as share,
    (l.share - b.share)::double as share_change
from latest as l
left join before as b using (code)
order by l.{metric} desc nulls last, l.code
"""

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
    store: Store, metric: str, group: str, layers: tuple[str, ...], own: tuple[str, ...] | None, most: int
) -> pl.DataFrame:
    """One row per day and group: day, code, value, share (0 to 1, of all groups that day).

    `own` limits which codes may stand for themselves (None: any); of those the `most` largest on the
    last day do, all others are summed as 'other'. Days without data have no row.
    """
    sql = _ORIGIN_DAYS.format(group=_GROUPS[group], metric=_metric(metric))
    return rows(store, sql, {"layers": list(layers), "own": None if own is None else list(own), "most": most})


@st.cache_data(show_spinner=False, max_entries=500)
def origin_table(store: Store, metric: str, group: str, layers: tuple[str, ...]) -> pl.DataFrame:
    """Every group on the last day: code, downloads_30d, likes, models, share of `metric`, share_change.

    share_change is the difference to the share 30 days before, unknown where that day has no data.
    """
    sql = _ORIGIN_TABLE.format(group=_GROUPS[group], metric=_metric(metric))
    return rows(store, sql, {"layers": list(layers)})


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


def _metric(metric: str) -> str:
    if metric not in METRICS:
        raise ValueError(f"{metric} is not one of {', '.join(METRICS)}")
    return metric


def _filters(
    search: str, origins: tuple[str, ...], labs: tuple[str, ...], layers: tuple[str, ...]
) -> dict[str, str | list[str] | None]:
    return {
        "search": search.strip(),
        "origins": list(origins) or None,
        "labs": list(labs) or None,
        "layers": list(layers) or None,
    }
