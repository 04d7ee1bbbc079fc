"""The wheel works when installed outside the checkout."""

import os
import signal
import subprocess
import sys
import sysconfig
import urllib.request
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
UV = os.environ.get("UV", "uv")
"""The uv that runs the tests; its cache has the build backend since it installed the checkout."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run([UV, "build", "--wheel", "--quiet", "--out-dir", str(folder), str(ROOT)], cwd=folder)
    [built] = folder.glob("*.whl")
    return built


def run(command: Sequence[str], cwd: Path) -> str:
    """Run a command and return its stdout; if it fails, the test fails with its stderr."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_wheel_contains_every_runtime_file(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    needed = {
        path.relative_to(ROOT).as_posix()
        for folder in ("tracker", "dashboards", "warehouse")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".sql", ".toml", ".csv", ".html", ".css", ".js", ".typed")
        and "__pycache__" not in path.parts
    }
    assert needed - packed == set()
    assert not any(name.startswith(("tests/", "data/")) for name in packed)


@pytest.fixture(scope="module")
def fresh(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` folder of a virtual environment with the wheel installed."""
    # A full install takes minutes on a cold cache, so the dependencies of the running tests are used.
    # The checkout is not among them, because no .pth file of that folder is read.
    folder = tmp_path_factory.mktemp("installed") / "fresh"
    run([UV, "venv", "--quiet", "--python", sys.executable, str(folder)], cwd=folder.parent)
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    python = str(programs / "python")
    run([UV, "pip", "install", "--quiet", "--no-deps", "--offline", "--python", python, str(wheel)], cwd=folder.parent)
    site = Path(run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], folder.parent).strip())
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return programs


TYPED = """
from dashboards.data.vocabulary import layer_name
from tracker.domain import Scope

name: str = layer_name("release")
number: int = layer_name("release")
scope: int = Scope("hub")
"""


@pytest.mark.slow
def test_mypy_reads_types_from_the_wheel(fresh: Path, tmp_path: Path) -> None:
    (tmp_path / "typed.py").write_text(TYPED)
    options = ["--strict", "--cache-dir", str(tmp_path / "cache"), "--config-file", os.devnull]
    command = [sys.executable, "-m", "mypy", *options, "--python-executable", str(fresh / "python"), "typed.py"]
    checked = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=240)
    # mypy finds exactly these two mistakes. Without py.typed, every name would be Any or missing.
    errors = [line.split(":")[1] for line in checked.stdout.splitlines() if ": error: " in line]
    assert errors == ["6", "7"], checked.stdout + checked.stderr


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_installed_wheel_serves_a_demo(fresh: Path, tmp_path: Path) -> None:
    where = "import importlib.util as u; print(*(u.find_spec(n).origin for n in ('tracker', 'dashboards')))"
    origins = run([str(fresh / "python"), "-E", "-c", where], tmp_path).split()
    assert all(path.startswith(str(fresh.parent)) for path in origins)

    environ = {
        name: value for name, value in os.environ.items() if not name.startswith(("TRACKER_", "HF_", "PYTHONPATH"))
    }
    command = [str(fresh / "tracker"), "demo", "--days", "2", "--models", "200", "--no-browser", "--port", "0"]
    with (tmp_path / "stderr.txt").open("w") as errors:
        process = subprocess.Popen(command, cwd=tmp_path, env=environ, stdout=subprocess.PIPE, stderr=errors, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("The dashboard is at "), (tmp_path / "stderr.txt").read_text()
        with urllib.request.urlopen(f"{line.split()[4]}/_stcore/health", timeout=10) as answer:
            assert answer.read() == b"ok"
        process.send_signal(signal.SIGINT)
        assert (process.communicate(timeout=60)[0], process.returncode) == ("", 0)
    finally:
        process.kill()
        process.communicate()
    assert "The data are SIMULATED." in (tmp_path / "stderr.txt").read_text()
