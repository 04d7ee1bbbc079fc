"""Match names with patterns as the warehouse does: DuckDB's regular expressions (RE2), in any case.

`tracker registry check` and the SQL of the warehouse share it, so a pattern that one accepts works in the other.
"""

from collections.abc import Collection

import duckdb

from tracker.database import Connection, connect, rows

_MATCHES = """
select pattern, name
from (
    select
        unnest($patterns::varchar[]) as pattern, unnest($searched::varchar[]) as searched,
        unnest($names::varchar[]) as name
)
where regexp_matches(name, searched)
"""


def sql_pattern(pattern: str) -> str:
    """Return the pattern as the warehouse gets it."""
    return f"(?i){pattern}"


def refusals(patterns: Collection[str]) -> dict[str, str]:
    """Return the patterns that DuckDB cannot use, each with its reason."""
    with connect() as connection:
        if _refusal(connection, patterns) is None:
            return {}
        reasons = {pattern: _refusal(connection, [pattern]) for pattern in patterns}
    return {pattern: reason for pattern, reason in reasons.items() if reason is not None}


def matches(pairs: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return those pairs of a pattern and a name that match. DuckDB must be able to use all patterns."""
    patterns, names = [pattern for pattern, _ in pairs], [name for _, name in pairs]
    with connect() as connection:
        values = {"patterns": patterns, "searched": [*map(sql_pattern, patterns)], "names": names}
        return set(rows(connection, _MATCHES, values))


def _refusal(connection: Connection, patterns: Collection[str]) -> str | None:
    """Return why DuckDB cannot use one of the patterns, or None."""
    query = "select regexp_matches('', pattern) from (select unnest(?::varchar[]) as pattern)"
    try:
        rows(connection, query, [[*map(sql_pattern, patterns)]])
    except duckdb.Error as problem:
        return str(problem).rpartition("Error: ")[2]
    return None
