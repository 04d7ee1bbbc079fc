"""Convert the registry to Arrow tables, the input of the warehouse."""

from collections.abc import Iterable
from dataclasses import astuple

import pyarrow as pa

from tracker.registry.entries import Registry
from tracker.registry.matcher import sql_pattern
from tracker.registry.name_patterns import initials, loosened

_COLUMNS: dict[str, dict[str, pa.DataType]] = {
    "origins": {
        "code": pa.string(),
        "name": pa.string(),
        "region": pa.string(),
        "headline_place": pa.int8(),
        "adjective": pa.string(),
    },
    "labs": {
        "lab": pa.string(),
        "name": pa.string(),
        "origin": pa.string(),
        "is_contested": pa.bool_(),
        "other_origin": pa.string(),
        "evidence": pa.string(),
    },
    "organizations": {
        "handle": pa.string(),
        "lab": pa.string(),
        "origin": pa.string(),
        "role": pa.string(),
        "since": pa.date32(),
        "until": pa.date32(),
        "successor": pa.string(),
        "is_contested": pa.bool_(),
        "other_origin": pa.string(),
        "evidence": pa.string(),
        "note": pa.string(),
    },
    "families": {
        "family": pa.string(),
        "name": pa.string(),
        "lab": pa.string(),
        "evidence": pa.string(),
        "compare_place": pa.int8(),
    },
    "family_patterns": {"family": pa.string(), "lab": pa.string(), "pattern": pa.string()},
    "name_patterns": {"family": pa.string(), "lab": pa.string(), "initials": pa.string(), "pattern": pa.string()},
    "generations": {
        "family": pa.string(),
        "generation": pa.string(),
        "lab": pa.string(),
        "pattern": pa.string(),
        "released_on": pa.date32(),
    },
    "releases": {"repo_id": pa.string(), "released_on": pa.date32(), "evidence": pa.string()},
    "parameters": {
        "repo_id": pa.string(),
        "params_total": pa.int64(),
        "params_active": pa.int64(),
        "evidence": pa.string(),
    },
    "bases": {"repo_id": pa.string(), "parent_ref": pa.string(), "relation": pa.string(), "evidence": pa.string()},
    "tasks": {"pipeline_tag": pa.string(), "task_class": pa.string(), "modality": pa.string()},
    "libraries": {"library_name": pa.string(), "task_class": pa.string()},
    "architectures": {"architecture": pa.string(), "family": pa.string(), "lab": pa.string()},
    "events": {
        "event_date": pa.date32(),
        "kind": pa.string(),
        "title": pa.string(),
        "detail": pa.string(),
        "origin": pa.string(),
        "family": pa.string(),
        "evidence": pa.string(),
    },
    "published": {
        **{name: pa.string() for name in ("figure", "source", "reference", "title", "scope", "definition", "period")},
        "since": pa.date32(),
        "until": pa.date32(),
        "value": pa.float64(),
        **{name: pa.string() for name in ("unit", "as_published", "measure", "subject", "not_computable")},
    },
    "bridges": {
        **{name: pa.string() for name in ("figure", "other_figure", "name", "counted_by")},
        "place": pa.int8(),
        "step": pa.string(),
    },
    "axis_aliases": {
        **{name: pa.string() for name in ("axis", "pattern", "lab", "family")},
        **{name: pa.bool_() for name in ("is_open", "is_undisclosed", "is_mirror")},
        "valid_from": pa.date32(),
        "valid_until": pa.date32(),
        "evidence": pa.string(),
    },
}


def tables(registry: Registry) -> dict[str, pa.Table]:
    """Return one table per kind of entry. Unknown is null, and every pattern starts with `(?i)`.

    `family_patterns` has a row per pattern, `name_patterns` one per loosened pattern and start of a name,
    `generations` one per generation, `bases` one per parent and `bridges` one per step. All others have a row per
    entry.
    """
    rows = {**_publishers_and_families(registry), **_repositories_and_events(registry)}
    return {name: _table(columns, rows[name]) for name, columns in _COLUMNS.items()}


def _table(columns: dict[str, pa.DataType], rows: Iterable[tuple[object, ...]]) -> pa.Table:
    schema = pa.schema(columns)
    return pa.Table.from_pylist([dict(zip(columns, row, strict=True)) for row in rows], schema=schema)


def _publishers_and_families(registry: Registry) -> dict[str, list[tuple[object, ...]]]:
    families = registry.families
    return {
        "origins": [(o.code, o.name, o.region, o.headline, o.adjective) for o in registry.origins],
        "labs": [
            (lab.id, lab.name, lab.country, lab.contested, lab.other_country, lab.evidence) for lab in registry.labs
        ],
        "organizations": [
            (
                o.handle,
                o.lab,
                o.country,
                o.role.value,
                o.since,
                o.until,
                o.successor,
                o.contested,
                o.other_country,
                o.evidence,
                o.note,
            )
            for o in registry.organizations
        ],
        "families": [(f.id, f.name, f.lab, f.evidence, f.compare) for f in families],
        "family_patterns": [(f.id, f.lab, sql_pattern(pattern)) for f in families for pattern in f.patterns],
        "name_patterns": [
            (f.id, f.lab, start, sql_pattern(loosened(pattern)))
            for f in families
            for pattern in f.patterns
            for start in sorted(initials(pattern))
        ],
        "generations": [
            (f.id, g.id, f.lab, sql_pattern(g.pattern), g.released_on) for f in families for g in f.generations
        ],
    }


def _repositories_and_events(registry: Registry) -> dict[str, list[tuple[object, ...]]]:
    lab_of = {family.id: family.lab for family in registry.families}
    return {
        "releases": [(r.repo_id, r.released_on, r.evidence) for r in registry.releases],
        "parameters": [(p.repo_id, p.params_total, p.params_active, p.evidence) for p in registry.parameters],
        "bases": [(b.repo_id, parent, b.relation.value, b.evidence) for b in registry.bases for parent in b.parents],
        "tasks": [(task.id, task.task_class.value, task.modality) for task in registry.tasks],
        "architectures": [(one.id, one.family, lab_of.get(one.family)) for one in registry.architectures],
        "libraries": [(library.id, library.task_class.value) for library in registry.libraries],
        "events": [(e.date, e.kind.value, e.title, e.detail, e.origin, e.family, e.evidence) for e in registry.events],
        "published": [astuple(figure) for figure in registry.published],
        "bridges": [
            (b.figure, b.other, b.name, b.counted_by.value, place, step.value)
            for b in registry.bridges
            for place, step in enumerate(b.steps, 1)
        ],
        "axis_aliases": [
            (
                alias.axis.value,
                sql_pattern(alias.pattern),
                alias.lab,
                alias.family,
                alias.is_open,
                alias.is_undisclosed,
                alias.is_mirror,
                alias.valid_from,
                alias.valid_until,
                alias.evidence,
            )
            for alias in registry.axis_aliases
        ],
    }
