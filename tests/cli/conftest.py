"""The command line, and a small home to run it on."""

import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.program import Completed, environment, run_as_process, run_here
from tracker.demo.hub.server import EmbeddedHub
from tracker.demo.run import crawl_catalog
from tracker.pipeline import build_home
from tracker.registry.entries import Registry
from tracker.registry.load import load

FIRST, SECOND = date(2026, 8, 18), date(2026, 8, 19)
NOW = datetime(2026, 8, 19, 12, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The empty folder in which `tracker` and `tracker_process` run."""
    folder = tmp_path / "somewhere"
    folder.mkdir()
    return folder


@pytest.fixture
def tracker(tmp_path: Path, folder: Path) -> Callable[..., Completed]:
    """Run the command line in this process; keyword arguments are environment variables."""

    def tracker(*arguments: str | Path, stdin: str = "", **environ: str) -> Completed:
        return run_here([str(each) for each in arguments], folder, environment(tmp_path, environ), stdin)

    return tracker


@pytest.fixture
def tracker_process(tmp_path: Path, folder: Path) -> Callable[..., Completed]:
    """Like `tracker`, in a separate process."""

    def tracker_process(*arguments: str | Path, stdin: str = "", **environ: str) -> Completed:
        return run_as_process([str(each) for each in arguments], folder, environment(tmp_path, environ), stdin)

    return tracker_process


@pytest.fixture(scope="session")
def shipped() -> Registry:
    return load()


@pytest.fixture(scope="session")
def listing(make_model: Callable[..., dict[str, Any]]) -> list[dict[str, Any]]:
    """Twelve rows of the Hub: releases of two labs, copies, derivatives, and a model of an individual."""
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
    """A home with two simulated days, built. Tests that change it use `own`."""
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
    """Start a local Hub over rows, on the real clock, with a quota large enough for a crawl of all labs."""
    import time

    return lambda rows, **more: serve(rows, **{"clock": time.monotonic, "quota": 100_000, **more})
