-- Counters of a repository at its last reading, and its rank among all listed repositories.
-- grain: hub_id
-- Equal counters have equal ranks. Repositories that are not listed, or whose 30-day counter is unknown, have no rank.
select
    hub_id,
    day,
    downloads_30d,
    downloads_all_time,
    likes,
    trending_score,
    case
        when is_listed and downloads_30d is not null then rank() over (
            partition by is_listed and downloads_30d is not null
            order by downloads_30d desc
        )
    end as rank_30d
from core_latest_counts
order by hub_id
