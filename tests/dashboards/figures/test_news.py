"""The news of a day says what Overview says of it, with the shares of 30 days before."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from dashboards.data import format
from dashboards.data.definition import Definition
from dashboards.data.warehouse import Build, NotReady, Store, open_store
from dashboards.figures import first_screen, news
from dashboards.figures.overview import OverviewScope
from dashboards.text.news import Kind
from tests.support.warehouse_file import read_rows, run_sql

DAY = date(2026, 11, 20)
SHARES = """
select sum(downloads_30d) filter (where origin = ?) / sum(downloads_30d)
from adoption_days where lens = 'publisher' and task_class = 'language' and day = ?
"""


def opened(home: Path) -> tuple[Store, Build]:
    found = open_store(home)
    assert not isinstance(found, NotReady)
    return found


@pytest.mark.parametrize(
    ("scope", "counted"),
    [("labs", "of registered organisations"), ("recorded", "counted here")],
)
def test_finding_of_the_last_day_is_the_heading(own_simulated: Path, scope: str, counted: str) -> None:
    run_sql(own_simulated, f"update coverage_days set scope = '{scope}'")
    store, build = opened(own_simulated)
    [found] = news.between(store, build, DAY, DAY)
    for lens, finding in (("publisher", found.finding), ("root", found.by_base)):
        overview = OverviewScope(store, build, Definition(lens), "share", "country")
        assert finding == first_screen.heading(overview, news.METRIC)
        assert finding is not None and counted in finding


def test_shares_of_before_are_given_within_a_segment(simulated: Path, own_simulated: Path) -> None:
    before = DAY - timedelta(days=30)
    shares = [format.percent(read_rows(simulated, SHARES, code, before)[0][0]) for code in ("CN", "US")]
    [found] = news.between(*opened(simulated), DAY, DAY)
    ordered = shares if (found.finding or "").startswith("Chinese") else shares[::-1]
    assert f"On {format.day(before)} the shares were {ordered[0]} and {ordered[1]}." in found.counted
    run_sql(own_simulated, f"update panel_days set segment = 2 where day > '{before}'")
    [broken] = news.between(*opened(own_simulated), DAY, DAY)
    assert broken.finding == found.finding and "the shares were" not in broken.counted


def test_partial_reading_has_no_finding(own_simulated: Path) -> None:
    run_sql(
        own_simulated,
        f"update panel_days set is_whole = false where day = '{DAY}'",
        f"insert into quality_events values ('rollback', '{DAY}', null, '9 of 10 fell', 'none')",
    )
    store, build = opened(own_simulated)
    found = news.of_day(store, build, DAY)
    assert found is not None and (found.finding, found.counted) == (None, "")
    assert [event.kind for event in found.events] == [Kind.ROLLBACK]
    assert found.title == "The Hub's download counters were rolled back."
    assert news.of_day(store, build, DAY - timedelta(days=1)) is None
