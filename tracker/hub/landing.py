"""Write the pages of a crawl into the lake.

Pages are processed a few at a time, so that memory does not grow with the crawl: their rows are parsed, checked,
de-duplicated, compared with earlier days, and appended.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from tracker.database import Connection, arrow, connect, literal, one, rows
from tracker.domain import LakeFile, Page
from tracker.errors import DataError
from tracker.hub.parse import CAREFUL_ROWS, COLUMNS, ROWS, load_pages, prepare
from tracker.hub.spool import SavedPage, slices
from tracker.hub.walk import NEWEST_FIRST
from tracker.lake.backfill import LateDayBackfill
from tracker.lake.lake import Lake
from tracker.lake.writer import LakeWriter

MAX_REASONS = 100
"""Different reasons of refused rows in a manifest. A reason may quote a value, so there could be millions."""

_SLICE = """
create or replace temp table slice as
select
    *,
    hash(repo_id, created_at, last_modified, gated, is_disabled, pipeline_tag, library_name, safetensors_total,
        gguf_total, tags, parents) as fingerprint
from ({parsed})
"""
# DuckDB's hash() is the fastest. If a later version gives other values, all attributes are written once more.

_LACKS_A_COUNTER = """
select exists (
    from slice
    where downloads_30d is null or downloads_all_time is null or likes is null or trending_score is null
)
"""
# A counter may be absent but not null; the fast query reads both as null.

_REFUSED_ROWS = """
select problem, count(*), min(left(coalesce(repo_id, hub_id, 'a row without name'), 200)) from slice
where problem is not null group by problem
"""

_DELETE_DUPLICATES = """
delete from slice where hub_id in (select hub_id from seen)
    or rowid not in (select min(rowid) from slice group by hub_id)
"""

_FIELD_COUNTS = f"""
select count(*), min(hub_id), max(hub_id), {", ".join(f"count({column})" for column in COLUMNS.values())} from slice
"""

_CHANGED = """
create or replace temp table changed as
with known as (
    select hub_id, arg_max(fingerprint, day) as fingerprint
    from landed_models where hub_id between $low and $high group by hub_id
)
select slice.hub_id, known.hub_id is null as is_new
from slice left join known using (hub_id)
where slice.fingerprint is distinct from known.fingerprint
    and slice.hub_id not in (select hub_id from landed_today where hub_id between $low and $high)
"""

_MODEL_DAYS = """
select hub_id, downloads_30d, downloads_all_time, likes, trending_score, timezone('UTC', read_at) as read_at
from slice
where hub_id not in (select hub_id from landed_today where hub_id between $low and $high)
"""

_MODELS = """
select
    hub_id, repo_id, timezone('UTC', created_at) as created_at, timezone('UTC', last_modified) as last_modified, gated,
    is_disabled, pipeline_tag, library_name,
    list_filter(all_tags, lambda tag: starts_with(tag, 'license:'))[1][9:] as license,
    safetensors_total, gguf_total,
    list_filter(all_tags, lambda tag: not starts_with(tag, 'base_model:') and not starts_with(tag, 'license:')) as tags,
    fingerprint
