"""The SQL by which rows of an archive are judged and matched to repositories; filled in by scratch.py."""

MACROS = """
create or replace temp macro not_whole(v) as v is not null
    and (try_cast(v as bigint) is null or try_cast(v as double) != try_cast(v as bigint)::double);
"""

KNOWN = """
create or replace table known_names as
with told as (
    select hub_id, repo_id, min(day) as first_day, min(created_at)::date as created_on
    from read_parquet([{files}], hive_partitioning = true)
    group by hub_id, repo_id
)
select
    repo_id,
    hub_id,
    created_on,
    case when row_number() over names = 1 then date '0001-01-01' else first_day end as from_day,
    coalesce(lead(first_day) over names - 1, date '9999-12-31') as until_day
from told
window names as (partition by repo_id order by first_day, hub_id)
"""
# A name belongs to whoever has it until another repository is first seen under it.

RENAMED = """
create or replace table renamed_names as
with recursive chain as (
    select former, latest, 1 as steps from renames where former != latest
    union
    select chain.former, renames.latest, chain.steps + 1
    from chain join renames on renames.former = chain.latest
    where renames.latest != chain.former and chain.steps < 10
)
select chain.former as repo_id, known.hub_id, known.created_on, known.from_day, known.until_day
from chain join known_names as known on known.repo_id = chain.latest
qualify row_number() over (partition by chain.former, known.from_day order by chain.steps desc, known.hub_id) = 1
"""

JUDGED = """
create or replace temp view judged as
select
    repo_id,
    try_cast(day as date) as day,
    try_cast(downloads_30d as bigint) as downloads_30d,
    try_cast(downloads_all_time as bigint) as downloads_all_time,
    try_cast(likes as bigint) as likes,
    read_at,
    case
        when repo_id is null or not regexp_full_match(repo_id, '[\\w.-]+(/[\\w.-]+)?') then 'no repository name'
        when try_cast(day as date) is null then 'no day'
        when try_cast(day as date) > date {today} then 'a day to come'
        when not_whole(downloads_30d) then 'downloads_30d is not a whole number'
        when not_whole(downloads_all_time) then 'downloads_all_time is not a whole number'
        when not_whole(likes) then 'likes is not a whole number'
        when least(try_cast(downloads_30d as bigint), try_cast(downloads_all_time as bigint), try_cast(likes as bigint))
            < 0 then 'a counter below zero'
        when coalesce(downloads_30d, downloads_all_time, likes) is null then 'no counter'
    end as problem
from raw
where coalesce(try_cast(day as date) between date {first} and date {last}, true)
    and coalesce(try_cast(day as date) not in ({left_out}), true)
"""

MATCHED = """
create or replace table matched as
select
    judged.repo_id,
    coalesce(direct.hub_id, renamed.hub_id, 'name:' || judged.repo_id) as hub_id,
    direct.hub_id is not null as is_direct,
    judged.day,
    judged.downloads_30d,
    judged.downloads_all_time,
    judged.likes,
    judged.read_at
from judged
left join known_names as direct
    on direct.repo_id = judged.repo_id and judged.day between direct.from_day and direct.until_day
    and judged.day >= coalesce(direct.created_on, judged.day)
left join renamed_names as renamed
    on renamed.repo_id = judged.repo_id and judged.day between renamed.from_day and renamed.until_day
    and judged.day >= coalesce(renamed.created_on, judged.day)
where judged.problem is null
"""
# A repository created after the day cannot be meant: another one had its name then.

REMATCHED = """
create or replace table matched as
select
    landed.hub_id as repo_id,
    coalesce(direct.hub_id, landed.hub_id) as hub_id,
    direct.hub_id is null as is_direct,
    date {day} as day,
    landed.downloads_30d,
    landed.downloads_all_time,
    landed.likes,
    landed.read_at
from read_parquet({file}) as landed
left join known_names as direct
    on starts_with(landed.hub_id, 'name:') and direct.repo_id = landed.hub_id[6:]
    and date {day} between direct.from_day and direct.until_day
    and date {day} >= coalesce(direct.created_on, date {day})
"""

OF_DAY = """
select hub_id, downloads_30d, downloads_all_time, likes, null::double as trending_score, read_at
from matched
where day = $day and ($with_unmatched or not starts_with(hub_id, 'name:'))
qualify row_number() over (
    partition by hub_id order by is_direct desc, downloads_all_time desc nulls last, downloads_30d desc, repo_id
) = 1
order by hub_id
"""
