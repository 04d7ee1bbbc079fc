"""The page of one model; large tables are read for this model only."""

from datetime import date
from typing import Any

import polars as pl

from dashboards.data.cache import cached
from dashboards.data.warehouse import Store, rows

MOST_CHILDREN = 50

_FACTS = """
select
    m.*, why.* exclude (hub_id), labs.name as lab_name, families.name as family_name,
    c.rank_30d, c.downloads_30d, c.downloads_all_time, c.likes, c.day as read_on,
    (select count(*) from latest_counts where rank_30d is not null) as ranked
from models as m
left join memberships as why using (hub_id)
left join latest_counts as c using (hub_id)
left join labs on labs.lab = m.publisher_lab
left join families on families.family = m.family
where lower(m.repo_id) = lower($repo_id)
order by m.repo_id = $repo_id desc, m.last_seen desc, m.hub_id desc
limit 1
"""

_PARENTS = """
select
    e.parent_ref, p.repo_id, e.relation, e.declared_in, e.resolved_by, e.is_used, e.not_used_because
from edges as e
left join models as p on p.hub_id = e.parent_id
where e.child_id = $hub_id
order by e.is_used desc, e.parent_ref
"""

_ROOTS = """
select
    root_ref, coalesce(families.name, root_family) as family, root_origin as origin, depth, weight,
    root_id is not null as is_held
from lineage
left join families on families.family = lineage.root_family
where hub_id = $hub_id
order by weight desc, root_ref
"""

_CHILDREN = """
select m.repo_id, e.relation, m.publisher_origin as origin, m.layer, c.downloads_30d, count(*) over () as children
from edges as e
join models as m on m.hub_id = e.child_id
left join latest_counts as c on c.hub_id = e.child_id
where e.parent_id = $hub_id and e.is_used
order by c.downloads_30d desc nulls last, m.repo_id
limit $most
"""

_EVENTS = (
    "select day, kind, detail, handling from quality_events where hub_id = $hub_id order by day desc, kind, detail"
)

# The tables are sorted by day, so the condition on the day limits what is read.
_FLOWS = """
select day, downloads::double as value, basis
from model_flows
where day between $first - 30 and $last and hub_id = $hub_id
order by day
"""
_READINGS = """
select day, {counter}::double as value
from model_days
where day between $first and $last and hub_id = $hub_id
order by day
"""
COUNTERS = ("downloads_30d", "downloads_all_time", "likes")


@cached(200)
def facts(store: Store, repo_id: str) -> dict[str, Any] | None:
    """The facts about a model by its name, ignoring case; None if there is no such model."""
    found = rows(store, _FACTS, {"repo_id": repo_id})
    return found.row(0, named=True) if found.height else None


@cached(200)
def parents(store: Store, hub_id: str) -> pl.DataFrame:
    """Its declared bases, with their relation and whether they are used."""
    return rows(store, _PARENTS, {"hub_id": hub_id})


@cached(200)
def roots(store: Store, hub_id: str) -> pl.DataFrame:
    """The roots of a model, the largest weight first."""
    return rows(store, _ROOTS, {"hub_id": hub_id})


@cached(200)
def children(store: Store, hub_id: str) -> pl.DataFrame:
    """The most downloaded models made directly from it; the column `children` has their number."""
    return rows(store, _CHILDREN, {"hub_id": hub_id, "most": MOST_CHILDREN})


@cached(200)
def events(store: Store, hub_id: str) -> pl.DataFrame:
    """The data issues of a model, latest first."""
    return rows(store, _EVENTS, {"hub_id": hub_id})


@cached(200)
def flows(store: Store, hub_id: str, first_seen: date, last_day: date) -> pl.DataFrame:
    """Its daily downloads and their basis: day, value, basis."""
    return rows(store, _FLOWS, {"hub_id": hub_id, "first": first_seen, "last": last_day})


@cached(200)
def readings(store: Store, hub_id: str, counter: str, first_seen: date, last_seen: date) -> pl.DataFrame:
    """A counter (one of COUNTERS) of a model as read: day, value."""
    assert counter in COUNTERS
    sql = _READINGS.format(counter=counter)
    return rows(store, sql, {"hub_id": hub_id, "first": first_seen, "last": last_seen})
