"""SQL of the Python API over lineage: members of families, descendants, ancestors, and credit to roots.

Recursive queries follow a bounded number of links, so they end even if the links form a cycle.
"""

from tracker.api.queries import CHOSEN, COUNTED_LAYER, repository_days

MEMBER_GROUPS = {
    "layer": COUNTED_LAYER.format(table="family_members"),
    "size_bucket": "size_bucket",
    "is_gguf": "is_gguf",
    "origin": "publisher_origin",
    "author": "author",
}
"""Grouping of family members -> SQL expression."""

MEMBERS = """
select
    {groups}, sum(weight)::double as models, sum(credited_30d)::double as downloads_30d,
    sum(credited_all_time)::double as downloads_all_time
from family_members
where family = $family
    and ($models = 'all' or task_class = $models)
    and ($layers::varchar[] is null or list_contains($layers::varchar[], {layer}))
    and ($below_1b or is_below_1b is distinct from true)
    and ($gguf or not is_gguf)
    and ($by_maker or not is_by_maker)
group by all
order by downloads_30d desc nulls last, {names}
"""

DERIVATIVES = """
select month, root_origin, root_family, relation, task_class, derivatives, publishers
from derivatives_months
where min_downloads = $min_downloads and ($models = 'all' or task_class = $models)
    and ($family::varchar is null or root_family = $family)
order by all
"""

MAX_STEPS = 16
"""Links followed at most. The longest chains on the Hub have about ten."""

DESCENDANTS = """
with recursive reached as (
    select child_id as hub_id, parent_id as base_id, relation, 1 as steps, share as weight
    from used_edges
    where parent_id = $hub_id and child_id != $hub_id
        and ($relations::varchar[] is null or list_contains($relations::varchar[], relation))
    union all
    select edges.child_id, edges.parent_id, edges.relation, reached.steps + 1, sum(reached.weight * edges.share)
    from reached
    join used_edges as edges on edges.parent_id = reached.hub_id
    where reached.steps < $steps and edges.child_id != $hub_id
        and ($relations::varchar[] is null or list_contains($relations::varchar[], edges.relation))
    group by edges.child_id, edges.parent_id, edges.relation, reached.steps
),
placed as (
    select
        hub_id,
        first(base_id order by steps, base_id) as base_id,
        first(relation order by steps, base_id) as relation,
        min(steps) as steps,
        sum(weight) as weight
    from reached
    group by hub_id
)
select
    placed.hub_id, models.repo_id, placed.base_id, placed.relation, placed.steps, placed.weight,
    models.publisher_origin, models.layer, models.is_gguf, models.is_listed,
    case when models.is_listed then counts.downloads_30d end as downloads_30d,
    case when models.is_listed then counts.downloads_all_time end as downloads_all_time,
    case when models.is_listed then counts.downloads_30d end * placed.weight as credited_30d
from placed
join models using (hub_id)
left join latest_counts as counts using (hub_id)
order by placed.steps, downloads_30d desc nulls last, placed.hub_id
limit $limit
"""

ANCESTORS = """
with recursive reached as (
    select
        coalesce(parent_id, 'name:' || parent_ref) as key, parent_id as hub_id, parent_ref, child_id as built_id,
        relation, 1 as steps, share as weight
    from used_edges
    where child_id = $hub_id and parent_id is distinct from $hub_id
    union all
    select
        coalesce(edges.parent_id, 'name:' || edges.parent_ref), edges.parent_id, edges.parent_ref, edges.child_id,
        edges.relation, reached.steps + 1, sum(reached.weight * edges.share)
    from reached
    join used_edges as edges on edges.child_id = reached.hub_id
    where reached.steps < $steps and edges.parent_id is distinct from $hub_id
    group by edges.parent_id, edges.parent_ref, edges.child_id, edges.relation, reached.steps
),
placed as (
    select
        key,
        any_value(hub_id) as hub_id,
        min(parent_ref) as parent_ref,
        first(built_id order by steps, built_id) as built_id,
        first(relation order by steps, built_id) as relation,
        min(steps) as steps,
        sum(weight) as weight
    from reached
    group by key
)
select
    placed.key, placed.hub_id, coalesce(models.repo_id, placed.parent_ref) as repo_id, placed.built_id, placed.relation,
    placed.steps, placed.weight, coalesce(placed.hub_id not in (
        select child_id from used_edges where child_id in (select hub_id from placed)
    ), true) as is_root,
    models.publisher_origin, models.layer, models.is_listed,
    case when models.is_listed then counts.downloads_30d end as downloads_30d
from placed
left join models using (hub_id)
left join latest_counts as counts using (hub_id)
order by placed.steps, placed.weight desc, placed.key
limit $limit
"""

ROOT_METRICS = ("downloads", "downloads_7d_mean")

_ROOT_DERIVATIVES_BY_GROUP = """
select month, root_{by} as {by}, sum(derivatives)::double as derivatives
from root_derivatives_months
where min_downloads = $min_downloads and ($models = 'all' or task_class = $models)
    and ($of::varchar[] is null or list_contains($of::varchar[], root_{by}))
group by month, root_{by}
order by month, derivatives desc, {by}
"""
_ROOT_DERIVATIVES_BY_NAME = f"""
with chosen as ({CHOSEN})
select months.month, chosen.repo_id, sum(months.derivatives)::double as derivatives
from root_derivatives_months as months
join chosen on chosen.hub_id = months.root_id
where months.min_downloads = $min_downloads and ($models = 'all' or months.task_class = $models)
group by months.month, chosen.repo_id
order by months.month, derivatives desc, chosen.repo_id
"""
ROOT_DERIVATIVES = {
    "family": _ROOT_DERIVATIVES_BY_GROUP.format(by="family"),
    "generation": _ROOT_DERIVATIVES_BY_GROUP.format(by="generation"),
    "repo_id": _ROOT_DERIVATIVES_BY_NAME,
}
"""Grouping of new derivatives by root -> query."""

# `root_days` has no rows for a root without descendants; its credit is its own downloads.
_CREDITED = """
alone as (
    select chosen.hub_id, chosen.repo_id
    from chosen
    join lineage on lineage.hub_id = chosen.hub_id and lineage.root_id = chosen.hub_id
    where chosen.hub_id not in (select root_id from root_days where root_id in (select hub_id from chosen))
),
counted as (
    select credited.day, chosen.repo_id, credited.downloads as value
    from root_days as credited
    join chosen on chosen.hub_id = credited.root_id
    union all
    select own.day, alone.repo_id, own.downloads::double
    from model_flows as own
    join alone using (hub_id)
)
"""


def root_downloads(metric: str) -> str:
    """Build the query for the downloads credited to the roots named `$of`."""
    return repository_days(metric, _CREDITED)
