-- Language models on a day by country, lab, family, type and size of the publisher: downloads of the day, and counters.
-- grain: day, origin, lab, family, layer, is_by_maker, size_bucket
-- The lens is always the publisher, so every download counts once and sum(downloads) is right over any rows. Counters are
-- unknown before the first reading and on days on which only a part was read. For other lenses and task classes see
-- adoption_days. Text compares without regard to case. Compare counters within a segment, downloads within a flow_segment.
select
    days.day,
    days.origin collate nocase as origin,
    coalesce(origins.name, case when days.origin = 'unaffiliated' then 'Unaffiliated' end) collate nocase
        as origin_name,
    origins.region collate nocase as region,
    days.lab collate nocase as lab,
    labs.name collate nocase as lab_name,
    days.family collate nocase as family,
    families.name collate nocase as family_name,
    days.layer collate nocase as layer,
    days.is_by_maker,
    days.size_bucket::enum('<1', '1-5', '5-10', '10-50', '50-100', '100-250', '250+') as size_bucket,
    case days.size_bucket
        when '<1' then 1 when '1-5' then 2 when '5-10' then 3 when '10-50' then 4 when '50-100' then 5
        when '100-250' then 6 when '250+' then 7
    end as size_order,
    case when panels.flow_segment is not null then round(days.downloads)::bigint end as downloads,
    case when panels.segment is not null then round(days.models)::bigint end as models,
    case when panels.segment is not null then round(days.downloads_30d)::bigint end as downloads_30d,
    case when panels.segment is not null then round(days.downloads_all_time)::bigint end as downloads_all_time,
    case when panels.segment is not null then round(days.likes)::bigint end as likes,
    panels.segment,
    panels.flow_segment
from adoption_days as days
join panel_days as panels on panels.day = days.day and panels.task_class = 'language'
left join origins on origins.code = days.origin
left join labs on labs.lab = days.lab
left join families on families.family = days.family
where days.lens = 'publisher' and days.task_class = 'language'
    and (panels.segment is not null or (panels.flow_segment is not null and days.downloads is not null))
