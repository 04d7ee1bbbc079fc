-- The counters of a repository when it was last read, and its rank by them among all that are listed.
-- grain: hub_id
-- Equal counts have equal ranks; a repository that is no longer listed, or whose 30-day count is not known, has none.
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
