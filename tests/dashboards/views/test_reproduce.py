"""The page Published figures: it shows the warehouse, and an uploaded list is counted exactly."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from dashboards.data import format
from tests.support.app_page import page_text, shown_table
from tests.support.warehouse_file import read_rows

Opener = Callable[..., AppTest]
PAGE = "views/reproduce.py"


def figures(app: AppTest) -> Any:
    """The table of figures by title; the steps to one figure are in the table before."""
    return shown_table(app, 1).set_index("title")


def test_published_figures_are_listed_with_ours_or_a_reason(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE)
    assert not app.exception
    rows = read_rows(
        simulated,
        "select title, as_published, r.unit, our_value, gap, r.is_computable, r.is_same_time, because "
        "from published_figures join reproductions as r using (figure)",
    )
    table = figures(app)
    assert sorted(table.index) == sorted(title for title, *_ in rows)
    for title, printed, unit, ours, gap, is_computable, is_same, because in rows:
        row = table.loc[title]
        number = format.percent(ours) if unit == "share" else format.exact(ours)
        assert row["published"] == printed and row["because"] == because
        assert row["ours"] == (number if is_computable else "not computable from these data"), title
        expected = None if gap is None else format.points(gap) if unit == "share" else f"{gap:+,.0f}"
        assert (row["gap"] if isinstance(row["gap"], str) else None) == expected, title
        assert (gap is not None) == bool(is_same)
    same, computed = sum(bool(r[6]) for r in rows), sum(r[5] for r in rows)
    assert (
        f"{len(rows)} published figures: {same} computed for the published time, {computed - same} for a later time, "
        f"{len(rows) - computed} not computable from these data."
    ) in page_text(app)


def test_page_begins_with_the_steps_to_a_figure(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE, bridge="Model Pulse: Qwen's share of text and vision-language downloads")
    assert "Qwen's share: 30.0% published (Model Pulse report)" in app.subheader[0].value.replace("\\", "")
    assert list(shown_table(app)["step"]) == [
        "Ours: language models, 30 days", "Models tagged text or vision-language", "A day of September 2026",
        "Not explained here", "Theirs: Model Pulse report",
    ]  # fmt: skip


def test_simulated_data_are_warned_about(open_page: Opener, simulated: Path, own_simulated: Path) -> None:
    assert "cannot be compared with published ones" in open_page(simulated, PAGE).warning[0].value
    with duckdb.connect(str(own_simulated / "tracker.duckdb")) as connection:
        connection.execute("update build set is_simulated = false")
    assert not open_page(own_simulated, PAGE).warning


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ({"ours": "Same time"}, "is_same_time"),
        ({"ours": "Later time"}, "is_computable and not is_same_time"),
        ({"ours": "None"}, "not is_computable"),
        ({"report": ["The ATOM Report", "ATOM slides"]}, "source in ('The ATOM Report', 'ATOM slides')"),
        (
            {"ours": "Later time", "report": "Model Pulse report"},
            "is_computable and not is_same_time and source = 'Model Pulse report'",
        ),
        ({"ours": "sideways", "report": "'; drop table models --"}, "true"),
    ],
)
def test_link_restores_the_filters(
    view_page: Opener, simulated: Path, query: dict[str, str | list[str]], condition: str
) -> None:
    sql = f"select title from published_figures join reproductions using (figure) where {condition}"
    app = view_page(simulated, PAGE, **query)
    assert not app.exception
    assert sorted(figures(app).index) == sorted(title for (title,) in read_rows(simulated, sql))


def test_filters_without_a_match_are_explained(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE, ours="Same time", report="ATOM slides")
    assert "No published figure matches these filters. Change them above." in page_text(app)


def upload(open_page: Opener, home: Path, content: bytes) -> AppTest:
    """The page after a list of models was uploaded."""
    app = open_page(home, PAGE)
    app.file_uploader[0].set_value(("models.csv", content, "text/csv")).run()
    assert not app.exception
    return app


def test_uploaded_list_is_matched_by_exact_name(open_page: Opener, simulated: Path) -> None:
    listed = read_rows(
        simulated,
        "select repo_id from models where publisher_origin in ('CN', 'US', 'KR') order by hub_id limit 80",
    )
    names = [name for (name,) in listed]
    text = "org,model,modelId\n" + "".join(
        f"x,y,{name}\n" for name in [*names, names[0], "nobody/none", "QWEN/QWEN-7B"]
    )
    sums = """
        select sum(c.downloads_all_time) from models join model_days as c using (hub_id)
        where day = '2026-11-20' and list_contains($1, repo_id) and {}
    """
    conditions = {"China": "publisher_origin = 'CN'", "United States": "publisher_origin = 'US'",
                  "Qwen": "author = 'Qwen'"}  # fmt: skip
    app = upload(open_page, simulated, text.encode())
    table = figures(app)
    for whose, condition in conditions.items():
        [(total,)] = read_rows(simulated, sums.format(condition), names)
        row = table.loc[f"Cumulative downloads, {whose}"]
        assert row["ours"] == f"{total:,}"
        assert not isinstance(row["gap"], str), "the last reading is not of March 2026"
        assert row["because"] == "Computed for the list you loaded, at a later time"
    assert "Of 82 names in the list, 80 match a repository by name, 2 do not." in page_text(app)
    [(read,)] = read_rows(simulated, sums.replace("sum(c.downloads_all_time)", "count(*)").format("true"), names)
    assert f"read on that day: {read}, not read: {80 - read}." in page_text(app)
    step = shown_table(app).set_index("step").loc["Only models on their list"]
    assert step["moved"] != "unknown" and f"{read} of the 82 names were read on 20 Nov 2026." in step["explanation"]


def test_list_of_the_published_time_has_a_gap(open_page: Opener, own_simulated: Path) -> None:
    with duckdb.connect(str(own_simulated / "tracker.duckdb")) as connection:
        connection.execute("update published_figures set since = '2026-10-01', until = '2026-10-20'")
    [(name, total)] = read_rows(
        own_simulated,
        "select repo_id, downloads_all_time from models join model_days using (hub_id) "
        "where author = 'Qwen' and day = '2026-10-20' order by downloads_all_time desc limit 1",
    )
    table = figures(upload(open_page, own_simulated, f"modelId\n{name}\n".encode()))
    row = table.loc["Cumulative downloads, Qwen"]
    assert (row["ours"], row["gap"]) == (f"{total:,}", f"{total - 942_100_000:+,}")
    assert row["because"] == "Computed for the list you loaded"
    without = table.loc["Cumulative downloads, United States"]
    assert without["ours"] == "not computable from these data"
    assert without["because"] == "No model of the list you loaded that it counts was read on 20 Oct 2026"


def test_list_of_unknown_models_changes_no_figure(open_page: Opener, simulated: Path) -> None:
    app = upload(open_page, simulated, b"modelId\nnobody/none\n")
    assert "Of 1 name in the list, 0 match a repository by name, 1 do not." in page_text(app)
    assert set(figures(app).loc[["Cumulative downloads, China", "Cumulative downloads, Qwen"], "ours"]) == {
        "not computable from these data"
    }


def test_file_without_a_list_is_explained(open_page: Opener, simulated: Path) -> None:
    app = upload(open_page, simulated, b"name,downloads\na,1\n")
    assert "has no column modelId" in app.error[0].value
    assert len(figures(app)) == 25
