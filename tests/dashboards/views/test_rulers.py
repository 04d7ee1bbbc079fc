"""The page of rulers: without another ruler, and with one."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from tests.support.app_page import line_points, page_text, shown_table
from tests.support.warehouse_file import read_rows
from tracker.api.tracker import Tracker
from tracker.errors import UsageError

Opener = Callable[..., AppTest]
PAGE = "views/rulers.py"


def test_page_without_another_ruler_says_what_to_run(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE)
    assert not app.exception
    assert "tracker crawl --source openrouter" in page_text(app)


def test_citation_of_a_chart_credits_each_ruler(open_page: Opener, compared: Path) -> None:
    app = open_page(compared, PAGE)
    next(button for button in app.button if button.label == "Link, embed, cite").click().run()
    cited = [code.value for code in app.code if "Hugging Face Hub" in code.value]
    assert len(cited) == 2 and all("Credit *them*." in text for text in cited)


def test_page_compares_the_same_days_and_credits_each_ruler(view_page: Opener, compared: Path) -> None:
    app = view_page(compared, PAGE)
    assert not app.exception
    text = page_text(app).replace("\\", "")
    assert "12 Oct 2026 to 10 Nov 2026" in text
    assert "DeepSeek by tokens on OpenRouter" in text
    assert "Credit *them* ([CC BY 4.0](https://example.org/by))" in text
    expected = Tracker.of_home(compared).axis_shares(by="lab")
    [deepseek] = expected.filter((pl.col("axis") == "openrouter") & (pl.col("rank") == 1)).to_dicts()
    assert (deepseek["lab"], deepseek["days"]) == ("deepseek", 30)
    table = shown_table(app)
    [row] = table[table["lab"].str.endswith("DeepSeek")].to_dict("records")
    assert row["share_openrouter"] == pytest.approx(deepseek["share"] * 100)
    assert len(app.get("vega_lite_chart")) == 2


def test_shares_of_the_api_add_up_to_one_on_each_ruler(compared: Path) -> None:
    for by in ("origin", "lab", "family"):
        found = Tracker.of_home(compared).axis_shares(by=by, days=7, until="2026-11-01")
        sums = found.group_by("axis").agg(pl.col("share").sum()).sort("axis")
        assert sums.rows() == [("huggingface", pytest.approx(1)), ("openrouter", pytest.approx(1))]
        assert {str(day) for day in found["last_day"]} == {"2026-11-01"}
    with pytest.raises(UsageError, match="by must be one of origin, lab, family"):
        Tracker.of_home(compared).axis_shares(by="size")


@pytest.mark.parametrize(("page", "by", "code"), [("lab", "lab", "deepseek"), ("family", "family", "qwen")])
def test_lab_and_family_have_their_share_on_another_ruler(
    view_page: Opener, compared: Path, page: str, by: str, code: str
) -> None:
    app = view_page(compared, f"views/{page}.py", **{by: code, "ruler": "Tokens on OpenRouter"})
    assert not app.exception
    shares = f"select day, axis, sum(share) from axis_shares where {by} = '{code}' and day <= '2026-11-10' group by all"
    expected = {(day, axis): share for day, axis, share in read_rows(compared, shares)}
    assert len({axis for _, axis in expected}) == 2
    found = {(day, axis): share for day, axis, share in line_points(app) if share is not None}
    assert found == pytest.approx(expected)
    assert "Credit *them*" in page_text(app).replace("\\", "")


def test_lab_without_another_ruler_has_no_switch(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, "views/lab.py", lab="deepseek")
    assert "Ruler" not in [group.label for group in app.button_group]
