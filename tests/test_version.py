"""One version, said in two places."""

import tomllib
from importlib.metadata import version
from pathlib import Path

from tracker.version import VERSION

ROOT = Path(__file__).parents[1]


def test_the_program_and_its_project_file_say_the_same_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == VERSION == version(project["name"])
