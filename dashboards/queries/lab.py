"""The page of a lab: its facts, releases, families, accounts, shares and derivatives."""

from typing import Any

import polars as pl

from dashboards.data.cache import cached
from dashboards.data.definition import Definition
from dashboards.data.warehouse import Store, rows
from dashboards.queries.shared import IS_COUNTED, tracker

_LABS = f"""
select
    labs.lab, labs.name, labs.origin, labs.is_contested, labs.other_origin, labs.evidence,
    count(models.hub_id) as models, sum(counts.downloads_30d)::bigint as downloads_30d
from labs
left join (
    select hub_id, publisher_lab from models where is_listed and {IS_COUNTED}
) as models on models.publisher_lab = labs.lab
left join latest_counts as counts using (hub_id)
group by all
order by downloads_30d desc nulls last, labs.lab
"""
_RELEASES = f"""
select
    models.repo_id, models.released_on, counts.downloads_30d, counts.downloads_all_time, counts.likes,
    models.params_total, models.license, coalesce(families.name, models.family) as family,
    count(*) over () as releases
from models
left join latest_counts as counts using (hub_id)
left join families using (family)
where models.publisher_lab = $lab and models.is_listed and models.counted_layer = 'release' and {IS_COUNTED}
order by models.released_on desc nulls last, counts.downloads_30d desc nulls last, models.repo_id
limit $most
"""
_FAMILIES = f"""
select
    families.name as family, sum(members.credited_30d)::double as credited_30d,
    sum(case when members.is_by_maker then members.credited_30d end)::double as own_30d,
    count(members.hub_id) as models
from families
left join (select * from family_members where {IS_COUNTED}) as members using (family)
where families.lab = $lab
group by families.family, families.name
order by credited_30d desc nulls last, families.name
"""
_ACCOUNTS = """
select
    organizations.handle as author, organizations.role, organizations.origin, organizations.since, organizations.until,
    organizations.successor, organizations.is_contested, organizations.other_origin, organizations.evidence,
    organizations.note, count(models.hub_id) as models
from organizations
left join models on models.author = organizations.handle and models.publisher_lab = $lab and models.is_listed
where organizations.lab = $lab
group by all
order by models desc, author
"""
_DERIVATIVES = """
select months.month, months.relation, sum(months.derivatives) as derivatives
from derivatives_months as months
join families on families.family = months.root_family
where families.lab = $lab and months.min_downloads = $least and ($models = 'all' or months.task_class = $models)
    and months.month > date '2022-03-01'
group by months.month, months.relation
order by months.month, months.relation
"""


@cached(20)
def labs(store: Store, models: str) -> dict[str, dict[str, Any]]:
    """Lab -> its facts in the registry, models and 30-day downloads; the most downloaded first."""
    return {row["lab"]: row for row in rows(store, _LABS, {"models": models}).iter_rows(named=True)}


@cached(200)
def releases(store: Store, lab: str, models: str, most: int) -> pl.DataFrame:
    """The lab's own listed models, the newest first; the column `releases` has their number."""
    return rows(store, _RELEASES, {"lab": lab, "models": models, "most": most})


@cached(200)
def families(store: Store, lab: str, models: str) -> pl.DataFrame:
    """The lab's families with 30-day downloads: credited to them, and of the lab's own repositories."""
    return rows(store, _FAMILIES, {"lab": lab, "models": models})


@cached(200)
def accounts(store: Store, lab: str) -> pl.DataFrame:
    """The accounts of the lab in the registry, with why each counts."""
    return rows(store, _ACCOUNTS, {"lab": lab})


@cached(200)
def derivatives(store: Store, lab: str, models: str, least: int) -> pl.DataFrame:
    """New derivatives of the lab's families by month and relation: month, relation, derivatives (weighted)."""
    return rows(store, _DERIVATIVES, {"lab": lab, "models": models, "least": least})


@cached(200)
def days(store: Store, definition: Definition, lab: str, metric: str) -> pl.DataFrame:
    """A metric of the lab by day under both attributions: day, code (the lens), value, share."""
    found = [_days(store, definition, lab, metric, lens) for lens in ("publisher", "root")]
    return pl.concat(found).sort("day", "code")


def _days(store: Store, definition: Definition, lab: str, metric: str, lens: str) -> pl.DataFrame:
    switches = {**definition.switches, "lens": lens}
    found = tracker(store).adoption(by="lab", metric=metric, of=lab, **switches)
    return found.select("day", pl.lit(lens).alias("code"), value=pl.col(metric).cast(pl.Float64), share="share")
