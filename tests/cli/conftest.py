"""The program as a process, and a small home to point it at."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tracker.demo.hub.server import EmbeddedHub
from tracker.pipeline import build_home, crawl_catalog
from tracker.registry.entries import Registry
from tracker.registry.load import load

ROOT = Path(__file__).parents[2]
FIRST, SECOND = date(2026, 8, 18), date(2026, 8, 19)
NOW = datetime(2026, 8, 19, 12, tzinfo=UTC)
_SAID_BY_ENVIRONMENT = ("TRACKER_", "HF_", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "COLUMNS")


def environment(folder: Path, more: Mapping[str, str]) -> dict[str, str]:
    """This process's, less what would steer the program; nothing it looks for lies in a real home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_SAID_BY_ENVIRONMENT)}
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {**kept, "HF_HOME": str(folder / "hf"), "PYTHONPATH": path, "NO_PROXY": "*", **more}


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run of the program ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def tracker(tmp_path: Path) -> Callable[..., Ended]:
    """Runs the program with these arguments in an empty folder; keywords are environment variables."""
    folder = tmp_path / "somewhere"
    folder.mkdir()

    def tracker(*arguments: str | Path, stdin: str = "", **environ: str) -> Ended:
        done = subprocess.run(
            [sys.executable, "-m", "tracker", *map(str, arguments)],
            cwd=folder,
            env=environment(tmp_path, environ),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    return tracker


@pytest.fixture(scope="session")
def shipped() -> Registry:
    return load()


@pytest.fixture(scope="session")
def listing(make_model: Callable[..., dict[str, Any]]) -> list[dict[str, Any]]:
    """Twelve rows of the Hub: two labs' releases, copies, derivatives, and somebody's own."""
    names = ["Qwen/Qwen3-8B", "google/gemma-3-4b-it", "unsloth/Qwen3-8B-GGUF", "someone/Qwen3-8B-tuned", "gpt2"]
    more = {
        2: {"gguf": {"total": 8_190_735_360}, "tags": ["gguf", "base_model:quantized:Qwen/Qwen3-8B"]},
        3: {"tags": ["base_model:Qwen/Qwen3-8B", "base_model:finetune:Qwen/Qwen3-8B"]},
    }
    named = [make_model(number, id=name, **more.get(number, {})) for number, name in enumerate(names)]
    return named + [make_model(number) for number in range(len(named), 12)]


@pytest.fixture(scope="session")
def filled(
    tmp_path_factory: pytest.TempPathFactory,
    make_catalog: Callable[..., Any],
    listing: Sequence[Any],
    shipped: Registry,
) -> Path:
    """A home with two simulated days, built. Read only: tests that change it take a copy."""
    home = tmp_path_factory.mktemp("filled") / "home"
    crawl_catalog(make_catalog({FIRST: listing[:11], SECOND: listing}), home, shipped, lambda: NOW, lambda day: None)
    assert not build_home(home, shipped, NOW).has_failed
    return home


@pytest.fixture
def own(filled: Path, tmp_path: Path) -> Path:
    """A copy of the filled home that a test may change."""
    return Path(shutil.copytree(filled, tmp_path / "own"))


@pytest.fixture
def hub_of(serve: Callable[..., EmbeddedHub]) -> Callable[..., EmbeddedHub]:
    """A Hub on this machine over rows, with room for all the requests of a whole crawl of labs, on real time."""
    import time

    return lambda rows, **more: serve(rows, **{"clock": time.monotonic, "quota": 100_000, **more})
