"""The page Country to country: matrix, lines and table equal the warehouse."""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.data import format
from tests.support.app_page import LANGUAGE, LAYER, chart_rows, line_points, page_text, shown_table
from tests.support.slow import slow
from tests.support.warehouse_file import read_rows, run_sql

Opener = Callable[..., AppTest]
Cells = dict[tuple[str, str], float]

PAGE = "views/cross_origin.py"
APART = ("unaffiliated", "not_known")
NOT_A_COUNTRY = ("unaffiliated", "ZZ", "not_known")
MOST = 6


def flows(home: Path, count: str, where: str = "true") -> list[tuple[str, str, str, float]]:
    """(month, publisher, root, value) of every cell of language models before any folding."""
    return read_rows(
        home,
        f"""select strftime(month, '%Y-%m'), coalesce(publisher_origin, 'not_known'),
            coalesce(root_origin, 'not_known'), sum({count}) from origin_flows where {LANGUAGE} and {where}
        group by all""",
    )


def folded(cells: list[tuple[str, str, str, float]]) -> Cells:
    """Expected cells: the largest origins by their figures as publisher or root, the rest as 'other'."""
    sums: dict[str, float] = defaultdict(float)
    for _, publisher, root, value in cells:
        for origin in {publisher, root} - set(APART):
            sums[origin] += value
    named = {*sorted(sums, key=lambda origin: (-sums[origin], origin))[:MOST], *APART}
    table: Cells = defaultdict(float)
    for _, publisher, root, value in cells:
        table[publisher if publisher in named else "other", root if root in named else "other"] += value
    return table


def name_of(home: Path, code: str, unknown: str) -> str:
    special = {
        "other": "Other origins", "unaffiliated": "Unaffiliated", "not_known": unknown, "ZZ": "Int. or undisclosed",
    }  # fmt: skip
    return special.get(code) or str(read_rows(home, f"select name from origins where code = '{code}'")[0][0])


@pytest.mark.parametrize(
    ("query", "count", "where"),
    [
        ({}, "downloads", "month = '2026-11-01'"),
        slow({"count": "Models"}, "models", "month = '2026-11-01'"),
        slow(
            {"month": "September 2026", "layers": ["Fine-tune", "Quantized copy"]},
            "downloads",
            f"month = '2026-09-01' and {LAYER} in ('derivative', 'repackaged')",
        ),
    ],
    ids=["default", "models", "month and model types"],
)
def test_cells_equal_the_warehouse_with_small_origins_folded(
    view_page: Opener, simulated: Path, query: dict[str, str | list[str]], count: str, where: str
) -> None:
    expected = folded(flows(simulated, count, where))
    app = view_page(simulated, PAGE, **query)
    columns = ("row", "column", "told_value", "told_row_share", "told_column_share")
    found = {row[:2]: row[2:] for row in chart_rows(app, 0, *columns)}
    named = {
        (name_of(simulated, publisher, "Publisher unknown"), name_of(simulated, root, "Base model unknown")): (
            f"{value:,.0f}",
            share(value / sum(one for (other, _), one in expected.items() if other == publisher)),
            share(value / sum(one for (_, other), one in expected.items() if other == root)),
        )
        for (publisher, root), value in expected.items()
    }
    assert found == named and len(found) > 10


def share(value: float) -> str:
    """A share as the tooltip formats it."""
    return "< 0.01%" if 0 < value * 100 < 0.005 else f"{value * 100:.2f}%"


@pytest.mark.parametrize(
    ("query", "column"),
    [
        ({}, "told_row_share"),
        ({"cells": "Share of base model"}, "told_column_share"),
        ({"cells": "Total"}, "told_value"),
    ],
    ids=["row", "column", "total"],
)
def test_link_restores_the_figure_in_the_cells(
    view_page: Opener, simulated: Path, query: dict[str, str], column: str
) -> None:
    cells = chart_rows(view_page(simulated, PAGE, **query), 0, column, "text")
    for tooltip, text in cells:
        if column == "told_value":
            assert text == format.compact(float(tooltip.replace(",", "")))
        elif text != "<1":
            assert text == f"{float(tooltip.strip('< %')):.0f}"
    assert len(cells) > 10


def test_lines_are_shares_built_on_foreign_bases(view_page: Opener, simulated: Path) -> None:
    sums: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    own = {"CN", "US", "FR", "GB", "KR", "DE", "CA"}
    for month, publisher, root, value in flows(simulated, "downloads"):
        if publisher not in NOT_A_COUNTRY:
            both = sums[month, publisher if publisher in own else "other"]
            both[0] += value
            both[1] += value if root not in (*NOT_A_COUNTRY, publisher) else 0.0
    app = view_page(simulated, PAGE)
    found = {(str(month), code): share for month, code, share in line_points(app, 1) if share is not None}
    expected = {(f"{month}-01", code): on / all_ for (month, code), (all_, on) in sums.items() if all_}
    assert found == pytest.approx(expected) and len(found) > 10


