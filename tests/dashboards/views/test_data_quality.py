"""The page Data quality: figures equal the warehouse, links are restored, missing data is explained."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from tests.support.app_page import page_text, shown_table

Opener = Callable[..., AppTest]
PAGE = "views/data_quality.py"

INCOMPLETE_DAYS = (
    "update coverage_days set state = 'missing', models = null, refused = null where day = '2026-10-20'",
    "update coverage_days set state = 'partial', incomplete_because = 'the Hub refused page 3' "
    "where day in ('2026-10-21', '2026-10-22')",
    "delete from quality_events where kind in ('stall', 'rollback') and day between '2026-10-18' and '2026-10-24'",
    "insert into quality_events values ('stall', '2026-10-23', null, 'nothing moved', 'spread')",
)


def query_rows(home: Path, sql: str, *changes: str) -> list[tuple[Any, ...]]:
    """Rows of a query on the warehouse file, after changes to it."""
    with duckdb.connect(str(home / "tracker.duckdb"), read_only=not changes) as connection:
        for change in changes:
            connection.execute(change)
        return connection.execute(sql).fetchall()


def alts(app: AppTest) -> list[str]:
    """The description of each chart."""
    return [chart.proto.alt for chart in app.get("vega_lite_chart")]


def test_summary_covers_all_parts(open_page: Opener, own_simulated: Path) -> None:
    [(days, whole, aside, events, share)] = query_rows(
        own_simulated,
        """select count(*), count(*) filter (where state = 'complete'),
            count(*) filter (where state = 'complete' and day in (
                select day from quality_events where hub_id is null and kind in ('rollback', 'stall'))),
            (select count(*) from quality_events),
            (select deviation_share from identity_deviations order by day desc limit 1)
        from coverage_days where scope = 'hub'""",
        *INCOMPLETE_DAYS,
    )
    sentences = (
        f"{whole} of {days} days were read completely.",
        f"On {aside} of them the Hub's counters had stalled or fallen, so they are not used for daily downloads.",
        f"{events:,} data issues of counters and listings: see Data issues.",
        f"Estimates from before the first reading, where they can be checked, last deviated by {share * 100:.2f}%.",
        "All checks of the tables passed.",
    )
    assert " ".join(sentences) in page_text(open_page(own_simulated, PAGE))


def test_headline_counts_days_by_state(open_page: Opener, own_simulated: Path) -> None:
    [(days, whole)] = query_rows(
        own_simulated,
        "select count(*), count(*) filter (where state = 'complete') from coverage_days where scope = 'hub'",
        *INCOMPLETE_DAYS,
    )
    set_aside = query_rows(
        own_simulated,
        "select distinct day from quality_events join coverage_days using (day) "
        "where kind in ('stall', 'rollback') and state = 'complete'",
    )
    app = open_page(own_simulated, PAGE)
    assert not app.exception
    assert f"{whole} of {days} days read completely, 2 read in part, 1 not read." in page_text(app)
    assert f"The counters of {len(set_aside)} days were set aside." in page_text(app)
    assert f"{whole - len(set_aside)} days complete" in alts(app)[0]
    assert "2 days partial, 1 day missing" in alts(app)[0]


def test_crawls_list_rejected_rows_and_reasons(open_page: Opener, own_simulated: Path) -> None:
    rows = query_rows(
        own_simulated,
        "select models, requests from crawls order by day desc",
        "update crawls set is_complete = false, incomplete_because = 'the Hub refused page 3', refused = 3, "
        """refused_because = '{"no id": 2, "no day": 1}' where day = (select max(day) from crawls)""",
    )
    table = shown_table(open_page(own_simulated, PAGE))
    assert list(zip(table["models"], table["requests"], strict=True)) == rows
    assert table["refused_because"][0] == "no id (2); no day (1)"
    assert table["incomplete_because"][0] == "the Hub refused page 3"
    assert not table["is_complete"][0] and table["is_complete"][1]


def test_scope_defaults_to_the_widest(open_page: Opener, own_simulated: Path) -> None:
    narrow = "insert into coverage_days values ('2026-11-20', 'labs', 'complete', true, true, 7, 0, null)"
    query_rows(own_simulated, "select 1", narrow)
    assert "All public models of the Hub, " in page_text(open_page(own_simulated, PAGE))
    linked = open_page(own_simulated, PAGE, scope="models of the registered organisations")
    assert "Models of the registered organisations, 20 Nov 2026 to 20 Nov 2026: 1 of 1 day" in page_text(linked)


def test_events_are_counted_by_kind_and_listed(view_page: Opener, simulated: Path) -> None:
    kinds = query_rows(simulated, "select kind, count(*) from quality_events group by kind")
    app = view_page(simulated, PAGE, part="Data issues")
    assert not app.exception
    for kind, number in kinds:
        assert f"{number:,} {kind}, most in the week of" in alts(app)[0]
    latest = query_rows(
        simulated, "select day, kind, detail from quality_events order by day desc, kind, hub_id, detail"
    )
    table = shown_table(app)
    assert [(str(day), kind, detail) for day, kind, detail in latest[:500]] == [
        (str(day)[:10], kind, detail)
        for day, kind, detail in zip(table["day"], table["kind"], table["detail"], strict=True)
    ]
    assert f"{len(latest)} data issues, the latest first." in page_text(app)


def test_link_restores_the_kind_of_event(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE, part="Data issues", kind=["rename"])
    table = shown_table(app)
    assert set(table["kind"]) == {"rename"}
    names = query_rows(
        simulated, "select m.repo_id from quality_events join models as m using (hub_id) where kind = 'rename'"
    )
    assert sorted(table["repo_id"]) == sorted(name for (name,) in names)
    assert all(url.startswith("https://huggingface.co/") for url in table["url"])


def test_first_500_of_many_events_are_listed(open_page: Opener, own_simulated: Path) -> None:
    many = "insert into quality_events select 'fall', '2026-11-21', 'x' || n, 'fell', 'none' from range(600) as t(n)"
    [(total,)] = query_rows(own_simulated, "select count(*) from quality_events where kind = 'fall'", many)
    app = open_page(own_simulated, PAGE, part="Data issues", kind=["fall"])
    assert len(shown_table(app)) == 500
    assert f"The latest 500 of {total:,} data issues." in page_text(app)
    assert shown_table(app)["repo_id"].isna().all(), "they are about no model we know"


def test_deviation_is_that_of_the_last_day(view_page: Opener, simulated: Path) -> None:
    [(share, models)] = query_rows(
        simulated,
        "select deviation::double / downloads_30d, repositories from identity_deviations order by day desc limit 1",
    )
    text = page_text(view_page(simulated, PAGE, part="Estimates"))
    deviation = f"{share * 100:.2f}%" if share == 0 or share >= 0.00005 else "< 0.01%"
    assert (
        f"Estimates deviate from readings by {deviation} of 30-day downloads (" in text
        and f", {models:,} models)." in text
    )


@pytest.mark.parametrize(("label", "of"), [("Downloads", "downloads"), ("Models", "models")])
def test_lineage_coverage_equals_the_table(view_page: Opener, simulated: Path, label: str, of: str) -> None:
    [(first, last)] = query_rows(
        simulated,
        f"select arg_min({of}_known_share, day), arg_max({of}_known_share, day) from lineage_coverage_days "
        f"where {of}_known_share is not null",
    )
    app = view_page(simulated, PAGE, part="Estimates", of_lineage=label)
    assert f"base model known from {first * 100:.1f}% to {last * 100:.1f}%" in alts(app)[-1]


def test_share_with_a_declared_base(view_page: Opener, simulated: Path) -> None:
    [(downloads, models)] = query_rows(
        simulated,
        """select sum(c.downloads_30d * l.weight) filter (l.depth > 0) / sum(c.downloads_30d * l.weight),
            count(distinct hub_id) filter (l.depth > 0) / count(distinct hub_id)
        from steps.latest_counts as c join lineage as l using (hub_id)""",
    )
    shares = f"{downloads * 100:.1f}% of 30-day downloads and {models * 100:.1f}% of models have a base model"
    assert f"By the last counters, {shares} through a declared link" in page_text(
        view_page(simulated, PAGE, part="Estimates")
    )


def test_no_failed_check_is_stated(view_page: Opener, simulated: Path) -> None:
    assert "All checks of this build passed." in page_text(view_page(simulated, PAGE, part="Checks"))


def test_failed_check_is_listed(open_page: Opener, own_simulated: Path) -> None:
    query_rows(own_simulated, "select 1", "insert into check_findings values ('a__b', 'A is b.', 'warn', 3, 'a 1')")
    table = shown_table(open_page(own_simulated, PAGE, part="Checks"))
    assert table[["severity", "claim", "rows", "example"]].values.tolist() == [["warn", "A is b.", 3, "a 1"]]


@pytest.mark.parametrize("part", ["Days and crawls", "Data issues", "Estimates", "Checks"])
def test_parts_without_data_say_so(open_page: Opener, own_simulated: Path, part: str) -> None:
    emptied = ("coverage_days", "crawls", "quality_events", "identity_deviations", "lineage_coverage_days")
    query_rows(own_simulated, "select 1", *(f"delete from {table}" for table in emptied))
    app = open_page(own_simulated, PAGE, part=part)
    assert not app.exception
    assert app.info and not alts(app)


def test_invalid_parameters_fall_back_to_defaults(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE, part="'; drop table models --", scope="<b>", kind=["none of these"])
    assert not app.exception
    assert "All public models of the Hub, " in page_text(app)
