"""SQL of the Python API over days of groups: adoption, and two days like for like. Values are named parameters."""

from collections.abc import Iterable, Sequence

from tracker.api.queries import COUNTED_LAYER, GROUPS

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
    {origins}
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
    {origins}
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

ATTRIBUTED = {
    "publisher": "select hub_id, publisher_origin as origin, 1.0 as weight from models",
    "root": "select hub_id, root_origin as origin, sum(weight) as weight from lineage group by hub_id, root_origin",
}
"""Lens -> the origins of each repository, with weights that sum to 1."""

IS_COUNTED = "(models.publisher_origin != 'unaffiliated' or not exists (select day from series_days where is_cut))"
"""Whether the series counts a row of `models`: one that has registered accounts only leaves out all others."""

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
        and {is_counted}
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


def attributed_models(lens: str, models: str = "models") -> str:
    """Return the query for the columns of models with ATTRIBUTED's `origin` and `weight`: a row for each origin.

    `models` is the table or CTE with the rows and columns of `models` that are wanted.
    """
    # One scan of models: joining all of them with their origins takes half as long again, and grouping lineage more.
    if lens == "publisher":
        return f"select *, publisher_origin as origin, 1.0::double as weight from {models}"
    return f"""
        select *, root_origin as origin, 1.0::double as weight
        from {models}
        where root_origin is not null
        union all by name
        select {models}.*, roots.origin, roots.weight
        from {models}
        join (
            select hub_id, root_origin as origin, sum(weight)::double as weight
            from lineage
            where hub_id in (select hub_id from {models} where root_origin is null)
            group by hub_id, root_origin
        ) as roots using (hub_id)
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
        origins="left join origins on origins.code = adoption.origin" if by == "region" else "",
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
        attributed=ATTRIBUTED[lens],
        group=GROUPS[by],
        by=by,
        metric=metric,
        layer=COUNTED_LAYER.format(table="models"),
        is_counted=IS_COUNTED,
    )


def _sums(metrics: Iterable[str]) -> str:
    return ", ".join(f"sum(adoption.{metric})::double as {metric}" for metric in metrics)
