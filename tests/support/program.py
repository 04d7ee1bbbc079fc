"""Run the program from a test: in this process, which is fast, or in a separate process."""

import contextlib
import io
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from tracker.cli.app import main

ROOT = Path(__file__).parents[2]
_STEERING = ("TRACKER_", "HF_", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "COLUMNS", "GITHUB_ACTIONS")


@dataclass(frozen=True, slots=True)
class Completed:
    """Result of a run: exit code, stdout, stderr."""

    code: int
    out: str
    err: str


def environment(folder: Path, more: Mapping[str, str]) -> dict[str, str]:
    """The environment without the program's variables and with a Hugging Face home in `folder`."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(_STEERING)}
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {**plain, "HF_HOME": str(folder / "hf"), "PYTHONPATH": path, "NO_PROXY": "*", **more}


def run_as_process(arguments: Sequence[str], folder: Path, environ: Mapping[str, str], stdin: str = "") -> Completed:
    """Run `python -m tracker` in `folder`."""
    done = subprocess.run(
        [sys.executable, "-m", "tracker", *arguments],
        cwd=folder,
        env=dict(environ),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return Completed(done.returncode, done.stdout, done.stderr)


def run_here(arguments: Sequence[str], folder: Path, environ: Mapping[str, str], stdin: str = "") -> Completed:
    """Run the command line in this process, with the folder, environment, streams and exit code of a separate one."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    code: int | str | None = 0
    on_terminate = signal.getsignal(signal.SIGTERM)
    with (
        contextlib.chdir(folder),
        mock.patch.dict(os.environ, environ, clear=True),
        mock.patch.object(sys, "argv", ["tracker", *arguments]),
        mock.patch.object(sys, "stdin", io.StringIO(stdin)),
        # huggingface_hub reads these once, when it is imported.
        mock.patch("huggingface_hub.constants.HF_TOKEN_PATH", str(folder / "no-token")),
        mock.patch("huggingface_hub.constants.HF_HUB_DISABLE_XET", "HF_HUB_DISABLE_XET" in environ),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code
        except Exception:  # as a process ends: the traceback on stderr, code 1
            traceback.print_exc()
            code = 1
        finally:
            signal.signal(signal.SIGTERM, on_terminate)
    out.flush()
    return Completed(int(code or 0), out.buffer.getvalue().decode(), err.getvalue())
