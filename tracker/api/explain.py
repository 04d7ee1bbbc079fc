"""Why a repository counts where it counts, in one paragraph, by the same SQL that counts it."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from tracker.database import Connection, arrow
from tracker.errors import UsageError
from tracker.lake.lake import Lake
from tracker.registry.entries import Registry
from tracker.sql.query import opened
from tracker.warehouse.inputs import show_lake, show_registry, take
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

_FOUND = {
    "id": "found by its id",
    "name": "found by its name",
    "rename": "found by a former name",
    "case": "found in another case",
    "curated": "found by its name",
    "unresolved": "known by its name only",
}
_NAMED_IN = {"baseModels": "linked by the Hub", "tag": "from its tags", "registry": "from the registry"}
_MOST = 6
"""Bases and roots told one by one; merges can have dozens."""


def explain(repo_id: str, warehouse: Path, registry: Registry, now: datetime) -> str:
    """One paragraph about `repo_id`: from the warehouse if it holds the repository, else from its name alone.

    It tells the publisher's origin, family, layer and size, then bases, roots with weights, and the roots' origin.
    Raises UsageError for what can be no repository's name.
    """
    repo_id = re.sub(r"^https?://(www\.)?(huggingface\.co|hf\.co)/", "", repo_id).rstrip("/")
    if not re.fullmatch(r"([\w.-]+/)?[\w.-]+", repo_id):
        raise UsageError(f"{repo_id!r} is no name of a repository; give owner/name, such as Qwen/Qwen3-8B.")
    if warehouse.exists():
        with opened(warehouse) as connection:
            said = _said(connection, repo_id, is_held=True)
        if said is not None:
            return said
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        _show_name_alone(connection, repo_id, registry, now)
        run(connection, models(connection))
        said = _said(connection, repo_id, is_held=False)
    assert said is not None
    return said


def _said(connection: Connection, repo_id: str, is_held: bool) -> str | None:
    """The paragraph; None if no such repository is known to this warehouse."""
    found = _records(connection, _FACTS, repo_id, repo_id)
    if not found:
        return None
    facts = found[0]
    basis = f"as of {facts['last_seen']}" if is_held else "by its name alone, the warehouse does not hold it"
    links = _records(connection, _LINKS, facts["hub_id"])
    roots = _records(connection, _ROOTS, facts["hub_id"])
    return " ".join([*_publisher_said(facts, basis), *_lineage_said(facts, links, roots)])


def _records(connection: Connection, query: str, *values: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = arrow(connection, query, values).to_pylist()
    return found


def _show_name_alone(connection: Connection, repo_id: str, registry: Registry, now: datetime) -> None:
    """The sources of a warehouse that holds one repository of which only the name is known."""
    show_lake(connection, Lake(Path()), [])
    show_registry(connection, registry, now)
    for table, known in (
        ("lake_models", {"repo_id": repo_id}),
        ("lake_model_days", {"scope": "name", "crawl": "name"}),
    ):
        empty = connection.sql(f"from {table}").to_arrow_table().schema
        row = {"hub_id": "0" * 24, "day": now.date(), **known}
        connection.execute(f"drop view {table}")
        take(connection, table, pa.Table.from_pylist([row], schema=empty))


def _publisher_said(facts: dict[str, Any], basis: str) -> list[str]:
    """Sentences on the repository itself: whose it is, what it is, how large."""
    counted = _for_country(facts["publisher_origin"], facts["origin_name"])
    said = [f"{facts['repo_id']} ({basis}) counts {counted}, lens publisher: {facts['publisher_because']}."]
    if facts["is_contested"]:
        said.append(f"That origin is contested{': ' + facts['note'] if facts['note'] else ''}.")
    if facts["publisher_lab"]:
        family = facts["family"] or "none"
        generation = f", generation {facts['generation']}" if facts["generation"] else ""
        said.append(f"Lab {facts['lab_name']}; family {family}{generation}: {facts['family_because']}.")
    said.append(f"Layer {facts['layer']}: {facts['layer_because']}.")
    if facts["params_total"] is None:
        said.append("Its size is not known.")
    else:
        billions, source = facts["params_total"] / 1e9, facts["params_source"]
        said.append(f"Size {billions:,.3g}B parameters ({source}), bucket {facts['size_bucket']}.")
    return said


def _lineage_said(facts: dict[str, Any], links: list[dict[str, Any]], roots: list[dict[str, Any]]) -> list[str]:
    """Sentences on what it was built from: bases, roots, the roots' origin, and whether that differs from its own."""
    said = [f"Bases: {_listed([_link_said(link) for link in links])}."] if links else []
    if roots[0]["depth"] == 0:
        said.append(f"Root: {facts['root_because']}.")
    else:
        said.append(f"{'Root' if len(roots) == 1 else 'Roots'}: {_listed([_root_said(root) for root in roots])}.")
    said.append(f"Lens root: it counts {_shared_out(roots)}.")
    mixed = "mixed: the countries of its publisher and of a root differ"
    said.append(f"Its origin is {mixed if facts['is_mixed_origin'] else 'not mixed'}.")
    return said


def _link_said(link: dict[str, Any]) -> str:
    """One base: as declared, where, what it means, and why it does not count if it does not."""
    told = [link["relation"], _NAMED_IN[link["declared_in"]], _FOUND[link["resolved_by"]]]
    if link["base_name"] not in (None, link["parent_ref"]):
        told.append(f"now {link['base_name']}")
    told.append("used" if link["is_used"] else f"not used: {link['not_used_because']}")
    return f"{link['parent_ref']} ({', '.join(told)})"


def _root_said(root: dict[str, Any]) -> str:
    told = [f"weight {root['weight']:.1%}", f"family {root['root_family'] or 'none'}"]
    told.append(f"{root['depth']} {'step' if root['depth'] == 1 else 'steps'} away")
    if root["root_id"] is None:
        told.append("known by its name only")
    return f"{root['root_ref']} ({', '.join(told)})"


def _shared_out(roots: list[dict[str, Any]]) -> str:
    """The countries that its roots count for, the heaviest first, with their weights if there are several."""
    weights: dict[str, float] = {}
    for root in roots:
        place = _for_country(root["root_origin"], root["origin_name"])
        weights[place] = weights.get(place, 0.0) + root["weight"]
    if len(weights) == 1:
        return next(iter(weights))
    return ", ".join(f"{weight:.1%} {place}" for place, weight in sorted(weights.items(), key=lambda item: -item[1]))


def _for_country(code: str | None, name: str | None) -> str:
    if code is None:
        return "for no known origin"
    return "as unaffiliated" if code == "unaffiliated" else f"for {name or code} ({code})"


def _listed(items: list[str]) -> str:
    rest = f"; and {len(items) - _MOST} more" if len(items) > _MOST else ""
    return "; ".join(items[:_MOST]) + rest
