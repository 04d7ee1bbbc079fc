"""An import that is killed leaves a whole lake, and the same command goes on."""

import os
import subprocess
import sys
import time

import pytest

from tests.history.conftest import Home
from tracker.demo.hub.faults import Fault, FaultKind


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "path", "after"), [("hub-weekly", "/resolve/", 18), ("model-pulse", "series/2026-10", 2)]
)
def test_killed_import_goes_on_where_it_was(home: Home, source: str, path: str, after: int) -> None:
    home.hub.faults.add(Fault(FaultKind.STALL, path, after=after))
    process = subprocess.Popen(
        [sys.executable, "-m", "tracker", "import", source, "--home", str(home.folder)],
        env={**os.environ, "HF_ENDPOINT": home.hub.url, "HF_HUB_DISABLE_TELEMETRY": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while home.hub.faults.pending and process.poll() is None:
        time.sleep(0.01)
    assert process.poll() is None
    process.kill()
    process.wait()
    landed = home.manifests(source)
    assert landed and home.lake.file_problems(home.lake.manifests(), by_content=True) == []
    found = home.bring(source)
    assert found.landed and not set(found.landed) & set(landed)
    assert home.lake.unlisted_files(home.lake.manifests()) == []
    assert not list(home.lake.runs.glob("*"))
