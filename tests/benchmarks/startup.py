"""CPU time of commands that do almost no work, compared with Python itself.

uv run python -m tests.benchmarks.startup [--times N]
"""

import argparse
import tempfile
from statistics import median

from tests.benchmarks.fresh import cost, table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=10)
    times: int = parser.parse_args().times
    with tempfile.TemporaryDirectory() as home:
        commands = {
            "python -c pass": ("-c", "pass"),
            "tracker --help": ("-m", "tracker", "--help"),
            "tracker status, empty home": ("-m", "tracker", "status", "--home", home),
        }
        seconds = {name: [cost(*command).cpu_seconds for _ in range(times)] for name, command in commands.items()}
    bare = median(seconds["python -c pass"])
    rows = [
        [name, f"{median(found):.3f}", f"{min(found):.3f}", f"{max(found):.3f}", f"{median(found) / bare:.1f}"]
        for name, found in seconds.items()
    ]
    print(table(f"CPU seconds, {times} fresh processes each", ["command", "median", "least", "most", "ratio"], rows))


if __name__ == "__main__":
    main()
