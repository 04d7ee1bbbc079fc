"""The page of organisations: the accounts of the registry, with their country, lab, role and evidence."""

import polars as pl

from dashboards.data.cache import cached
from dashboards.data.warehouse import Store, rows

ALL = "all"
"""The option of all countries."""

_ORGANISATIONS = """
with counted as (
    select
        models.author, models.publisher_origin, count(*) as models, sum(counts.downloads_30d)::bigint as downloads_30d
    from models
    left join latest_counts as counts using (hub_id)
    where models.is_listed and models.publisher_role != 'unknown'
    group by models.author, models.publisher_origin
)
select
    organizations.handle as author, organizations.origin, labs.name as lab, organizations.role, organizations.since,
    organizations.until, organizations.successor,
    organizations.is_contested or coalesce(labs.is_contested, false) as is_contested,
    coalesce(organizations.other_origin, labs.other_origin) as other_origin, organizations.evidence, organizations.note,
    counted.models, counted.downloads_30d
from organizations
left join labs using (lab)
left join counted on counted.author = organizations.handle and counted.publisher_origin = organizations.origin
where ($origin = 'all' or organizations.origin = $origin)
    and (
        contains(lower(organizations.handle), lower($search))
        or contains(lower(coalesce(labs.name, '')), lower($search))
    )
order by counted.downloads_30d desc nulls last, lower(organizations.handle), organizations.handle
"""


@cached(20)
def countries(store: Store) -> dict[str, int]:
    """Country -> its number of organisations, the most first."""
    sql = "select origin, count(*) as n from organizations group by origin order by n desc, origin"
    return dict(rows(store, sql).iter_rows())


@cached(200)
def organisations(store: Store, origin: str, search: str) -> pl.DataFrame:
    """The organisations of a country (or ALL) whose account or lab contains `search`, most 30-day downloads first."""
    return rows(store, _ORGANISATIONS, {"origin": origin, "search": search})
