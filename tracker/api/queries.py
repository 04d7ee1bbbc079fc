"""SQL of the Python API over the public tables, all but lineage. Values are named parameters (`$name`)."""

from collections.abc import Iterable, Sequence

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

_IS_SMALL_OR_GGUF = {"is_below_1b": "adoption.is_below_1b", "is_gguf": "adoption.is_gguf"}
_SWITCHES = {
    "origin_days": _IS_SMALL_OR_GGUF,
    "family_days": _IS_SMALL_OR_GGUF,
    "adoption_days": {"is_below_1b": "(adoption.size_bucket = '<1')", "is_gguf": "false"},
}
"""Table -> the expressions that recognise small models and GGUF repositories."""

_ADOPTION_FILTER = """
    where adoption.lens = $lens
        and ($models = 'all' or adoption.task_class = $models)
        and ($layers::varchar[] is null or list_contains($layers::varchar[], {layer}))
        and ($below_1b or {is_below_1b} is distinct from true)
        and ($gguf or not {is_gguf})
        {days}
        {in_family}
"""
_CHOSEN_DAYS = """
        and adoption.day >= coalesce($since::date, adoption.day)
        and adoption.day <= coalesce($until::date, adoption.day)
"""

ADDED_UP_SPANS = """
spans as (
    select segments.segment, min(days.day) as first_day, segments.last_day
    from segments
    join (
        select distinct day
        from origin_days
        where lens = 'publisher' and downloads_all_time is not null and ($models = 'all' or task_class = $models)
    ) as days on days.day between segments.first_day and segments.last_day
    where segments.task_class = $models and segments.last_flow_day >= segments.last_day
    group by segments.segment, segments.last_day
)
"""
"""CTE: the segments of the models `$models` in which all-time downloads are added up, from the first day with counters.

Where the daily downloads of the last days belong to the next segment, counters are used as they were read.
"""

_ADDED_UP = """
with read as (
    select adoption.day, {group} as {by}, {sums}
    from {table} as adoption
    left join origins on origins.code = adoption.origin
    {filter}
    group by all
),
{spans},
changes as (
    select
        read.day, spans.segment, read.{by},
        case when read.day = spans.first_day then read.downloads_all_time else read.downloads end as change
    from read
    join spans on read.day between spans.first_day and spans.last_day
    union all
    select panels.day, spans.segment, groups.{by}, null
    from panel_days as panels
    join spans on spans.segment = panels.segment and spans.first_day <= panels.day
    cross join (select distinct {by} from read) as groups
    where panels.task_class = $models
),
added_up as (
    select day, {by}, sum(sum(change)) over (partition by segment, {by} order by day) as total
    from changes
    group by day, segment, {by}
),
adoption as (
    select day, {by}, {highest}, coalesce(max(total), max(downloads_all_time)) as downloads_all_time
    from (select *, null::double as total from read union all by name select * from added_up)
    where day >= coalesce($since::date, day) and day <= coalesce($until::date, day)
    group by day, {by}
),
summed as (
    select * from adoption where $of::varchar[] is null or list_contains($of::varchar[], {by})
),
"""
"""Before `totals`: all-time downloads are the counters of the first day plus the downloads of each day since.

So a counter that restarts, or a repository that leaves or arrives, moves no share.
"""

_READ = """
with summed as (
    select adoption.day, {group} as {by}, {sums}
    from {table} as adoption
    left join origins on origins.code = adoption.origin
    {filter}
        and ($of::varchar[] is null or list_contains($of::varchar[], {group}))
    group by all
),
"""
_ADOPTION = """
{summed}
totals as (
    select adoption.day, {sums}
    from {whole}
    group by all
)
select day, {by}, {figures}, {segment} as segment
from summed
join totals using (day)
join panel_days as panels using (day)
where panels.task_class = $models and {is_known}
order by day, {largest} desc, {by}
"""
_FLOWS = ("downloads", "downloads_7d_mean")
"""Metrics whose days are comparable within a `flow_segment`; those of the other metrics within a `segment`."""

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

ATTRIBUTED = {
    "publisher": "select hub_id, publisher_origin as origin, 1.0 as weight from models",
    "root": "select hub_id, root_origin as origin, sum(weight) as weight from lineage group by hub_id, root_origin",
}
"""Lens -> the origins of each repository, with weights that sum to 1."""

COMPARED_DAYS = """
with last_days as (
    select last_day, row_number() over (order by segment desc) as place
    from segments
    where task_class = $models
)
select
    coalesce($before::date, max(last_day) filter (place = 2)) as before,
    coalesce($day::date, max(last_day) filter (place = 1)) as day
from last_days
"""
"""The days of SAME_MODELS: those given, else the last days of the last two segments."""

