"""SQL that turns saved pages into typed columns; a row that does not fit is refused with a reason.

The fast query parses whole pages and fails if a single row does not fit. The careful query is for pages where the fast
one fails and for pages with nulls: it checks row by row and field by field. Both give the same columns.
"""

import json
from collections.abc import Sequence

import pyarrow as pa

from tracker.database import Connection, literal
from tracker.hub.spool import SavedPage, damaged_page
from tracker.lake.bounds import (
    FIRST_TIME,
    LAST_TIME,
    MAX_COUNTER,
    MAX_LIST_CHARS,
    MAX_NAME_CHARS,
    MAX_PARAMETERS,
    MAX_SCORE,
    MAX_TEXT_CHARS,
    NAME_PATTERN,
)

_TEXTS = ("_id", "id", "downloads", "downloadsAllTime", "likes", "trendingScore", "createdAt", "lastModified",
            "gated", "disabled", "pipeline_tag", "library_name", "tags", "baseModels")  # fmt: skip
_TOTALLED = ("safetensors", "gguf")
"""Objects of which only the total is used."""

_FIRST, _LAST = (f"timestamp {literal(time.strftime('%Y-%m-%d'))}" for time in (FIRST_TIME, LAST_TIME))

MACROS = f"""
create or replace temp macro kind(v) as case left(v, 1)
    when '"' then 'text' when '{{' then 'an object' when '[' then 'a list' when 'n' then 'null'
    when 't' then 'true' when 'f' then 'false' else if(v is null, null, 'a number') end;
create or replace temp macro present(v) as nullif(v, 'null');
create or replace temp macro unquoted(v) as case when contains(v, '\\') then json_extract_string(v, '$')
    when left(v, 1) = '"' then substring(v, 2, length(v) - 2) end;
create or replace temp macro whole_number(v) as case when left(v, 1) between '0' and '9' and not contains(v, '.')
    then try_cast(v as bigint) end;
create or replace temp macro same_number(number, v) as number::varchar is not distinct from v;
create or replace temp macro any_instant(v) as coalesce(
    case when length(v) = 26 then try_strptime(v, '"%Y-%m-%dT%H:%M:%S.%gZ"') end,
    case when length(v) < 50 then date_trunc('milliseconds', try_cast(v[2:-2] as timestamp)) end);
create or replace temp macro in_time(moment) as if(moment between {_FIRST} and {_LAST}, moment, null);
create or replace temp macro instant(v) as in_time(any_instant(v));
create or replace temp macro not_whole(name, v, most) as case when v is not null and whole_number(v) is null
    then name || ' is ' || case when kind(v) = 'a number' then left(v, 30) else kind(v) end || ', not a whole number'
    when whole_number(v) > most then name || ' is ' || v || ', more than ' || most end;
create or replace temp macro not_kind(name, v, wanted) as case when present(v) is not null and kind(v) != wanted
    then name || ' is ' || kind(v) || ', not ' || wanted end;
create or replace temp macro not_date(name, v) as case when present(v) is not null and instant(v) is null
    then name || if(any_instant(v) is null, ' is not a date', ' is a date out of range') end;
create or replace temp macro too_long(name, v, longest) as case when length(v) > longest
    then name || ' is longer than ' || longest || ' characters' end;
create or replace temp macro not_id(v) as case when v is null then 'no _id'
    when not regexp_full_match(v, '"[0-9a-f]{{24}}"') then '_id is not 24 hex digits' end;
create or replace temp macro not_name(v) as case when v is null then 'no id'
    when length(v) > {MAX_NAME_CHARS + 2} then 'id is longer than {MAX_NAME_CHARS} characters'
    when not regexp_full_match(v, '"{NAME_PATTERN}"') then 'id is not a repository name' end;
create or replace temp macro not_number(name, v) as case
    when v is not null and (kind(v) != 'a number' or try_cast(v as double) is null)
    then name || ' is ' || kind(v) || ', not a number'
    when abs(try_cast(v as double)) > {MAX_SCORE} then name || ' is out of range' end;
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
    try_cast(safetensors_text as bigint) as safetensors_total,
    try_cast(gguf_text as bigint) as gguf_total
from page_rows
"""

_IS_VALID = f"""
regexp_full_match("_id", '"[0-9a-f]{{24}}"') and regexp_full_match(id, '"{NAME_PATTERN}"')
and length(id) <= {MAX_NAME_CHARS + 2}
and same_number(downloads_30d, downloads) and same_number(downloads_all_time, downloadsAllTime)
and same_number(likes_count, likes) and same_number(safetensors_total, safetensors_text)
and same_number(gguf_total, gguf_text)
and coalesce(least(downloads_30d, downloads_all_time, likes_count, safetensors_total, gguf_total), 0) >= 0
and coalesce(greatest(downloads_30d, downloads_all_time, likes_count), 0) <= {MAX_COUNTER}
and coalesce(greatest(safetensors_total, gguf_total), 0) <= {MAX_PARAMETERS}
and (trendingScore is null or (abs(trending_score) <= {MAX_SCORE} and left(trendingScore, 1) between '-' and '9'))
and (created_at is null) = (createdAt is null) and (last_modified is null) = (lastModified is null)
and coalesce(gated in ('false', '"auto"', '"manual"'), true) and coalesce(disabled in ('false', 'true'), true)
and coalesce(left(pipeline_tag, 1) = '"', true) and coalesce(left(library_name, 1) = '"', true)
and coalesce(left(tags, 1) = '[', true) and coalesce(left(baseModels, 1) = '{{', true)
and coalesce(greatest(length(pipeline_tag), length(library_name)), 0) <= {MAX_TEXT_CHARS}
and coalesce(greatest(length(tags), length(baseModels)), 0) <= {MAX_LIST_CHARS}
"""
# True for almost every row. A row for which it is false is checked field by field and may still be valid.

