"""The way to a published figure in words: effects, what is left, and what is unknown."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from dashboards.data.bridge import NO_COUNTERS, NO_LIST, Bridge, Counted, Step
from dashboards.text import bridge as words

DAY = Counted(date(2026, 8, 22))
NAMES = {"CN": "China", "US": "United States"}


def figure(subject: str, value: float, printed: str) -> dict[str, Any]:
    """A row of published_figures."""
    return {
        "figure": f"a-{subject}", "source": "A Report", "reference": "arXiv 1", "scope": "a list",
        "definition": "a sum", "period": "March 2026", "since": date(2026, 3, 1), "until": date(2026, 3, 31),
        "value": value, "as_published": printed, "subject": subject,
    }  # fmt: skip


def bridge(*steps: Step, ours: float | None = 0.52) -> Bridge:
    """A bridge to 61.4%."""
    default = Step("ours", ours, DAY, None if ours is None else (0.44, 0.406))
    china, states = figure("CN", 1.15e9, "1.15B"), figure("US", 7.23e8, "723M")
    return Bridge(china, states, "country", 0.614, default, steps)


ORIGINALS = Step("originals", 0.65, DAY)
NO_TOTAL = Step("downloads_all_time", None, DAY, because=NO_COUNTERS)
LISTED = Step("list", 0.69, Counted(date(2026, 8, 22), names=("a/b", "c/d")), models=1)


def test_rows_move_from_one_share_to_the_next() -> None:
    rows = words.rows(bridge(ORIGINALS, NO_TOTAL, LISTED))
    assert rows.select("kind", "before", "after", "text", "level").rows() == [
        ("end", 0.52, 0.52, "52.0%", "52.0%"),
        ("step", 0.52, 0.65, "+13.0 → 65.0%", "65.0%"),
        ("unknown", 0.65, 0.65, "unknown", "unknown"),
        ("step", 0.65, 0.69, "+4.0 → 69.0%", "69.0%"),
        ("rest", 0.69, 0.614, "-7.6 points", "61.4%"),
        ("end", 0.614, 0.614, "61.4%", "61.4%"),
    ]
    assert "1 of the 2 names were read on 22 Aug 2026." in rows["note"][3]
    assert words.table(rows)["moved"].to_list() == [
        None, "+13.0 points", "unknown", "+4.0 points", "-7.6 points", None,
    ]  # fmt: skip
    assert words.data(rows).select("share", pl.col("effect").round(6)).rows() == [
        (0.52, None), (0.65, 0.13), (None, None), (0.69, 0.04), (0.614, -0.076), (0.614, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("steps", "left"),
    [
        ((ORIGINALS, NO_TOTAL, LISTED), "all-time downloads, another time (ours 22 Aug 2026, theirs March 2026), "),
        (
            (ORIGINALS, Step("list", None, DAY, because=NO_LIST)),
            "their list of models, another time (ours 22 Aug 2026, theirs March 2026), ",
        ),
        ((ORIGINALS, Step("published_day", 0.6, Counted(date(2026, 3, 31)))), ""),
    ],
)
def test_rest_names_what_no_step_explains(steps: tuple[Step, ...], left: str) -> None:
    usual = "their readings of the counters and how they assign models and countries."
    assert words.rest(bridge(*steps)) == f"What is left: {left}{usual}"


def test_both_shares_lead_from_the_first_screen_to_the_figures_as_published() -> None:
    assert words.both_shares(bridge(), NAMES) == (
        "By our default China has 44.0% of all downloads of language models and the United States 40.6%: 52.0% of both "
        "together. A Report, March 2026: 1.15B and 723M: 61.4% of both together."
    )
    assert words.title(bridge(), NAMES, is_simulated=True) == (
        "China's share: 61.4% published (A Report), 52.0% by our default in simulated data"
    )


def test_unchanged_parts_of_the_definition_are_named() -> None:
    assert words.same_on_both_sides(bridge(ORIGINALS)) == (
        "Same on both sides: by publisher, language models, downloads of 30 days."
    )
    assert words.same_on_both_sides(bridge(NO_TOTAL)) == "Same on both sides: by publisher, language models."
    others = (Step(code, 0.5, DAY) for code in ("all_models", "base_model", "period"))
    assert words.same_on_both_sides(bridge(*others)) == ""


def test_unknown_default_is_said_and_not_zero() -> None:
    rows = words.rows(bridge(NO_TOTAL, ours=None))
    assert rows["text"].to_list() == ["unknown", "unknown", "unknown", "61.4%"]
    assert "unknown by our default" in words.title(bridge(ours=None), NAMES, is_simulated=False)


def test_period_is_named_by_its_days_if_it_is_another_one() -> None:
    later = Counted(date(2026, 8, 22), since=date(2026, 7, 24), until=date(2026, 8, 22))
    row = words.rows(bridge(Step("period", 0.5, later))).row(1, named=True)
    assert row["step"] == "Downloads of 30 days"
    assert "24 Jul 2026 – 22 Aug 2026. The published time is not covered" in row["note"]


def test_subtitle_has_both_times_and_the_scope_of_labs() -> None:
    assert "Ours: the 30 days to 22 Aug 2026; theirs: March 2026." in words.subtitle(bridge(), NAMES, is_of_labs=False)
    assert words.OF_LABS in words.subtitle(bridge(), NAMES, is_of_labs=True)
    assert words.OF_LABS not in words.subtitle(bridge(), NAMES, is_of_labs=False)