from (select * exclude (tags), from_json(tags, '["VARCHAR"]') as all_tags from {changed_rows})
"""

_EDGES = """
with children as materialized (
    select
        hub_id, tags,
        from_json(parents, '{{"relation": "VARCHAR", "models": [{{"_id": "VARCHAR", "id": "VARCHAR"}}]}}') as parents
    from {changed_rows}
    where parents is not null or contains(tags, '"base_model:')
),
linked as (
    select hub_id, parents.relation as relation, unnest(parents.models) as parent,
        generate_subscripts(parents.models, 1) as position
    from children
),
with_other_tags as (
    select
        hub_id, list_transform(parents.models, lambda parent: parent.id) as linked_names,
        list_filter(from_json(tags, '["VARCHAR"]'), lambda tag: starts_with(tag, 'base_model:')) as base_tags
    from (
        select *, parents.models[1].id as name, if(parents.relation
            in ('finetune', 'adapter', 'quantized', 'merge'), parents.relation, null) as relation
        from children
    )
    where contains(replace(tags, coalesce(
        '"base_model:' || name || '","base_model:' || relation || ':' || name || '"', ' '), ''), '"base_model:')
),
tagged as (
    select hub_id, unnest(base_tags)[12:] as tag, generate_subscripts(base_tags, 1) as position, linked_names
    from with_other_tags
),
split as (
    select hub_id, position, tag, linked_names,
        regexp_extract(tag, '^(finetune|adapter|quantized|merge):.', 1) as relation
    from tagged
),
named as (
    select hub_id, position, relation, linked_names, if(relation = '', tag, tag[len(relation) + 2:]) as parent_ref
    from split
)
select hub_id, parent._id as parent_hub_id, parent.id as parent_ref, relation, 'baseModels' as declared_in,
    position::int as position
