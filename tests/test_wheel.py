"""The wheel, installed away from the checkout, is the whole product."""

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
"""The uv that runs the tests; what builds the wheel is in its cache since it installed the checkout."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    done([UV, "build", "--wheel", "--quiet", "--out-dir", str(folder), str(ROOT)], cwd=folder)
    [built] = folder.glob("*.whl")
    return built


def done(command: Sequence[str], cwd: Path) -> str:
    """What a command printed; fails with its stderr where it fails."""
    ran = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=240)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_the_wheel_holds_all_that_the_checkout_runs_on(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        path.relative_to(ROOT).as_posix()
        for folder in ("tracker", "dashboards", "warehouse")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".sql", ".toml", ".html", ".css", ".js") and "__pycache__" not in path.parts
    }
    assert wanted - held == set()
    assert not any(name.startswith(("tests/", "data/")) for name in held)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_the_installed_wheel_gives_a_demo_that_serves(wheel: Path, tmp_path: Path) -> None:
    # A full install takes minutes on a cold cache: the dependencies are those this test itself runs on.
    # The checkout is not among them, as no .pth file of that folder is read.
    fresh = tmp_path / "fresh"
    done([UV, "venv", "--quiet", "--python", sys.executable, str(fresh)], cwd=tmp_path)
    python = fresh / "bin" / "python"
    done([UV, "pip", "install", "--quiet", "--no-deps", "--offline", "--python", str(python), str(wheel)], cwd=tmp_path)
    site = Path(done([str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], tmp_path).strip())
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")

    where = "import importlib.util as u; print(*(u.find_spec(n).origin for n in ('tracker', 'dashboards')))"
    assert all(path.startswith(str(fresh)) for path in done([str(python), "-E", "-c", where], tmp_path).split())

    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRACKER_", "HF_", "PYTHONPATH"))}
    command = [str(fresh / "bin" / "tracker"), "demo", "--days", "2", "--models", "200", "--no-browser", "--port", "0"]
    with (tmp_path / "stderr.txt").open("w") as errors:
        process = subprocess.Popen(command, cwd=tmp_path, env=kept, stdout=subprocess.PIPE, stderr=errors, text=True)
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
