"""From saved pages to typed columns, in one vectorised step; a row that does not fit is set aside with its reason.

Regular pages are transformed whole: the nested values typed, the others as JSON text that is judged. A page that cannot
be, that has a nested value of another shape, or that holds a null, is unnested row by row and judged in full. Both give
the same columns.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from tracker.domain import Page
from tracker.duck import Connection
from tracker.sqltext import literal

_SCALARS = ("_id", "id", "downloads", "downloadsAllTime", "likes", "trendingScore", "createdAt", "lastModified",
            "gated", "disabled", "pipeline_tag", "library_name")  # fmt: skip
_SHAPES = {
    "tags": '["VARCHAR"]',
    "safetensors": '{"total": "JSON"}',
    "gguf": '{"total": "JSON"}',
    "baseModels": '{"relation": "VARCHAR", "models": [{"_id": "VARCHAR", "id": "VARCHAR"}]}',
}
_NESTED_KINDS = {"tags": "a list", "safetensors": "an object", "gguf": "an object", "baseModels": "an object"}

_IRREGULAR = """
case when tags is null or (safetensors is not null and safetensors.total is null)
    or (gguf is not null and gguf.total is null) or (baseModels is not null and baseModels.models is null)
    then error('a nested value of another shape') end
"""
# A value of another shape is transformed to one without content; only the careful reading can say what it was.

MACROS = """
create or replace temp macro kind(v) as case left(v, 1)
    when '"' then 'text' when '{' then 'an object' when '[' then 'a list' when 'n' then 'null'
    when 't' then 'true' when 'f' then 'false' else if(v is null, null, 'a number') end;
create or replace temp macro present(v) as nullif(v, 'null');
create or replace temp macro unquoted(v) as
    case when contains(v, '\\') then json_extract_string(v, '$') when left(v, 1) = '"' then v[2:-2] end;
create or replace temp macro whole_number(v) as case when left(v, 1) between '0' and '9' and not contains(v, '.')
    then try_cast(v as bigint) end;
create or replace temp macro same_number(number, v) as number::varchar is not distinct from v;
create or replace temp macro instant(v) as coalesce(
    case when length(v) = 26 then try_strptime(v, '"%Y-%m-%dT%H:%M:%S.%gZ"') end, try_cast(v[2:-2] as timestamp));
create or replace temp macro not_whole(name, v) as case when v is not null and whole_number(v) is null
    then name || ' is ' || case when kind(v) = 'a number' then v else kind(v) end || ', not a whole number' end;
create or replace temp macro not_kind(name, v, wanted) as case when present(v) is not null and kind(v) != wanted
    then name || ' is ' || kind(v) || ', not ' || wanted end;
create or replace temp macro not_date(name, v) as case when present(v) is not null and instant(v) is null
    then name || ' is not a date' end;
create or replace temp macro not_id(v) as case when v is null then 'no _id'
    when not regexp_full_match(v, '"[0-9a-f]{24}"') then '_id is not 24 hex digits' end;
create or replace temp macro not_name(v) as case when v is null then 'no id'
    when not regexp_full_match(v, '"[\\w.-]+(/[\\w.-]+)?"') then 'id is not a repository name' end;
create or replace temp macro not_number(name, v) as case
    when v is not null and (kind(v) != 'a number' or try_cast(v as double) is null)
    then name || ' is ' || kind(v) || ', not a number' end;
create or replace temp macro not_gated(v) as case
    when present(v) not in ('false', '"auto"', '"manual"') then 'gated is none of false, auto, manual' end;
create or replace temp macro not_boolean(name, v) as case
    when present(v) not in ('false', 'true') then name || ' is ' || kind(v) || ', not true or false' end;
"""

_TYPED = """
select
    *,
    try_cast(downloads as bigint) as downloads_30d,
    try_cast(downloadsAllTime as bigint) as downloads_all_time,
    try_cast(likes as bigint) as likes_count,
    try_cast(trendingScore as double) as trending_score,
    instant(createdAt) as created_at,
    instant(lastModified) as last_modified,
    safetensors.total::varchar as safetensors_text,
    try_cast(safetensors_text as bigint) as safetensors_total,
    gguf.total::varchar as gguf_text,
    try_cast(gguf_text as bigint) as gguf_total
