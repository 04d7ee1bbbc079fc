"""The page Robustness: how the headline changes with its definition equals the warehouse."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.data import format
from dashboards.text import terms
from tests.support.app_page import LANGUAGE, chart_rows, page_text
from tests.support.warehouse_file import read_rows, run_sql

Opener = Callable[..., AppTest]

PAGE = "views/robustness.py"
DIFFERENCE = "share of China less share of the United States"
NOT_CROSSED = (
    "update robustness set crossed_on = null, crossed_after = null, holds = null, lost_on = null, "
    f"is_ahead_throughout = false where headline = '{DIFFERENCE}'"
)
CROSSED = (
    "update robustness set crossed_on = '2026-10-03', crossed_after = null, holds = true, lost_on = null "
    f"where headline = '{DIFFERENCE}'"
)
CHINA_AHEAD = (
    "update robustness set value = abs(value), is_ahead_throughout = true "
    f"where definition = 'text models only' and headline = '{DIFFERENCE}'"
)


@pytest.mark.parametrize(
    ("query", "headline"),
    [
        ({}, DIFFERENCE),
        ({"headline": "China"}, "share of China"),
        ({"headline": "United States"}, "share of the United States"),
        ({"headline": "'; drop table models --"}, DIFFERENCE),
    ],
    ids=["default", "China", "United States", "nonsense"],
)
def test_bars_are_ordered_by_their_move(
    view_page: Opener, simulated: Path, query: dict[str, str], headline: str
) -> None:
    values = read_rows(
        simulated, f"select definition, value, number from robustness where headline = '{headline}' and {LANGUAGE}"
    )
    [baseline] = [value for definition, value, _ in values if definition == "baseline"]
    moves = [(name, value - baseline, number) for name, value, number in values if name != "baseline"]
    moves.sort(key=lambda move: (-abs(move[1]), move[2]))
    app = view_page(simulated, PAGE, **query)
    found = chart_rows(app, 0, "definition", "move", "baseline", "value")
    assert [row[0] for row in found] == [name for name, _, _ in moves]
    assert [row[1] for row in found] == pytest.approx([move for _, move, _ in moves])
    assert all(row[2] == baseline and row[3] == pytest.approx(baseline + row[1]) for row in found)
    most, move, _ = moves[0]
    assert f'Of 9 other definitions, "{most}" changes this most: {move * 100:+.1f} points' in page_text(app)


def test_headline_names_the_switch_that_changes_the_leader(open_page: Opener, own_simulated: Path) -> None:
    others = f"where definition != 'text models only' and headline = '{DIFFERENCE}'"
    run_sql(own_simulated, CHINA_AHEAD, f"update robustness set value = -abs(value) {others}")
    gaps = dict(
        read_rows(
            own_simulated, f"select definition, value from robustness where headline = '{DIFFERENCE}' and {LANGUAGE}"
        )
    )
    assert gaps["baseline"] < 0 and [name for name, gap in gaps.items() if gap > 0] == ["text models only"]
    assert 'The United States leads under the baseline; China leads or is level under "text models only".' in page_text(
        open_page(own_simulated, PAGE)
    )


def test_crossovers_are_dates_or_a_reason(open_page: Opener, own_simulated: Path) -> None:
    run_sql(
        own_simulated,
        NOT_CROSSED,
        CHINA_AHEAD,
        f"{CROSSED} and definition = 'without GGUF'",
        "update robustness set is_ahead_throughout = null where definition = 'originals only'",
    )
    found = {row[0]: row[1] for row in chart_rows(open_page(own_simulated, PAGE), 1, "definition", "text")}
    assert found["without GGUF"] == "3 Oct 2026"
    assert found["originals only"] == "unknown"
    assert found["text models only"] == "China led throughout"
    assert found["baseline"] == found["without quantized copies"] == "no crossover"
    assert len(found) == 10


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        ("'2026-09-02'", "'2026-10-30'", "95%: 2 Sep 2026 – 30 Oct 2026"),
        ("(select min(day) from robustness_days)", "null", "95%: from 24 Aug 2026 or earlier, no end yet"),
        ("null", "null", "95%: unknown"),
    ],
    ids=["closed", "open on both sides", "unknown"],
)
def test_baseline_has_its_interval(open_page: Opener, own_simulated: Path, low: str, high: str, words: str) -> None:
    run_sql(
        own_simulated,
        NOT_CROSSED,
        f"{CROSSED} and definition = 'baseline'",
        f"""update crossovers set crossed_on = '2026-10-03', crossed_after = null, low = {low}, high = {high}
        where metric = 'downloads' and lens = 'publisher' and layer = 'all' and a = 'CN' and b = 'US'""",
    )
    app = open_page(own_simulated, PAGE)
    texts = {row[0]: row[1] for row in chart_rows(app, 1, "definition", "said")}
    assert texts["baseline"] == f"3 Oct 2026 ({words})"
    assert f"3 Oct 2026 ({words})" in app.get("vega_lite_chart")[1].proto.alt


def test_table_has_every_headline_of_every_definition(view_page: Opener, simulated: Path) -> None:
    expected = read_rows(
        simulated,
        f"""select definition, 100 * any_value(value) filter (where headline = 'share of China'),
            100 * any_value(value) filter (where headline = 'share of the United States'),
            100 * any_value(value) filter (where headline = '{DIFFERENCE}')
        from robustness where {LANGUAGE} group by definition, number order by number""",
    )
    table = view_page(simulated, PAGE).dataframe[0].value
    assert table["definition"].tolist() == [row[0] for row in expected]
    for place, column in enumerate(("china", "united_states", "difference"), start=1):
        assert table[column].tolist() == pytest.approx([row[place] for row in expected])


def test_unknown_headline_is_explained(open_page: Opener, own_simulated: Path) -> None:
    run_sql(own_simulated, "update robustness set value = null")
    app = open_page(own_simulated, PAGE)
    assert not app.exception and not app.get("vega_lite_chart")
    assert app.info[0].value == terms.NO_DAILY["models"]


def test_no_crossover_is_stated_with_the_days_known(open_page: Opener, own_simulated: Path) -> None:
    run_sql(
        own_simulated,
        CHINA_AHEAD,
        "update robustness set crossed_on = null, lost_on = null, is_behind_throughout = false",
    )
    ((first, last, days),) = read_rows(own_simulated, "select min(day), max(day), count(*) from booked_days")
    sql = f"select count(*) filter (is_ahead_throughout) from robustness where headline = '{DIFFERENCE}' and {LANGUAGE}"
    ((throughout,),) = read_rows(own_simulated, sql)
    assert throughout not in (0, 10)
    app = open_page(own_simulated, PAGE)
    assert len(app.get("vega_lite_chart")) == 1
    text = page_text(app)
    assert f"Of 10 definitions in the {days} days known ({format.day(first)} to {format.day(last)}): " in text
    assert f"China led throughout under {throughout}; no lasting change under {10 - throughout}." in text
    assert "the days up to then are reconstructed from 30-day counters." in text


def test_uncovered_metrics_are_named_with_their_leader(view_page: Opener, simulated: Path) -> None:
    robustness, overview = page_text(view_page(simulated, PAGE)), page_text(view_page(simulated))
    assert "Other metrics (likes, models, all-time downloads) and single model types are not among these" in robustness
    [otherwise] = [line for line in overview.splitlines() if line.startswith("Other counts put ")]
    assert otherwise in robustness
