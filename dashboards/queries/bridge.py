"""From our default to a published figure: the share after each change of the definition. The registry has the steps."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from dashboards.data.bridge import NO_COUNTERS, NO_LIST, NOT_READ, NOTHING_COUNTED, Bridge, Counted, Step
from dashboards.data.cache import cached
from dashboards.data.vocabulary import LANGUAGE
from dashboards.data.warehouse import Store, rows
from tracker.api.adoption_sql import ATTRIBUTED

_CODES = {
    ("country", "publisher"): ATTRIBUTED["publisher"],
    ("country", "root"): ATTRIBUTED["root"],
    ("account", "publisher"): "select hub_id, author as origin, 1.0 as weight from models",
    ("family", "publisher"): "select hub_id, family as origin, 1.0 as weight from models",
    ("family", "root"): "select hub_id, root_family as origin, sum(weight) as weight from lineage group by all",
}
"""What the subjects are, and the lens -> the subjects of each repository, with weights that sum to 1."""

_DAY = """
select max(panels.day) as day
from panel_days as panels
join segments using (task_class, segment)
where panels.task_class = $models and panels.downloads_30d is not null
    and panels.day between coalesce($since::date, panels.day) and coalesce($until::date, panels.day)
    and segments.width = (select max_by(width, segment) from segments where task_class = $models)
"""

_READ = """
with attributed as ({codes}),
listed as (
    select hub_id
    from models
    where list_contains($names::varchar[], repo_id)
    qualify row_number() over (partition by repo_id order by last_seen desc, hub_id desc) = 1
),
counted as (
    select attributed.origin as code, days.{counter}::double * attributed.weight as value
    from model_days as days
    join models using (hub_id)
    join attributed using (hub_id)
    left join tasks using (pipeline_tag)
    where days.day = $day
        and ($models = 'all' or models.task_class = $models)
        and (not $text_tags or tasks.modality is not null)
        and (not $originals or models.counted_layer = 'release')
        and (not $gguf or models.is_gguf)
        and ($names::varchar[] is null or days.hub_id in (select hub_id from listed))
)
"""

_PERIOD = """
with counted as (
    select origin as code, downloads as value
    from origin_days
    where lens = $lens and day between $since and $until
        and ($models = 'all' or task_class = $models)
        and (not $originals or counted_layer = 'release')
        and (not $gguf or is_gguf)
)
"""

_SUMS = """
select
    count(*) as models,
    count(*) filter ($other::varchar is null or code in ($subject, $other)) as relevant,
    count(value) filter ($other::varchar is null or code in ($subject, $other)) as known,
    count(*) filter (code = $subject) as of_subject,
    sum(value) filter (code = $subject) as subject,
    count(*) filter (code = $other) as of_other,
    sum(value) filter (code = $other) as other,
    sum(value) as total
from counted
"""

_LEAST_KNOWN = 0.5
"""A sum is known if at least this part of its models has a counter, as for daily downloads (segments)."""


@cached(20)
def choices(store: Store) -> dict[str, str]:
    """Figure -> name of each bridge, by figure."""
    return dict(rows(store, "select figure, name from bridge_steps where place = 1 order by figure").iter_rows())


@cached(50)
def bridge(store: Store, figure: str, names: tuple[str, ...] | None) -> Bridge | None:
    """The bridge to a published figure, with the names of a list if the reader gave one; None without a reading."""
    listed = rows(store, "select * from bridge_steps where figure = $figure order by place", {"figure": figure})
    day = _day(store, LANGUAGE, None, None)
    if listed.is_empty() or day is None:
        return None
    figures = {row["figure"]: row for row in rows(store, "select * from published_figures").to_dicts()}
    published, other = figures[figure], figures.get(listed["other_figure"][0])
    by = listed["counted_by"][0]

    def counted_step(code: str, counted: Counted) -> Step:
        return _step(code, counted, _sums(store, by, published, other, counted), is_of_both=other is not None)

    last = ours = counted_step("ours", Counted(day))
    steps: list[Step] = []
    for code in listed["step"]:
        changed = _changed(store, code, last.counted, published, names)
        unknown = Step(code, None, last.counted, because=changed) if isinstance(changed, str) else None
        steps.append(unknown or counted_step(code, changed))  # type: ignore[arg-type]
        last = last if steps[-1].share is None else steps[-1]
    whole = published["value"] + other["value"] if other else 1.0
    return Bridge(published, other, by, published["value"] / whole, ours, tuple(steps))


def _changed(
    store: Store, step: str, counted: Counted, published: Mapping[str, Any], names: tuple[str, ...] | None
) -> Counted | str:
    """What is counted after a step, or why that is not possible."""
    match step:
        case "all_models":
            return replace(counted, models="all")
        case "text_tags":
            return replace(counted, models="all", text_tags=True)
        case "base_model":
            return replace(counted, lens="root")
        case "downloads_all_time":
            return replace(counted, counter="downloads_all_time")
        case "list":
            # The list alone decides which models count, as in `Tracker.list_downloads`.
            return replace(counted, names=names, models="all", originals=False) if names else NO_LIST
        case "published_day":
            day = _day(store, counted.models, published["since"], published["until"])
            return replace(counted, day=day) if day else NOT_READ
        case "period":
            sql = "select our_since, our_until, because from reproductions where figure = $figure"
            since, until, because = rows(store, sql, {"figure": published["figure"]}).row(0)
            return replace(counted, since=since, until=until) if since else str(because)
        case "gguf":
            return replace(counted, gguf=True)
        case "originals":
            return replace(counted, originals=True)
        case _:
            raise ValueError(f"unknown step {step}")


def _step(code: str, counted: Counted, sums: Mapping[str, Any], *, is_of_both: bool) -> Step:
    """The share of the sums found; unknown if too few of the models have a counter. No model at all makes 0."""
    subject = sums["subject"] if sums["of_subject"] else 0.0
    other = sums["other"] if sums["of_other"] else 0.0
    whole = sums["total"] if not is_of_both else None if subject is None or other is None else subject + other
    without = sums["relevant"] - sums["known"]
    if sums["relevant"] == 0 or whole == 0:
        return Step(code, None, counted, because=NOTHING_COUNTED)
    if sums["known"] < _LEAST_KNOWN * sums["relevant"] or subject is None or whole is None:
        return Step(code, None, counted, because=NO_COUNTERS)
    of_all = (subject / sums["total"], (other or 0.0) / sums["total"])
    return Step(code, subject / whole, counted, of_all, sums["models"], without)


def _sums(
    store: Store, by: str, published: Mapping[str, Any], other: Mapping[str, Any] | None, counted: Counted
) -> dict[str, Any]:
    values: dict[str, Any] = {
        "subject": published["subject"],
        "other": other["subject"] if other else None,
        "models": counted.models,
        "originals": counted.originals,
        "gguf": counted.gguf,
    }
    if counted.since is not None:
        sql, own = _PERIOD, {"lens": counted.lens, "since": counted.since, "until": counted.until}
    else:
        sql = _READ.format(codes=_CODES[by, counted.lens], counter=counted.counter)
        own = {"day": counted.day, "text_tags": counted.text_tags, "names": list(counted.names or ()) or None}
    return rows(store, sql + _SUMS, values | own).row(0, named=True)


def _day(store: Store, models: str, since: date | None, until: date | None) -> date | None:
    """The last day in a period that was read as widely as the last one and belongs to a series; None without one."""
    found = rows(store, _DAY, {"models": models, "since": since, "until": until})["day"][0]
    return found if isinstance(found, date) else None
