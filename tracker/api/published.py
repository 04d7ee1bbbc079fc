"""Questions about figures that others published, asked by `tracker.api`. Pure."""

REPRODUCTIONS = """
select
    published.*, ours.our_value, ours.our_since, ours.our_until, ours.is_same_time, ours.gap, ours.is_computable,
    ours.because
from published_figures as published
join reproductions as ours using (figure)
order by published.source, published.since, published.value desc nulls last, published.figure
"""

LISTED = """
with listed as (
    select distinct unnest($names::varchar[]) as repo_id
),
ranked as (
    select
        models.repo_id, models.author, models.publisher_origin, counts.downloads_all_time, counts.day,
        row_number() over (partition by models.repo_id order by models.last_seen desc, models.hub_id desc) as recency
    from listed
    join models using (repo_id)
    join latest_counts as counts using (hub_id)
),
summed as (
    select
        figures.figure, figures.value, figures.since, figures.until,
        count(*) as matched, count(ranked.downloads_all_time) as counted,
        sum(ranked.downloads_all_time::double) filter (
            where figures.subject in (ranked.publisher_origin, ranked.author)
        ) as our_value,
        min(ranked.day) as our_since, max(ranked.day) as our_until
    from (from published_figures where measure = 'list_downloads') as figures
    join ranked on ranked.recency = 1
    group by all
)
select
    summed.figure, summed.our_value, summed.our_since, summed.our_until,
    summed.our_since >= summed.since and summed.our_until <= summed.until as is_same_time,
    case when is_same_time then summed.our_value - summed.value end as gap,
    summed.matched, summed.counted, (select count(*) from listed) - summed.matched as unmatched
from summed
order by summed.figure
"""
