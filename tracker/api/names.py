"""Find what a name means that somebody typed: a code or a name for readers, in any case."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NoReturn

import polars as pl

from tracker.api.arguments import as_list
from tracker.errors import UsageError

QueryRunner = Callable[[str, Mapping[str, Any]], pl.DataFrame]
"""Runs SQL with its named parameters (`$name`)."""

KNOWN = {
    "origin": "select code, name from origins union all select 'unaffiliated', 'Unaffiliated'",
    "region": """
        select distinct region as code, region as name from origins
        union all select 'unaffiliated', 'Unaffiliated'
    """,
    "lab": "select lab, name from labs",
    "family": "select family, name from families",
    "generation": """
        select generation as code, generation as name from generations
        union
        select generation, generation from models where generation is not null
    """,
    "layer": """
        select
            unnest(['release', 'derivative', 'repackaged', 'other']) as code,
            unnest(['Original', 'Fine-tune', 'Quantized copy', 'Other']) as name
    """,
    "size_bucket": """
        select size as code, size as name
        from (select unnest(['<1', '1-5', '5-10', '10-50', '50-100', '100-250', '250+']) as size)
    """,
}
"""Kind of name -> query for its codes and their names for readers."""

_ALIASES = {"origin": {"usa": "US", "america": "US", "uk": "GB", "britain": "GB", "uae": "AE", "korea": "KR"}}
"""Kind of name -> further names, in lower case."""

_NAMED = """
select names.name, models.hub_id, models.repo_id
from (select distinct unnest($names::varchar[]) as name) as names
join models on lower(models.repo_id) = lower(names.name)
qualify row_number() over (
    partition by names.name
    order by models.repo_id = names.name desc, models.is_listed desc, models.last_seen desc, models.hub_id
) = 1
"""

_SIMILAR = """
select repo_id
from models
where jaro_winkler_similarity(lower(repo_id), lower($name)) > 0.8
order by jaro_winkler_similarity(lower(repo_id), lower($name)) desc, is_listed desc, repo_id
limit 3
"""


class NamedQueries:
    """Queries whose arguments may be names, in any case, where `checks_names` is set."""

    __slots__ = ()

    run: QueryRunner
    checks_names: bool

    def codes(self, kind: str, values: str | Iterable[str] | None) -> list[str | None] | None:
        """Return names as codes, in any case; None means no restriction. `kind` is a key of KNOWN."""
        found = as_list(kind, values)
        if found is None:
            return None
        return codes(self.run, kind, found) if self.checks_names else list(found)

    def code(self, kind: str, value: str | None) -> str | None:
        """Return one name as a code, as `codes`."""
        found = self.codes(kind, value)
        return found[0] if found else None

    def repositories(self, repo_ids: str | Iterable[str] | None) -> list[str] | None:
        """Return names of repositories in their own case; None means no restriction."""
        found = as_list("repo_ids", repo_ids)
        if found is None or not self.checks_names:
            return found
        return [repo_id for _, repo_id in repositories(self.run, found)]

    def hub_id(self, key: str) -> str:
        """Return the hub_id of a repository given by it or by its name."""
        return repositories(self.run, [key])[0][0] if self.checks_names and "/" in key and ":" not in key else key


def codes(run: QueryRunner, kind: str, values: Iterable[str | None]) -> list[str | None]:
    """Return the codes of these names. Raises UsageError with the nearest names for one that is not known."""
    known = dict(run(KNOWN[kind], {}).iter_rows())
    return [value if value is None else _code(kind, value, known) for value in values]


def repositories(run: QueryRunner, names: Sequence[str]) -> list[tuple[str, str]]:
    """Return hub_id and name of the repository of each name, in any case.

    Raises UsageError with similar names for the first that is unknown.
    """
    found = {name: (hub_id, repo_id) for name, hub_id, repo_id in run(_NAMED, {"names": list(names)}).iter_rows()}
    return [found[name] if name in found else _no_repository(run, name) for name in names]


def _no_repository(run: QueryRunner, name: str) -> NoReturn:
    similar = [row[0] for row in run(_SIMILAR, {"name": name}).iter_rows()]
    hint = (
        f"Did you mean {_listed(similar)}?"
        if similar
        else "In SQL, `select repo_id from models where repo_id ilike '%part%'` finds names."
    )
    raise UsageError(f"There is no repository {name!r}. {hint}")


def _code(kind: str, value: str, known: Mapping[str, str]) -> str:
    if value in known:
        return value
    by_name = {name.casefold(): code for code, name in known.items()}
    by_name |= {code.casefold(): code for code in known}
    by_name |= {name: code for name, code in _ALIASES.get(kind, {}).items() if code in known}
    if found := by_name.get(value.casefold()):
        return found
    near = dict.fromkeys(by_name[name] for name in get_close_matches(value.casefold(), by_name, n=3))
    named = [code if known[code] == code else f"{code} ({known[code]})" for code in near]
    hint = f"Did you mean {_listed(named)}?" if named else f"Known: {_first_few(sorted(known))}."
    raise UsageError(f"There is no {kind} {value!r}. {hint}")


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _first_few(names: list[str]) -> str:
    return ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