def test_table_lists_mixed_models_with_their_base_models(view_page: Opener, simulated: Path) -> None:
    expected = read_rows(
        simulated,
        f"""select repo_id, downloads_30d from models join latest_counts using (hub_id)
        where is_mixed_origin and is_listed and {LANGUAGE} order by downloads_30d desc nulls last, hub_id limit 100""",
    )
    table = shown_table(view_page(simulated, PAGE))
    assert list(zip(table["repo_id"], table["downloads_30d"], strict=True)) == expected
    roots = dict(
        read_rows(simulated, "select repo_id, count(*) from models join lineage using (hub_id) group by repo_id")
    )
    for repo_id, words in zip(table["repo_id"], table["roots"], strict=True):
        assert words.count(" (") == roots[repo_id] and ("% " in words) == (roots[repo_id] > 1)
    assert all(url.startswith("https://huggingface.co/") for url in table["url"])


def test_headline_names_the_largest_flow(view_page: Opener, simulated: Path) -> None:
    cells = folded(flows(simulated, "downloads", "month = '2026-11-01'"))
    between = {
        pair: value for pair, value in cells.items() if pair[0] != pair[1] and not set(pair) & {*NOT_A_COUNTRY, "other"}
    }
    publisher, root = max(between, key=lambda pair: between[pair])
    text = page_text(view_page(simulated, PAGE)).replace("the United", "United")
    names = [name_of(simulated, code, "") for code in (publisher, root)]
    assert f"is models from {names[0]} built on base models from {names[1]}" in text
    layers = read_rows(
        simulated,
        f"""select {LAYER}, sum(downloads) from origin_flows where month = '2026-11-01' and {LANGUAGE}
            and publisher_origin = '{publisher}' and root_origin = '{root}' group by all having sum(downloads) > 0""",
    )
    kinds = {"repackaged": "quantized copies", "derivative": "fine-tunes", "release": "originals"}
    assert len(layers) == 1 and f"All of these are {kinds[layers[0][0]]}." in text


def test_subtitle_says_how_far_the_last_month_goes(view_page: Opener, simulated: Path) -> None:
    counted = "language models, all model types."
    assert f"November 2026 up to 20 Nov 2026; {counted}" in page_text(view_page(simulated, PAGE))
    assert f"October 2026; {counted}" in page_text(view_page(simulated, PAGE, month="October 2026"))


def test_invalid_parameters_fall_back_to_defaults(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE, month="'; drop table models --", count="none", cells="<b>", layers="none")
    assert not app.exception
    assert chart_rows(app, 0, "row", "text") == chart_rows(view_page(simulated, PAGE), 0, "row", "text")


def test_no_model_type_is_explained(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated, PAGE)
    next(control for control in app.button_group if control.key == "layers").set_value([]).run()
    assert not app.exception and not app.get("vega_lite_chart")
    assert [shown.value for shown in app.info] == ["No model type is selected. Select at least one above."]


@pytest.mark.parametrize(
    ("column", "count", "words"),
    [
        ("models", "Models", "The number of models in November 2026 is unknown, because no complete listing was read"),
        (
            "downloads",
            "Downloads",
            "The downloads of November 2026 are unknown. Daily downloads are unknown: they are estimated from all-time",
        ),
    ],
)
def test_unknown_month_is_a_gap_with_a_reason(
    open_page: Opener, own_simulated: Path, column: str, count: str, words: str
) -> None:
    run_sql(own_simulated, f"update origin_flows set {column} = null where month = '2026-11-01'")
    app = open_page(own_simulated, PAGE, count=count)
    assert app.info[0].value.startswith(words)
    known = {str(month) for month, _, share in line_points(app) if share is not None}
    assert "2026-11-01" not in known and "2026-10-01" in known


def test_model_type_without_models_is_explained(open_page: Opener, own_simulated: Path) -> None:
    run_sql(own_simulated, "delete from origin_flows where layer = 'derivative'")
    run_sql(own_simulated, "update models set is_mixed_origin = false")
    app = open_page(own_simulated, PAGE, layers="Fine-tune")
    assert "No models match these filters in November 2026" in app.info[0].value
    assert "No listed model of the selected types" in app.info[-1].value
