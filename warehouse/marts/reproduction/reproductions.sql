-- A published figure and our value with the same scope and definition: their difference, or why there is no value.
-- grain: figure
-- The gap is given only if our value covers the published time. A value of a later time is given with its own days and
-- without a gap. No value is of days of two segments. Repositories deleted before they were first read are missing from our values.
with valued as (
    select figure, our_value from reproduction_readings
    union all
    select figure, our_value from reproduction_sums
    union all
    select figure, our_value from reproduction_counts
),
compared as (
    select
        published.figure,
        published.value as published_value,
        published.unit,
        valued.our_value,
        case when valued.our_value is not null then windows.our_since end as our_since,
        case when valued.our_value is not null then windows.our_until end as our_until,
        windows.our_since >= published.since and windows.our_until <= published.until as is_within,
        windows.needs,
        windows.runs_over,
        windows.is_broken,
        windows.our_until as day,
        windows.first_reading,
        windows.last_reading,
        published.since,
        published.until,
        published.not_computable
    from registry_published as published
    join reproduction_windows as windows using (figure)
    left join valued using (figure)
)
select
    figure,
    published_value,
    unit,
    our_value,
    our_since,
    our_until,
    case when our_value is not null then is_within end as is_same_time,
    case when is_within then our_value - published_value end as gap,
    our_value is not null as is_computable,
    case
        when our_value is not null and is_within then 'Computed for the published time'
        when our_value is not null and is_broken
            then 'Computed for a later time: other models are read from a day of the published one on (table segments)'
        when our_value is not null then 'Computed for a later time: no complete listing covers the published one'
        when not_computable is not null then not_computable
        when needs = 'list' then 'It needs ATOM''s list of models, which can be loaded on the page'
        when needs = 'hub' and last_reading is null and (select count(*) from stg_crawls where is_recorded) > 0
            then 'Recorded listings are a selection; the whole Hub was never read'
        when needs = 'hub' and last_reading is null then 'The whole Hub was never read, only part of it'
        when last_reading is null then 'No complete listing of the registered organisations was read'
        when day is not null and needs = 'hub' and exists (select series_days.day from series_days where is_cut)
            then 'Only registered organisations are counted now (table series_days)'
        when day is not null then 'No repository that it counts was read'
        when is_broken and runs_over = 'month'
            then 'Only part of the Hub is read now, which does not show all new models (table segments)'
        when is_broken then 'Other models are read from a day of any time as long on (table segments)'
        when last_reading < until then 'Our complete listings end on ' || last_reading || ', before the published time ends'
        else
            'Our complete listings, ' || first_reading || ' to ' || last_reading
            || ', cover neither the published time nor a later one as long'
    end as because
from compared
