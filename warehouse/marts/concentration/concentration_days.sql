-- How concentrated the downloads of a day are over labs, families or models, by lens and task class.
-- grain: day, lens, task_class, of
-- task_class is a class, or all for all models. Members are those with known downloads that day, including zeros.
-- Downloads without a lab or family in the registry are left out. Under the lens root, the downloads of a model are those
-- credited to it by weight. Members with equal downloads are counted together, so that a million models need not be
-- ranked one by one.
with member_downloads as (
    select days.day, days.lens, universes.universe, 'lab' as of, sum(days.downloads::decimal(28, 9))::double as downloads
    from adoption_days as days
    join core_universes as universes on universes.task_class is not distinct from days.task_class
    where days.lab is not null and days.downloads is not null
    group by days.day, days.lens, universes.universe, days.lab
    union all
    select days.day, days.lens, universes.universe, 'family', sum(days.downloads::decimal(28, 9))::double
    from adoption_days as days
    join core_universes as universes on universes.task_class is not distinct from days.task_class
    where days.family is not null and days.downloads is not null
    group by days.day, days.lens, universes.universe, days.family
    union all
    select days.day, 'root', universes.universe, 'model', sum(days.downloads)::double
    from core_root_credit_days as days
    join core_universes as universes on universes.task_class is not distinct from days.task_class
    where days.root_key is not null
    group by days.day, universes.universe, days.root_key
),
class_counts as (
    select day, 'publisher' as lens, task_class, downloads::double as downloads, repositories as members
    from core_flow_counts
    union all
    select day, 'root', task_class, downloads_each::double, repositories
    from core_root_credit_days
    where root_key is null
),
counted as (
    select day, lens, universe, of, downloads, count(*) as members
    from member_downloads
    group by day, lens, universe, of, downloads
    union all
    select counts.day, counts.lens, universes.universe, 'model', counts.downloads, counts.members
    from class_counts as counts
    join core_universes as universes on universes.task_class is not distinct from counts.task_class
),
equals as (
    select day, lens, universe, of, downloads, sum(members)::double as members
    from counted
    group by day, lens, universe, of, downloads
),
ranked as (
    select
        *,
        coalesce(sum(members) over (
            partition by day, lens, universe, of order by downloads rows between unbounded preceding and 1 preceding
        ), 0) as below,
        coalesce(sum(members) over (
            partition by day, lens, universe, of order by downloads desc rows between unbounded preceding and 1 preceding
        ), 0) as above
    from equals
),
sums as (
    select
        day, lens, universe, of,
        sum(downloads * members) as total,
        sum(members) as members,
        sum(downloads * downloads * members) as squares,
        max(downloads) as largest,
        sum(downloads * least(greatest(10 - above, 0), members)) as ten_largest,
        sum(downloads * (members * below + members * (members + 1) / 2)) as ranked
    from ranked
    group by day, lens, universe, of
)
select
    day, lens, universe as task_class, of,
    round(members)::bigint as members,
    round(squares / nullif(total * total, 0), 9) as hhi,
    round(total * total / nullif(squares, 0), 6) as effective_number,
    round(2 * ranked / nullif(members * total, 0) - (members + 1) / members, 9) as gini,
    round(largest / nullif(total, 0), 9) as top1_share,
    round(ten_largest / nullif(total, 0), 9) as top10_share
from sums
