-- How concentrated the downloads of a day are over labs, families or models, under each lens.
-- grain: day, lens, of
-- Members are those with known downloads that day, including zeros. Downloads without a lab or family in the registry
-- are left out. Under the lens root, the downloads of a model are those credited to it by weight. Members with equal
-- downloads are counted together, so that a million models need not be ranked one by one.
with member_downloads as (
    select day, lens, 'lab' as of, sum(downloads::decimal(28, 9))::double as downloads from adoption_days
    where lab is not null and downloads is not null group by day, lens, lab
    union all
    select day, lens, 'family', sum(downloads::decimal(28, 9))::double from adoption_days
    where family is not null and downloads is not null group by day, lens, family
    union all
    select day, 'root', 'model', downloads::double from core_root_credit_days where root_key is not null
),
counted as (
    select day, lens, of, downloads, count(*) as members from member_downloads group by day, lens, of, downloads
    union all
    select day, 'publisher', 'model', downloads::double, count(*) from model_flows group by day, downloads
    union all
    select day, 'root', 'model', downloads_each::double, repositories from core_root_credit_days where root_key is null
),
equals as (
    select day, lens, of, downloads, sum(members)::double as members from counted group by day, lens, of, downloads
),
ranked as (
    select
        *,
        coalesce(sum(members) over (
            partition by day, lens, of order by downloads rows between unbounded preceding and 1 preceding
        ), 0) as below,
        coalesce(sum(members) over (
            partition by day, lens, of order by downloads desc rows between unbounded preceding and 1 preceding
        ), 0) as above
    from equals
),
sums as (
    select
        day, lens, of,
        sum(downloads * members) as total,
        sum(members) as members,
        sum(downloads * downloads * members) as squares,
        max(downloads) as largest,
        sum(downloads * least(greatest(10 - above, 0), members)) as ten_largest,
        sum(downloads * (members * below + members * (members + 1) / 2)) as ranked
    from ranked
    group by day, lens, of
)
select
    day, lens, of,
    members::bigint as members,
    round(squares / nullif(total * total, 0), 9) as hhi,
    round(total * total / nullif(squares, 0), 6) as effective_number,
    round(2 * ranked / nullif(members * total, 0) - (members + 1) / members, 9) as gini,
    round(largest / nullif(total, 0), 9) as top1_share,
    round(ten_largest / nullif(total, 0), 9) as top10_share
from sums
