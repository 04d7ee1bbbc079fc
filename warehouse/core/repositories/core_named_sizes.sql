-- Parameters that the name of a repository says, and those in millions if it says any.
-- grain: hub_id
-- Names are read as '8B', '0.5b', '8x7B' (the product) or '350M' between separators. Sizes of zero, or of ten trillion
-- and more, are ignored.
with named as (
    select
        hub_id,
        regexp_extract(lower(repo_name), '(?:^|[-_. ])(\d+)x(\d+(?:\.\d+)?)b(?:$|[-_. ])', 1) as experts,
        regexp_extract(lower(repo_name), '(?:^|[-_. ])(\d+)x(\d+(?:\.\d+)?)b(?:$|[-_. ])', 2) as expert_billions,
        regexp_extract(lower(repo_name), '(?:^|[-_. ])((?:0|[1-9]\d*)(?:\.\d+)?)b(?:$|[-_. ])', 1) as billions,
        regexp_extract(lower(repo_name), '(?:^|[-_. ])(\d+(?:\.\d+)?)m(?:$|[-_. ])', 1) as millions
    from new_core_latest_models
),
counted as (
    select
        hub_id,
        case
            when experts != '' then experts::double * expert_billions::double * 1e9
            when billions != '' then billions::double * 1e9
            when millions != '' then millions::double * 1e6
        end as params_named,
        case when millions != '' then millions::double * 1e6 end as params_in_millions
    from named
    where length(experts) < 4 and length(expert_billions) < 8 and length(billions) < 8 and length(millions) < 8
)
select
    hub_id,
    round(params_named)::bigint as params_named,
    params_in_millions
from counted
where params_named > 0 and params_named < 1e13
