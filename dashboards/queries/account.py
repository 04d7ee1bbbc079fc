"""The page of an account: where it counts, what it publishes, what that is built on, and its share over time."""

from typing import Any

import polars as pl

from dashboards.data.cache import cached
from dashboards.data.warehouse import Store, rows
from dashboards.queries.shared import IS_COUNTED

_NAME = """
select author
from (select author from models union select handle from organizations) as accounts
where lower(author) = lower($name)
order by author = $name desc, author
limit 1
"""
_FACTS = f"""
with published as (
    select count(*) as models, sum(counts.downloads_30d)::bigint as downloads_30d
    from models
    left join latest_counts as counts using (hub_id)
    where models.author = $account and models.is_listed and {IS_COUNTED}
)
select
    organizations.handle is not null as is_registered, coalesce(organizations.origin, 'unaffiliated') as origin,
    organizations.role, labs.name as lab, published.models, published.downloads_30d
from published
left join organizations on organizations.handle = $account
left join labs on labs.lab = organizations.lab
"""
_PARTS = f"""
select
    models.counted_layer as layer, formats.format, count(*) as models,
    sum(counts.downloads_30d)::double as downloads_30d
from models
join model_formats as formats using (hub_id)
left join latest_counts as counts using (hub_id)
where models.author = $account and models.is_listed and {IS_COUNTED}
group by all
"""
_MODELS = f"""
select
    models.repo_id, models.counted_layer as layer, formats.format, models.released_on, counts.downloads_30d,
    counts.downloads_all_time, counts.likes, coalesce(families.name, models.family) as family, models.params_total,
    count(*) over () as models
from models
join model_formats as formats using (hub_id)
left join latest_counts as counts using (hub_id)
left join families using (family)
where models.author = $account and models.is_listed and {IS_COUNTED}
order by counts.downloads_30d desc nulls last, models.repo_id
limit $most
"""
_BASES = f"""
with built as (
    select
        coalesce(families.name, lineage.root_family) as family, labs.name as lab, lineage.root_origin as origin,
        lineage.weight, counts.downloads_30d * lineage.weight as downloads
    from models
    join lineage using (hub_id)
    left join latest_counts as counts using (hub_id)
    left join families on families.family = lineage.root_family
    left join labs on labs.lab = lineage.root_lab
    where models.author = $account and models.is_listed and lineage.depth > 0 and {IS_COUNTED}
)
select
    family, lab, origin, sum(weight)::double as models, sum(downloads)::double as credited_30d,
    sum(downloads) / nullif(sum(sum(downloads)) over (), 0) as share
from built
group by family, lab, origin
order by credited_30d desc nulls last, family, lab, origin
"""
_DAYS = f"""
with totals as (
    select day, sum(downloads_30d) as total
    from origin_days
    where lens = 'publisher' and {IS_COUNTED} and downloads_30d is not null
    group by day
),
own as (
    select days.day, sum(days.downloads_30d)::double as value
    from model_days as days
    join models using (hub_id)
    where models.author = $account and {IS_COUNTED}
    group by days.day
)
select totals.day, $account as code, own.value, own.value / nullif(totals.total, 0) as share
from totals
join own using (day)
where own.value is not null
order by totals.day
"""
_ORGANISATION = """
select
    organizations.handle as author, organizations.origin, labs.name as lab, organizations.role, organizations.since,
    organizations.until, organizations.successor,
    organizations.is_contested or coalesce(labs.is_contested, false) as is_contested,
    coalesce(organizations.other_origin, labs.other_origin) as other_origin, organizations.evidence, organizations.note,
    (select count(*) from models where author = $account and is_listed) as models
from organizations
left join labs using (lab)
where organizations.handle = $account
"""


@cached(200)
def account(store: Store, name: str) -> str | None:
    """The account of a name, in any case, that has models or is in the registry."""
    found = rows(store, _NAME, {"name": name})
    return None if found.is_empty() else str(found["author"][0])


@cached(200)
def facts(store: Store, account: str, models: str) -> dict[str, Any]:
    """Whether it is registered, its country, role and lab, the models it lists and their 30-day downloads."""
    return rows(store, _FACTS, {"account": account, "models": models}).row(0, named=True)


@cached(200)
def parts(store: Store, account: str, models: str) -> pl.DataFrame:
    """What it publishes, by layer and format: models and downloads_30d."""
    return rows(store, _PARTS, {"account": account, "models": models})


@cached(200)
def top_models(store: Store, account: str, models: str, most: int) -> pl.DataFrame:
    """Its most downloaded models; the column `models` has the number of all."""
    return rows(store, _MODELS, {"account": account, "models": models, "most": most})


@cached(200)
def bases(store: Store, account: str, models: str) -> pl.DataFrame:
    """The families that its models are built on, by weight: models, credited_30d, share of all that it builds."""
    return rows(store, _BASES, {"account": account, "models": models})


@cached(200)
def days(store: Store, account: str, models: str) -> pl.DataFrame:
    """Its 30-day downloads by day, and their share of those of all models read that day: day, code, value, share."""
    return rows(store, _DAYS, {"account": account, "models": models})


@cached(200)
def organisation(store: Store, account: str) -> pl.DataFrame:
    """The account in the registry, with why it counts where it does; empty if it is not registered."""
    return rows(store, _ORGANISATION, {"account": account})
