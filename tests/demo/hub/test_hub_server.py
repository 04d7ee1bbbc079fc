"""The server of the embedded Hub: start, stop, change of day, and as a separate process."""

import gzip
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import requests

from tracker.demo.catalog import Listing
from tracker.demo.hub.__main__ import main
from tracker.demo.hub.faults import Fault, FaultKind
from tracker.demo.hub.server import EmbeddedHub
from tracker.errors import SettingsError

FIRST, SECOND = date(2026, 8, 19), date(2026, 8, 20)


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


def test_latest_day_is_served_by_default(catalog: Any) -> None:
    with EmbeddedHub(catalog) as latest, EmbeddedHub(catalog, day=FIRST) as first:
        assert (latest.day, first.day) == (SECOND, FIRST)
        assert latest.url != first.url


def test_unknown_day_is_refused_with_the_days_there_are(catalog: Any, hub: EmbeddedHub) -> None:
    with pytest.raises(
        SettingsError, match="no listing for 2020-01-01; there are 2 days from 2026-08-19 to 2026-08-20"
    ):
        EmbeddedHub(catalog, day=date(2020, 1, 1))
    with pytest.raises(SettingsError, match="no listing for 2020-01-01"):
        hub.day = date(2020, 1, 1)
    assert hub.day == FIRST


def test_taken_port_is_refused(catalog: Any, hub: EmbeddedHub) -> None:
    port = int(hub.url.rsplit(":", 1)[1])
    with pytest.raises(SettingsError, match=f"port {port} of 127.0.0.1 cannot be used"):
        EmbeddedHub(catalog, port=port)


def test_stopping_ends_stalled_connections(catalog: Any, session: requests.Session) -> None:
    ends: list[Exception] = []

    def ask(url: str) -> None:
        try:
            session.get(url + "/api/models", timeout=30)
        except requests.ConnectionError as error:
            ends.append(error)

    with EmbeddedHub(catalog) as hub:
        hub.faults.add(Fault(FaultKind.STALL))
        asking = threading.Thread(target=ask, args=(hub.url,))
        asking.start()
        while not hub.requests:
            asking.join(timeout=0.01)
    asking.join(timeout=30)
    assert not asking.is_alive()
    assert len(ends) == 1 and not isinstance(ends[0], requests.Timeout)


def test_stopped_server_answers_no_more(catalog: Any, session: requests.Session) -> None:
    with EmbeddedHub(catalog) as hub:
        session.get(hub.url + "/api/models", timeout=10).raise_for_status()
    with pytest.raises(requests.ConnectionError):
        session.get(hub.url + "/api/models", timeout=10)


def test_real_rows_are_not_called_simulated(
    make_catalog: Callable[..., Any], make_model: Callable[..., dict[str, Any]], session: requests.Session
) -> None:
    real = make_catalog({FIRST: Listing([make_model(1, "a/b")])}, is_simulated=False)
    with EmbeddedHub(real) as hub:
        assert "X-Simulated" not in session.get(hub.url + "/api/models", timeout=10).headers


def test_control_route_switches_the_day_and_leaves_no_trace(hub: EmbeddedHub, session: requests.Session) -> None:
    hub.quota = 0
    control = hub.url + "/__control__/day/"
    assert session.post(control + "2026-08-20", timeout=10).json() == {"day": "2026-08-20"}
    assert (hub.day, hub.requests) == (SECOND, [])
    for bad in ("2020-01-01", "today"):
        refused = session.post(control + bad, timeout=10)
        assert (refused.status_code, hub.day) == (400, SECOND)
    assert session.get(control + "2026-08-19", timeout=10).status_code == 405


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    for day, likes in (("2026-08-19", 1), ("2026-08-20", 2)):
        row = {"_id": "66" * 12, "id": "a/b", "likes": likes}
        (tmp_path / f"{day}.jsonl.gz").write_bytes(gzip.compress(json.dumps(row).encode()))
    return tmp_path


def test_process_prints_its_url_first_and_serves(recordings: Path, session: requests.Session) -> None:
    command = [sys.executable, "-m", "tracker.demo.hub", "--replay", str(recordings), "--day", "2026-08-19"]
    with subprocess.Popen([*command, "--quota", "7"], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            before = session.get(url + "/api/models?expand=likes", timeout=10)
            session.post(url + "/__control__/day/2026-08-20", timeout=10).raise_for_status()
            after = session.get(url + "/api/models?expand=likes", timeout=10)
        finally:
            process.terminate()
    assert [before.json()[0]["likes"], after.json()[0]["likes"]] == [1, 2]
    assert before.headers["RateLimit-Policy"] == '"fixed window";"api";q=7;w=300'


def test_process_serves_a_simulated_world(session: requests.Session) -> None:
    command = [sys.executable, "-m", "tracker.demo.hub", "--simulate", "--days", "2", "--models", "60", "--seed", "3"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            listed = session.get(process.stdout.readline().strip() + "/api/models", timeout=10)
        finally:
            process.terminate()
    assert listed.headers["X-Simulated"] == "true"
    assert 0 < len(listed.json()) <= 60


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["--replay", "/no/such"], "no such folder"), (["--replay", "{}", "--day", "2020-01-01"], "no listing for")],
)
def test_process_that_cannot_start_says_why(
    recordings: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main([argument.format(recordings) for argument in arguments]) == SettingsError.exit_code
    assert message in capsys.readouterr().err
