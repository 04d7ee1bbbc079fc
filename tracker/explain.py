"""Why a repository counts where it counts, in one paragraph, by the same SQL that counts it."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from tracker.duck import Connection
from tracker.errors import UsageError
from tracker.lake import Lake
from tracker.query import opened
from tracker.registry.entries import Registry
from tracker.sources import show_lake, show_registry, take
from tracker.sqlfiles import models
from tracker.warehouse import run

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


def explain(repo_id: str, warehouse: Path, registry: Registry, now: datetime) -> str:
    """One paragraph about `repo_id`: from the warehouse if it holds the repository, else from its name alone.

    Raises UsageError for what can be no repository's name.
    """
    if not re.fullmatch(r"([\w.-]+/)?[\w.-]+", repo_id):
        raise UsageError(f"{repo_id!r} is no name of a repository; give owner/name, such as Qwen/Qwen3-8B.")
    if warehouse.exists():
        with opened(warehouse) as connection:
            facts = _facts(connection, repo_id)
        if facts is not None:
            return _paragraph(facts, "as of " + str(facts["last_seen"]))
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        _show_name_alone(connection, repo_id, registry, now)
        run(connection, models(connection))
        facts = _facts(connection, repo_id)
    assert facts is not None
    return _paragraph(facts, "by its name alone, the warehouse does not hold it")


def _facts(connection: Connection, repo_id: str) -> dict[str, Any] | None:
    found: list[dict[str, Any]] = connection.sql(_FACTS, params=[repo_id, repo_id]).to_arrow_table().to_pylist()
    return found[0] if found else None


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


def _paragraph(facts: dict[str, Any], basis: str) -> str:
    code = facts["publisher_origin"]
    counted = "as unaffiliated" if code == "unaffiliated" else f"for {facts['origin_name'] or code} ({code})"
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
        said.append(f"Size {billions:,.3g} B parameters ({source}), bucket {facts['size_bucket']}.")
    return " ".join(said)
