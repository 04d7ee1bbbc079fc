-- Rank of a lab, family, model or account by downloads of language models in a period, and the change in 30 days.
-- grain: subject, period, id
-- Choose one subject and one period: periods overlap, and subjects count the same downloads. The 30 days and the all-time
-- figures are counters of listed repositories at their last reading; 7 and 90 days are estimated downloads up to the
-- last known day, and are left out if a part of the period is not known. Downloads count for the publisher. Before means
-- the same period 30 days earlier; all time, models whose earlier counter is unknown count as unchanged. Where more than 5%
-- of the downloads are of repositories that existed before but whose earlier downloads are unknown, so are those before.
with periods as (
    select
        periods.period, counts.hub_id, counts.author, counts.publisher_lab, counts.family,
        case periods.period
            when '7 days' then downloads_7d when '30 days' then downloads_30d when '90 days' then downloads_90d
            else downloads_all_time
        end as downloads,
        case periods.period
            when '7 days' then downloads_7d_before when '30 days' then downloads_30d_before
            when '90 days' then downloads_90d_before else downloads_all_time_before
        end as downloads_before,
        counts.is_new
    from steps.ranking_counts as counts
    cross join (select unnest(['7 days', '30 days', '90 days', 'all time']) as period) as periods
    where counts.task_class = 'language'
),
totals as (
    select period, sum(downloads) as downloads
    from periods
    group by period
),
named as (
    select
        subjects.subject, period, downloads, downloads_before, is_new,
        case subjects.subject
            when 'lab' then publisher_lab when 'family' then family when 'account' then author else hub_id
        end as id
    from periods
    cross join (select unnest(['lab', 'family', 'account', 'model']) as subject) as subjects
),
subjects as (
    select
        subject, period, id, sum(downloads)::bigint as downloads,
        case
            when coalesce(sum(case when downloads_before is null and not is_new then downloads end), 0) <= 0.05 * sum(downloads)
                then sum(downloads_before)::bigint
        end as downloads_before
    from named
    where id is not null
    group by subject, period, id
),
ranked as (
    select
        subject, period, id, downloads, downloads_before,
        rank() over (partition by subject, period order by downloads desc nulls last) as rank,
        case
            when downloads_before is not null
                then rank() over (partition by subject, period order by downloads_before desc nulls last)
        end as rank_before
    from subjects
)
select
    ranked.subject collate nocase as subject,
    ranked.period::enum('7 days', '30 days', '90 days', 'all time') as period,
    case ranked.period when '7 days' then 7 when '30 days' then 30 when '90 days' then 90 end as period_days,
    ranked.rank,
    coalesce(labs.name, families.name, models.repo_id, ranked.id) collate nocase as name,
    ranked.id,
    case
        when ranked.subject = 'account' then coalesce(organizations.origin, 'unaffiliated')
        else coalesce(labs.origin, family_labs.origin, models.publisher_origin)
    end collate nocase as origin,
    ranked.downloads,
    ranked.downloads / nullif(totals.downloads, 0) as share,
    ranked.downloads_before,
    ranked.downloads - ranked.downloads_before as change,
    100.0 * (ranked.downloads - ranked.downloads_before) / nullif(ranked.downloads_before, 0) as change_percent,
    ranked.rank_before,
    ranked.rank_before - ranked.rank as rank_change
from ranked
join totals on totals.period = ranked.period
left join labs on ranked.subject = 'lab' and labs.lab = ranked.id
left join families on ranked.subject = 'family' and families.family = ranked.id
left join labs as family_labs on family_labs.lab = families.lab
left join models on ranked.subject = 'model' and models.hub_id = ranked.id
left join organizations on ranked.subject = 'account' and organizations.handle = ranked.id
where ranked.downloads is not null
