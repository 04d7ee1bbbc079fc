"""The embedded Hub as a process: `python -m tracker.demo.hub --replay DIR` or `--simulate`.

The first line on stdout is the endpoint. Change the served day with `POST /__control__/day/YYYY-MM-DD`.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from tracker.demo.catalog import Catalog
from tracker.demo.hub.server import EmbeddedHub
from tracker.demo.replay import Replay
from tracker.errors import TrackerError

LAST_SIMULATED_DAY = date(2026, 11, 20)
_DESCRIPTION = """Serve a local Hub: set HF_ENDPOINT to the address that it prints. To publish to it, also set
HF_HUB_DISABLE_XET=1 and HF_TOKEN to any token."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted. Returns 0, or the error's exit code if the Hub cannot start."""
    options = _options(arguments)
    try:
        catalog = _catalog(options)
        with EmbeddedHub(catalog, day=options.day, quota=options.quota, port=options.port) as hub:
            print(hub.url, flush=True)
            hub.wait()
    except TrackerError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 0
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tracker.demo.hub", description=_DESCRIPTION)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--replay", type=Path, metavar="DIR", help="serve recorded days, YYYY-MM-DD.jsonl.gz")
    source.add_argument("--simulate", action="store_true", help="serve a simulated world")
    parser.add_argument("--days", type=int, default=60, help="simulated days")
    parser.add_argument("--seed", type=int, default=1, help="seed of the simulated world")
    parser.add_argument("--models", type=int, default=8000, help="number of simulated models")
    parser.add_argument("--last-day", type=date.fromisoformat, default=LAST_SIMULATED_DAY, help="last simulated day")
    parser.add_argument("--day", type=date.fromisoformat, help="day to serve first [the latest]")
    parser.add_argument("--quota", type=int, help="requests in five minutes [500, with a token 1000]")
    parser.add_argument("--port", type=int, default=0, help="0 chooses a free port")
    return parser.parse_args(arguments)


def _catalog(options: argparse.Namespace) -> Catalog:
    if options.replay is not None:
        return Replay(options.replay)
    from tracker.demo.simulation.world import SimulatedWorld  # imported here: a replay does not need it

    return SimulatedWorld(seed=options.seed, days=options.days, models=options.models, last_day=options.last_day)


if __name__ == "__main__":
    sys.exit(main())
