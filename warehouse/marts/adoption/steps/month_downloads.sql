-- Downloads of language models in a whole month by country and family, and those that tell nothing about growth.
-- grain: month, origin, family
-- first_read and first_read_before: downloads in the month, and in the month before, of repositories that existed before but
-- whose downloads are known only on a part of the two months. Their difference is no growth. By publisher.
with firsts as (
    select hub_id, min(first_day) as first_day
    from late_downloads
    group by hub_id
),
late as (
    select
        months.month,
        months.month_before,
        late.month as booked_in,
        late.downloads,
        members.group_id
    from late_downloads as late
    join firsts using (hub_id)
    join whole_months as months
        on late.month in (months.month, months.month_before)
        and firsts.first_day > months.month_before and firsts.first_day < months.month + interval 1 month
    join core_group_members as members on members.hub_id = late.hub_id
),
parts as (
    select
        months.month,
        days.origin,
        days.family,
        case when days.lens = 'publisher' then days.downloads end as downloads,
        case when days.lens = 'root' then days.downloads end as downloads_by_base,
        0 as first_read,
        0 as first_read_before
    from adoption_days as days
    join whole_months as months on months.month = date_trunc('month', days.day)::date
    where days.task_class = 'language'
    union all
    select
        late.month, shares.origin, shares.family, null, null,
        case when late.booked_in = late.month then late.downloads else 0 end,
        case when late.booked_in = late.month_before then late.downloads else 0 end
    from late
    join core_group_shares as shares on shares.group_id = late.group_id and shares.lens = 'publisher'
    where shares.task_class = 'language'
)
select
    month,
    origin,
    family,
    round(sum(downloads))::bigint as downloads,
    sum(downloads_by_base::decimal(28, 9))::double as downloads_by_base,
    sum(first_read)::bigint as first_read,
    sum(first_read_before)::bigint as first_read_before
from parts
group by month, origin, family
having sum(downloads) is not null or sum(downloads_by_base) is not null
