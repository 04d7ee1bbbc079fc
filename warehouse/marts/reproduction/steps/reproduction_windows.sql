-- The time for which we can compute a published figure, or why we cannot.
-- grain: figure
-- For readings: the last whole listing in the published time; for flows: exactly the published time, within one segment.
-- Otherwise the last reading, or the last days of the same number in one segment, if they are later. Flows reach back 29
-- days before the first reading, by 30-day counters. Months count the new repositories of the panel read last. Recorded
-- listings are a selection and not a listing of the whole Hub, so they are excluded.
with listings as (
    select needs.needs, crawls.day, segments.segment, segments.first_flow_day, segments.last_flow_day
    from (select distinct needs from core_reproduction_measures where needs != 'list') as needs
    join core_usable_crawls as crawls
        on crawls.scope = 'hub' or (needs.needs = 'account' and crawls.scope in ('labs', 'families'))
    join core_usable_days as days on days.day = crawls.day and not days.is_rolled_back
    join series_days as series on series.day = crawls.day and (series.is_whole or needs.needs = 'account')
    join stg_crawls as manifests on manifests.crawl = crawls.crawl and not manifests.is_recorded
    left join segments
        on segments.task_class = 'all' and crawls.day between segments.first_day and segments.last_day
),
spans as (
    select
        needs,
        min(day) as first_reading,
        max(day) as last_reading,
        (select max_by(width, segment) from segments where task_class = 'all') = 3 as is_of_hub
    from listings
    group by needs
),
stretches as (
    select
        needs,
        greatest(min(day) - 29, min(first_flow_day), (select min(day) from booked_days)) as first_flow,
        least(max(day), max(last_flow_day), (select max(day) from booked_days)) as last_flow
    from listings
    where first_flow_day is not null
    group by needs, segment
),
figures as (
    select published.figure, published.since, published.until, published.not_computable, measures.needs, measures.runs_over,
        date_diff('day', published.since, published.until)::integer as length
    from registry_published as published
    left join core_reproduction_measures as measures using (measure)
),
readings as (
    select figures.figure, max(listings.day) as day
    from figures
    join listings on listings.needs = figures.needs and listings.day between figures.since and figures.until
    group by figures.figure
),
flows as (
    select
        figures.figure,
        min(first_flow) <= since and max(last_flow) >= until as is_covered,
        max(last_flow) - length >= min(first_flow) and max(last_flow) > until as is_long,
        max(case when first_flow <= since and last_flow >= until then since end) as same_since,
        max(case when last_flow > until and last_flow - length >= first_flow then last_flow - length end) as later_since
    from figures
    join stretches using (needs)
    group by figures.figure, since, until, length
),
windows as (
    select
        figures.*, spans.first_reading, spans.last_reading,
        case runs_over
            when 'reading' then coalesce(readings.day, case when last_reading > until then last_reading end)
            when 'month' then case when last_reading >= until and is_of_hub then since end
            when 'flow' then coalesce(same_since, later_since)
        end as our_since,
        case runs_over
            when 'month' then last_reading >= until and not is_of_hub
            when 'flow' then same_since is null and (is_covered or (later_since is null and is_long))
        end as is_broken
    from figures
    left join spans using (needs)
    left join readings using (figure)
    left join flows using (figure)
)
select
    figure,
    our_since,
    case runs_over when 'reading' then our_since else our_since + length end as our_until,
    needs,
    runs_over,
    first_reading,
    last_reading,
    not_computable,
    coalesce(is_broken, false) as is_broken
from windows
