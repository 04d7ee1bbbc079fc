"""`tracker status --markdown`, the summary of a scheduled job."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from dashboards.data.format import UNKNOWN
from tests.support.simulated_home import simulated as simulated
from tracker.cli.status import TABLE_ROWS, status_lines
from tracker.lake.lake import Lake

SHARES = """
select origin, sum(downloads_30d), sum(downloads_30d) / (select sum(downloads_30d) from adoption_days
    where lens = $lens and day = $day and task_class = 'language')
from adoption_days where lens = $lens and day = $day and task_class = 'language' group by origin
"""


def shares(home: Path, lens: str, days_before: int) -> dict[str | None, tuple[float, float]]:
    with duckdb.connect(str(home / "tracker.duckdb"), read_only=True) as connection:
        [(day,)] = connection.execute(f"select (last_day - {days_before})::date from build").fetchall()
        found = connection.execute(SHARES, {"lens": lens, "day": day}).fetchall()
    return {origin: (downloads, share) for origin, downloads, share in found}


def percent(share: float) -> str:
    return "< 0.1%" if 0 < share < 0.0005 else f"{100 * share:.1f}%"


def test_table_has_shares_and_weekly_gains_of_both_lenses(simulated: Path, tracker: Callable[..., Any]) -> None:
    done = tracker("status", "--markdown", "--home", simulated)
    assert (done.code, done.err) == (0, "")
    rows = [line.strip("| ").split(" | ") for line in done.out.splitlines() if line.startswith("| ")][1:]
    assert len(rows) == TABLE_ROWS
    now, root, then, root_then = (
        shares(simulated, lens, before) for before in (0, 7) for lens in ("publisher", "root")
    )
    largest = {origin: max(each[origin][1] for each in (now, root) if origin in each) for origin in now | root}
    assert [row[0] for row in rows] == sorted(largest, key=lambda origin: -largest[origin])[:TABLE_ROWS]
    for origin, downloads, share, gain, root_share, root_gain in rows:
        assert downloads == (f"{now[origin][0]:,.0f}" if origin in now else UNKNOWN)
        for shown, change, here, before in ((share, gain, now, then), (root_share, root_gain, root, root_then)):
            assert shown == (percent(here[origin][1]) if origin in here else UNKNOWN)
            if origin in here and origin in before:
                true = here[origin][1] - before[origin][1]
                assert abs(float(change.removesuffix(" points")) - 100 * true) <= 0.05 + 1e-9
            else:
                assert change == UNKNOWN
        assert "-0.0" not in gain + root_gain


def test_markdown_lists_the_lines_of_status(simulated: Path, tracker: Callable[..., Any]) -> None:
    done = tracker("status", "--markdown", "--home", simulated)
    listed = done.out.split("### The home\n\n")[1].splitlines()
    assert [line.strip().removeprefix("- ") for line in listed] == [
        line.strip() for line in status_lines(Lake(simulated))
    ]
    assert "- The data are SIMULATED." in listed


def test_markdown_without_a_warehouse_has_no_table(tmp_path: Path, tracker: Callable[..., Any]) -> None:
    done = tracker("status", "--markdown", "--home", tmp_path / "none")
    assert done.code == 0
    assert done.out.startswith("### The home\n\n- Home: ") and "|" not in done.out
