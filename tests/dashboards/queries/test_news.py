"""The events of a day equal those that plain Python finds in the readings."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest

from dashboards.data.warehouse import Store
from dashboards.queries import news

FIRST = date(2026, 6, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(90)]
LONG_AGO = date(2025, 1, 1)
MODELS = "language"
Found = set[tuple[date, str]]

SCHEMA = """
create table panel_days (day date, task_class varchar, is_whole boolean, segment bigint);
create table series_days (day date, is_cut boolean);
create table coverage_days (day date, scope varchar, models bigint);
create table crawls (day date, scope varchar, is_recorded boolean);
create table quality_events (kind varchar, day date, hub_id varchar, detail varchar, handling varchar);
create table lead_changes (
    definition varchar, metric varchar, task_class varchar, lens varchar, layer varchar, a varchar, b varchar,
    crossed_on date, crossed_after date
);
create table models (
    hub_id varchar, repo_id varchar, task_class varchar, publisher_origin varchar, created_at timestamp,
    released_on date
);
create table model_days (hub_id varchar, day date, downloads_30d bigint);
create table momentum (
    hub_id varchar, age_days integer, task_class varchar, size_bucket varchar, downloads_all_time bigint,
    segment bigint
);
"""
ROWS = """
insert into series_days select day, is_cut from days;
insert into coverage_days select day, 'hub', models from days;
insert into panel_days select day, 'language', is_whole, segment from days;
insert into quality_events select 'rollback', day, null, 'few', 'aside' from aside;
insert into models select *, "at" from listed;
insert into model_days select * from counts;
"""


@dataclass
class World:
    """Readings of a few models."""

    readings: dict[date, dict[str, int | None]]
    """Day -> model -> 30-day downloads, None where unknown; models that were not read are absent."""

    segments: dict[date, int | None]
    """Whole days -> segment; other days are parts."""

    set_aside: set[date] = field(default_factory=set)
    created: dict[str, date] = field(default_factory=dict)
    unregistered: set[str] = field(default_factory=set)
    is_cut: bool = False
    other_class: set[str] = field(default_factory=set)

    def write(self, folder: Path, *more: str) -> Store:
        """A warehouse with these readings."""
        path = folder / f"{len(list(folder.iterdir()))}.duckdb"
        days = pl.DataFrame(
            [
                (day, self.is_cut, len(read), day in self.segments, self.segments.get(day))
                for day, read in self.readings.items()
            ],
            schema={
                "day": pl.Date,
                "is_cut": pl.Boolean,
                "models": pl.Int64,
                "is_whole": pl.Boolean,
                "segment": pl.Int64,
            },
            orient="row",
        )
        counts = pl.DataFrame(
            [(name, day, count) for day, read in self.readings.items() for name, count in read.items()],
            schema={"hub_id": pl.String, "day": pl.Date, "downloads_30d": pl.Int64},
            orient="row",
        )
        models = pl.DataFrame(
            [
                (
                    name, name, "vision" if name in self.other_class else MODELS,
                    "unaffiliated" if name in self.unregistered else "CN", self.created.get(name, LONG_AGO),
                )
                for name in counts["hub_id"].unique().sort()
            ],
            schema={"hub_id": pl.String, "repo_id": pl.String, "class": pl.String, "origin": pl.String, "at": pl.Date},
            orient="row",
        )  # fmt: skip
        aside = pl.DataFrame({"day": sorted(self.set_aside)}, schema={"day": pl.Date})
        with duckdb.connect(str(path)) as connection:
            for name, frame in (("days", days), ("counts", counts), ("listed", models), ("aside", aside)):
                connection.register(name, frame)
            connection.execute(SCHEMA)
            connection.execute(ROWS)
            for sql in more:
                connection.execute(sql)
        return Store(str(path), str(id(self)), threads=1)


def judged_entries(world: World) -> Found:
    """Who enters the top ten, in plain Python."""
    usable = [day for day in sorted(world.segments) if world.segments[day] is not None and day not in world.set_aside]
    top = {day: set(top_ten(world, day)) for day in usable}
    found = set()
    for day in usable:
        before = [
            other for other in usable
            if world.segments[other] == world.segments[day] and day - timedelta(days=30) <= other < day
        ]  # fmt: skip
        for name in top[day]:
            was_there = before and (
                name in world.readings[before[-1]] or world.created.get(name, LONG_AGO) > before[-1]
            )
            if was_there and not any(name in top[other] for other in before):
                found.add((day, name))
    return found


def top_ten(world: World, day: date) -> Iterator[str]:
    counted = {
        name: count for name, count in world.readings[day].items()
        if count is not None and name not in world.other_class and not (world.is_cut and name in world.unregistered)
    }  # fmt: skip
    for name, count in counted.items():
        if sum(other > count for other in counted.values()) < 10:
            yield name


def random_world(seed: int, *, is_cut: bool = False) -> World:
    """Ninety days of thirty models whose ranks wander, with gaps, parts, breaks and days set aside."""
    chance = random.Random(seed)
    names = [f"lab/{number:02}" for number in range(30)]
    level = {name: 1000.0 - 20 * number for number, name in enumerate(names)}
    born = {name: chance.choice(DAYS) for name in chance.sample(names, 8)}
    readings: dict[date, dict[str, int | None]] = {}
    segments: dict[date, int | None] = {}
    set_aside, segment = set(), 1
    for day in DAYS:
        level = {name: max(1.0, value + chance.gauss(0, 30)) for name, value in level.items()}
        if chance.random() < 0.1:
            continue
        readings[day] = {
            name: None if chance.random() < 0.01 else round(value)
            for name, value in level.items()
            if born.get(name, FIRST) <= day and chance.random() > 0.03
        }
        segment += chance.random() < 0.03
        if chance.random() > 0.1:
            segments[day] = segment if chance.random() > 0.05 else None
        if chance.random() < 0.2:
            set_aside.add(day)
    unregistered, others = set(chance.sample(names, 6)), set(chance.sample(names, 3))
    return World(readings, segments, set_aside, born, unregistered, is_cut, others)


@pytest.mark.parametrize("is_cut", [False, True])
def test_entries_equal_plain_python(tmp_path: Path, is_cut: bool) -> None:
    world = random_world(1, is_cut=is_cut)
    store = world.write(tmp_path)
    found = news.entries(store, MODELS, DAYS[0], DAYS[-1])
    ours = set(found.select("day", "repo_id").iter_rows())
    assert len(ours) == found.height and ours == judged_entries(world)
    assert len(ours) >= 10


def test_entries_of_a_day_equal_those_of_all_days(tmp_path: Path) -> None:
    store = random_world(2).write(tmp_path)
    whole = list(news.entries(store, MODELS, DAYS[0], DAYS[-1]).iter_rows())
    days = sorted({row[0] for row in whole})[::3]
    assert len(days) >= 3
    for day in [*days, days[0] - timedelta(days=1)]:
        alone = news.entries(store, MODELS, day, day)
        assert list(alone.iter_rows()) == [row for row in whole if row[0] == day]


def steady(days: Sequence[date], **changes: Mapping[date, int | None]) -> World:
    """Twelve models whose ranks stay, except those of `changes`, over days of one segment."""
    readings: dict[date, dict[str, int | None]] = {
        day: {f"m{number:02}": 1000 - number for number in range(12)} for day in days
    }
    for name, counts in changes.items():
        for day, count in counts.items():
            readings[day][name] = count
    return World(readings, dict.fromkeys(days, 1))


def entered(world: World, tmp_path: Path) -> list[tuple[date, str]]:
    store = world.write(tmp_path)
    return list(news.entries(store, MODELS, FIRST, DAYS[-1]).select("day", "repo_id").iter_rows())


def test_model_around_the_tenth_place_is_news_once(tmp_path: Path) -> None:
    days = DAYS[:60]
    swinging = {day: 2000 if number % 4 == 1 else 1 for number, day in enumerate(days)}
    assert entered(steady(days, m11=swinging), tmp_path) == [(days[1], "m11")]


def test_no_entry_across_a_break(tmp_path: Path) -> None:
    world = steady(DAYS[:4], m11={DAYS[2]: 2000, DAYS[3]: 2000})
    assert entered(world, tmp_path) == [(DAYS[2], "m11")]
    world.segments |= {DAYS[2]: 2, DAYS[3]: 2}
    assert entered(world, tmp_path) == []


def test_model_that_was_not_read_before_is_no_news(tmp_path: Path) -> None:
    world = steady(DAYS[:3], late={DAYS[2]: 5000}, born={DAYS[2]: 4000})
    world.created["born"] = DAYS[2]
    assert entered(world, tmp_path) == [(DAYS[2], "born")]


def test_no_entry_after_a_month_without_readings(tmp_path: Path) -> None:
    for gap, news_days in ((30, [DAYS[31]]), (31, [])):
        days = [DAYS[0], DAYS[1], DAYS[1 + gap]]
        world = steady(days, m11={days[2]: 2000})
        assert [day for day, _ in entered(world, tmp_path)] == news_days


def test_entry_is_found_where_all_leaders_are_new(tmp_path: Path) -> None:
    new = {f"new{number:02}": dict.fromkeys(DAYS[20:30], 9000 + number) for number in range(40)}
    world = steady(DAYS[:30], m11={day: 2000 for day in DAYS[5:30]}, **new)
    assert (DAYS[5], "m11") in entered(world, tmp_path)


def test_late_day_moves_the_entry(tmp_path: Path) -> None:
    days = [DAYS[0], DAYS[1], DAYS[4]]
    assert entered(steady(days, m11={DAYS[4]: 2000}), tmp_path) == [(DAYS[4], "m11")]
    late = steady([*days, DAYS[3]], m11={DAYS[3]: 2000, DAYS[4]: 2000})
    assert entered(late, tmp_path) == [(DAYS[3], "m11")]


def test_compact_copy_has_no_entries_without_the_days_before(tmp_path: Path) -> None:
    world = steady(DAYS[:50], m11={day: 2000 for day in DAYS[40:50]}, m10={day: 2000 for day in DAYS[20:50]})
    assert [day for day, _ in entered(world, tmp_path)] == [DAYS[20], DAYS[40]]
    lacking = [
        "create table compact (history_since date, readings_left_out bigint)",
        f"insert into compact values ('{DAYS[5]}', 60)",
        f"delete from model_days where day < '{DAYS[5]}'",
    ]
    store = world.write(tmp_path, *lacking)
    assert news.entries(store, MODELS, FIRST, DAYS[-1])["day"].to_list() == [DAYS[40]]


def test_crossover_is_news_when_its_means_are_settled(tmp_path: Path) -> None:
    world = steady([day for number, day in enumerate(DAYS) if number not in (26, 27)])
    change = "('baseline', 'downloads', 'language', 'publisher', 'all', '{}', '{}', '{}', '{}')"
    rows = [
        change.format("CN", "US", DAYS[10], DAYS[9]),
        change.format("US", "CN", DAYS[40], DAYS[39]),
        change.format("CN", "US", DAYS[74], DAYS[73]),
        change.format("FR", "DE", DAYS[12], DAYS[11]).replace("baseline", "without GGUF"),
    ]
    store = world.write(tmp_path, f"insert into lead_changes values {', '.join(rows)}")
    found = news.crossovers(store, MODELS, DAYS[0], DAYS[-1]).select("day", "a", "crossed_on")
    assert list(found.iter_rows()) == [(DAYS[28], "CN", DAYS[10]), (DAYS[56], "US", DAYS[40])]
    # The 26th was not read, so an alert of the 28th has its crossover.
    assert news.crossovers(store, MODELS, DAYS[28], DAYS[28]).height == 1
    assert news.crossovers(store, MODELS, DAYS[29], DAYS[29]).is_empty()


AGES = (7, 14, 30, 60)


def random_releases(seed: int) -> tuple[dict[str, date], dict[tuple[str, int], int]]:
    """Release days, and all-time downloads at ages that need not be known; a model's size is its first letter."""
    chance = random.Random(seed)
    released = {f"{size}{number}": chance.choice(DAYS[:80]) for size in "ab" for number in range(90)}
    counts = {}
    for name in released:
        total = chance.lognormvariate(6, 1.5)
        for age in AGES:
            total *= 1 + chance.expovariate(1.5)
            if chance.random() > 0.25:
                counts[name, age] = round(total)
    return released, counts


