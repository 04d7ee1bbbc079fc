-- Downloads in the periods of rankings, by lab, family and origin of the publisher or the base model, and by what rankings filter by.
-- grain: lens, lab, family, origin, task_class, counted_layer, size_bucket, format
-- A few thousand rows stand for all repositories, so that a ranking of labs or families reads none of them. Under the lens
-- root a repository counts by weight for each of its base models. Columns are those of ranking_counts, which says what
-- is unknown; a sum is unknown if no repository of the row has a known figure. is_new if all its repositories are. What
-- existed before but was not read then is no growth: the columns first_read are its part of the downloads.
with sums as (
    select
        members.group_id,
        counts.format,
        bool_and(counts.is_new) as is_new,
        sum(counts.downloads_7d) as downloads_7d,
        sum(counts.downloads_7d_previous) as downloads_7d_previous,
        sum(counts.downloads_7d_before) as downloads_7d_before,
        sum(case when counts.downloads_7d_before is null and not counts.is_new then counts.downloads_7d end)
            as downloads_7d_first_read,
        sum(counts.downloads_30d) as downloads_30d,
        sum(counts.downloads_30d_before) as downloads_30d_before,
        sum(case when counts.downloads_30d_before is null and not counts.is_new then counts.downloads_30d end)
            as downloads_30d_first_read,
        sum(counts.downloads_90d) as downloads_90d,
        sum(counts.downloads_90d_before) as downloads_90d_before,
        sum(case when counts.downloads_90d_before is null and not counts.is_new then counts.downloads_90d end)
            as downloads_90d_first_read,
        sum(counts.downloads_all_time) as downloads_all_time,
        sum(counts.downloads_all_time_before) as downloads_all_time_before
    from ranking_counts as counts
    join core_group_members as members using (hub_id)
    group by members.group_id, counts.format
)
select
    shares.lens,
    shares.lab,
    shares.family,
    shares.origin,
    shares.task_class,
    shares.counted_layer,
    shares.size_bucket,
    sums.format,
    bool_and(sums.is_new) as is_new,
    sum((sums.downloads_7d * shares.weight::double)::decimal(28, 9))::double as downloads_7d,
    sum((sums.downloads_7d_previous * shares.weight::double)::decimal(28, 9))::double as downloads_7d_previous,
    sum((sums.downloads_7d_before * shares.weight::double)::decimal(28, 9))::double as downloads_7d_before,
    sum((sums.downloads_7d_first_read * shares.weight::double)::decimal(28, 9))::double as downloads_7d_first_read,
    sum((sums.downloads_30d * shares.weight::double)::decimal(28, 9))::double as downloads_30d,
    sum((sums.downloads_30d_before * shares.weight::double)::decimal(28, 9))::double as downloads_30d_before,
    sum((sums.downloads_30d_first_read * shares.weight::double)::decimal(28, 9))::double as downloads_30d_first_read,
    sum((sums.downloads_90d * shares.weight::double)::decimal(28, 9))::double as downloads_90d,
    sum((sums.downloads_90d_before * shares.weight::double)::decimal(28, 9))::double as downloads_90d_before,
    sum((sums.downloads_90d_first_read * shares.weight::double)::decimal(28, 9))::double as downloads_90d_first_read,
    sum((sums.downloads_all_time * shares.weight::double)::decimal(28, 9))::double as downloads_all_time,
    sum((sums.downloads_all_time_before * shares.weight::double)::decimal(28, 9))::double as downloads_all_time_before
from sums
join core_group_shares as shares using (group_id)
group by
    shares.lens, shares.lab, shares.family, shares.origin, shares.task_class, shares.counted_layer,
    shares.size_bucket, sums.format
