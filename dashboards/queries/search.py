"""Labs, families, models and accounts by name, for the search box of every page."""

from typing import NamedTuple

from dashboards.data.cache import cached
from dashboards.data.warehouse import Store, rows

MOST_MODELS, MOST_ACCOUNTS = 500, 100
"""Models and accounts that the search box lists; others are found by what is typed."""

_GROUPS = """
    select 'lab' as kind, lab as code, name, 0 as place, null::bigint as downloads
    from labs
    where lab in (select publisher_lab from models)
    union all
    select 'family', family, name, 1, null
    from families
    where family in (select family from models)
"""

_LISTED = f"""
with accounts as (
    select author, sum(downloads_30d)::bigint as downloads
    from ranking_counts
    group by author
    having count(downloads_30d) > 0
    order by downloads desc, author
    limit $accounts
),
largest as (
    select repo_id, downloads_30d
    from ranking_counts
    where downloads_30d is not null
    order by downloads_30d desc, repo_id
    limit $models
),
found as (
    {_GROUPS}
    union all
    select 'account', author, author, 2, downloads
    from accounts
    union all
    select 'model', repo_id, repo_id, 3, downloads_30d
    from largest
)
select kind, code, name
from found
order by place, downloads desc nulls last, lower(name), code
"""

_MATCHES = f"""
with matching as (
    select models.repo_id, models.author, counts.downloads_30d
    from models
    left join latest_counts as counts using (hub_id)
    where models.is_listed and contains(lower(models.repo_id), lower($text))
),
found as (
    {_GROUPS}
    union all
    select 'account', author, author, 2, sum(downloads_30d)::bigint
    from matching
    group by author
    union all
    select 'model', repo_id, repo_id, 3, downloads_30d
    from matching
)
select kind, code, name
from found
where contains(lower(name), lower($text)) or contains(lower(code), lower($text))
order by lower(name) != lower($text), kind = 'account', place, downloads desc nulls last, lower(name), code
limit 1
"""


class Match(NamedTuple):
    """A lab, family, model or account."""

    kind: str
    """lab, family, model or account."""

    code: str
    name: str


@cached(20)
def listed(store: Store) -> tuple[Match, ...]:
    """All labs and families with models, and the most downloaded models and accounts."""
    found = rows(store, _LISTED, {"models": MOST_MODELS, "accounts": MOST_ACCOUNTS})
    return tuple(Match(*row) for row in found.iter_rows())


@cached(200)
def best_match(store: Store, text: str) -> Match | None:
    """The lab, family, model or account whose name contains `text`: the same name first, then the most downloaded."""
    found = rows(store, _MATCHES, {"text": text.strip()})
    return None if found.is_empty() else Match(*found.row(0))
