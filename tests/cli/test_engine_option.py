"""`tracker build --engine spark`: what is refused, and what to do about it."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tracker.engines.lake import folder_or_uri
from tracker.engines.session import require_spark
from tracker.errors import UsageError

SPARK = ["--full", "--engine", "spark"]


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
        (["--full", "--lake", "there"], "--lake only works with --engine spark."),
        (
            [*SPARK, "--lake", "there"],
            "--lake there is not a folder. Give the folder lake of a home, or a copy of it.",
        ),
        (
            [*SPARK, "--lake", "file://data/lake"],
            "--lake file://data/lake names the host data. Write file:///, with three slashes.",
        ),
        (
            [*SPARK, "--lake", "https://example.org/lake"],
            "--lake https://example.org/lake: Spark cannot list files over https://. Give a folder, or a URI of object "
            "storage such as s3a://bucket/lake. To read a published dataset, run `tracker pull` first.",
        ),
    ],
    ids=[
        *("adding days", "master of DuckDB", "work of DuckDB", "object storage", "lake of DuckDB"),
        *("no folder", "host", "web"),
    ],
)
def test_options_that_do_not_fit_are_refused(
    tmp_path: Path, tracker: Callable[..., Any], arguments: list[str], message: str
) -> None:
    (tmp_path / "home" / "lake").mkdir(parents=True)
    done = tracker("build", *arguments, "--home", tmp_path / "home")
    assert (done.code, done.out, done.err) == (2, "", f"tracker: {message}\n")


def test_lake_is_a_folder_or_a_uri(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "a lake"
    folder.mkdir()
    monkeypatch.chdir(tmp_path)
    given = [str(folder), folder.as_uri(), f"file:{folder}".replace(" ", "%20"), f"file://localhost{folder}", "a lake"]
    assert {Path(folder_or_uri(text)).absolute() for text in given} == {folder}
    assert folder_or_uri("s3a://bucket/lake/") == "s3a://bucket/lake"


def test_missing_pyspark_and_java_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setitem(sys.modules, "pyspark", ModuleType("pyspark"))  # it may be missing here
    with pytest.raises(UsageError, match="needs Java 17 or later, but there is no `java`"):
        require_spark()
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(UsageError, match="Run `pip install 'open-model-tracker\\[spark\\]'`"):
        require_spark()
