-- The time for which we can compute a published figure, or why we cannot.
-- grain: figure
-- For readings: the last whole listing in the published time; for flows: exactly the published time, within one segment.
-- Otherwise the last reading, or the last days of the same number in one segment, if they are later. Flows reach back 29
-- days before the first reading, by 30-day counters. Months count the new repositories of the panel read last. Recorded
-- listings are a selection and not a listing of the whole Hub, so they are excluded.
with listings as (
    select
        needs.needs,
        crawls.day,
        segments.segment,
        segments.first_flow_day,
        segments.last_flow_day
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
    select needs, min(day) as first_reading, max(day) as last_reading
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
    select
        published.figure, published.since, published.until, published.not_computable,
        (published.until - published.since)::integer as length,
        measures.needs, measures.runs_over
    from registry_published as published
    left join core_reproduction_measures as measures using (measure)
),
found as (
    select figures.figure, max(listings.day) as reading
    from figures
    join listings on listings.needs = figures.needs and listings.day between figures.since and figures.until
    group by figures.figure
),
flows as (
    select
        figures.figure,
        min(stretches.first_flow) <= figures.since and max(stretches.last_flow) >= figures.until as is_covered,
        max(stretches.last_flow) - figures.length >= min(stretches.first_flow)
            and max(stretches.last_flow) > figures.until as is_long,
        max(case when stretches.first_flow <= figures.since and stretches.last_flow >= figures.until then figures.since end)
            as same_since,
        max(case
            when stretches.last_flow > figures.until and stretches.last_flow - figures.length >= stretches.first_flow
                then stretches.last_flow - figures.length
        end) as later_since
    from figures
    join stretches using (needs)
    group by figures.figure, figures.since, figures.until, figures.length
),
panels as (
    select max_by(width, segment) as width
    from segments
    where task_class = 'all'
),
windows as (
    select
        figures.*,
        spans.first_reading,
        spans.last_reading,
        case figures.runs_over
            when 'reading'
                then coalesce(found.reading, case when spans.last_reading > figures.until then spans.last_reading end)
            when 'month'
                then case when spans.last_reading >= figures.until and panels.width = 3 then figures.since end
            when 'flow' then coalesce(flows.same_since, flows.later_since)
        end as our_since,
        case figures.runs_over
            when 'month' then spans.last_reading >= figures.until and panels.width < 3
            when 'flow'
                then flows.same_since is null and (flows.is_covered or (flows.later_since is null and flows.is_long))
        end as is_broken
    from figures
    cross join panels
    left join spans using (needs)
    left join found using (figure)
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
