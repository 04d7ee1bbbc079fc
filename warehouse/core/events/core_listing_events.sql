-- Data issues of listings: incomplete listings, and days without a crawl.
-- grain: kind, day, detail
select
    'partial listing' as kind,
    crawls.day,
    crawls.crawl || ': ' || coalesce(crawls.incomplete_because, 'fewer than half the rows of the previous listing')
        as detail,
    'its readings start or end no interval and count in no sum' as handling
from stg_crawls as crawls
left join core_usable_crawls as used using (crawl)
where used.crawl is null
union all
select
    'missing days',
    day,
    case
        when day = previous_day + 2 then 'nothing was read on ' || (day - 1)::varchar
        else 'nothing was read from ' || (previous_day + 1)::varchar || ' to ' || (day - 1)::varchar
    end,
    'downloads are spread evenly from ' || (previous_day + 1)::varchar || ' to ' || day::varchar
from core_snapshots
where day > previous_day + 1 and source = 'crawl'
