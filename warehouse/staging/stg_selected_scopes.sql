-- The scope whose attributes and links of a repository are used on a day, where several crawls have them.
-- grain: hub_id, day
-- A home reads a repository once a day, whatever the scopes. Several crawls describe it only if homes exchanged days.
-- Our own crawls come before imports, then the alphabet decides.
select
    hub_id,
    day,
    min_by(scope, case when source = 'crawl' then '0' else '1' end || scope) as selected_scope
from lake_models
where day in (select day from stg_multiple_crawl_days)
group by hub_id, day
having count(*) > 1
