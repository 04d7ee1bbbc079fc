"""Labs, families and models by name, for the search box of every page."""

from typing import NamedTuple

from dashboards.data.cache import cached
from dashboards.data.warehouse import Store, rows
from dashboards.queries.shared import last_whole_day

MOST_MODELS = 500
"""Models that the search box lists; others are found by what is typed."""

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
    select 'model', models.repo_id, models.repo_id, 2, days.downloads_30d
    from models
    left join model_days as days on days.hub_id = models.hub_id and days.day = $day
    where models.is_listed
)
select kind, code, name
from found
"""

_LISTED = f"""
{_NAMES}
where kind != 'model' or downloads >= (
    select min(downloads) from (select downloads from found where kind = 'model' order by downloads desc limit $most)
)
order by place, downloads desc nulls last, lower(name), code
"""

_MATCHES = f"""
{_NAMES}
where contains(lower(name), lower($text)) or contains(lower(code), lower($text))
order by lower(name) != lower($text), place, downloads desc nulls last, lower(name), code
limit 1
"""


class Match(NamedTuple):
    """A lab, family or model."""

    kind: str
    """lab, family or model."""

    code: str
    name: str


@cached(20)
def listed(store: Store) -> tuple[Match, ...]:
    """All labs and families with models, and the most downloaded models."""
    return tuple(
        Match(*row) for row in rows(store, _LISTED, {"most": MOST_MODELS, "day": last_whole_day(store)}).iter_rows()
    )


@cached(200)
def best_match(store: Store, text: str) -> Match | None:
    """The lab, family or model whose name contains `text`: the same name first, then the most downloaded."""
    found = rows(store, _MATCHES, {"text": text.strip(), "day": last_whole_day(store)})
    return None if found.is_empty() else Match(*found.row(0))
