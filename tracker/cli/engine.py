"""The option --engine of the build: DuckDB, or Spark for full refreshes."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.errors import UsageError

if TYPE_CHECKING:
    from tracker.engines.spark import SparkEngine


class EngineName(StrEnum):
    """What computes the tables."""

    DUCKDB = "duckdb"
    SPARK = "spark"


EngineOption = Annotated[EngineName, typer.Option("--engine", help="What computes the tables; spark needs --full.")]
Master = Annotated[
    str | None,
    typer.Option(help="Spark: local[*], spark://host:7077, yarn or k8s://... [local[*]].", show_default=False),
]
Work = Annotated[
    str | None,
    typer.Option(help="Spark: folder that all workers share [spark in the home].", show_default=False),
]

OtherLake = Annotated[
    str | None,
    typer.Option(
        "--lake",
        help="Spark: lake to read, a folder or a URI. Object storage such as s3a:// is untested; name its connector in "
        "spark.jars.packages [lake in the home].",
        show_default=False,
    ),
]


@contextmanager
def chosen_engine(
    name: EngineName, full: bool, master: str | None, work: str | None, lake: str | None, home: Path
) -> "Iterator[SparkEngine | None]":
    """Return Spark, or None for DuckDB. Spark's results are removed in the end, as they are in the warehouse by then.

    Raises UsageError if options do not fit together, or what Spark needs is missing.
    """
    if name is EngineName.DUCKDB:
        given = {"--master": master, "--work": work, "--lake": lake}
        if unfit := next((option for option, value in given.items() if value), None):
            raise UsageError(f"{unfit} only works with --engine spark.")
        yield None
        return
    if not full:
        raise UsageError("--engine spark only works with --full: Spark rebuilds all tables, DuckDB adds the new days.")
    if work and "://" in work and not work.startswith("file://"):
        raise UsageError(
            f"--work {work} is not a folder. This machine reads Spark's results too: give a folder that it shares "
            "with all workers."
        )
    from tracker.engines.lake import folder_or_uri
    from tracker.engines.session import require_spark
    from tracker.engines.spark import SparkEngine

    other_lake = folder_or_uri(lake) if lake else None
    require_spark()
    folder = Path(work.removeprefix("file://")) if work else home / "spark"
    engine = SparkEngine(master or "local[*]", folder, other_lake=other_lake)
    try:
        yield engine
    finally:
        engine.remove_results()
