"""The hosted dashboard: it fetches the tables of a dataset over HTTP, shows them, and follows new days."""

import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import streamlit as st
from huggingface_hub import constants
from streamlit.testing.v1 import AppTest

from dashboards.cloud.published import PublishedTables
from dashboards.data import warehouse
from dashboards.queries import sql
from tests.support import tiny_warehouse
from tests.support.app_page import page_text
from tracker.demo.hub.server import EmbeddedHub
from tracker.publish.layout import COMPACT

ROOT = Path(__file__).parents[3]
APP = ROOT / "dashboards" / "cloud" / "streamlit_app.py"
REPO = "ada/data"
COMPACT_TABLE = "create table compact as select date '2026-08-01' as history_since, 0::bigint as readings_left_out"


@pytest.fixture
def hosted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An environment as on a host, without a dataset; returns the home."""
    st.cache_resource.clear()
    monkeypatch.setattr(warehouse, "_LIMITS", {})
    monkeypatch.setattr(sql, "LIMITS", sql.LIMITS)
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_TELEMETRY", True)
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("TRACKER_DATASET", raising=False)
    return tmp_path / "home"


def publish(hub: EmbeddedHub, folder: Path, *changes: str) -> None:
    """Commit the tiny warehouse, as a compact file, to the dataset."""
    file = tiny_warehouse.write(folder / f"{len(hub.datasets[REPO].commits)}.duckdb", COMPACT_TABLE, *changes)
    hub.datasets[REPO].add({COMPACT: file.read_bytes()}, "a day", datetime(2026, 8, 23, tzinfo=UTC))


def test_hosted_dashboard_follows_its_dataset(
    hosted: Path, tmp_path: Path, serve: Callable[..., EmbeddedHub], monkeypatch: pytest.MonkeyPatch
) -> None:
    asks = AppTest.from_file(str(APP), default_timeout=60).run()
    assert "Set `TRACKER_DATASET` to its `owner/name`" in asks.info[0].value

    hub = serve(quota=1_000_000)
    hub.datasets.create(REPO, datetime(2026, 8, 1, tzinfo=UTC))
    publish(hub, tmp_path)
    for name, value in {"TRACKER_DATASET": REPO, "HF_ENDPOINT": hub.url}.items():
        monkeypatch.setenv(name, value)
    st.cache_resource.clear()
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    assert not app.exception and "As of 22 Aug 2026: 5 models read" in page_text(app)

    publish(hub, tmp_path, "update build set last_day = '2026-08-23'")
    tables = PublishedTables(REPO, hosted, 15, {"HF_ENDPOINT": hub.url})
    tables.pull()
    assert tables.problem is None
    assert "As of 23 Aug 2026" in page_text(app.run())

    tables = PublishedTables(REPO, hosted, 15, {"HF_ENDPOINT": "http://127.0.0.1:9"})
    tables.pull()
    assert tables.problem and "could not be reached (connection refused). Check the network" in tables.problem
    assert "As of 23 Aug 2026" in page_text(app.run())


def test_hosted_dashboard_without_its_dataset_says_why(hosted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"TRACKER_DATASET": REPO, "HF_ENDPOINT": "http://127.0.0.1:9"}.items():
        monkeypatch.setenv(name, value)
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    [shown] = app.error
    assert not app.exception
    assert shown.value.startswith(f"The tables of {REPO} could not be fetched. ")
    assert "connection refused" in shown.value and shown.value.endswith("This app asks again every 15 minutes.")


def test_hosted_dashboard_needs_packages_as_the_program_does() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    needed = [line for line in (APP.with_name("requirements.txt")).read_text().splitlines() if not line.startswith("#")]
    assert needed and {*needed} <= {*declared}


def test_hosted_dashboard_is_configured_as_the_local_one() -> None:
    """But it may be reached from outside."""
    local, hosted = (
        tomllib.loads((folder / ".streamlit" / "config.toml").read_text()) for folder in (APP.parents[1], APP.parent)
    )
    assert local["server"].pop("address") == "127.0.0.1"
    assert hosted == local
