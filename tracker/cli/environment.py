"""What a command takes from its surroundings: the environment, the registry's files, the clock."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.config import Settings

if TYPE_CHECKING:
    from tracker.registry.entries import Registry


def settings(home: Path | None, registry: Path | None) -> Settings:
    """The environment's settings, but for what was typed."""
    found = Settings.from_env(os.environ)
    return replace(found, home=home or found.home, registry=registry or found.registry)


def registry(found: Settings) -> Registry:
    """The shipped registry with the user's own files."""
    from tracker.registry.load import load  # here, so that only those who need it pay for it

    return load(found.registry)


def now() -> datetime:
    """The time, UTC."""
    return datetime.now(UTC)
