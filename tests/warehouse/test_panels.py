"""Segments: which days of a class of models have comparable sums, and why a series breaks."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.database import in_memory
from tests.support.slow import slow
from tracker.api.tracker import Tracker
from tracker.database import rows

FIRST = date(2026, 3, 1)
SEGMENTS = """
select segment, first_day - date '2026-03-01', last_day - date '2026-03-01', first_flow_day - date '2026-03-01',
    last_flow_day - date '2026-03-01', break_kind
from segments where task_class = '{}' order by segment
"""

OWNERS = {"c": "Qwen", "u": "meta-llama"}
"""First letter of a repository -> its owner, a lab of China or of the United States."""

Days = Mapping[int, tuple[str, Mapping[str, int]]]
"""Day -> the scope of its listing, and the downloads a day of each repository in it."""


def fill_day(small: Any, number: int, scope: str, listing: Mapping[str, int], has_counters: bool) -> None:
    """Write a listing: the 30-day counters, and those of all time where they are known."""
    day, source = str(FIRST + timedelta(days=number)), "file" if scope.startswith("file") else "crawl"
    small.fill("lake_crawls", [{"day": day, "scope": scope, "source": source, "models": str(len(listing))}])
    for name, daily in listing.items():
        counts = {"downloads_all_time": str(daily * (500 + number))} if has_counters else {}
        row = {"hub_id": name, "day": day, "scope": scope, "source": source, "downloads_30d": str(30 * daily)}
        small.fill("lake_model_days", [{**row, **counts}])


def fill_models(small: Any, days: Days, created: Mapping[str, int]) -> None:
    """Write the attributes of all repositories. Those named e* are encoders; c* and u* belong to labs."""
    for name in sorted({name for _, listing in days.values() for name in listing}):
        first, scope = next((day, scope) for day, (scope, listing) in days.items() if name in listing)
        row = {"hub_id": name, "scope": scope, "repo_id": f"{OWNERS.get(name[0], 'someone')}/{name}"}
        dates = {"day": first, "created_at": created.get(name, -400)}
        row |= {column: str(FIRST + timedelta(days=number)) for column, number in dates.items()}
        tag = "fill-mask" if name.startswith("e") else "text-generation"
        small.fill("lake_models", [{**row, "pipeline_tag": tag}])
    for handle, origin in (("Qwen", "CN"), ("meta-llama", "US")):
        small.fill("registry_organizations", [{"handle": handle, "lab": handle.lower(), "origin": origin}])
    for tag, task_class in (("fill-mask", "encoder"), ("text-generation", "language")):
        small.fill("registry_tasks", [{"pipeline_tag": tag, "task_class": task_class}])


@pytest.fixture
def built(make_small: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """A small warehouse of listings with some tables and what they need."""
    with in_memory() as connection:

        def build(
            days: Days,
            *tables: str,
            created: Mapping[str, int] | None = None,
            counters_until: int = 999,
            connection: Any = connection,
        ) -> Any:
            small = make_small(connection)
            for number, (scope, listing) in days.items():
                fill_day(small, number, scope, listing, number <= counters_until)
            fill_models(small, days, created or {})
            small.make(*tables)
            return connection

        yield build


CROWD = {f"m{number}": 100 for number in range(20)}
LABS = {name: CROWD[name] for name in list(CROWD)[:8]}
GIANT = {"giant": 500}
REGISTERED = {f"{letter}{number}": 100 + number for letter in "cu" for number in range(6)}


def days_of(*stretches: tuple[int, int, str, Mapping[str, int]]) -> Days:
    return {number: (scope, listing) for first, last, scope, listing in stretches for number in range(first, last + 1)}


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        slow(days_of((0, 5, "hub", CROWD)), [(1, 0, 5, -29, 5, None)]),
        (
            days_of((0, 33, "labs", LABS), (36, 38, "hub", CROWD)),
            [(1, 0, 33, -29, 6, None), (2, 36, 38, 7, 38, "scope")],
        ),
        (
            days_of((0, 0, "hub", CROWD), (1, 6, "labs", LABS), (7, 7, "hub", CROWD), (8, 9, "labs", LABS)),
            [(1, 0, 7, -29, 7, None)],
        ),
        (
            days_of((0, 39, "hub", CROWD), (40, 44, "hub", CROWD | GIANT)),
            [(1, 0, 39, -29, 10, None), (2, 40, 44, 11, 44, "arrived")],
        ),
        slow(
            days_of((0, 3, "hub", CROWD | GIANT), (4, 8, "hub", CROWD)),
            [(1, 0, 3, -29, 3, None), (2, 4, 8, 4, 8, "left")],
        ),
        slow(days_of((0, 3, "hub", CROWD | GIANT), (4, 4, "hub", CROWD)), [(1, 0, 3, -29, 3, None)]),
        (
            days_of((0, 39, "hub", CROWD | GIANT), (40, 44, "hub", CROWD | {"another": 500})),
            [(1, 0, 39, -29, 10, None), (2, 40, 44, 40, 44, "replaced")],
        ),
        (
            days_of((0, 3, "hub", CROWD | GIANT), (4, 4, "hub", CROWD), (5, 8, "hub", CROWD | GIANT)),
            [(1, 0, 8, -29, 8, None)],
        ),
        (
            days_of((0, 35, "file-mine", LABS), (36, 40, "hub", CROWD)),
            [(1, 0, 35, -29, 6, None), (2, 36, 40, 7, 40, "scope")],
        ),
        slow(
            days_of((0, 2, "hub", CROWD | REGISTERED), (40, 44, "labs", REGISTERED)),
            [(1, 0, 44, -29, 44, None)],
        ),
        slow(
            days_of((0, 2, "hub", CROWD | REGISTERED), (40, 44, "families", REGISTERED)),
            [(1, 0, 2, -29, 2, None), (2, 40, 44, 3, 44, "scope")],
        ),
    ],
    ids=[
        "one listing", "labs then hub", "labs between hub", "a giant arrives", "a giant leaves", "left on the last day",
        "replaced by another", "left for a day", "a file before crawls", "hub then labs", "hub then families",
    ],
)  # fmt: skip
def test_series_breaks_where_the_models_read_change(
    built: Callable[..., Any], days: Days, expected: list[tuple[Any, ...]]
) -> None:
    assert rows(built(days, "segments"), SEGMENTS.format("language")) == expected


def test_break_of_a_class_is_none_of_another(built: Callable[..., Any]) -> None:
    encoders = {f"e{number}": 10 for number in range(12)}
    days = days_of((0, 2, "hub", CROWD | encoders), (3, 5, "hub", CROWD | encoders | {"e-giant": 90}))
    found = built(days, "segments")
    broken = [row[0] for of in ("language", "encoder", "all") for row in rows(found, SEGMENTS.format(of))]
    assert broken == [1, 1, 2, 1]


def test_new_models_are_no_arrival(built: Callable[..., Any]) -> None:
    """Nor is a model that arrives in a class without downloads."""
    before = CROWD | {f"e{number}": 0 for number in range(12)}
    days = days_of((0, 2, "hub", before), (3, 5, "hub", before | GIANT | {"e-old": 0}))
    found = built(days, "segments", created={"giant": 2})
    for task_class in ("language", "encoder"):
        assert rows(found, SEGMENTS.format(task_class)) == [(1, 0, 5, -29, 5, None)]


def test_coverage_is_by_the_downloads_of_the_nearest_wide_listing(built: Callable[..., Any]) -> None:
    days = days_of((0, 0, "labs", LABS), (1, 1, "hub", CROWD), (2, 2, "labs", LABS), (9, 9, "hub", CROWD | GIANT))
    sql = "select day - date '2026-03-01', models, coverage, is_whole from panel_days "
    found = rows(built(days, "panel_days"), f"{sql} where task_class = 'language' and models is not null order by day")
    assert found == [(0, 8, 0.4, True), (1, 20, 1.0, True), (2, 8, 0.4, False), (9, 21, 1.0, True)]


def test_downloads_without_counters_are_in_no_segment(built: Callable[..., Any]) -> None:
    days = days_of((0, 9, "file-mine", LABS), (10, 12, "hub", CROWD))
    found = built(days, "segments", counters_until=9)
    assert rows(found, SEGMENTS.format("language")) == [(1, 0, 9, -29, 9, None), (2, 10, 12, None, None, "scope")]


def test_large_models_that_leave_and_arrive_are_named(built: Callable[..., Any]) -> None:
    days = days_of((0, 1, "hub", CROWD | GIANT), (2, 3, "hub", CROWD), (4, 5, "hub", CROWD | GIANT))
    changes = "select kind, day - date '2026-03-01', hub_id, share from large_changes order by 2"
    assert rows(built(days, "large_changes"), changes) == [("left", 2, "giant", 0.2), ("arrived", 4, "giant", 0.2)]


def api_of(connection: Any) -> Tracker:
    """The Python API over a connection."""
    return Tracker(Path(), lambda sql, values=None: connection.sql(sql, params=dict(values or {})).pl())


def test_same_models_are_those_read_on_both_sides_of_a_break(built: Callable[..., Any]) -> None:
    chinese, american = ({f"{letter}{n}": 100 for n in range(10)} for letter in "cu")
    before, day = chinese | american | {"c-gone": 40}, dict.fromkeys(chinese, 150) | american | {"u-giant": 900}
    tables = ("segments", "models", "model_days", "origins", "series_days")
    found = built(days_of((0, 3, "hub", before), (4, 6, "hub", day)), *tables)
    both = before.keys() & day.keys()

    def sums(listing: Mapping[str, int], letter: str) -> int:
        return 30 * sum(listing[name] for name in both if name.startswith(letter))

    expected = [
        (origin, 10, sums(before, letter), sums(day, letter), *(sums(of, letter) / (sums(of, "c") + sums(of, "u"))
         for of in (before, day)), FIRST + timedelta(days=3), FIRST + timedelta(days=6))
        for origin, letter in (("CN", "c"), ("US", "u"))
    ]  # fmt: skip
    assert api_of(found).same_models().rows() == expected
    assert api_of(found).same_models(models="encoder").is_empty()


def test_all_time_downloads_of_a_group_are_added_up(built: Callable[..., Any]) -> None:
    """One model of the United States leaves on day 4 and another old one arrives: neither moves the sum."""
    always = {f"{letter}{n}": 100 for letter in "cu" for n in range(10)}
    found = built(
        days_of((0, 3, "hub", always | {"u-old": 60}), (4, 6, "hub", always | {"u-new": 60})), "origin_days", "origins"
    )
    api = api_of(found)
    sums = {
        as_read: {
            (origin, (day - FIRST).days): total
            for day, origin, total in api.adoption(metric="downloads_all_time", as_read=as_read)
            .select("day", "origin", "downloads_all_time")
            .iter_rows()
        }
        for as_read in (False, True)
    }
    for day in range(7):
        old, new = 60 * (500 + min(day, 3)), 60 * day
        assert sums[False]["CN", day] == sums[True]["CN", day] == 1000 * (500 + day)
        assert sums[False]["US", day] == 1000 * (500 + day) + old + new
        assert sums[True]["US", day] == 1000 * (500 + day) + 60 * (500 + day)


@pytest.mark.slow
def test_late_arrival_is_no_change_of_the_lead(built: Callable[..., Any]) -> None:
    countries = {f"{letter}{n}": daily for letter, daily in (("c", 110), ("u", 90)) for n in range(10)}
    days = days_of((0, 15, "hub", countries), (16, 35, "hub", countries | {"u-giant": 900}))
    found = built(days, "crossovers")
    assert rows(found, "select * from lead_changes where task_class = 'language'") == []
    ahead = (
        "select distinct metric, a from crossovers where is_ahead_throughout and task_class = 'language' order by all"
    )
    assert rows(found, ahead) == [("downloads", "US"), ("downloads_all_time", "US")]


@pytest.mark.slow
def test_means_do_not_reach_over_a_break(built: Callable[..., Any]) -> None:
    days = days_of((0, 39, "hub", CROWD), (40, 44, "hub", CROWD | GIANT))
    sql = (
        "select distinct round(downloads_7d_mean) from adoption_days where lens = 'publisher' and downloads_7d_mean > 0"
    )
    assert sorted(rows(built(days, "adoption_days"), sql)) == [(2000,), (2500,)]


def shares_read(days: Days) -> dict[tuple[int, str], tuple[int, float]]:
    """Judge: (day, country) -> 30-day downloads and share in the series of a home of the scopes hub and labs.

    The last day whose scope is the widest of 31 days decides: if it is labs, all days count registered accounts only;
    else the days on which the whole Hub was read in the 30 days before and today not are in no series.
    """

    def is_widest(day: int) -> bool:
        return days[day][0] == "hub" or not any(days[d][0] == "hub" for d in days if day - 30 <= d <= day)

    is_of_labs = days[max(filter(is_widest, days))][0] == "labs"
    found = {}
    for day in days:
        listing = {name: 30 * daily for name, daily in days[day][1].items() if not is_of_labs or name[0] in OWNERS}
        for country, letter in (("CN", "c"), ("US", "u")):
            sums = sum(count for name, count in listing.items() if name[0] == letter)
            if is_of_labs or is_widest(day):
                found[day, country] = sums, sums / sum(listing.values())
    return found


def check_shares(built: Callable[..., Any], days: Days) -> Any:
    """Assert that the API has the shares of the judge, and that those of one segment are of one panel."""
    connection = built(days, "origin_days", "origins", "panel_days", "segments")
    answer = api_of(connection).adoption(metric="downloads_30d", of=["CN", "US"])
    found = {
        ((day - FIRST).days, origin): (count, share)
        for day, origin, count, share in answer.select("day", "origin", "downloads_30d", "share").iter_rows()
    }
    assert found == shares_read(days)
    segment = dict(answer.select("day", "segment").iter_rows())
    for (day, origin), (_, share) in found.items():
        later = day + 1
        if (later, origin) in found and segment[FIRST + timedelta(days=day)] == segment[FIRST + timedelta(days=later)]:
            assert abs(found[later, origin][1] - share) < 0.02
    return connection


def test_labs_series_counts_registered_accounts_on_hub_days(built: Callable[..., Any]) -> None:
    """The whole Hub was read on days 3 and 5, then labs until the hub days are more than 30 days ago."""
    stretches = ((0, 2, "labs"), (3, 3, "hub"), (4, 4, "labs"), (5, 5, "hub"), (6, 8, "labs"), (30, 37, "labs"))
    days = days_of(*((*s, REGISTERED | CROWD if s[2] == "hub" else REGISTERED) for s in stretches))
    connection = check_shares(built, days)
    assert rows(connection, SEGMENTS.format("language")) == [(1, 0, 37, -29, 37, None)]
    coverage = "select distinct round(coverage, 6) from panel_days where task_class = 'language' and models = 12"
    assert rows(connection, coverage) == [(round(1230 / (1230 + 2000), 6),)]


@pytest.mark.slow
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_random_scopes_give_the_shares_of_the_judge(built: Callable[..., Any], data: st.DataObject) -> None:
    """Weeks of labs or of the whole Hub, some days of the other scope, and days without a crawl, in up to 70 days."""
    days: dict[int, tuple[str, Mapping[str, int]]] = {}
    day = 0
    while day < 70 and (day == 0 or data.draw(st.integers(0, 9))):
        scope, length = data.draw(st.sampled_from(["labs", "hub"])), data.draw(st.sampled_from([1, 1, 2, 7, 31, 40]))
        for number in range(day, day + length, data.draw(st.sampled_from([1, 2]))):
            days[number] = (scope, REGISTERED | CROWD if scope == "hub" else REGISTERED)
        day += length + data.draw(st.integers(0, 3))
    with in_memory() as connection:
        check_shares(partial(built, connection=connection), days)
