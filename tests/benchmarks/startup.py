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
            "tracker mcp, no request": ("-m", "tracker", "mcp", "--home", home),
        }
        costs = {name: [cost(*command) for _ in range(times)] for name, command in commands.items()}
    seconds = {name: [each.cpu_seconds for each in found] for name, found in costs.items()}
    peaks = {name: median(each.peak_mib for each in found) for name, found in costs.items()}
    bare = median(seconds["python -c pass"])
    rows = [
        [
            name, f"{median(found):.3f}", f"{min(found):.3f}", f"{max(found):.3f}", f"{median(found) / bare:.1f}",
            f"{peaks[name]:.0f}",
        ]
        for name, found in seconds.items()
    ]  # fmt: skip
    print(
        table(
            f"CPU seconds, {times} fresh processes each",
            ["command", "median", "least", "most", "ratio", "peak MiB"],
            rows,
        )
    )


if __name__ == "__main__":
    main()
