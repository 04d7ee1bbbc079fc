"""The views that people query: twenty natural questions, each with an answer computed in plain Python.

The queries are written as by somebody who has only read the README. They run in DuckDB itself, over a copy of the file
alone, attached under another name.
"""

import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support.database import in_memory
from tests.support.simulated_home import simulated as simulated
from tracker.database import Connection, rows
from tracker.warehouse.runner import run
from tracker.warehouse.sql_files import FOLDER, Model

Answer = list[tuple[Any, ...]]
MONTH = timedelta(days=30)
SIZES = ["<1", "1-5", "5-10", "10-50", "50-100", "100-250", "250+"]


@dataclass(frozen=True, slots=True)
class Judge:
    """The base tables of a warehouse, and sums over them in plain Python."""

    models: Mapping[str, Mapping[str, Any]]
    """hub_id -> attributes."""

    readings: Mapping[tuple[str, date], Mapping[str, Any]]
    flows: Mapping[tuple[str, date], int]
    names: Mapping[str, Mapping[str, str]]
    """Kind (origin, lab, family) -> code -> name."""

    roots: Mapping[str, list[tuple[str | None, str | None, float]]]
    """hub_id -> origin, family and weight of each root."""

    @property
    def last(self) -> date:
        """The last day with readings."""
        return max(day for _, day in self.readings)

    def now(self, **wanted: Any) -> list[dict[str, Any]]:
        """Listed models with the counters of the last day, and those of 30 days before."""
        found = []
        for hub_id, model in self.models.items():
            if model["is_listed"] and all(model[name] == value for name, value in wanted.items()):
                before = self.readings.get((hub_id, self.last - MONTH), {})
                counts = self.readings[hub_id, model["last_seen"]]
                found.append({**model, **counts, "before": before.get("downloads_30d")})
        return found

    def language(self, by: str | Callable[[str, date], Any]) -> dict[Any, int]:
        """Downloads of language models by an attribute, or by a function of hub_id and day."""
        sums: dict[Any, int] = defaultdict(int)
        for (hub_id, day), downloads in self.flows.items():
            if self.models[hub_id]["task_class"] == "language":
                sums[by(hub_id, day) if callable(by) else self.models[hub_id][by]] += downloads
        return dict(sums)

    def whole_months(self) -> list[date]:
        """Months of which every day has downloads."""
        known = {day for _, day in self.flows}
        firsts = sorted({day.replace(day=1) for day in known})
        return [first for first in firsts if all(day in known for day in days_of(first))]

    def late(self, first: date, last: date) -> set[str]:
        """Repositories whose downloads are known from one of these days on, although they are older."""
        known_from: dict[str, date] = {}
        for hub_id, day in self.flows:
            known_from[hub_id] = min(day, known_from.get(hub_id, day))
        created = {hub_id: model["created_at"].date() for hub_id, model in self.models.items()}
        return {hub_id for hub_id, day in known_from.items() if first <= day <= last and created[hub_id] < day}

    def month(self, first: date, by: str, left_out: Collection[str] = ()) -> dict[Any, int]:
        """Downloads of language models in a month."""
        sums = self.language(
            lambda hub_id, day: (hub_id not in left_out and day.replace(day=1), self.models[hub_id][by])
        )
        return {key: downloads for (month, key), downloads in sums.items() if month == first}

    def month_by_base(self, first: date, place: int) -> dict[Any, float]:
        """Downloads of language models in a month, credited to the origin (0) or family (1) of their roots."""
        sums: dict[Any, float] = defaultdict(float)
        for (hub_id, day), downloads in self.flows.items():
            if self.models[hub_id]["task_class"] == "language" and day.replace(day=1) == first:
                for *keys, weight in self.roots[hub_id]:
                    sums[keys[place]] += downloads * weight
        return dict(sums)

    def window(self, days: int, by: str, end: date) -> dict[Any, int]:
        """Downloads of language models in the days up to `end`."""
        sums = self.language(lambda hub_id, day: (end - timedelta(days=days) < day <= end, self.models[hub_id][by]))
        return {key: downloads for (is_within, key), downloads in sums.items() if is_within}


