"""SQL of the Python API over the public tables, all but lineage. Values are named parameters (`$name`)."""

COUNTED_LAYER = "case when $maker_copies_as_release then {table}.counted_layer else {table}.layer end"
"""The layer of a row; with `$maker_copies_as_release`, a lab's own quantized or converted copies count as release."""

GROUPS = {
    "origin": "adoption.origin",
    "region": """
        case
            when adoption.origin is null or adoption.origin = 'unaffiliated' then adoption.origin
            else coalesce(origins.region, 'Unknown')
        end
    """,
    "lab": "adoption.lab",
    "family": "adoption.family",
    "generation": "adoption.generation",
    "layer": COUNTED_LAYER.format(table="adoption"),
    "size_bucket": "adoption.size_bucket",
}
"""Grouping of adoption -> SQL expression."""

AXIS_SHARES = """
with spans as (
    select axis, min(day) as first_day, max(day) as last_day from axis_shares where axis != 'providers' group by axis
),
ends as (
    select max(first_day) as first_day, least(min(last_day), coalesce($until::date, min(last_day))) as last_day
    from spans
),
chosen as (
    select *
    from axis_shares
    where day between (select greatest(first_day, last_day - $days::integer + 1) from ends)
        and (select last_day from ends)
),
known as (
    select axis, count(*) as days, avg(coverage) as coverage, min(day) as first_day, max(day) as last_day
    from (select distinct axis, day, coverage from chosen)
    group by axis
)
select
    axis,
    {by},
    sum(value) as value,
    sum(value) / nullif(sum(sum(value)) over (partition by axis), 0) as share,
    rank() over (partition by axis order by sum(value) desc) as rank,
    any_value(known.coverage) as coverage,
    any_value(known.days) as days,
    any_value(known.first_day) as first_day,
    any_value(known.last_day) as last_day
from chosen
join known using (axis)
group by axis, {by}
order by axis != 'huggingface', axis, value desc, {by}
"""
"""Shares of open weights on each ruler, over the same days."""

CHOSEN = """
    select hub_id, repo_id
    from models
    where $of::varchar[] is null or list_contains($of::varchar[], repo_id)
    qualify row_number() over (partition by repo_id order by is_listed desc, last_seen desc, hub_id) = 1
"""
"""Repositories named `$of`, or all if it is null. Of several that had a name, the listed one."""

_REPOSITORY_DAYS = """
with chosen as ({chosen}),
{counted},
days as (
    select day, repo_id, {figure} as {metric}
    from counted
    window week as (
        partition by repo_id order by day
        range between interval 3 days preceding and interval 3 days following
    )
)
select day, repo_id, {metric}
from days
where {metric} is not null
order by day, {metric} desc, repo_id
"""
_WEEK_MEAN = "case when count(*) over week >= 4 then avg(value) over week end"
_OWN_COUNTS = """
counted as (
    select own.day, chosen.repo_id, own.{column}::double as value
    from {table} as own
    join chosen using (hub_id)
    where own.{column} is not null
)
"""

REPOSITORY_METRICS = {
    "downloads": ("model_flows", "downloads"),
    "downloads_7d_mean": ("model_flows", "downloads"),
    "downloads_30d": ("model_days", "downloads_30d"),
    "downloads_all_time": ("model_days", "downloads_all_time"),
    "likes": ("model_days", "likes"),
}
"""Daily metric of a repository -> its table and column."""

FIRST_RELEASES = {
    "lab": """
        select publisher_lab as lab, min(released_on) as released_on
        from models
        where layer = 'release' and publisher_lab is not null
        group by publisher_lab
        order by publisher_lab
    """,
    "family": """
        select family, min(released_on) as released_on
        from models
        where layer = 'release' and family is not null
        group by family
        order by family
    """,
    "generation": """
        with first_models as (
            select generation, min(released_on) as released_on
            from models
            where layer = 'release' and generation is not null
            group by generation
        )
        select generation, coalesce(generations.released_on, first_models.released_on) as released_on
        from first_models
        left join generations using (generation)
        order by generation
    """,
}
"""Grouping of first releases -> query."""

