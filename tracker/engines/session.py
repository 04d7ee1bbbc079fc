"""Start Spark so that it gives the rows that DuckDB gives, or say what is missing."""

import os
import shutil
import warnings
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.errors import UsageError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.legacy.decimal.retainFractionDigitsOnTruncate": "true",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.legacy.storeAnalyzedPlanForView": "true",
    "spark.ui.enabled": "false",
}
"""What makes Spark give DuckDB's rows: UTC, errors instead of NULL, decimals that keep their places."""


def require_spark() -> None:
    """Raise UsageError unless pyspark, sqlglot and Java are installed."""
    try:
        import pyspark  # noqa: F401
        import sqlglot  # noqa: F401
    except ImportError as problem:
        raise UsageError(
            "--engine spark needs pyspark, which is not installed. Run `pip install 'open-model-tracker[spark]'`, "
            "or leave out --engine: DuckDB builds the same tables."
        ) from problem
    if not java():
        raise UsageError(
            "--engine spark needs Java 17 or later, but there is no `java` in PATH and JAVA_HOME is not set. "
            "Install one, such as openjdk-17-jre-headless."
        )


def java() -> str | None:
    """Return the path of the Java program that Spark would start, or None."""
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=str(Path(home, "bin"))) if home else shutil.which("java")


def start_session(master: str, settings: Mapping[str, str] | None = None) -> "SparkSession":
    """Start Spark, or connect to a cluster. Raises UsageError if the master does not answer."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of pandas 3, which is not used here
        import_module("pyspark.sql.classic.dataframe")
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
