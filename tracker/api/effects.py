"""Find registry entries that change nothing in a warehouse, such as a base of a repository that no crawl has seen."""

from collections.abc import Iterable, Iterator
from typing import Any

from tracker.database import Connection, rows
from tracker.registry.entries import (
    Architecture,
    Base,
    Family,
    Library,
    Organization,
    Parameters,
    Registry,
    Release,
    Task,
)
from tracker.registry.toml_files import Entry, Problem


def entries_without_effect(
    connection: Connection, own: Iterable[tuple[Entry, Any]], registry: Registry
) -> list[Problem]:
    """Return a warning for each entry of `own` that nothing in the warehouse depends on.

    `registry` is the whole registry: entries may follow from each other. The warehouse may have been built without
    them.
    """
    return [
        entry.problem(f"{entry.kind.name} '{entry.key}' has no effect: {reason}")
        for entry, value in own
        for reason in _reasons(connection, value, registry)
    ]


def _reasons(connection: Connection, value: Any, registry: Registry) -> Iterator[str]:
    match value:
        case Base():
            yield from _base_reasons(connection, value, registry)
        case Release() | Parameters() if not _any(connection, "models where repo_id = ?", value.repo_id):
            yield _unknown(connection, value.repo_id)
        case Organization():
            if not _any(connection, "models where lower(author) = lower(?)", value.handle) and not _any(
                connection, "edges where lower(split_part(parent_ref, '/', 1)) = lower(?)", value.handle
            ):
                yield "the warehouse has no model of this account, and none that is built on one"
        case Family():
            if not _any(connection, *_family_query(value, registry)):
                yield "no model of the lab's accounts in the warehouse matches a pattern"
        case Task() if not _any(connection, "models where pipeline_tag = ?", value.id):
            yield "no model in the warehouse has this task"
        case Library() if not _any(connection, "models where library_name = ?", value.id):
            yield "no model in the warehouse has this library"
        case Architecture() if not _any(connection, "edges where parent_ref = 'architecture:' || ?", value.id):
            yield "no model in the warehouse without a base has this tag; build first if the entry is new"


def _base_reasons(connection: Connection, base: Base, registry: Registry) -> Iterator[str]:
    name = base.repo_id
    if not _any(connection, "models where repo_id = ?", name):
        if _any(connection, "models where lower(repo_id) = lower(?)", name):
            yield _unknown(connection, name)
            return
        is_parent = any(name.lower() == parent.lower() for other in registry.bases for parent in other.parents)
        if not is_parent and not _any(
            connection, "edges where parent_id is null and lower(parent_ref) = lower(?)", name
        ):
            yield f"{_unknown(connection, name)}, and none that is built on it"
        return
    query = """
        select edges.parent_ref, edges.relation, edges.declared_in
        from edges join models on models.hub_id = edges.child_id
        where models.repo_id = ? and edges.is_used
    """
    links = rows(connection, query, [name])
    declared = {(parent, relation) for parent, relation, declared_in in links if declared_in != "registry"}
    if len(links) == len(declared) and declared == {(parent, base.relation.value) for parent in base.parents}:
        yield "the model's card declares the same"


def _family_query(family: Family, registry: Registry) -> tuple[str, ...]:
    handles = [account.handle for account in registry.organizations if account.lab == family.lab]
    patterns = " or ".join(["regexp_matches(split_part(repo_id, '/', 2), ?)"] * len(family.patterns))
    marks = ", ".join("?" * len(handles)) or "null"
    source = f"models where author in ({marks}) and ({patterns})"
    return source, *handles, *(f"(?i){pattern}" for pattern in family.patterns)


def _unknown(connection: Connection, name: str) -> str:
    found = rows(connection, "select min(repo_id) from models where lower(repo_id) = lower(?)", [name])[0][0]
    return "the warehouse has no repository of this name" + (f" (but has '{found}')" if found else "")


def _any(connection: Connection, source: str, *values: str) -> bool:
    """Return whether a table, with its condition, has a row."""
    return bool(rows(connection, f"select 1 from {source} limit 1", list(values)))
