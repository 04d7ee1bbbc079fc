"""The version in the package and in pyproject.toml."""

import tomllib
from importlib.metadata import version
from pathlib import Path

from tracker.version import VERSION

ROOT = Path(__file__).parents[1]


def test_package_version_equals_pyproject() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == VERSION == version(project["name"])