_SAME_MODELS = """
with attributed as ({attributed}),
counted as (
    select
        {group} as {by},
        sum(adoption.weight)::double as models,
        sum(before.{metric} * adoption.weight)::double as {metric}_before,
        sum(now.{metric} * adoption.weight)::double as {metric}
    from model_days as now
    join model_days as before using (hub_id)
    join models using (hub_id)
    join attributed as adoption using (hub_id)
    left join origins on origins.code = adoption.origin
    where now.day = $day and before.day = $before and now.{metric} is not null and before.{metric} is not null
        and ($models = 'all' or models.task_class = $models)
        and ($layers::varchar[] is null or list_contains($layers::varchar[], {layer}))
        and ($below_1b or models.size_bucket is distinct from '<1') and ($gguf or not models.is_gguf)
    group by all
)
select
    {by}, models, {metric}_before, {metric},
    {metric}_before / nullif(sum({metric}_before) over (), 0) as share_before,
    {metric} / nullif(sum({metric}) over (), 0) as share,
    $before::date as before, $day::date as day
from counted
order by {metric} desc, {by}
"""

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
ranked as (
    select
        models.repo_id, models.author, models.publisher_origin, counts.downloads_all_time, counts.day,
        row_number() over (partition by models.repo_id order by models.last_seen desc, models.hub_id desc) as recency
    from listed
    join models using (repo_id)
    join latest_counts as counts using (hub_id)
),
summed as (
    select
        figures.figure, figures.value, figures.since, figures.until,
        count(*) as matched, count(ranked.downloads_all_time) as counted,
        sum(ranked.downloads_all_time::double) filter (
            where figures.subject in (ranked.publisher_origin, ranked.author)
        ) as our_value,
        min(ranked.day) as our_since, max(ranked.day) as our_until
    from (from published_figures where measure = 'list_downloads') as figures
    join ranked on ranked.recency = 1
    group by all
)
select
    summed.figure, summed.our_value, summed.our_since, summed.our_until,
    summed.our_since >= summed.since and summed.our_until <= summed.until as is_same_time,
    case when is_same_time then summed.our_value - summed.value end as gap,
    summed.matched, summed.counted, (select count(*) from listed) - summed.matched as unmatched
from summed
order by summed.figure
"""


def adoption_table(by: str, *, in_family: bool) -> str:
    """Return the smallest table with the columns of a grouping."""
    if by == "size_bucket":
        return "adoption_days"
    return "family_days" if in_family or by in ("lab", "family", "generation") else "origin_days"


def adoption(by: str, metrics: Sequence[str], *, chooses_groups: bool, in_family: bool, adds_up: bool) -> str:
    """Build the adoption query for groups `$of` (all if it is null), each with its share of the day.

    Shares are of all groups, and with `in_family` of the family `$family`. With `adds_up`, all-time downloads are those
    of _ADDED_UP.
    """
    table = adoption_table(by, in_family=in_family)
    condition = _ADOPTION_FILTER.format(
        **_SWITCHES[table],
        layer=GROUPS["layer"],
        days="" if adds_up else _CHOSEN_DAYS,
        in_family="and adoption.family = $family" if in_family else "",
    )
    # `summed` holds all groups unless some are chosen; then the total is summed from the smallest table.
    smallest = "origin_days" if table == "family_days" and not in_family else table
    whole = f"{smallest} as adoption {condition}" if chooses_groups else "summed as adoption"
    columns = dict.fromkeys((*metrics, *(("downloads", "downloads_all_time") if adds_up else ())))
    summed = (_ADDED_UP if adds_up else _READ).format(
        by=by,
        group=GROUPS[by],
        table=table,
        filter=condition,
        spans=ADDED_UP_SPANS.strip(),
        sums=_sums(columns),
        highest=", ".join(f"max({metric}) as {metric}" for metric in columns if metric != "downloads_all_time"),
    )
    shares = ["share"] if len(metrics) == 1 else [f"{metric}_share" for metric in metrics]
    segments = {metric: "panels.flow_segment" if metric in _FLOWS else "panels.segment" for metric in metrics}
    known = {metric: f"case when {segments[metric]} is not null then summed.{metric} end" for metric in metrics}
    figures = (
        f"{known[metric]} as {metric}, {known[metric]} / nullif(totals.{metric}, 0) as {share}"
        for metric, share in zip(metrics, shares, strict=True)
    )
    return _ADOPTION.format(
        by=by,
        summed=summed.strip(),
        whole="adoption" if adds_up else whole,
        sums=_sums(metrics),
        figures=", ".join(figures),
        is_known=f"coalesce({', '.join(known.values())}) is not null",
        segment=f"coalesce({', '.join(dict.fromkeys(segments.values()))})",
        largest=f"summed.{metrics[0]}",
    )


def same_models(by: str, lens: str, metric: str) -> str:
    """Build the query for the repositories read on two days: their counts and shares by origin or region."""
    return _SAME_MODELS.format(
        attributed=ATTRIBUTED[lens], group=GROUPS[by], by=by, metric=metric, layer=COUNTED_LAYER.format(table="models")
    )


def _sums(metrics: Iterable[str]) -> str:
    return ", ".join(f"sum(adoption.{metric})::double as {metric}" for metric in metrics)


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
