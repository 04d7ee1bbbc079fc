-- The crawl or import whose attributes and links of a repository hold on a day of which several tell them.
-- grain: hub_id, day
-- A home crawls a repository once a day, whatever the scopes; several tell of it where homes have exchanged their days.
select
    hub_id,
    day,
    min_by(scope, case when source = 'crawl' then '0' else '1' end || scope) as selected_scope
from lake_models
where day in (select day from stg_multiple_crawl_days)
group by hub_id, day
having count(*) > 1
