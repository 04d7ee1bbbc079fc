-- Downloads of a day by country, under each definition of the headline.
-- grain: definition, day, origin
-- The cap of a repository is the 99th percentile of its own daily downloads. Only repositories with at least 1,000
-- all-time downloads are capped; capping smaller ones would not change any share.
with caps as (
    select
        flows.hub_id,
        quantile_cont(flows.downloads, 0.99) as cap
    from model_flows as flows
    join core_latest_counts as counts on counts.hub_id = flows.hub_id and counts.downloads_all_time >= 1000
    group by flows.hub_id
),
excesses as (
    select
        members.group_id,
        flows.day,
        sum((flows.downloads - caps.cap)::decimal(18, 3)) as excess
    from model_flows as flows
    join caps on caps.hub_id = flows.hub_id and flows.downloads > caps.cap
    join core_group_members as members on members.hub_id = flows.hub_id
    group by members.group_id, flows.day
),
shares_by_definition as (
    select
        definitions.definition,
        shares.group_id,
        shares.origin,
        sum(shares.weight) as weight
    from core_headline_definitions as definitions
    join core_group_shares as shares using (lens)
    where case definitions.definition
        when 'originals only' then shares.layer = 'release'
        when 'without quantized copies' then shares.layer != 'repackaged'
        when 'without models below 1B' then coalesce(shares.size_bucket, '') != '<1'
        when 'without GGUF' then not shares.is_gguf
        when 'text models only' then coalesce(shares.modality, '') = 'text'
        else true
    end
    group by definitions.definition, shares.group_id, shares.origin
)
select
    shares_by_definition.definition,
    days.day,
    shares_by_definition.origin,
    sum(
        shares_by_definition.weight * case
            when shares_by_definition.definition = 'each model capped at its 99th percentile'
                then days.downloads - coalesce(excesses.excess, 0)
            else days.downloads
        end
    )::double as downloads
from group_days as days
join shares_by_definition using (group_id)
left join excesses on excesses.group_id = days.group_id and excesses.day = days.day
where days.downloads is not null
group by shares_by_definition.definition, days.day, shares_by_definition.origin