def judged_rises(released: dict[str, date], counts: dict[tuple[str, int], int]) -> Found:
    """Whose RAM is above 1 for the first time, in plain Python."""

    def ram(name: str, age: int) -> tuple[float | None, int]:
        due = released[name] + timedelta(days=age)
        tenths = {}
        for past in [past for past in AGES if past <= age]:
            known = [
                count for (other, at), count in counts.items()
                if at == past and other[0] == name[0] and released[other] + timedelta(days=past) <= due
            ]  # fmt: skip
            if len(known) >= 10:
                tenths[past] = sorted(known)[-10]
        return (counts[name, age] / max(tenths.values()) if age in tenths else None), len(known)

    found = set()
    for name, day in released.items():
        earlier: list[float] = []
        for age in [age for age in AGES if (name, age) in counts]:
            value, known = ram(name, age)
            is_first = max(earlier) <= 1 if earlier else age == 7
            if value is not None and value > 1 and is_first and known >= 20:
                found.add((day + timedelta(days=age), f"{name} {age}"))
            earlier += [] if value is None else [value]
    return {(day, text) for day, text in found if day <= DAYS[-1]}


def test_rises_equal_plain_python(tmp_path: Path) -> None:
    released, counts = random_releases(1)
    rows = [f"('{name}', {age}, 'language', '{name[0]}', {count}, 1)" for (name, age), count in counts.items()]
    models = [f"('{name}', '{name}', 'language', 'CN', null, '{day}')" for name, day in released.items()]
    store = steady(DAYS).write(
        tmp_path,
        f"insert into momentum values {', '.join(rows)}",
        f"insert into models values {', '.join(models)}",
    )
    found = news.rises(store, MODELS, DAYS[0], DAYS[-1]).select("day", "repo_id", "age_days").iter_rows()
    ours = {(day, f"{name} {age}") for day, name, age in found}
    assert ours == judged_rises(released, counts) and {text[-2:] for _, text in ours} >= {" 7", "14"}
    day = max(day for day, _ in ours)
    alone = news.rises(store, MODELS, day, day)
    assert {(row[0], f"{row[2]} {row[4]}") for row in alone.iter_rows()} == {one for one in ours if one[0] == day}


def test_rollback_is_news_on_its_first_day(tmp_path: Path) -> None:
    world = steady(DAYS[:12])
    world.set_aside = {DAYS[3], DAYS[4], DAYS[5], DAYS[9]}
    for gone in (DAYS[4], DAYS[7]):
        del world.readings[gone]
        world.set_aside.discard(gone)
    store = world.write(tmp_path)
    assert news.rollbacks(store, DAYS[0], DAYS[11])["day"].to_list() == [DAYS[3], DAYS[9]]
    assert news.rollbacks(store, DAYS[5], DAYS[5]).is_empty()
