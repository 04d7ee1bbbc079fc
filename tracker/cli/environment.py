"""Inputs of commands from outside: environment variables, the registry's files, the clock; and notes on stderr."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.config import DEFAULT_HOME, Settings
from tracker.errors import SettingsError

if TYPE_CHECKING:
    from tracker.registry.entries import Registry


DEMO_HOME = Path("demo-data")
"""Where `tracker demo --keep` stores its data if no home is named."""


def settings(home: Path | None, registry: Path | None) -> Settings:
    """Settings from the environment, overridden by the options given. Raises SettingsError if the home is a file."""
    found = Settings.from_env(os.environ)
    found = replace(found, home=home or found.home, registry=registry or found.registry)
    if found.home.is_file():
        raise SettingsError(f"{found.home} is a file. Give the folder that holds it with --home or TRACKER_HOME.")
    return found


def reading_settings(home: Path | None, registry: Path | None = None) -> Settings:
    """The same for commands that read a home: without a home, but with data of the demo, they read those."""
    found = settings(home, registry)
    if is_unnamed(found) and not found.home.exists() and DEMO_HOME.exists():
        print_note(f"There is no {found.home} here, so this reads {DEMO_HOME}, the data of `tracker demo --keep`.")
        return replace(found, home=DEMO_HOME)
    return found


def is_unnamed(found: Settings) -> bool:
    """Return whether the home is the default one."""
    return found.home == Path(DEFAULT_HOME)


def registry(found: Settings) -> Registry:
    """The shipped registry with the user's own files added."""
    from tracker.registry.load import load  # imported here: most commands do not need it

    return load(found.registry)


def is_job_of_actions() -> bool:
    """Return whether this is a job of GitHub Actions, whose log may contain commands."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def now() -> datetime:
    """The current time in UTC."""
    return datetime.now(UTC)


def print_note(text: str) -> None:
    """Print progress or a note to stderr, so that stdout holds only results."""
    print(text, file=sys.stderr, flush=True)
