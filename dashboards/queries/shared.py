"""Queries of several pages: names, the last day, its coverage, and the Python API of the warehouse."""

from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from dashboards.data.cache import cached
from dashboards.data.definition import Definition
from dashboards.data.vocabulary import NOT_KNOWN, UNAFFILIATED
from dashboards.data.warehouse import Store, rows
from tracker.api.queries import COUNTED_LAYER
from tracker.api.tracker import Tracker

IS_COUNTED = "($models = 'all' or task_class = $models)"
"""SQL condition: a row belongs to the models that the definition counts."""

IS_CHOSEN = f"""
    list_contains($layers::varchar[], {COUNTED_LAYER})
    and ($models = 'all' or {{table}}.task_class = $models)
    and ($below_1b or {{table}}.size_bucket is distinct from '<1') and ($gguf or not {{table}}.is_gguf)
"""
"""SQL condition: a row with the columns of models, in `{table}`, is counted by `Definition.parameters`."""

NO_REGION = "Unknown"
Part = dict[str, Any]
"""task_class, layer, is_below_1b, is_gguf, and sums over the models that are alike in them."""

PART_COLUMNS = f"""
    adoption.task_class, {COUNTED_LAYER.format(table="adoption")} as layer,
    coalesce(adoption.size_bucket = '<1', false) as is_below_1b, adoption.is_gguf
"""
"""The columns of a part that a definition depends on, from rows with the columns of models in `adoption`."""

_KNOWN_METRICS = """
with last_segments as (
    select
        task_class, max_by(least(first_day, first_flow_day), segment) as first_day,
        max_by(last_day, segment) as last_day
    from segments
    group by task_class
),
known as (
    select
        task_class, day, count(downloads) as downloads, count(downloads_7d_mean) as downloads_7d_mean,
        count(downloads_30d) as downloads_30d, count(downloads_all_time) as downloads_all_time, count(likes) as likes,
        count(models) as models
    from origin_days
    where lens = 'publisher'
    group by task_class, day
)
select segments.task_class, sum(columns(known.* exclude (task_class, day))) > 0
from last_segments as segments
join known on known.day between segments.first_day and segments.last_day
    and segments.task_class in ('all', known.task_class)
group by segments.task_class
"""


def tracker(store: Store) -> Tracker:
    """The Python API of this warehouse, so that pages and notebooks agree."""
    return Tracker(Path(store.path), partial(rows, store))


def is_counted(part: Part, definition: Definition) -> bool:
    """Whether a definition counts the models of a part; does what IS_CHOSEN does."""
    return (
        definition.models in ("all", part["task_class"])
        and part["layer"] in definition.layers
        and (definition.below_1b or not part["is_below_1b"])
        and (definition.gguf or not part["is_gguf"])
    )


def counted(definition: Definition) -> pl.Expr:
    """The condition of `is_counted` on a frame with the columns of parts."""
    every, small, gguf = (pl.lit(is_so) for is_so in (definition.models == "all", definition.below_1b, definition.gguf))
    of_class = every | (pl.col("task_class") == definition.models)
    return (
        of_class
        & pl.col("layer").is_in(definition.layers)
        & (small | ~pl.col("is_below_1b"))
        & (gguf | ~pl.col("is_gguf"))
    )


def by_group(store: Store, parts: list[Part], group: str, column: str = "origin", name: str = "code") -> list[Part]:
    """The parts of an origin with the `code` of the country or region that counts it; does what GROUPS does."""
    origins = [part[column] or NOT_KNOWN for part in parts]
    if group == "region":
        codes = region_codes(store)
        origins = [codes.get(origin, NO_REGION) for origin in origins]
    return [part | {name: code} for part, code in zip(parts, origins, strict=True)]


def in_groups(store: Store, models: pl.DataFrame, group: str, sums: tuple[str, ...]) -> pl.DataFrame:
    """Models by `origin` as models by the `code` of their country or region, with their sums; null where all are."""
    code = pl.col("origin").fill_null(NOT_KNOWN)
    if group == "country":
        return models.with_columns(code.alias("code"))
    coded = models.with_columns(code.replace_strict(region_codes(store), default=NO_REGION).alias("code"))
    added = (pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()) for name in sums)
    return coded.group_by(pl.exclude("origin", *sums)).agg(added)


def region_codes(store: Store) -> dict[str, str]:
    """Origin -> the code of its region, as GROUPS has it; an origin that is not here has NO_REGION."""
    of_registry = {code: region or NO_REGION for code, region in origin_regions(store).items()}
    return of_registry | {UNAFFILIATED: UNAFFILIATED, NOT_KNOWN: NOT_KNOWN}


