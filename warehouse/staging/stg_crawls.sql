-- A landed crawl or import, as recorded in its manifest.
-- grain: crawl
select
    crawl,
    day,
    scope,
    source,
    endpoint,
    started_at,
    ended_at,
    seconds,
    requests,
    pages,
    rows_read,
    models,
    duplicates,
    refused,
    refused_because,
    new_models,
    changed_models,
    is_complete,
    incomplete_because,
    is_simulated,
    not is_simulated and coalesce(endpoint, '') like 'http://127.0.0.1%' as is_recorded,
    program_version,
    registry_version,
    manifest_sha256
from lake_crawls
