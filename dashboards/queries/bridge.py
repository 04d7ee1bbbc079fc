"""From our default to a published figure: the share after each change of the definition. The registry has the steps."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from dashboards.data.bridge import (
    DERIVED,
    NO_COUNTERS,
    NO_LIST,
    NOT_READ,
    NOTHING_COUNTED,
    OWN_COPIES,
    Bridge,
    Counted,
    Step,
)
from dashboards.data.cache import cached
from dashboards.data.vocabulary import LANGUAGE
from dashboards.data.warehouse import Store, rows
from tracker.api.adoption_sql import IS_COUNTED

_LAYER = f"""
    case
        when models.layer not in ('derivative', 'repackaged') then null
        when models.counted_layer = 'release' then '{OWN_COPIES}'
        else '{DERIVED}'
    end
"""
_CODES = {
    "publisher": {
        "country": "models.publisher_origin", "account": "models.author", "family": "models.family", "layer": _LAYER,
    },
    "root": {"country": "lineage.root_origin", "family": "lineage.root_family"},
}  # fmt: skip
"""Lens -> what the subjects are -> their code."""

_DAY = """
select max(panels.day) as day
from panel_days as panels
join segments using (task_class, segment)
where panels.task_class = $models and panels.downloads_30d is not null
    and panels.day between coalesce($since::date, panels.day) and coalesce($until::date, panels.day)
    and segments.width = (select max_by(width, segment) from segments where task_class = $models)
"""

_READ = """
with listed as (
    select hub_id
    from models
    where list_contains($names::varchar[], repo_id)
    qualify row_number() over (partition by repo_id order by last_seen desc, hub_id desc) = 1
)
select
    case when {code} = $subject then 'subject' when {code} = $other then 'other' else 'rest' end as whose,
    coalesce(models.task_class = 'language', false) as is_language,
    tasks.modality is not null as has_text_tag,
    models.counted_layer = 'release' as is_original,
    models.is_gguf,
    count(*) as models,
    count(days.downloads_30d) as downloads_30d_known,
    sum(days.downloads_30d::double * {weight}) as downloads_30d,
    count(days.downloads_all_time) as downloads_all_time_known,
    sum(days.downloads_all_time::double * {weight}) as downloads_all_time
from model_days as days
join models using (hub_id)
left join tasks using (pipeline_tag)
{lineage}
where days.day = $day
    and case when $names::varchar[] is null then {is_counted} else days.hub_id in (select hub_id from listed) end
group by all
"""

_PERIOD = """
select
    case when origin = $subject then 'subject' when origin = $other then 'other' else 'rest' end as whose,
    coalesce(task_class = 'language', false) as is_language,
    false as has_text_tag,
    counted_layer = 'release' as is_original,
    is_gguf,
    count(*) as models,
    count(downloads) as downloads_known,
    sum(downloads) as downloads
from origin_days
where lens = $lens and day between $since and $until
group by all
"""

# All models of the accounts, as the table has them: the registry allows no other period of an account.
_PERIOD_OF_ACCOUNTS = """
with ours as (
    select figure, case when our_since = $since and our_until = $until then our_value end as downloads
    from reproductions
)
select
    case when published.subject = $subject then 'subject' else 'other' end as whose,
    false as is_language, false as has_text_tag, false as is_original, false as is_gguf,
    1 as models, (ours.downloads is not null)::integer as downloads_known, ours.downloads
