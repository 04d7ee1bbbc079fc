"""`tracker build --engine spark`: what is refused, and what to do about it."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tracker.engines.session import require_spark
from tracker.errors import UsageError


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--engine", "spark"],
            "--engine spark only works with --full: Spark rebuilds all tables, DuckDB adds the new days.",
        ),
        (["--full", "--master", "local"], "--master only works with --engine spark."),
        (["--full", "--work", "there"], "--work only works with --engine spark."),
        (
            ["--full", "--engine", "spark", "--work", "s3a://bucket/work"],
            "--work s3a://bucket/work is not a folder. This machine reads Spark's results too: give a folder that it "
            "shares with all workers.",
        ),
    ],
    ids=["adding days", "master of DuckDB", "work of DuckDB", "object storage"],
)
def test_options_that_do_not_fit_are_refused(
    tmp_path: Path, tracker: Callable[..., Any], arguments: list[str], message: str
) -> None:
    (tmp_path / "home" / "lake").mkdir(parents=True)
    done = tracker("build", *arguments, "--home", tmp_path / "home")
    assert (done.code, done.out, done.err) == (2, "", f"tracker: {message}\n")


def test_missing_pyspark_and_java_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setitem(sys.modules, "pyspark", ModuleType("pyspark"))  # it may be missing here
    with pytest.raises(UsageError, match="needs Java 17 or later, but there is no `java`"):
        require_spark()
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(UsageError, match="Run `pip install 'open-model-tracker\\[spark\\]'`"):
        require_spark()
