"""Start Spark so that it gives the rows that DuckDB gives."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tracker.errors import UsageError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.legacy.storeAnalyzedPlanForView": "true",
    "spark.ui.enabled": "false",
}
"""What makes Spark give DuckDB's rows: UTC, errors instead of NULL, decimals that keep their places."""


def start_session(master: str, settings: Mapping[str, str] | None = None) -> "SparkSession":
    """Start Spark, or connect to a cluster. Raises UsageError if the master does not answer."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master).appName("open-model-tracker")
    chosen = {**_SETTINGS, **(settings or {})}
    if master.startswith("local"):
        chosen |= {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
    for name, value in chosen.items():
        builder = builder.config(name, value)
    try:
        session: SparkSession = builder.getOrCreate()
    except Exception as problem:  # py4j raises many classes
        reason = str(problem).strip().splitlines()[0] if str(problem).strip() else type(problem).__name__
        raise UsageError(f"Spark cannot start with --master {master}: {reason}") from problem
    session.sparkContext.setLogLevel("OFF")
    return session
