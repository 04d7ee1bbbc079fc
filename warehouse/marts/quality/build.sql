-- This warehouse: when and by which versions it was built, its last whole day, and whether the data are simulated.
-- grain: built_at
select
    runs.built_at,
    runs.program_version,
    runs.registry_version,
    runs.sql_version,
    coalesce((select max(day) from series_days where is_whole), max(crawls.day)) as last_day,
    coalesce(bool_or(crawls.is_simulated), false) as is_simulated
from run_build as runs
left join stg_crawls as crawls on true
group by runs.built_at, runs.program_version, runs.registry_version, runs.sql_version
