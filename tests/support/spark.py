"""Spark for tests: whether it can run here, and a session that costs as little as possible."""

import shutil
import sys
from importlib.util import find_spec

import pytest

needs_spark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("java") is None or find_spec("pyspark") is None,
    reason="Spark is tested on Linux: uv sync --extra spark, and apt-get install openjdk-17-jre-headless",
)

_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""Compile once and quickly: the process is short."""

CHEAP = {
    "spark.driver.extraJavaOptions": _JAVA,
    "spark.executor.extraJavaOptions": _JAVA,
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.constraintPropagation.enabled": "false",
    "spark.sql.maxPlanStringLength": "0",
    "spark.sql.debug.maxToStringFields": "1",
    "spark.default.parallelism": "1",
    "spark.ui.showConsoleProgress": "false",
}
"""Few jobs, and no compiling, optimizing or printing that few rows do not repay."""