@cached(20)
def origin_names(store: Store) -> dict[str, str]:
    """Code -> name of every origin of the registry, by name."""
    return dict(rows(store, "select code, name from origins order by name").iter_rows())


@cached(20)
def headline_pair(store: Store) -> tuple[str, str] | None:
    """The codes of the two countries that headlines compare; None if the registry marks none."""
    codes = rows(store, "select code from origins where headline_place is not null order by headline_place")[
        "code"
    ].to_list()
    return (codes[0], codes[1]) if len(codes) == 2 else None


@cached(20)
def origin_adjectives(store: Store) -> dict[str, str]:
    """Code -> adjective of the origins that have one in the registry: "Chinese"."""
    sql = "select code, adjective from origins where adjective is not null"
    return dict(rows(store, sql).iter_rows())


@cached(20)
def origin_regions(store: Store) -> dict[str, str]:
    """Code -> region of every origin of the registry."""
    return dict(rows(store, "select code, region from origins").iter_rows())


@cached(20)
def lab_names(store: Store) -> dict[str, str]:
    """Lab -> its name, for the labs that published at least one model, by name."""
    sql = """
        select lab, name from labs where lab in (select publisher_lab from models) order by lower(name)
    """
    return dict(rows(store, sql).iter_rows())


@cached(20)
def family_names(store: Store) -> dict[str, str]:
    """Family -> its name, by name."""
    return dict(rows(store, "select family, name from families order by lower(name), family").iter_rows())


@cached(20)
def last_whole_day(store: Store) -> date:
    """The last day with a complete listing; the last day of all if there is none."""
    whole = "select max(day) from series_days where is_whole"
    sql = f"select coalesce(({whole}), (select last_day from build)) as day"
    day = rows(store, sql)["day"][0]
    assert isinstance(day, date)
    return day


def readings(store: Store, day: date) -> str:
    """The table that has the counters of a day: where no reading is later, one that needs no file of model_days."""
    return "latest_counts" if day == _last_read_day(store) else "model_days"


@cached(20)
def _last_read_day(store: Store) -> date | None:
    day: date | None = rows(store, "select max(day) as day from latest_counts")["day"][0]
    return day


@cached(20)
def downloads_of_all(store: Store, models: str) -> int | None:
    """The 30-day downloads of all listed models of a class (or all) at their last reading; None if unknown."""
    sql = f"""
        select sum(counts.downloads_30d)::bigint as downloads
        from latest_counts as counts
        join models using (hub_id)
        where models.is_listed and {IS_COUNTED}
    """
    downloads: int | None = rows(store, sql, {"models": models})["downloads"][0]
    return downloads


def known_metrics(store: Store, models: str) -> frozenset[str]:
    """The metrics that are known on any day of the models of a class (or all) that are read now."""
    return _known_metrics(store).get(models, frozenset())


@cached(4)
def _known_metrics(store: Store) -> dict[str, frozenset[str]]:
    """Class -> its known metrics."""
    return {
        found.pop("task_class"): frozenset(metric for metric, is_known in found.items() if is_known)
        for found in rows(store, _KNOWN_METRICS).to_dicts()
    }


@cached(20)
def why_no_daily(store: Store, models: str) -> str:
    """Why daily downloads of a class (or all) are unknown, as a key of `terms.NO_DAILY`, where they are."""
    days = int(rows(store, "select count(*) as days from series_days where is_whole")["days"][0])
    if days and "downloads_all_time" not in known_metrics(store, models):
        return "counters"
    return "days" if days < 2 else "models"


@cached(20)
def last_read_at(store: Store) -> datetime | None:
    """When the last crawl or import ended; None if the warehouse has none."""
    ended = rows(store, "select max(ended_at) as ended_at from crawls")["ended_at"][0]
    return ended.replace(tzinfo=UTC) if isinstance(ended, datetime) else None


@cached(20)
def coverage(store: Store) -> pl.DataFrame:
    """Coverage of the last day, the widest scope first: day, scope, is_complete, models, refused, is_cut.

    The scope of listings that were recorded and served from this machine is `recorded`. is_cut: other days were wider,
    and are cut to registered accounts.
    """
    sql = """
        select
            coverage.day, case when crawls.is_recorded then 'recorded' else coverage.scope end as scope,
            coverage.is_complete, coverage.models, coverage.refused,
            exists (select series_days.day from series_days where series_days.is_cut) as is_cut
        from coverage_days as coverage
        left join crawls using (day, scope)
        where coverage.day = (select last_day from build) and coverage.models is not null
        order by coverage.models desc nulls last, scope
    """
    return rows(store, sql)
