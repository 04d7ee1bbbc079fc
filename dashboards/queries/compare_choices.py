"""Options of the compare page: origins, labs, families, generations and models, their defaults and releases."""

from datetime import date, timedelta

import polars as pl

from dashboards.data.cache import cached
from dashboards.data.vocabulary import UNAFFILIATED
from dashboards.data.warehouse import Store, rows
from dashboards.queries.shared import last_whole_day, origin_names, tracker
from dashboards.text.comparison import MOST
from dashboards.text.terms import origin_name

BY = {"origins": "origin", "labs": "lab", "families": "family", "generations": "generation"}
"""What is compared -> what the Python API groups by."""

_MATCHES = """
select models.repo_id
from models
left join latest_counts using (hub_id)
where contains(lower(models.repo_id), lower($search))
order by latest_counts.downloads_30d desc nulls last, models.repo_id
limit 100
"""

_FOLLOWED = """
select models.repo_id
from models
join latest_counts using (hub_id)
where models.released_on between $first and $last and models.is_listed
group by models.repo_id
order by bool_or(models.layer = 'release') desc, max(latest_counts.downloads_30d) desc nulls last, models.repo_id
limit $most
"""

_LEAST_DAYS = 14
"""Minimum age of a release that is suggested."""

_ORIGINS_OF = {
    "labs": "select lab, origin from labs where list_contains($codes::varchar[], lab)",
    "families": """
        select family, origin from families join labs using (lab) where list_contains($codes::varchar[], family)
    """,
    "generations": """
        select generation, any_value(origin) from generations join labs using (lab)
        where list_contains($codes::varchar[], generation)
        group by generation
    """,
    "models": """
        select repo_id, any_value(publisher_origin) from models where list_contains($codes::varchar[], repo_id)
        group by repo_id
    """,
}
"""What is compared -> the origin of each."""

_BUILT = """
select models.repo_id
from models
join lineage using (hub_id)
where list_contains($codes::varchar[], models.repo_id)
group by models.repo_id
having not bool_or(lineage.root_id is not distinct from models.hub_id)
order by models.repo_id
"""


@cached(20)
def choices(store: Store, kind: str) -> dict[str, str]:
    """Code -> name of all origins, labs, families or generations, by name."""
    if kind == "origins":
        names = origin_names(store)
        found = {code: origin_name(code, names) for code in (*names, UNAFFILIATED)}
        return dict(sorted(found.items(), key=lambda item: item[1].lower()))
    sql = {
        "labs": "select lab, name from labs order by lower(name), lab",
        "families": "select family, name from families order by lower(name), family",
        "generations": "select generation, generation from generations order by lower(generation)",
    }[kind]
    return dict(rows(store, sql).iter_rows())


def names(store: Store, kind: str, codes: tuple[str, ...]) -> dict[str, str]:
    """Code -> name of the selected lines; the code of a repository is its name."""
    return {name: name for name in codes} if kind == "models" else choices(store, kind)


@cached(20)
def largest(store: Store, kind: str, most: int) -> tuple[str, ...]:
    """The `most` of a kind with most 30-day downloads on the last whole day, counted by publisher, all layers."""
    return matches(store, "")[:most] if kind == "models" else _ranked(store, kind)[:most]


@cached(20)
def recent_releases(store: Store, kind: str, most: int) -> tuple[str, ...]:
    """The largest of a kind that were released since readings began and at least two weeks ago.

    Models released by a lab come first.
    """
    if kind == "origins":
        return ()
    first, last = first_reading(store), last_whole_day(store) - timedelta(days=_LEAST_DAYS)
    if kind == "models":
        return tuple(rows(store, _FOLLOWED, {"first": first, "last": last, "most": most})["repo_id"])
    by = BY[kind]
    born = tracker(store).first_releases(by).filter(pl.col("released_on").is_between(first, last))
    return tuple(code for code in _ranked(store, kind) if code in set(born[by]))[:most]


@cached(20)
def first_reading(store: Store) -> date:
    """The first day on which counters were read; flows of the days before it are estimated from 30-day counts."""
    first = rows(store, "select min(day) as day from origin_days where downloads_30d is not null")["day"][0]
    return first if isinstance(first, date) else last_whole_day(store)


@cached(20)
def _ranked(store: Store, kind: str) -> tuple[str, ...]:
    by, day = BY[kind], last_whole_day(store)
    found = tracker(store).adoption(by=by, metric="downloads_30d", since=day, until=day)
    known = choices(store, kind)
    return tuple(code for code in found[by] if code in known)


@cached(200)
def matches(store: Store, search: str) -> tuple[str, ...]:
    """Names of repositories that contain `search`, at most a hundred, most 30-day downloads first."""
    return tuple(rows(store, _MATCHES, {"search": search})["repo_id"].unique(maintain_order=True))


@cached(200)
def non_roots(store: Store, names: tuple[str, ...]) -> tuple[str, ...]:
    """The names of repositories that are built on others."""
    return tuple(rows(store, _BUILT, {"codes": list(names)})["repo_id"])


@cached(200)
def releases(store: Store, kind: str, codes: tuple[str, ...]) -> dict[str, date]:
    """Code -> day of release; of labs, families and generations that of their first model."""
    if kind == "models":
        sql = """
            select repo_id, min(released_on) from models
            where list_contains($codes::varchar[], repo_id) and released_on is not null
            group by repo_id order by repo_id
        """
        return dict(rows(store, sql, {"codes": list(codes)}).iter_rows())
    by = BY[kind]
    found = tracker(store).first_releases(by).filter(pl.col(by).is_in(codes) & pl.col("released_on").is_not_null())
    return dict(found.iter_rows())


@cached(200)
def origins(store: Store, kind: str, codes: tuple[str, ...]) -> dict[str, str | None]:
    """Code -> origin of labs, families, generations or models: that of their lab or publisher."""
    return dict(rows(store, _ORIGINS_OF[kind], {"codes": list(codes)}).iter_rows())


@cached(20)
def chosen_families(store: Store) -> tuple[str, ...]:
    """The families that the registry marks to be compared, in its order; those with most downloads if it marks none."""
    sql = "select family from families where compare_place is not null order by compare_place, family limit $most"
    return tuple(rows(store, sql, {"most": MOST})["family"]) or largest(store, "families", MOST)


@cached(20)
def labs_of(store: Store, origin: str) -> tuple[str, ...]:
    """The labs of a country with most 30-day downloads, at most as many as a chart has lines."""
    own = set(rows(store, "select lab from labs where origin = $origin", {"origin": origin})["lab"])
    return tuple(lab for lab in _ranked(store, "labs") if lab in own)[:MOST]
