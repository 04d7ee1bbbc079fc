-- Downloads of one of the last 13 weeks, by the columns of ranking_groups.
-- grain: lens, lab, family, origin, task_class, counted_layer, size_bucket, format, week
-- Weeks are those of ranking_weeks. is_whole if the week of at least one repository of the row is whole: a repository
-- that was not read yet does not make a week unknown.
with parts as (
    select
        members.group_id,
        counts.format,
        row_number() over (order by members.group_id, counts.format)::integer as part
    from ranking_counts as counts
    join core_group_members as members using (hub_id)
    group by members.group_id, counts.format
),
members as (
    select counts.repository_key, parts.part
    from ranking_counts as counts
    join core_group_members as members using (hub_id)
    join parts on parts.group_id = members.group_id and parts.format = counts.format
),
sums as (
    select members.part, weeks.week, sum(weeks.downloads) as downloads, bool_or(weeks.is_whole) as is_whole
    from ranking_weeks as weeks
    join members using (repository_key)
    group by members.part, weeks.week
)
select
    shares.lens,
    shares.lab,
    shares.family,
    shares.origin,
    shares.task_class,
    shares.counted_layer,
    shares.size_bucket,
    parts.format,
    sums.week,
    sum((sums.downloads * shares.weight::double)::decimal(28, 9))::double as downloads,
    bool_or(sums.is_whole) as is_whole
from sums
join parts using (part)
join core_group_shares as shares using (group_id)
group by
    shares.lens, shares.lab, shares.family, shares.origin, shares.task_class, shares.counted_layer,
    shares.size_bucket, parts.format, sums.week