from page_rows
"""

_FITS = """
regexp_full_match("_id", '"[0-9a-f]{24}"') and regexp_full_match(id, '"[\\w.-]+(/[\\w.-]+)?"')
and same_number(downloads_30d, downloads) and same_number(downloads_all_time, downloadsAllTime)
and same_number(likes_count, likes) and same_number(safetensors_total, safetensors_text)
and same_number(gguf_total, gguf_text)
and coalesce(least(downloads_30d, downloads_all_time, likes_count, safetensors_total, gguf_total), 0) >= 0
and (trendingScore is null or (trending_score is not null and trendingScore[1] between '-' and '9'))
and (created_at is null) = (createdAt is null) and (last_modified is null) = (lastModified is null)
and coalesce(gated in ('false', '"auto"', '"manual"'), true) and coalesce(disabled in ('false', 'true'), true)
and coalesce(starts_with(pipeline_tag, '"'), true) and coalesce(starts_with(library_name, '"'), true)
and nested_problem is null
"""
# What almost every row does. A row that does not is asked question by question, and may still fit.

_JUDGED = f"""
select
    case when {_FITS} then null else coalesce(
        not_id("_id"), not_name(id), not_whole('downloads', downloads),
        not_whole('downloadsAllTime', downloadsAllTime), not_whole('likes', likes),
        not_number('trendingScore', trendingScore), not_date('createdAt', createdAt),
        not_date('lastModified', lastModified), not_gated(gated), not_boolean('disabled', disabled),
        not_whole('safetensors.total', safetensors_text), not_whole('gguf.total', gguf_text),
        not_kind('pipeline_tag', pipeline_tag, 'text'), not_kind('library_name', library_name, 'text'),
        nested_problem
    ) end as problem,
    "_id"[2:-2] as hub_id,
    id[2:-2] as repo_id,
    downloads_30d,
    downloads_all_time,
    likes_count as likes,
    trending_score,
    created_at,
    last_modified,
    case when gated = 'false' then 'no' else unquoted(gated) end as gated,
    present(disabled) = 'true' as is_disabled,
    unquoted(pipeline_tag) as pipeline_tag,
    unquoted(library_name) as library_name,
    safetensors_total,
    gguf_total,
    tags,
    baseModels as parents,
    pages.read_at
from typed
join pages using (filename)
"""


def prepare(connection: Connection, folder: Path, pages: Sequence[Page]) -> None:
    """Gives the connection the macros of this module and the times at which `pages` (files in `folder`) were read."""
    connection.execute(MACROS)
    files = [str(folder / page.file) for page in pages]
    times = [page.read_at.replace(tzinfo=None) for page in pages]
    connection.execute(
        "create or replace temp table pages as "
        "select unnest(?::varchar[]) as filename, unnest(?::timestamp[]) as read_at",
        [files, times],
    )


def rows_query(folder: Path, pages: Iterable[Page]) -> str:
    """SQL for every row of regular `pages`, judged. It fails on a page that is not regular after all.

    Columns: problem (why the row is set aside; NULL if it fits), hub_id, repo_id, the counters and attributes, tags
    (list of text), parents (relation and models, as `baseModels`), read_at (UTC).
    """
    shape = ", ".join(
        [f'"{name}": "JSON"' for name in _SCALARS] + [f'"{name}": {kind}' for name, kind in _SHAPES.items()]
    )
    texts = ", ".join([f'"{name}"::varchar as "{name}"' for name in _SCALARS] + list(_SHAPES))
    entries = (
        f"select filename, unnest(from_json(content, '[{{{shape}}}]'), max_depth := 2)"
        f" from read_text({_files(folder, pages)})"
    )
    return _judged(f"select filename, {texts}, {_IRREGULAR} as nested_problem from ({entries})")


def careful_rows_query(folder: Path, pages: Iterable[Page]) -> str:
    """The same for any pages that hold a JSON array, row by row: a null is told from an absence, any row is judged."""
    entries = (
        f"select filename, unnest(from_json(content, '[\"JSON\"]')) as entry from read_text({_files(folder, pages)})"
    )
    scalars = [f'json_extract(entry, \'$."{name}"\')::varchar as "{name}"' for name in _SCALARS]
    texts = {name: f"json_extract(entry, '$.{name}')::varchar" for name in _SHAPES}
    nested = [
        f"case when kind({text}) = '{_NESTED_KINDS[name]}' then from_json({text}, '{_SHAPES[name]}') end as {name}"
        for name, text in texts.items()
    ]
    problems = ", ".join(f"not_kind('{name}', {text}, '{_NESTED_KINDS[name]}')" for name, text in texts.items())
    return _judged(
        f"select filename, {', '.join(scalars + nested)}, coalesce({problems}) as nested_problem from ({entries})"
    )


def _judged(page_rows: str) -> str:
    return f"with page_rows as ({page_rows}), typed as ({_TYPED}) {_JUDGED}"


def _files(folder: Path, pages: Iterable[Page]) -> str:
    return "[" + ", ".join(literal(str(folder / page.file)) for page in pages) + "]"
