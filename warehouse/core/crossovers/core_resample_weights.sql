-- How often a block of repositories is drawn in a resample, scaled so that a resample's weights sum to 256.
-- grain: block, replicate
-- The block of a repository is the first two hexadecimal digits of the MD5 of its hub_id. Weights follow a Poisson
-- distribution of mean 1, drawn by the MD5 of block and replicate, so that every build and engine draws the same.
-- Resampling blocks instead of repositories limits the work. It barely widens intervals, because few blocks contain two
-- large repositories.
with places as (
    select unnest(generate_series(1, 16)) as place
),
digits as (
    select substr('0123456789abcdef', place::integer, 1) as digit
    from places
),
draws as (
    select unnest(generate_series(1, 200)) as draw
),
replicates as (
    select draw::integer as replicate
    from draws
),
chances as (
    select
        high.digit || low.digit as block,
        replicates.replicate,
        substr(md5(high.digit || low.digit || '-' || replicates.replicate::varchar), 1, 6) as chance
    from digits as high
    cross join digits as low
    cross join replicates
),
drawn as (
    select
        block,
        replicate,
        case
            when chance < '5e2d59' then 0
            when chance < 'bc5ab2' then 1
            when chance < 'eb715e' then 2
            when chance < 'fb2398' then 3
            when chance < 'ff1026' then 4
            when chance < 'ffd90f' then 5
            when chance < 'fffa8b' then 6
            else 7
        end as times
    from chances
)
select
    block,
    replicate,
    times * 256.0::double / sum(times) over (partition by replicate) as weight
from drawn