def days_of(first: date) -> list[date]:
    after = (first + timedelta(days=32)).replace(day=1)
    return [first + timedelta(days=number) for number in range((after - first).days)]


@pytest.fixture(scope="module")
def alone(simulated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """The file of a simulated home, moved alone and attached to DuckDB without any setting of the program."""
    file = tmp_path_factory.mktemp("moved") / "other_name.duckdb"
    shutil.copy(simulated / "tracker.duckdb", file)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{file}' as elsewhere (read_only); use elsewhere")
        yield connection


@pytest.fixture(scope="module")
def judge(alone: Connection) -> Judge:
    def table(query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = alone.sql(query).to_arrow_table().to_pylist()
        return found

    roots = defaultdict(list)
    for row in table("select hub_id, root_origin, root_family, weight from lineage"):
        roots[row["hub_id"]].append((row["root_origin"], row["root_family"], row["weight"]))
    return Judge(
        {row["hub_id"]: row for row in table("from models")},
        {(row["hub_id"], row["day"]): row for row in table("from model_days")},
        {(row["hub_id"], row["day"]): row["downloads"] for row in table("from model_flows")},
        {
            "origin": {"unaffiliated": "Unaffiliated", **dict(rows(alone, "select code, name from origins"))},
            "lab": dict(rows(alone, "select lab, name from labs")),
            "family": dict(rows(alone, "select family, name from families")),
        },
        roots,
    )


def largest_models(judge: Judge) -> Answer:
    found = sorted(judge.now(), key=lambda model: -model["downloads_30d"])
    return [(model["repo_id"], model["downloads_30d"]) for model in found[:3]]


def countries_now(judge: Judge) -> Answer:
    sums: dict[str, int] = defaultdict(int)
    for model in judge.now(task_class="language"):
        sums[judge.names["origin"][model["publisher_origin"]]] += model["downloads_30d"]
    return sorted(sums.items(), key=lambda item: -item[1])


def of_family(judge: Judge) -> Answer:
    found = judge.now(family="qwen")
    return [(len(found), sum(model["downloads_30d"] for model in found))]


def of_lab(judge: Judge) -> Answer:
    return [(len(judge.now(publisher_lab="mistral")),)]


def last_month(judge: Judge) -> Answer:
    sums = judge.month(judge.whole_months()[-1], "publisher_origin")
    total = sum(sums.values())
    found = sorted(sums.items(), key=lambda item: -item[1])
    return [(judge.names["origin"][code], downloads, round(downloads / total, 9)) for code, downloads in found]


def growth(judge: Judge) -> Answer:
    found: Answer = []
    months = judge.whole_months()
    for before, month in zip([None, *months], months, strict=False):
        if before is None:
            found.append((month, None))
            continue
        late = judge.late(before + timedelta(days=1), days_of(month)[-1])
        now, then = (judge.month(first, "publisher_origin", late).get("CN", 0) for first in (month, before))
        found.append((month, round(100 * (now / then - 1), 6)))
    return found


def everything(judge: Judge) -> Answer:
    return [(sum(judge.language("layer").values()),)]


def china_daily(judge: Judge) -> Answer:
    sums = judge.language(lambda hub_id, day: (judge.models[hub_id]["publisher_origin"], day))
    return sorted((day, downloads) for (origin, day), downloads in sums.items() if origin == "CN")


def sizes(judge: Judge) -> Answer:
    sums: dict[str, int] = defaultdict(int)
    for model in judge.now():
        sums[model["size_bucket"]] += model["downloads_30d"]
    return [(size, sums[size]) for size in SIZES if size in sums]


def top_labs(judge: Judge) -> Answer:
    sums: dict[str, int] = defaultdict(int)
    for model in judge.now(task_class="language"):
        sums[model["publisher_lab"]] += model["downloads_30d"]
    total = sum(sums.values())
    sums.pop(None)  # type: ignore[call-overload]
    found = sorted(sums.items(), key=lambda item: -item[1])[:5]
    return [(judge.names["lab"][lab], downloads, round(downloads / total, 9)) for lab, downloads in found]


def rising_families(judge: Judge) -> Answer:
    sums, before = (judge.window(7, "family", judge.last - ago) for ago in (timedelta(), MONTH))
    change = {family: downloads - before[family] for family, downloads in sums.items() if family in before and family}
    found = sorted(change.items(), key=lambda item: -item[1])[:3]
    return [
        (judge.names["family"][family], gained, round(100 * gained / before[family], 6)) for family, gained in found
    ]


def one_model(judge: Judge) -> Answer:
    [hub_id] = [hub_id for hub_id, model in judge.models.items() if model["repo_id"] == "Qwen/Qwen3-8B"]
    days = {day for owner, day in [*judge.readings, *judge.flows] if owner == hub_id}
    none: Mapping[str, Any] = {}
    return [
        (day, judge.flows.get((hub_id, day)), judge.readings.get((hub_id, day), none).get("downloads_30d"))
        for day in sorted(days)
    ]


def weeks(judge: Judge) -> Answer:
    return sorted(judge.language(lambda _, day: day - timedelta(days=day.weekday())).items())


def family_in_a_month(judge: Judge) -> Answer:
    return [(judge.month(date(2026, 10, 1), "family")["mistral"],)]


def by_base(judge: Judge) -> Answer:
    sums = judge.month_by_base(date(2026, 10, 1), 0)
    total = sum(sums.values())
    return sorted((code, round(downloads / total, 9)) for code, downloads in sums.items() if code in ("CN", "US", "FR"))


def families_by_base(judge: Judge) -> Answer:
    return [(round(judge.month_by_base(date(2026, 10, 1), 1)["mistral"], 3),)]


def accounts(judge: Judge) -> Answer:
    sums: dict[str, int] = defaultdict(int)
    for model in judge.now(task_class="language"):
        sums[model["author"]] += model["downloads_all_time"] or 0
    return sorted(sums.items(), key=lambda item: -item[1])[:3]


def risen(judge: Judge) -> Answer:
    found, earlier = judge.now(), judge.last - MONTH
    before = sorted(
        -reading["downloads_30d"]
        for (_, day), reading in judge.readings.items()
        if day == earlier and reading["downloads_30d"] is not None
    )
    today = sorted(-model["downloads_30d"] for model in found if model["downloads_30d"] is not None)
    places = [
        before.index(-model["before"]) - today.index(-model["downloads_30d"])
        for model in found
        if None not in (model["before"], model["downloads_30d"])
    ]
    return [(sum(place > 0 for place in places), max(places))]


def recent(judge: Judge) -> Answer:
    sums = judge.window(30, "publisher_origin", judge.last)
    total = sum(sums.values())
    return [(round(sums["US"] / total, 9),)]


def largest_gain(judge: Judge) -> Answer:
    gains = [(model["downloads_30d"] - model["before"], model["repo_id"]) for model in judge.now() if model["before"]]
    return [(name, gain) for gain, name in sorted(gains, reverse=True)[:2]]


def fine_tunes(judge: Judge) -> Answer:
    return [(len(judge.now(layer="derivative", root_family="qwen")),)]


QUESTIONS: dict[str, tuple[str, Callable[[Judge], Answer]]] = {
    "most downloaded": (
        "select repo_id, downloads_30d from models_now order by downloads_30d desc limit 3", largest_models,
    ),
    "countries now": (
        "select origin_name, sum(downloads_30d) from models_now where task_class = 'Language' group by 1 "
        "order by 2 desc",
        countries_now,
    ),
    "family by its name": ("select count(*), sum(downloads_30d) from models_now where family = 'Qwen'", of_family),
    "family by its label": (
        "select count(*), sum(downloads_30d) from models_now where family_name = 'Qwen'", of_family,
    ),
    "lab in capitals": ("select count(*) from models_now where lab = 'MISTRAL'", of_lab),
    "lab by its label": ("select count(*) from models_now where lab_name = 'Mistral AI'", of_lab),
    "last month": (
        "select origin_name, downloads, round(share, 9) from origin_months "
        "where month = (select max(month) from origin_months) and downloads > 0 order by downloads desc",
        last_month,
    ),
    "growth": (
        "select month, round(change_percent, 6) from origin_months where origin = 'cn' order by month", growth,
    ),
    "all downloads": ("select sum(downloads) from adoption", everything),
    "China day by day": (
        "select day, sum(downloads) from adoption where origin_name = 'China' group by day having sum(downloads) >= 0 "
        "order by day",
        china_daily,
    ),
    "sizes in order": (
        "select size_bucket, sum(downloads_30d) from models_now where size_bucket is not null group by 1 order by 1",
        sizes,
    ),
    "top labs": (
        "select name, downloads, round(share, 9) from rankings where subject = 'Lab' and period_days = 30 "
        "order by rank limit 5",
        top_labs,
    ),
    "rising families": (
        "select name, change, round(change_percent, 6) from rankings where subject = 'family' and period = '7 days' "
        "order by change desc limit 3",
        rising_families,
    ),
    "history of a model": (
        "select day, downloads, downloads_30d from model_history where repo_id = 'qwen/qwen3-8b' order by day",
        one_model,
    ),
    "weeks": ("select date_trunc('week', day)::date, sum(downloads) from adoption group by 1 order by 1", weeks),
    "a family in October": (
        "select sum(downloads) from adoption where family = 'Mistral' and day between '2026-10-01' and '2026-10-31'",
        family_in_a_month,
    ),
    "the same from months": (
        "select downloads from family_months where family = 'Mistral' and month = '2026-10-01'", family_in_a_month,
    ),
    "by base model": (
        "select origin, round(share_by_base, 9) from origin_months where month = '2026-10-01' "
        "and origin in ('CN', 'FR', 'US') order by origin",
        by_base,
    ),
    "family by base model": (
        "select round(downloads_by_base, 3) from family_months where family = 'mistral' and month = '2026-10-01'",
        families_by_base,
    ),
    "accounts": (
        "select name, downloads from rankings where subject = 'account' and period = 'all time' order by rank limit 3",
        accounts,
    ),
    "risen": (
        "select count(*) filter (rank_30d_change > 0), max(rank_30d_change) from models_now", risen,
    ),
    "last thirty days": (
        "select round(sum(downloads) filter (origin = 'US') / sum(downloads), 9) from adoption "
        "where day > (select max(day) from adoption) - 30",
        recent,
    ),
    "largest gain": (
        "select repo_id, downloads_30d_change from models_now where downloads_30d_before > 0 "
        "order by downloads_30d_change desc, repo_id desc limit 2",
        largest_gain,
    ),
    "fine-tunes of a family": (
        "select count(*) from models_now where layer = 'derivative' and root_family = 'Qwen'", fine_tunes,
    ),
}  # fmt: skip
"""What is asked -> the query, and the answer of the judge."""


@pytest.mark.parametrize("question", QUESTIONS)
def test_natural_query_has_the_right_answer(alone: Connection, judge: Judge, question: str) -> None:
    query, answer = QUESTIONS[question]
    expected = answer(judge)
    assert expected and expected != [(0,)]
    assert rows(alone, query) == expected


def test_views_have_one_row_for_their_grain(alone: Connection, ordered_models: list[Model]) -> None:
    views = [model for model in ordered_models if model.layer == "views"]
    assert len(views) == 6
    for view in views:
        grain = ", ".join(view.grain)
        assert rows(alone, f"select count(*) > 0 from {view.name}") == [(True,)], view.name
        assert rows(alone, f"select {grain} from {view.name} group by all having count(*) > 1") == [], view.name


def test_show_tables_lists_what_people_want(alone: Connection, ordered_models: list[Model]) -> None:
    listed = {name for (name,) in rows(alone, "show tables")}
    assert {"models_now", "model_history", "adoption", "origin_months", "family_months", "rankings"} < listed
    steps = {model.name for model in ordered_models if model.schema == "steps"}
    assert "booked_days" in steps and not steps & listed
    assert rows(alone, "select count(*) > 0 from steps.booked_days") == [(True,)]


@pytest.mark.parametrize("view", ["models_now", "adoption"])
def test_size_order_is_that_of_the_buckets(view: str) -> None:
    """The expression alone: no home has models of every size."""
    sql = (FOLDER / "views" / f"{view}.sql").read_text(encoding="utf-8")
    [expression] = re.findall(r"case \w+\.(size_bucket\s+when.+?end) as size_order", sql, re.DOTALL)
    with in_memory() as connection:
        query = f"select case {expression} from unnest($sizes) as sizes (size_bucket)"
        assert rows(connection, query, {"sizes": [*SIZES, None]}) == [*((place,) for place in range(1, 8)), (None,)]


def test_columns_that_must_not_be_added_say_so(alone: Connection) -> None:
    said = rows(
        alone,
        "select table_name || '.' || column_name from duckdb_columns() where comment ilike '%never add%' "
        "or comment ilike '%, never over days%' or comment ilike '%choose one%'",
    )
    expected = {
        *(f"adoption.{name}" for name in ("downloads_30d", "downloads_all_time", "likes", "models")),
        *("model_history.downloads_30d", "adoption_days.downloads_30d", "adoption_days.lens"),
        *("derivatives_months.min_downloads", "rankings.subject", "rankings.period", "origin_months.downloads_by_base"),
    }
    assert expected <= {name for (name,) in said}


def fill_panels(connection: Connection, series: list[tuple[str, str, int]], booked: tuple[str, str]) -> None:
    """Write the tables panel_days and segments: days from, days to, segment. Downloads begin 29 days earlier."""
    connection.execute("create table segments (task_class varchar, segment bigint, last_day date, first_flow_day date)")
    for first, last, number in series:
        values = ["language", number, last, first, first]
        connection.execute("insert into segments values (?, ?, ?, if(? = '2026-01-01', null, ?::date - 29))", values)
    connection.execute(f"""
        create table panel_days as
        select 'language' as task_class, day, any_value(reading) as segment, max(flow) as flow_segment
        from (
            select unnest(generate_series(first, last, interval 1 day))::date as day, number as reading, null as flow
            from (values {", ".join(f"(date '{first}', date '{last}', {n})" for first, last, n in series)})
                as series (first, last, number)
            union all
            select day, null, (
                select max(segment) from segments
                where segment = 1 or first_flow_day <= day and day <= (select max(last_day) from segments)
            )
            from (select unnest(generate_series(date '{booked[0]}', date '{booked[1]}', interval 1 day))::date as day)
        )
        group by day
    """)


FIRST_READ = """
create table new_model_flows (hub_id varchar, day date, downloads bigint);
insert into new_model_flows
    select hub_id, day::date, downloads
    from (values
        ('old', date '2026-07-05', 10), ('new', date '2026-09-10', 1),
        ('late in August', date '2026-08-12', 5), ('late in September', date '2026-09-20', 7),
        ('late on the first', date '2026-08-01', 2), ('estimated again', date '2026-09-02', 3)
    ) as known (hub_id, since, downloads)
    cross join generate_series(since, date '2026-10-31', interval 1 day) as days (day);
create table core_first_readings as
    select hub_id, min(day) + 29 as day, hub_id not in ('old', 'new') as is_late from new_model_flows group by hub_id;
create table earlier_late_downloads as
    select 'estimated again' as hub_id, date '2026-08-01' as month, 999 as downloads, date '2026-08-20' as first_day;
create table core_unsettled_repositories as select 'estimated again' as hub_id;
create table core_group_members as
    select distinct hub_id, if(hub_id = 'new', 'US', 'CN') as group_id from new_model_flows;
create table core_group_shares as
    select distinct group_id, 'publisher' as lens, group_id as origin, 'a family' as family, 'language' as task_class
    from core_group_members;
create table adoption_days as
    select day, lens, origin, family, task_class, sum(downloads) as downloads
    from new_model_flows join core_group_members using (hub_id) join core_group_shares using (group_id)
    group by all;
create schema steps;
create table steps.whole_months as
    select month, lag(month) over (order by month) as month_before
    from (values (date '2026-08-01'), (date '2026-09-01'), (date '2026-10-01')) as months (month);
create table origins as select 'CN' as code, 'China' as name, 'Asia' as region;
"""
"""Five repositories of China, of which four were first read late, and one of the US that was created in September."""


def test_first_readings_are_no_growth_of_months(ordered_models: list[Model]) -> None:
    names = ("late_downloads", "month_downloads", "origin_months")
    with in_memory() as connection:
        connection.execute(FIRST_READ)
        run(connection, [model for name in names for model in ordered_models if model.name == name])
        found = rows(
            connection,
            "select month(month), origin, downloads, change, downloads_first_read, round(share_change_points, 9) "
            "from origin_months order by month, origin",
        )
    september = 30 * 10 + 30 * 5 + 11 * 7 + 30 * 2 + 29 * 3
    october = 31 * (10 + 5 + 7 + 2 + 3)
    gain, later_gain = 100 * 21 / (30 * 12 + 21), 100 * (31 / (31 * 18) - 21 / (30 * 17 + 21))
    assert found == [
        (8, "CN", 31 * 10 + 20 * 5 + 31 * 2, None, None, None),
        (9, "CN", september, 30 * 12 - 31 * 12, 30 * 5 + 11 * 7 + 29 * 3 - 20 * 5, round(-gain, 9)),
        (9, "US", 21, 21, 0, round(gain, 9)),
        (10, "CN", october, 31 * 17 - 30 * 17, 31 * (7 + 3) - 11 * 7 - 29 * 3, round(-later_gain, 9)),
        (10, "US", 31, 10, 0, round(later_gain, 9)),
    ]


def test_only_an_older_repository_that_a_listing_lacked_is_late(becomes: Callable[..., None]) -> None:
    """Those of the first listing are known from its 30-day counters on, and new ones from their creation on."""
    becomes(
        "late_downloads",
        """
        hub_id | month      | downloads | first_day
        late   | 2026-08-01 | 120       | 2026-08-02
        """,
        lake_crawls="""
        day        | models
        2026-08-30 | 1
        2026-08-31 | 3
        """,
        lake_models="""
        hub_id | repo_id | created_at
        first  | a/first | 2026-01-05 00:00:00
        late   | a/late  | 2026-01-05 00:00:00
        new    | a/new   | 2026-08-31 01:00:00
        """,
        lake_model_days="""
        day        | hub_id | downloads_30d | downloads_all_time | read_at
        2026-08-30 | first  | 90            | 900                | 2026-08-30 12:00:00
        2026-08-31 | first  | 90            | 903                | 2026-08-31 12:00:00
        2026-08-31 | late   | 120           | 800                | 2026-08-31 12:00:00
        2026-08-31 | new    | 7             | 7                  | 2026-08-31 12:00:00
        """,
    )


TABLES = """
create table adoption_days (
    day date, lens varchar, origin varchar, lab varchar, family varchar, layer varchar, is_by_maker boolean,
    task_class varchar, size_bucket varchar, models double, downloads double, downloads_30d double,
    downloads_all_time double, likes double
);
create table origins (code varchar, name varchar, region varchar);
create table labs (lab varchar, name varchar);
create table families (family varchar, name varchar);
create table panel_days (day date, task_class varchar, segment bigint, flow_segment bigint);
insert into panel_days values
    ('2026-02-28', 'language', null, 1), ('2026-03-01', 'language', 1, 1), ('2026-03-02', 'language', null, 1),
    ('2026-03-03', 'language', 1, 1), ('2026-03-04', 'language', null, null);
"""
"""What the view `adoption` reads; a labs crawl on 2 and 4 March between whole listings."""


def test_adoption_has_no_counters_of_a_part(ordered_models: list[Model]) -> None:
    """Downloads of every day are there, so that sums lose none; counters of a part would look like a fall."""
    with in_memory() as connection:
        connection.execute(TABLES)
        for day in ("2026-02-28", "2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04"):
            for lens, kind in (("publisher", "language"), ("root", "language"), ("publisher", "encoder")):
                values = [day, lens, kind, 100 + int(day[-2:])]
                connection.execute(
                    "insert into adoption_days (day, lens, origin, layer, task_class, downloads, models, "
                    "downloads_30d) values ($1, $2, 'CN', 'release', $3, $4, 7, 3000)",
                    values,
                )
        run(connection, [model for model in ordered_models if model.name == "adoption"])
        found = rows(connection, "select day::varchar, downloads, models, downloads_30d from adoption order by day")
    assert found == [
        ("2026-02-28", 128, None, None),
        ("2026-03-01", 101, 7, 3000),
        ("2026-03-02", 102, None, None),
        ("2026-03-03", 103, 7, 3000),
    ]


@pytest.mark.parametrize(
    ("series", "booked", "expected"),
    [
        pytest.param([("2026-01-20", "2026-04-10", 1)], ("2026-01-15", "2026-04-10"),
            [("2026-02-01", None), ("2026-03-01", "2026-02-01")], id="first and last month are partial"),
        pytest.param([("2026-01-20", "2026-03-31", 1)], ("2026-01-01", "2026-03-31"),
            [("2026-01-01", None), ("2026-02-01", "2026-01-01"), ("2026-03-01", "2026-02-01")], id="all are whole"),
        pytest.param([("2026-01-01", "2026-03-31", 1), ("2026-04-01", "2026-05-31", 2)], ("2026-01-01", "2026-05-31"),
            [("2026-01-01", None), ("2026-02-01", "2026-01-01"), ("2026-04-01", None), ("2026-05-01", "2026-04-01")],
            id="a segment of downloads begins 29 days before its readings"),
        pytest.param([("2026-01-20", "2026-03-31", 1)], ("2026-01-01", "2026-03-30"),
            [("2026-01-01", None), ("2026-02-01", "2026-01-01")], id="last day has no downloads yet"),
    ],
)  # fmt: skip
def test_whole_months_lie_in_one_segment(
    ordered_models: list[Model],
    series: list[tuple[str, str, int]],
    booked: tuple[str, str],
    expected: list[tuple[str, str | None]],
) -> None:
    with in_memory() as connection:
        fill_panels(connection, series, booked)
        run(connection, [model for model in ordered_models if model.name == "whole_months"])
        found = rows(connection, "select month::varchar, month_before::varchar from whole_months order by month")
    assert found == expected


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        ([("2026-01-01", "2026-03-31", 1)], ("2026-03-31", "2026-03-01", "2026-01-01", "2026-03-31")),
        ([("2026-01-01", "2026-02-25", 1), ("2026-03-31", "2026-03-31", 1)],
            ("2026-03-31", None, "2026-01-01", "2026-03-31")),
        ([("2026-01-01", "2026-02-28", 1), ("2026-03-31", "2026-03-31", 1)],
            ("2026-03-31", "2026-02-28", "2026-01-01", "2026-03-31")),
        ([("2026-01-01", "2026-02-28", 1), ("2026-03-11", "2026-03-31", 2)],
            ("2026-03-31", None, "2026-02-10", "2026-03-31")),
    ],
    ids=["thirty days", "too long ago", "nearest day before", "another segment"],
)  # fmt: skip
def test_comparison_is_with_a_day_of_the_segment(
    ordered_models: list[Model], series: list[tuple[str, str, int]], expected: tuple[str | None, ...]
) -> None:
    with in_memory() as connection:
        fill_panels(connection, series, ("2026-01-01", "2026-03-31"))
        run(connection, [model for model in ordered_models if model.name == "comparison_days"])
        found = rows(connection, "select columns(*)::varchar from comparison_days")
    assert found == [expected]
