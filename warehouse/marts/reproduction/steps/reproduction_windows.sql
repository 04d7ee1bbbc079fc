-- The time for which we can compute a published figure, or why we cannot.
-- grain: figure
-- For readings: the last complete listing in the published time; for flows: exactly the published time. If the data
-- begin later: the last reading, or the last days of the same number. Flows reach back 29 days before the first
-- reading, by 30-day counters. Recorded listings (served from this machine, not simulated) are a selection and not a
-- listing of the whole Hub, so they are excluded.
with listings as (
    select
        needs.needs,
        crawls.day
    from (select distinct needs from core_reproduction_measures where needs != 'list') as needs
    join core_usable_crawls as crawls
        on crawls.scope = 'hub' or (needs.needs = 'account' and crawls.scope in ('labs', 'families'))
    join core_usable_days as days on days.day = crawls.day and not days.is_rolled_back
    join stg_crawls as manifests on manifests.crawl = crawls.crawl
    where manifests.is_simulated or coalesce(manifests.endpoint, '') not like 'http://127.0.0.1%'
),
spans as (
    select
        listings.needs,
        min(listings.day) as first_reading,
        max(listings.day) as last_reading,
        greatest(min(listings.day) - 29, (select min(day) from booked_days)) as first_flow,
        least(max(listings.day), (select max(day) from booked_days)) as last_flow
    from listings
    group by listings.needs
),
figures as (
    select
        published.figure, published.since, published.until, published.not_computable,
        (published.until - published.since)::integer as length,
        measures.needs, measures.runs_over,
        spans.first_reading, spans.last_reading, spans.first_flow, spans.last_flow,
        max(listings.day) as reading_within
    from registry_published as published
    left join core_reproduction_measures as measures using (measure)
    left join spans using (needs)
    left join listings on listings.needs = measures.needs and listings.day between published.since and published.until
    group by all
),
windows as (
    select
        *,
        case runs_over
            when 'reading' then coalesce(reading_within, case when last_reading > until then last_reading end)
            when 'month' then case when last_reading >= until then since end
            when 'flow' then case
                when first_flow <= since and last_flow >= until then since
                when last_flow > until and last_flow - length >= first_flow then last_flow - length
            end
        end as our_since
    from figures
)
select
    figure,
    our_since,
    case runs_over when 'reading' then our_since else our_since + length end as our_until,
    needs,
    runs_over,
    first_reading,
    last_reading,
    not_computable
from windows
