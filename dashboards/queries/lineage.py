"""The lineage page: a model, its bases and its descendants."""

from typing import Any

import polars as pl

from dashboards.charts import lineage_graph, lineage_layout
from dashboards.charts.lineage_layout import Node
from dashboards.data.cache import cached
from dashboards.data.warehouse import Store, rows
from dashboards.queries.shared import tracker
from tracker.api.lineage import RELATIONS
from tracker.api.lineage_sql import MAX_STEPS

MOST_ABOVE, MOST_BELOW = 16, 40
"""Nodes above and below the centre."""

CHOICES = 50
"""Models in the list of a search."""

MOST_DESCENDANTS = 100_000
"""Above the size of the largest lineage on the Hub."""

_POPULAR = """
with roots as (
    select root_id, count(*) as descendants
    from lineage
    where depth > 0 and root_id is not null
    group by root_id
    order by descendants desc, root_id
    limit $most
)
select models.repo_id
from roots
join models on models.hub_id = roots.root_id
order by roots.descendants desc, models.hub_id
"""

_MATCHES = """
select distinct on (models.repo_id) models.repo_id, counts.downloads_30d
from models
left join latest_counts as counts using (hub_id)
where contains(lower(models.repo_id), lower($search))
order by lower(models.repo_id) = lower($search) desc, counts.downloads_30d desc nulls last, models.repo_id
limit $most
"""

_MODEL = """
select
    models.hub_id, models.repo_id, models.publisher_origin, labs.name as lab, models.layer, models.is_listed,
    models.released_on, case when models.is_listed then counts.downloads_30d end as downloads_30d
from models
left join labs on labs.lab = models.publisher_lab
left join latest_counts as counts using (hub_id)
where models.repo_id = $repo_id
order by models.is_listed desc, models.last_seen desc, models.hub_id
limit 1
"""

_ROOTS = """
select lineage.root_ref, lineage.root_id is null as is_name_only, lineage.weight, lineage.depth,
    lineage.root_origin, labs.name as lab, families.name as family
from lineage
left join labs on labs.lab = lineage.root_lab
left join families on families.family = lineage.root_family
where lineage.hub_id = $hub_id
order by lineage.weight desc, lineage.root_ref
limit 500
"""

_EDGES = """
select children.repo_id as child, edges.parent_ref, parents.repo_id as parent, edges.relation, edges.declared_in,
    edges.resolved_by, edges.is_used, edges.not_used_because
from edges
join models as children on children.hub_id = edges.child_id
left join models as parents on parents.hub_id = edges.parent_id
where edges.child_id = $hub_id or (edges.parent_id = $hub_id and not edges.is_used)
order by edges.child_id != $hub_id, edges.is_used desc, children.repo_id, edges.parent_ref
limit 500
"""


@cached(20)
def popular(store: Store) -> tuple[str, ...]:
    """Names of the roots with most descendants, the largest first."""
    return tuple(rows(store, _POPULAR, {"most": CHOICES})["repo_id"])


@cached(500)
def matches(store: Store, search: str) -> tuple[str, ...]:
    """Names of the models that contain `search`: an exact match first, then the most downloaded."""
    return tuple(rows(store, _MATCHES, {"search": search, "most": CHOICES})["repo_id"])


def choices(store: Store, search: str, named: str | None) -> tuple[str, ...]:
    """The models in the list: matches of the search, else the largest roots, and the one that is selected."""
    found = matches(store, search) if search else popular(store)
    known = named is not None and named not in found and model(store, named) is not None
    return (*found, named) if known and not search and named else found


@cached(500)
def model(store: Store, repo_id: str) -> dict[str, Any] | None:
    """A model by its name, with its origin, layer and last counters; the listed one if several had the name."""
    found = rows(store, _MODEL, {"repo_id": repo_id})
    return found.row(0, named=True) if found.height else None


@cached(200)
def roots(store: Store, hub_id: str) -> pl.DataFrame:
    """The roots of a model by weight: root_ref, is_name_only, weight, depth, root_origin, lab, family."""
    return rows(store, _ROOTS, {"hub_id": hub_id})


@cached(200)
def edges(store: Store, hub_id: str) -> pl.DataFrame:
    """The bases that a model declares, used or not; then the unused links of others to it."""
    return rows(store, _EDGES, {"hub_id": hub_id})


@cached(50)
def descendants(store: Store, hub_id: str, relations: tuple[str, ...], steps: int | None) -> pl.DataFrame:
    """What is built on a model by `relations` within `steps` (None: any number), from the Python API."""
    if not relations:
        return tracker(store).descendants(hub_id, steps=0, limit=0)
    every = None if set(relations) == set(RELATIONS) else relations
    return tracker(store).descendants(hub_id, relation=every, steps=steps or MAX_STEPS, limit=MOST_DESCENDANTS)


@cached(200)
def ancestors(store: Store, hub_id: str) -> pl.DataFrame:
    """What a model is built from, from the Python API."""
    return tracker(store).ancestors(hub_id)


@cached(200)
def graph_nodes(
    store: Store, hub_id: str, downloads: int | None, relations: tuple[str, ...], steps: int | None, least: int
) -> pl.DataFrame:
    """The nodes of the graph around a model, few enough to read, as `lineage_graph.placed` has them."""
    above = _nodes(ancestors(store, hub_id).rename({"built_id": "parent"}))
    below = _nodes(
        descendants(store, hub_id, relations, steps).select(
            "relation", "steps", "downloads_30d", key="hub_id", parent="base_id"
        )
    )
    return lineage_graph.placed(
        hub_id,
        downloads,
        lineage_layout.collapsed(above, hub_id, above, MOST_ABOVE),
        lineage_layout.collapsed(below, hub_id, lineage_layout.interleaved(below, least), MOST_BELOW),
    )


def _nodes(frame: pl.DataFrame) -> list[Node]:
    columns = frame.select("key", "parent", "relation", "steps", "downloads_30d")
    return list(map(Node._make, columns.iter_rows()))
