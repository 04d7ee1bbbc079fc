"""The summary of a job: its figures are the warehouse's."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from tests.support.simulated_home import simulated as simulated
from tracker.cli.status import status
from tracker.cli.summary import ORIGINS
from tracker.lake.lake import Lake

SHARES = """
select origin, sum(downloads_30d), sum(downloads_30d) / (select sum(downloads_30d) from adoption_days
    where lens = $lens and day = $day)
from adoption_days where lens = $lens and day = $day group by origin
"""


def shares(home: Path, lens: str, days_before: int) -> dict[str | None, tuple[float, float]]:
    with duckdb.connect(str(home / "tracker.duckdb"), read_only=True) as connection:
        [(day,)] = connection.execute(f"select (last_day - {days_before})::date from build").fetchall()
        found = connection.execute(SHARES, {"lens": lens, "day": day}).fetchall()
    return {origin: (downloads, share) for origin, downloads, share in found}


def in_words(share: float) -> str:
    return "< 0.1%" if 0 < share < 0.0005 else f"{100 * share:.1f}%"


def test_the_table_tells_shares_of_both_lenses_and_their_gain_in_a_week(
    simulated: Path, tracker: Callable[..., Any]
) -> None:
    done = tracker("status", "--markdown", "--home", simulated)
    assert (done.code, done.err) == (0, "")
    rows = [line.strip("| ").split(" | ") for line in done.out.splitlines() if line.startswith("| ")][1:]
    assert len(rows) == ORIGINS
    now, root, then, root_then = (
        shares(simulated, lens, before) for before in (0, 7) for lens in ("publisher", "root")
    )
    largest = {origin: max(each[origin][1] for each in (now, root) if origin in each) for origin in now | root}
    assert [row[0] for row in rows] == sorted(largest, key=lambda origin: -largest[origin])[:ORIGINS]
    for origin, downloads, share, gain, root_share, root_gain in rows:
        assert downloads == f"{now[origin][0]:,.0f}"
        assert (share, root_share) == (in_words(now[origin][1]), in_words(root[origin][1]))
        told = [float(gain.removesuffix(" points")), float(root_gain.removesuffix(" points"))]
        true = [now[origin][1] - then[origin][1], root[origin][1] - root_then[origin][1]]
        assert all(abs(a - 100 * b) <= 0.05 + 1e-9 for a, b in zip(told, true, strict=True))
        assert "-0.0" not in gain + root_gain


def test_the_state_of_the_home_follows_line_by_line(simulated: Path, tracker: Callable[..., Any]) -> None:
    done = tracker("status", "--markdown", "--home", simulated)
    listed = done.out.split("### The home\n\n")[1].splitlines()
    assert [line.strip().removeprefix("- ") for line in listed] == [line.strip() for line in status(Lake(simulated))]
    assert "- The data are SIMULATED." in listed


def test_without_a_warehouse_there_is_only_the_state(tmp_path: Path, tracker: Callable[..., Any]) -> None:
    done = tracker("status", "--markdown", "--home", tmp_path / "none")
    assert done.code == 0
    assert done.out.startswith("### The home\n\n- Home ") and "|" not in done.out