_PROBLEM = f"""
case when {_IS_VALID}
    and coalesce(left(safetensors, 1) = '{{', true) and coalesce(left(gguf, 1) = '{{', true)
then null else coalesce(
    not_id("_id"), not_name(id), not_whole('downloads', downloads, {MAX_COUNTER}),
    not_whole('downloadsAllTime', downloadsAllTime, {MAX_COUNTER}), not_whole('likes', likes, {MAX_COUNTER}),
    not_number('trendingScore', trendingScore), not_date('createdAt', createdAt),
    not_date('lastModified', lastModified), not_gated(gated), not_boolean('disabled', disabled),
    not_whole('safetensors.total', safetensors_text, {MAX_PARAMETERS}),
    not_whole('gguf.total', gguf_text, {MAX_PARAMETERS}),
    not_kind('pipeline_tag', pipeline_tag, 'text'), not_kind('library_name', library_name, 'text'),
    not_kind('tags', tags, 'a list'), not_kind('safetensors', safetensors, 'an object'),
    not_kind('gguf', gguf, 'an object'), not_kind('baseModels', baseModels, 'an object'),
    too_long('pipeline_tag', pipeline_tag, {MAX_TEXT_CHARS}), too_long('library_name', library_name, {MAX_TEXT_CHARS}),
    too_long('tags', tags, {MAX_LIST_CHARS}), too_long('baseModels', baseModels, {MAX_LIST_CHARS})
) end
"""
_NO_PROBLEM = f"""
case when not coalesce({_IS_VALID}, false) or (safetensors is not null and safetensors_text is null)
    or (gguf is not null and gguf_text is null) then error('this row needs the careful query') end
"""
# Only the careful query can distinguish an object without a total from a value that is not an object.

_COLUMNS = """
    substring("_id", 2, length("_id") - 2) as hub_id,
    substring(id, 2, length(id) - 2) as repo_id,
    downloads_30d,
    downloads_all_time,
    likes_count as likes,
    trending_score,
    created_at,
    last_modified,
    case gated when 'false' then 'no' when '"auto"' then 'auto' when '"manual"' then 'manual' end as gated,
    present(disabled) = 'true' as is_disabled,
    unquoted(pipeline_tag) as pipeline_tag,
    unquoted(library_name) as library_name,
    safetensors_total,
    gguf_total,
    present(tags) as tags,
    present(baseModels) as parents,
    read_at
"""


COLUMNS = {
    "downloads": "downloads_30d",
    "downloadsAllTime": "downloads_all_time",
    "likes": "likes",
    "trendingScore": "trending_score",
    "createdAt": "created_at",
    "lastModified": "last_modified",
    "gated": "gated",
    "disabled": "is_disabled",
    "pipeline_tag": "pipeline_tag",
    "library_name": "library_name",
    "safetensors": "safetensors_total",
    "gguf": "gguf_total",
    "tags": "tags",
    "baseModels": "parents",
}
"""Field of the Hub -> the column it becomes."""


def prepare(connection: Connection) -> None:
    """Create the macros of this module."""
    connection.execute(MACROS)


def load_pages(connection: Connection, pages: Sequence[SavedPage]) -> None:
    """Make `pages` the ones that the queries read. Raises DataError if one is not UTF-8 text."""
    for page in pages:
        try:
            page.body.decode()
        except UnicodeDecodeError as problem:
            raise damaged_page(page.file, problem) from problem
    table = pa.table({
        "read_at": pa.array([page.read_at.replace(tzinfo=None) for page in pages], pa.timestamp("us")),
        "content": pa.array([page.body for page in pages], pa.string()),
    })  # fmt: skip
    connection.register("saved_pages", table)


def _rows() -> str:
    shapes = {name: "JSON" for name in _TEXTS} | {name: {"total": "JSON"} for name in _TOTALLED}
    texts = ", ".join(f'entry."{name}"::varchar as "{name}"' for name in _TEXTS)
    totals = ", ".join(f"entry.{name} as {name}, entry.{name}.total::varchar as {name}_text" for name in _TOTALLED)
    return _rows_with_problem(f"select read_at, {texts}, {totals} from ({_entries(shapes)})", _NO_PROBLEM)


def _careful_rows() -> str:
    texts = ", ".join(f'json_extract(entry, \'$."{name}"\')::varchar as "{name}"' for name in (*_TEXTS, *_TOTALLED))
    totals = ", ".join(f"present(json_extract(entry, '$.{name}.total')::varchar) as {name}_text" for name in _TOTALLED)
    return _rows_with_problem(f"select read_at, {texts}, {totals} from ({_entries('JSON')})", _PROBLEM)


def _entries(shape: object) -> str:
    """SQL for the rows of pages as values of this shape, and when their page was read."""
    return f"select read_at, unnest(from_json(content, {literal(json.dumps([shape]))})) as entry from saved_pages"


def _rows_with_problem(page_rows: str, problem: str) -> str:
    return f"with page_rows as ({page_rows}), typed as ({_TYPED}) select {problem} as problem, {_COLUMNS} from typed"


ROWS = _rows()
"""SQL for the rows of the pages loaded, which are regular. It fails if a row may not be valid.

Columns: problem (why the row is refused; NULL if it is valid), hub_id, repo_id, counters, attributes, tags and parents
(`baseModels`) as JSON text, read_at (UTC).
"""

CAREFUL_ROWS = _careful_rows()
"""The same for any pages with a JSON array. It distinguishes a null from an absent field."""