from ours
join published_figures as published using (figure)
where published.measure = 'account_downloads' and published.subject in ($subject, $other)
"""

_CHANGES: dict[str, dict[str, Any]] = {
    "all_models": {"models": "all"},
    "text_tags": {"models": "all", "text_tags": True},
    "base_model": {"lens": "root"},
    "downloads_all_time": {"counter": "downloads_all_time"},
    "gguf": {"gguf": True},
    "originals": {"originals": True},
    "own_copies": {"own_copies": True},
}
"""Step -> what it changes, where that depends on nothing else."""

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
    subject, compared = published["subject"], other["subject"] if other else None
    if by == "layer":
        published, subject, compared = published | {"subject": DERIVED}, DERIVED, OWN_COPIES

    def counted_step(code: str, counted: Counted) -> Step:
        period = (counted.since, counted.until) if counted.since and counted.until else None
        is_by_root = counted.lens == "root"
        cells = _cells(store, by, is_by_root, subject, compared, counted.names, counted.day, period)
        return _step(code, counted, cells, is_of_both=other is not None)

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
    if step in _CHANGES:
        return replace(counted, **_CHANGES[step])
    match step:
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
        case _:
            raise ValueError(f"unknown step {step}")


def _step(code: str, counted: Counted, cells: Sequence[Mapping[str, Any]], *, is_of_both: bool) -> Step:
    """The share of the cells counted; unknown if too few of the models have a counter. No model at all makes 0."""
    counter = "downloads" if counted.since else counted.counter
    chosen = [cell for cell in cells if _is_counted(cell, counted)]
    sums: dict[str, float | None] = {}
    for whose in ("subject", "other", "rest"):
        of = [cell for cell in chosen if _whose(cell, counted) == whose]
        known = [cell[counter] for cell in of if cell[counter] is not None]
        sums[whose] = sum(known) if known or not of else None
    relevant = [cell for cell in chosen if not is_of_both or cell["whose"] != "rest"]
    models, known_models = (sum(cell[name] for cell in relevant) for name in ("models", f"{counter}_known"))
    total = sum(value for value in sums.values() if value is not None)
    subject, other = sums["subject"], sums["other"]
    whole = total if not is_of_both else None if subject is None or other is None else subject + other
    if models == 0 or (whole == 0 and known_models):
        return Step(code, None, counted, because=NOTHING_COUNTED)
    if known_models < _LEAST_KNOWN * models or subject is None or not whole:
        return Step(code, None, counted, because=NO_COUNTERS)
    of_all = None if None in sums.values() else (subject / total, (other or 0.0) / total)
    read = sum(cell["models"] for cell in chosen)
    return Step(code, subject / whole, counted, of_all, read, models - known_models)


def _whose(cell: Mapping[str, Any], counted: Counted) -> str:
    """Whose a cell is: subject, other or rest. By layer, the others are labs' own copies."""
    return "subject" if counted.own_copies and cell["whose"] == "other" else str(cell["whose"])


def _is_counted(cell: Mapping[str, Any], counted: Counted) -> bool:
    return (
        (counted.models == "all" or cell["is_language"])
        and (not counted.text_tags or cell["has_text_tag"])
        and (not counted.originals or cell["is_original"])
        and (not counted.gguf or cell["is_gguf"])
    )


@cached(100)
def _cells(
    store: Store, by: str, is_by_root: bool, subject: str, other: str | None,
    names: tuple[str, ...] | None, day: date, period: tuple[date, date] | None,
) -> list[dict[str, Any]]:  # fmt: skip
    """Sums of the counters of a day, or of the downloads of a period, by all that a step can choose. Do not modify."""
    lens, values = "root" if is_by_root else "publisher", {"subject": subject, "other": other}
    if period is not None:
        of_days = values | {"since": period[0], "until": period[1]}
        if by == "account":
            return rows(store, _PERIOD_OF_ACCOUNTS, of_days).to_dicts()
        return rows(store, _PERIOD, of_days | {"lens": lens}).to_dicts()
    weight, lineage = ("lineage.weight", "join lineage using (hub_id)") if is_by_root else ("1", "")
    sql = _READ.format(code=_CODES[lens][by], weight=weight, lineage=lineage, is_counted=IS_COUNTED)
    return rows(store, sql, values | {"day": day, "names": list(names) if names else None}).to_dicts()


@cached(50)
def _day(store: Store, models: str, since: date | None, until: date | None) -> date | None:
    """The last day in a period that was read as widely as the last one and belongs to a series; None without one."""
    found = rows(store, _DAY, {"models": models, "since": since, "until": until})["day"][0]
    return found if isinstance(found, date) else None
