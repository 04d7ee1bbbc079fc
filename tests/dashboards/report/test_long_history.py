"""The report of ten years stays small, equals the warehouse, and says which days it shows."""

import csv
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dashboards.charts import colours
from dashboards.data import vocabulary
from dashboards.report.charts import MOST_DAYS
from dashboards.report.command import run
from tests.support.app_page import LANGUAGE

pytestmark = pytest.mark.slow

MOST_BYTES = 5_000_000
LAST = date(2026, 11, 20)
_SPANS = {
    "adoption_days": (60, 61), "origin_days": (60, 61), "coverage_days": (60, 61), "quality_events": (60, 61),
    "concentration_days": (90, 41), "concentration_means": (90, 41), "panel_days": (60, 61),
}  # fmt: skip
"""Table -> days after which its rows are repeated, and how often: more than ten years."""

Lines = list[dict[str, str]]


def repeated(table: str, column: str, step: str, times: int) -> str:
    """SQL that repeats the rows of a table, each time one step earlier."""
    before = f"({column} - {step} * number::integer)::date as {column}"
    return (
        f"insert into {table} by name select * exclude (number) replace ({before}) "
        f"from {table}, range(1, {times}) as repetitions(number)"
    )


def lengthen(connection: duckdb.DuckDBPyConnection) -> None:
    """Repeat the days, with every line a chart can have and numbers as long as those of the whole Hub."""
    larger = ", ".join(f"{name} * 54321 / 3 as {name}" for name in ("downloads_30d", "downloads_all_time", "likes"))
    for table in ("adoption_days", "origin_days"):
        connection.execute(
            f"create or replace table {table} as select * replace ({larger}) from {table} "
            "where downloads_30d is not null"
        )
    drawn = [code for code in colours.ORIGINS if code not in ("CN", vocabulary.OTHER)]
    for code in (None if code == vocabulary.NOT_KNOWN else code for code in drawn):
        share = "downloads_30d / 7 as downloads_30d, likes / 7 as likes"
        connection.execute(
            f"insert into origin_days select * replace ($1::varchar as origin, {share}) from origin_days "
            "where origin = 'CN'",
            [code],
        )
    for table, (days, times) in _SPANS.items():
        connection.execute(repeated(table, "day", str(days), times))
    connection.execute(repeated("derivatives_months", "month", "interval 60 month", 3))


@pytest.fixture(scope="module")
def ten_years(simulated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with ten years of simulated days, and its report in `site`."""
    home = tmp_path_factory.mktemp("years")
    (home / "tracker.duckdb").write_bytes((simulated / "tracker.duckdb").read_bytes())
    with duckdb.connect(str(home / "tracker.duckdb")) as connection:
        lengthen(connection)
    run(home, home / "site", None, lambda line: None)
    return home


@pytest.fixture(scope="module")
def lines_of(ten_years: Path) -> Callable[[str], Lines]:
    def lines_of(slug: str) -> Lines:
        with (ten_years / "site" / "data" / f"{slug}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return lines_of


def query_values(home: Path, sql: str) -> dict[tuple[str, ...], Any]:
    """Day and code of the line -> figure."""
    with duckdb.connect(str(home / "tracker.duckdb"), read_only=True) as connection:
        return {(day, code): figure for day, code, figure in connection.execute(sql).fetchall()}


@pytest.mark.slow
def test_report_of_ten_years_stays_small(ten_years: Path, lines_of: Callable[[str], Lines]) -> None:
    files = [path for path in (ten_years / "site").rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < MOST_BYTES
    found = lines_of("downloads-by-publisher")
    assert len({row["code"] for row in found}) == colours.MOST_LINES + 2
    assert min(row["day"] for row in found) < "2016-11-20"


@pytest.mark.parametrize("slug", ["downloads-by-root", "likes-by-publisher", "concentration"])
def test_earlier_weeks_are_thinned_to_their_last_day(
    ten_years: Path, lines_of: Callable[[str], Lines], slug: str
) -> None:
    sql = {
        "downloads-by-root": "select distinct day from origin_days where downloads_30d is not null",
        "likes-by-publisher": "select distinct day from origin_days where likes is not null",
        "concentration": "select distinct day from concentration_means where effective_number_7d_mean is not null",
    }
    with duckdb.connect(str(ten_years / "tracker.duckdb"), read_only=True) as connection:
        known = {day for (day,) in connection.execute(sql[slug]).fetchall()}
    rows = [row for row in lines_of(slug) if row.get("effective_number_7d_mean") != ""]
    shown = {date.fromisoformat(row["day"]) for row in rows}
    assert MOST_DAYS // 2 < len(shown) <= MOST_DAYS and shown <= known
    left_out = known - shown
    since = max(left_out)
    assert since < LAST - timedelta(days=90)
    for day in left_out:
        later = {day + timedelta(days=more) for more in range(1, 7 - day.weekday())}
        assert later & shown


def test_figures_equal_the_warehouse(ten_years: Path, lines_of: Callable[[str], Lines]) -> None:
    rows = lines_of("downloads-by-root")
    own = sorted({row["code"] for row in rows} - {"other"})
    line = f"if(list_contains({own}, coalesce(origin, 'not_known')), coalesce(origin, 'not_known'), 'other')"
    sums = query_values(
        ten_years,
        f"select day::varchar, {line}, sum(downloads_30d) from origin_days "
        f"where lens = 'root' and {LANGUAGE} group by all",
    )
    assert {(row["day"], row["code"]): pytest.approx(float(row["value"]), 1e-12) for row in rows} == {
        key: sums[key] for key in ((row["day"], row["code"]) for row in rows)
    }
    means = query_values(
        ten_years,
        "select day::varchar, lens, effective_number_7d_mean from concentration_means "
        f"where \"of\" = 'lab' and {LANGUAGE}",
    )
    drawn_means = {(row["day"], row["lens"]): row["effective_number_7d_mean"] for row in lines_of("concentration")}
    assert drawn_means == {key: "" if (mean := means.get(key)) is None else str(mean) for key in drawn_means}


def test_footnote_says_since_when_every_day_is_shown(ten_years: Path) -> None:
    site = ten_years / "site"
    footnote = json.loads((site / "data" / "downloads-by-root.metadata.json").read_text(encoding="utf-8"))["footnote"]
    days = json.loads((site / "data" / "downloads-by-root.json").read_text(encoding="utf-8"))["days"]
    script = (site / "charts" / "downloads-by-root.js").read_text(encoding="utf-8")
    note = "only the last known day of each week is shown."
    assert note in footnote and note in (site / "index.html").read_text(encoding="utf-8")
    drawn = [(date.fromisoformat(day) - date(1970, 1, 1)).days * 86_400_000 for day in days]
    assert json.dumps(drawn, separators=(",", ":")) in script, "a row a day, and no more"
    since = footnote.partition("Before ")[2].partition(" only the last")[0]
    daily = [day for day in map(date.fromisoformat, days) if f"{day.day} {day:%b %Y}" == since]
    assert daily and days.index(daily[0].isoformat()) > len(days) // 2
