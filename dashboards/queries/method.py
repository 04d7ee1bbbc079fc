"""The method page: definitions of the warehouse, changes on the Hub, sources."""

import polars as pl

from dashboards.data.cache import cached
from dashboards.data.warehouse import Store, rows
from tracker.warehouse.documents import Glossary, read_glossary
from tracker.warehouse.sql_files import FOLDER


@cached(1)
def glossary() -> Glossary:
    """The warehouse's terms, questions of tables and changes of meaning."""
    return read_glossary()


@cached(1)
def definitions() -> dict[str, str]:
    """Table as `warehouse_columns` names it -> the SQL file that defines it, for the tables that have one."""
    files = [path for layer in ("marts", "views") for path in sorted((FOLDER / layer).rglob("*.sql"))]
    return {
        f"{'steps.' if path.parent.name == 'steps' else ''}{path.stem}": path.read_text(encoding="utf-8")
        for path in files
    }


@cached(20)
def hub_changes(store: Store) -> pl.DataFrame:
    """What changed on the Hub and how it counts, by the registry, the latest first."""
    sql = """
        select event_date, kind, title, evidence
        from events
        where kind in ('counting-rule', 'rollback', 'platform')
        order by event_date desc, title
    """
    return rows(store, sql)


@cached(20)
def sources(store: Store) -> pl.DataFrame:
    """Where the counters are from: source, scope (or `recorded`), crawls, first_day, last_day."""
    sql = """
        select
            source,
            case when is_recorded then 'recorded' else scope end as scope,
            count(*) as crawls,
            min(day) as first_day,
            max(day) as last_day
        from crawls
        group by all
        order by crawls desc, source, 2
    """
    return rows(store, sql)


@cached(20)
def registry_version(store: Store) -> str | None:
    """Fingerprint of the registry's files that this build used."""
    version = rows(store, "select registry_version from build")["registry_version"][0]
    return None if version is None else str(version)
