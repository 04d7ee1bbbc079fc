"""Explain in one paragraph how a repository is classified, using the SQL of the warehouse."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from tracker.database import Connection, arrow, connect
from tracker.errors import UsageError
from tracker.lake.lake import Lake
from tracker.registry.entries import Registry
from tracker.sql.query import open_warehouse
from tracker.warehouse.inputs import create_lake_views, create_registry_tables, create_table
from tracker.warehouse.runner import run
from tracker.warehouse.sql_files import models

_FACTS = """
select
    models.*, memberships.* exclude (hub_id), labs.name as lab_name, origins.name as origin_name,
    organizations.is_contested, organizations.note
from models
join memberships using (hub_id)
left join labs on labs.lab = models.publisher_lab
left join origins on origins.code = models.publisher_origin
left join organizations on organizations.handle = models.author
where lower(models.repo_id) = lower(?)
order by models.repo_id = ? desc, models.last_seen desc, models.hub_id desc
limit 1
"""

_LINKS = """
select edges.*, bases.repo_id as base_name
from edges
left join models as bases on bases.hub_id = edges.parent_id
where edges.child_id = ?
order by edges.is_used desc, edges.parent_ref
"""

_ROOTS = """
select lineage.*, origins.name as origin_name
from lineage
left join origins on origins.code = lineage.root_origin
where lineage.hub_id = ?
order by lineage.weight desc, lineage.root_ref
"""

_RESOLVED_BY = {
    "id": "found by id",
    "name": "found by name",
    "rename": "found by a former name",
    "case": "found with different capitals",
    "curated": "found by name",
    "architecture": "known by its family",
    "unresolved": "known only by name",
}
_DECLARED_IN = {
    "baseModels": "linked by the Hub",
    "tag": "from its tags",
    "registry": "from the registry",
    "architecture": "from its architecture",
}
_MODEL_TYPES = {"release": "original", "derivative": "fine-tune", "repackaged": "quantized copy", "other": "other"}
_MAX_LISTED = 6
"""Bases and roots listed in full; merges can have dozens."""


def explain(repo_id: str, warehouse: Path, registry: Registry, now: datetime) -> str:
    """Explain `repo_id` in one paragraph: from the warehouse if it is there, otherwise from its name alone.

    The paragraph covers publisher, origin, family, model type and size, then bases, weighted roots and their origins.
    `repo_id` may be the address of a page of the Hub. Raises UsageError if it cannot be the name of a repository.
    """
    repo_id = re.sub(r"^https?://(www\.)?(huggingface\.co|hf\.co)/", "", repo_id).rstrip("/")
    if not re.fullmatch(r"([\w.-]+/)?[\w.-]+", repo_id):
        raise UsageError(f"{repo_id!r} is not a repository name. Give owner/name, such as Qwen/Qwen3-8B.")
    if warehouse.exists():
        with open_warehouse(warehouse) as connection:
            paragraph = paragraph_of(connection, repo_id, is_in_warehouse=True)
        if paragraph is not None:
            return paragraph
    with connect() as connection:
        _show_name_only(connection, _as_registered(repo_id, registry), registry, now)
        run(connection, models(connection))
        paragraph = paragraph_of(connection, repo_id, is_in_warehouse=False)
    assert paragraph is not None
    return paragraph


def _as_registered(repo_id: str, registry: Registry) -> str:
    """Return the name, or at least its owner, as the registry spells it; the Hub finds names in any case."""
    known = [base.repo_id for base in registry.bases]
    known += [entry.repo_id for entry in registry.parameters] + [entry.repo_id for entry in registry.releases]
    names = {name.casefold(): str(name) for name in known}
    handles = {organization.handle.casefold(): organization.handle for organization in registry.organizations}
    owner, slash, name = repo_id.rpartition("/")
    return names.get(repo_id.casefold(), handles.get(owner.casefold(), owner) + slash + name)


def paragraph_of(connection: Connection, repo_id: str, *, is_in_warehouse: bool) -> str | None:
    """Return the paragraph, or None if this warehouse has no such repository."""
    found = _records(connection, _FACTS, repo_id, repo_id)
    if not found:
        return None
    facts = found[0]
    basis = f"as of {facts['last_seen']}" if is_in_warehouse else "not in the warehouse, explained by its name"
    links = _records(connection, _LINKS, facts["hub_id"])
    roots = _records(connection, _ROOTS, facts["hub_id"])
    return " ".join([*_publisher_sentences(facts, basis), *_lineage_sentences(facts, links, roots)])


def _records(connection: Connection, query: str, *values: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = arrow(connection, query, values).to_pylist()
    return found


def _show_name_only(connection: Connection, repo_id: str, registry: Registry, now: datetime) -> None:
    """Create the inputs of a warehouse with one repository, of which only the name is known."""
    create_lake_views(connection, Lake(Path()), [])
    create_registry_tables(connection, registry, now)
    for table, known in (
        ("lake_models", {"repo_id": repo_id}),
        ("lake_model_days", {"scope": "name", "crawl": "name"}),
    ):
        empty = connection.sql(f"from {table}").to_arrow_table().schema
        row = {"hub_id": "0" * 24, "day": now.date(), **known}
        connection.execute(f"drop view {table}")
        create_table(connection, table, pa.Table.from_pylist([row], schema=empty))


def _publisher_sentences(facts: dict[str, Any], basis: str) -> list[str]:
    """Describe the repository itself: publisher, family, model type and size."""
    origin = _origin(facts["publisher_origin"], facts["origin_name"])
    sentences = [f"{facts['repo_id']} ({basis}). Attributed by publisher to {origin}: {facts['publisher_because']}."]
    if facts["is_contested"]:
        sentences.append(f"That origin is contested{': ' + facts['note'] if facts['note'] else ''}.")
    if facts["publisher_lab"]:
        family = facts["family"] or "none"
        generation = f", generation {facts['generation']}" if facts["generation"] else ""
        sentences.append(f"Lab {facts['lab_name']}; family {family}{generation}: {facts['family_because']}.")
    layer = facts["layer"]
    sentences.append(f"Model type {_MODEL_TYPES[layer]} (layer {layer}): {facts['layer_because']}.")
    task_class = f"Task class {facts['task_class']}" if facts["task_class"] else "Task class unknown"
    sentences.append(f"{task_class}: {facts['task_class_because']}.")
    if facts["params_total"] is None:
        sentences.append("Size unknown.")
    else:
        billions, source = facts["params_total"] / 1e9, facts["params_source"]
        sentences.append(f"Size {billions:,.3g}B parameters ({source}), bucket {facts['size_bucket']}.")
    return sentences


def _lineage_sentences(facts: dict[str, Any], links: list[dict[str, Any]], roots: list[dict[str, Any]]) -> list[str]:
    """Describe what the repository was built from: bases, roots, and the origins of the roots."""
    sentences = [f"Bases: {_first_few([_link(link) for link in links])}."] if links else []
    if roots[0]["depth"] == 0:
        sentences.append(f"Root: {facts['root_because']}.")
    else:
        sentences.append(f"{'Root' if len(roots) == 1 else 'Roots'}: {_first_few([_root(root) for root in roots])}.")
    sentences.append(f"Attributed by base model to {_root_origins(roots)}.")
    if facts["is_mixed_origin"]:
        sentences.append("Mixed origin: the countries of its publisher and of a root differ.")
    return sentences


def _link(link: dict[str, Any]) -> str:
    """Describe one base: the declared name, the relation, how it was found, and whether it is used."""
    details = [link["relation"], _DECLARED_IN[link["declared_in"]], _RESOLVED_BY[link["resolved_by"]]]
    if link["base_name"] not in (None, link["parent_ref"]):
        details.append(f"now {link['base_name']}")
    details.append("used" if link["is_used"] else f"not used: {link['not_used_because']}")
    return f"{link['parent_ref']} ({', '.join(details)})"


def _root(root: dict[str, Any]) -> str:
    details = [f"weight {root['weight']:.1%}", f"family {root['root_family'] or 'none'}"]
    details.append(f"{root['depth']} {'step' if root['depth'] == 1 else 'steps'} away")
    if root["root_id"] is None:
        details.append("known only by name")
    return f"{root['root_ref']} ({', '.join(details)})"


def _root_origins(roots: list[dict[str, Any]]) -> str:
    """List the origins of the roots, largest weight first, with weights if there are several."""
    weights: dict[str, float] = {}
    for root in roots:
        origin = _origin(root["root_origin"], root["origin_name"])
        weights[origin] = weights.get(origin, 0.0) + root["weight"]
    if len(weights) == 1:
        return next(iter(weights))
    return ", ".join(f"{origin} {weight:.1%}" for origin, weight in sorted(weights.items(), key=lambda item: -item[1]))


def _origin(code: str | None, name: str | None) -> str:
    if code is None:
        return "an unknown origin"
    return "no country (unaffiliated)" if code == "unaffiliated" else f"{name or code} ({code})"


def _first_few(items: list[str]) -> str:
    rest = f"; and {len(items) - _MAX_LISTED} more" if len(items) > _MAX_LISTED else ""
    return "; ".join(items[:_MAX_LISTED]) + rest
