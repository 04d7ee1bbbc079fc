-- Share of a day's repositories and downloads with a known root, a root in the lake, and a root with a country.
-- grain: day
-- A root is known if its owner is; a base without an owner that matches no repository is not. A repository that
-- declares no base is its own root. Shares are between 0 and 1, and unknown on days without a reading or downloads.
with rooted as (
    select
        days.day,
        days.models * shares.weight as models,
        days.downloads * shares.weight as downloads,
        shares.origin is not null as is_known,
        shares.is_held,
        coalesce(shares.origin != 'unaffiliated', false) as has_country
    from group_days as days
    join core_group_shares as shares on shares.group_id = days.group_id and shares.lens = 'root'
)
select
    day,
    coalesce(sum(models) filter (where is_known), 0)::double / nullif(sum(models), 0)::double as models_known_share,
    coalesce(sum(downloads) filter (where is_known), 0)::double / nullif(sum(downloads), 0)::double as downloads_known_share,
    coalesce(sum(models) filter (where is_held), 0)::double / nullif(sum(models), 0)::double as models_held_share,
    coalesce(sum(downloads) filter (where is_held), 0)::double / nullif(sum(downloads), 0)::double as downloads_held_share,
    coalesce(sum(models) filter (where has_country), 0)::double / nullif(sum(models), 0)::double as models_country_share,
    coalesce(sum(downloads) filter (where has_country), 0)::double / nullif(sum(downloads), 0)::double as downloads_country_share
from rooted
group by day
