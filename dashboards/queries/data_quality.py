"""The data quality page: coverage, crawls, data issues, accuracy of estimates, checks."""

import polars as pl

from dashboards.data.cache import cached
from dashboards.data.warehouse import Store, rows

_COVERAGE = """
with set_aside as (
    select day, string_agg(kind, ', ' order by kind) as kinds
    from quality_events
    where hub_id is null and kind in ('rollback', 'stall')
    group by day
)
select
    c.day,
    case when c.state = 'complete' and s.kinds is not null then 'aside' else c.state end as state,
    c.models, c.refused, c.incomplete_because, s.kinds
from coverage_days as c
left join set_aside as s using (day)
where c.scope = $scope
order by c.day
"""

_CRAWLS = """
select
    day, case when is_recorded then 'recorded' else scope end as scope,
    source, is_complete, incomplete_because, requests, seconds, models, rows_read, duplicates, refused,
    refused_because, new_models, changed_models, program_version
from crawls
order by day desc, crawls.scope
limit $most
"""

_EVENTS = """
with latest as (
    select kind, day, hub_id, detail, handling
    from quality_events
    where len($kinds::varchar[]) = 0 or list_contains($kinds::varchar[], kind)
    order by day desc, kind, hub_id, detail
    limit $most
)
select latest.day, latest.kind, models.repo_id, latest.detail, latest.handling
from latest
left join models using (hub_id)
order by latest.day desc, latest.kind, latest.hub_id, latest.detail
"""

_LINEAGE = """
select day, 'known' as code, if($of = 'models', models_known_share, downloads_known_share) as share
from lineage_coverage_days
union all
select day, 'held', if($of = 'models', models_held_share, downloads_held_share) from lineage_coverage_days
union all
select day, 'country', if($of = 'models', models_country_share, downloads_country_share) from lineage_coverage_days
order by day, code
"""

_DECLARED = """
select
    (coalesce(sum(counts.downloads_30d * lineage.weight) filter (lineage.depth > 0), 0)
        / nullif(sum(counts.downloads_30d * lineage.weight), 0))::double as downloads,
    (coalesce(sum(lineage.weight) filter (lineage.depth > 0), 0) / nullif(sum(lineage.weight), 0))::double as models
from latest_counts as counts
join lineage using (hub_id)
"""


@cached(20)
def scopes(store: Store) -> dict[str, str]:
    """The scopes that were crawled, the widest first -> the key of their name: `recorded` for recorded listings."""
    sql = """
        select
            coverage.scope,
            case when bool_and(crawls.is_recorded) then 'recorded' else coverage.scope end as name
        from coverage_days as coverage
        left join crawls using (day, scope)
        group by coverage.scope
        order by max(coverage.models) desc nulls last, coverage.scope
    """
    return dict(rows(store, sql).iter_rows())


@cached(20)
def coverage_days(store: Store, scope: str) -> pl.DataFrame:
    """Every day of a scope: day, state, models, refused, incomplete_because, kinds.

    state is complete, aside (complete, but with rolled back or stalled counters: `kinds`), partial or missing.
    """
    return rows(store, _COVERAGE, {"scope": scope})


@cached(20)
def crawls(store: Store, most: int) -> pl.DataFrame:
    """The last crawls with their requests, rows and refused rows."""
    return rows(store, _CRAWLS, {"most": most})


@cached(20)
def crawls_count(store: Store) -> int:
    """The number of crawls."""
    return int(rows(store, "select count(*) as crawls from crawls")["crawls"][0])


@cached(20)
def event_kinds(store: Store) -> dict[str, int]:
    """Kind of event -> number of events, the most frequent first."""
    sql = "select kind, count(*) as events from quality_events group by kind order by events desc, kind"
    return dict(rows(store, sql).iter_rows())


@cached(20)
def event_weeks(store: Store) -> pl.DataFrame:
    """Events by the Monday of their week, and kind."""
    sql = """
        with days as (
            select day, kind, count(*) as events
            from quality_events
            group by day, kind
        )
        select date_trunc('week', day)::date as week, kind, sum(events)::bigint as events
        from days
        group by all
        order by all
    """
    return rows(store, sql)


@cached(100)
def events(store: Store, kinds: tuple[str, ...], most: int) -> pl.DataFrame:
    """The last events of some kinds (all if empty), with the name of their repository if they have one."""
    return rows(store, _EVENTS, {"kinds": list(kinds), "most": most})


@cached(20)
def identity_deviations(store: Store) -> pl.DataFrame:
    """Deviation of estimates from 30-day counts, by day."""
    return rows(store, "select * from identity_deviations order by day")


@cached(20)
def lineage_coverage(store: Store, of: str) -> pl.DataFrame:
    """day, code (known, held, country), share of the `of` (downloads or models) of that day."""
    return rows(store, _LINEAGE, {"of": of})


@cached(20)
def roots_declared(store: Store) -> tuple[float, float] | None:
    """Shares of 30-day downloads and of repositories, by the last counters, that have a root by a declared link."""
    downloads, models = rows(store, _DECLARED).row(0)
    return None if downloads is None else (downloads, models)


@cached(20)
def findings(store: Store) -> pl.DataFrame:
    """The checks of this build that found rows, those that fail first."""
    sql = "select severity, claim, rows, example, check_name from check_findings order by severity, check_name"
    return rows(store, sql)