MODELS = """
select
    models.hub_id, models.repo_id, models.publisher_lab, models.publisher_origin, models.root_origin,
    models.root_family, models.is_mixed_origin, models.layer, models.is_by_maker, models.task_class,
    models.family, models.generation, models.released_on,
    models.params_total, models.size_bucket, models.license, models.is_gguf, models.is_listed,
    days.downloads_30d, days.downloads_all_time, days.likes
from models
left join model_days as days on days.hub_id = models.hub_id and days.day = models.last_seen
where contains(lower(models.repo_id), lower($search))
    and ($origins::varchar[] is null or list_contains($origins::varchar[], models.publisher_origin))
    and ($labs::varchar[] is null or list_contains($labs::varchar[], models.publisher_lab))
    and ($layers::varchar[] is null or list_contains($layers::varchar[], models.layer))
    and ($models = 'all' or models.task_class = $models)
order by days.downloads_30d desc nulls last, models.hub_id
limit $limit
"""

MOMENTUM = """
select
    models.repo_id, models.publisher_lab, models.publisher_origin, momentum.*
from momentum
join models using (hub_id)
where $models = 'all' or momentum.task_class = $models
order by momentum.age_days, momentum.ram_median desc nulls last, momentum.hub_id
"""

REPRODUCTIONS = """
select
    published.*, ours.our_value, ours.our_since, ours.our_until, ours.is_same_time, ours.gap, ours.is_computable,
    ours.because
from published_figures as published
join reproductions as ours using (figure)
order by published.source, published.since, published.value desc nulls last, published.figure
"""

LIST_DOWNLOADS = """
with listed as (
    select distinct unnest($names::varchar[]) as repo_id
),
matched as (
    select hub_id, repo_id, author, publisher_origin
    from listed
    join models using (repo_id)
    qualify row_number() over (partition by repo_id order by last_seen desc, hub_id desc) = 1
),
series as (
    select panels.day
    from panel_days as panels
    join segments using (task_class, segment)
    where panels.task_class = 'all' and panels.models is not null
        and segments.width = (select max_by(width, segment) from segments where task_class = 'all')
),
figures as (
    select
        published.figure, published.subject, published.value, published.since, published.until,
        coalesce(
            max(series.day) filter (series.day between published.since and published.until), max(series.day)
        ) as day
    from published_figures as published
    cross join series
    where published.measure = 'list_downloads'
    group by all
),
summed as (
    select
        figures.figure, figures.value, figures.since, figures.until, figures.day,
        count(*) as matched, count(counts.hub_id) as read_on_day, count(counts.downloads_all_time) as counted,
        sum(counts.downloads_all_time::double) filter (
            where figures.subject in (matched.publisher_origin, matched.author)
        ) as our_value
    from figures
    cross join matched
    left join model_days as counts on counts.hub_id = matched.hub_id and counts.day = figures.day
    group by all
)
select
    figure, our_value, day as our_since, day as our_until,
    day between since and until as is_same_time,
    case when day between since and until then our_value - value end as gap,
    matched, read_on_day, counted, (select count(*) from listed) - matched as unmatched
from summed
order by figure
"""
"""All counters are of one day: the last in the published time on which as much was read as now, else the last one."""


def repository_counts(metric: str) -> str:
    """Build the query for the daily counts of the repositories named `$of`."""
    table, column = REPOSITORY_METRICS[metric]
    return repository_days(metric, _OWN_COUNTS.format(table=table, column=column))


def repository_days(metric: str, counted: str) -> str:
    """Build a query over the CTE `counted` (day, repo_id, value), which may join the CTE `chosen`.

    The values come as they are, or as 7-day means for `downloads_7d_mean`.
    """
    figure = _WEEK_MEAN if metric == "downloads_7d_mean" else "value"
    return _REPOSITORY_DAYS.format(chosen=CHOSEN, counted=counted.strip(), figure=figure, metric=metric)
