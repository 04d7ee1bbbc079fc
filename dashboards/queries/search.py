"""Labs, families, models and accounts by name, for the search box of every page."""

from typing import NamedTuple

from dashboards.data.cache import cached
from dashboards.data.warehouse import Store, rows
from dashboards.queries.shared import last_whole_day

MOST_MODELS, MOST_ACCOUNTS = 500, 100
"""Models and accounts that the search box lists; others are found by what is typed."""

_NAMES = """
with found as (
    select 'lab' as kind, lab as code, name, 0 as place, null::bigint as downloads
    from labs
    where lab in (select publisher_lab from models)
    union all
    select 'family', family, name, 1, null
    from families
    where family in (select family from models)
    union all
    select 'model', models.repo_id, models.repo_id, 3, days.downloads_30d
    from models
    left join model_days as days on days.hub_id = models.hub_id and days.day = $day
    where models.is_listed
    union all
    select 'account', models.author, models.author, 2, sum(days.downloads_30d)::bigint
    from models
    left join model_days as days on days.hub_id = models.hub_id and days.day = $day
    where models.is_listed
    group by models.author
)
select kind, code, name
from found
"""

_LISTED = f"""
{_NAMES}
qualify kind in ('lab', 'family') or row_number() over (
    partition by kind order by downloads desc nulls last, code
) <= case kind when 'model' then $models else $accounts end
order by place, downloads desc nulls last, lower(name), code
"""

_MATCHES = f"""
{_NAMES}
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
    values = {"models": MOST_MODELS, "accounts": MOST_ACCOUNTS, "day": last_whole_day(store)}
    return tuple(Match(*row) for row in rows(store, _LISTED, values).iter_rows())


@cached(200)
def best_match(store: Store, text: str) -> Match | None:
    """The lab, family, model or account whose name contains `text`: the same name first, then the most downloaded."""
    found = rows(store, _MATCHES, {"text": text.strip(), "day": last_whole_day(store)})
    return None if found.is_empty() else Match(*found.row(0))