from linked
where parent.id is not null
union all
select hub_id, null, parent_ref, nullif(max(relation), ''), 'tag', min(position)::int
from named
where not coalesce(list_contains(linked_names, parent_ref), false)
group by hub_id, parent_ref
"""
# The tags of most repositories only repeat `baseModels`: one parent, with and without the relation. Only the other
# tags are parsed.


@dataclass(slots=True)
class Tally:
    """Counts of the rows of one crawl, summed over slices."""

    rows_read: int = 0
    models: int = 0
    """Repositories in the listing, including those that another scope has for the same day."""

    duplicates: int = 0
    new_models: int = 0
    changed_models: int = 0
    refused_because: Counter[str] = field(default_factory=Counter)
    refused_examples: dict[str, str] = field(default_factory=dict)
    """Reason -> one row that was refused for it."""

    field_counts: Counter[str] = field(default_factory=Counter)
    """Field of the Hub -> repositories that have it."""


def land_pages(
    lake: Lake,
    day: date,
    scope: str,
    folder: Path,
    pages: Sequence[Page],
    check: Callable[[Tally], None] = lambda tally: None,
) -> tuple[tuple[LakeFile, ...], Tally]:
    """Write the files of `day` from `pages` (files in `folder`) and move them into the lake.

    A repository that another scope has for this day keeps that first reading. `check` may raise before the lake is
    changed. The files count once the caller saves the manifest. The manifest of an earlier crawl of this day and scope
    is deleted when its files are replaced. Raises DataError for a page that is damaged on disk.
    """
    writer, tally = LakeWriter(folder), Tally()
    with connect(config={"threads": 1}) as connection:
        connection.execute("set enable_object_cache = true")
        connection.execute("create temp table seen (hub_id varchar)")
        prepare(connection)
        _create_lake_views(connection, lake, day, scope)
        backfill = LateDayBackfill(connection, lake, day)
        for few in slices(folder, _in_order(pages)):
            _parse(connection, few)
            _tally_refused(connection, tally)
            _drop_duplicates(connection, tally)
            _append(connection, writer, tally)
            backfill.note()
        check(tally)
        backfill.land(folder)
    written = writer.close(lake, day, scope)
    lake.delete_manifest(f"{day.isoformat()}-{scope}")
    return lake.add_files(*written), tally


def _in_order(pages: Sequence[Page]) -> list[Page]:
    """Pages with rows, those of the downward walk last and reversed, so that ids increase."""
    filled = [page for page in pages if page.rows]
    downwards = [page for page in filled if page.walk == NEWEST_FIRST]
    return [page for page in filled if page.walk != NEWEST_FIRST] + downwards[::-1]


def _parse(connection: Connection, few: Sequence[SavedPage]) -> None:
    """Fill the table `slice`: with the fast query, or the careful one if a row is invalid or a counter may be null."""
    load_pages(connection, few)
    try:
        connection.execute(_SLICE.format(parsed=ROWS))
        if not (one(connection, _LACKS_A_COUNTER) and any(b"null" in page.body for page in few)):
            return
    except duckdb.InvalidInputException:
        pass
    try:
        connection.execute(_SLICE.format(parsed=CAREFUL_ROWS))
    except duckdb.InvalidInputException as problem:
        raise DataError(
            f"A page among {few[0].file} to {few[-1].file.name} is damaged ({problem}). "
            f"Move {few[0].file.parent} away, then crawl again."
        ) from problem


def _tally_refused(connection: Connection, tally: Tally) -> None:
    tally.rows_read += one(connection, "select count(*) from slice")
    refused = rows(connection, _REFUSED_ROWS)
    for reason, count, example in refused:
        is_known = reason in tally.refused_because or len(tally.refused_because) < MAX_REASONS
        problem = reason if is_known else "other reasons"
        tally.refused_because[problem] += count
        tally.refused_examples.setdefault(problem, example)
    if refused:
        connection.execute("delete from slice where problem is not null")


def _drop_duplicates(connection: Connection, tally: Tally) -> None:
    """Keep the first row of each repository over all slices."""
    [(count, distinct, low, high)] = rows(
        connection, "select count(*), count(distinct hub_id), min(hub_id), max(hub_id) from slice"
    )
    again = one(
        connection,
        "select count(*) from slice"
        " semi join (select hub_id from seen where hub_id between $low and $high) using (hub_id)",
        {"low": low, "high": high},
    )
    if again or distinct < count:
        connection.execute(_DELETE_DUPLICATES)
        tally.duplicates += count - one(connection, "select count(*) from slice")
    connection.execute("insert into seen select hub_id from slice")


def _append(connection: Connection, writer: LakeWriter, tally: Tally) -> None:
    """Append the counters of the slice, and its new or changed attributes and links."""
    [(count, low, high, *counts)] = rows(connection, _FIELD_COUNTS)
    bounds = {"low": low, "high": high}
    connection.execute(_CHANGED, bounds)
    [(changed, new)] = rows(connection, "select count(*), coalesce(count_if(is_new), 0) from changed")
    writer.write("model_days", arrow(connection, _MODEL_DAYS, bounds))
    if changed:
        of = "slice" if changed == count else "slice semi join changed using (hub_id)"
        writer.write("models", arrow(connection, _MODELS.format(changed_rows=of)))
        writer.write("edges", arrow(connection, _EDGES.format(changed_rows=of)))
    tally.field_counts.update(dict(zip(COLUMNS, counts, strict=True)))
    tally.models += count
    tally.new_models += new
    tally.changed_models += changed - new


def _create_lake_views(connection: Connection, lake: Lake, day: date, scope: str) -> None:
    """Create views of the lake: attributes of earlier days, and the ids that other scopes have for this day."""
    landed = lake.crawl_manifests()
    earlier = lake.files("models", [manifest for manifest in landed if manifest.day < day])
    today = lake.files(
        "model_days", [manifest for manifest in landed if manifest.day == day and manifest.scope != scope]
    )
    _create_view(
        connection,
        "landed_models",
        f"select hub_id, fingerprint, day from read_parquet({_names(earlier)}, hive_partitioning = true)",
        "select null::varchar as hub_id, null::ubigint as fingerprint, null::date as day where false",
        earlier,
    )
    _create_view(
        connection,
        "landed_today",
        f"select hub_id from read_parquet({_names(today)})",
        "select null::varchar as hub_id where false",
        today,
    )


def _create_view(connection: Connection, name: str, query: str, nothing: str, files: list[Path]) -> None:
    connection.execute(f"create temp view {name} as {query if files else nothing}")


def _names(files: list[Path]) -> str:
    return "[" + ", ".join(literal(str(file)) for file in files) + "]"
