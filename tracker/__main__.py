"""`python -m tracker`."""

import sys
from pathlib import Path

# The working directory comes first on the path: a `dashboards.py` in it would be imported instead of ours.
_ROOT = Path(__file__).resolve().parents[1]
if not sys.flags.safe_path and sys.path and Path(sys.path[0]).resolve() != _ROOT:
    sys.path.pop(0)

from tracker.cli.app import main  # noqa: E402

main()
