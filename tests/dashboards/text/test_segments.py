"""Breaks of series as events of charts."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from dashboards.text import segments

SCHEMA = {
    "event_date": pl.Date,
    "models_before": pl.Int64,
    "models": pl.Int64,
    "left_share": pl.Float64,
    "arrived_share": pl.Float64,
    "break_kind": pl.String,
}
ON = date(2026, 8, 19)


def breaks(*rows: tuple[Any, ...]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=SCHEMA, orient="row")


def changes(*rows: tuple[Any, ...]) -> pl.DataFrame:
    schema = {"event_date": pl.Date, "kind": pl.String, "repo_id": pl.String, "share": pl.Float64, "code": pl.String}
    return pl.DataFrame(list(rows), schema=schema, orient="row")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ((30, 15158, 0.0, 0.6, "scope"), "30 models before 19 Aug 2026, 15,158 since: another scope is read"),
        (
            (160, 161, 0.0, 0.349, "arrived"),
            "160 models before 19 Aug 2026, 161 since: 34.9% of downloads are of models not read before",
        ),
        (
            (1099, 1022, 0.124, 0.0, "left"),
            "1,099 models before 19 Aug 2026, 1,022 since: models with 12.4% of downloads are no longer read",
        ),
    ],
    ids=["scope", "arrived", "left"],
)
def test_break_says_how_many_models_and_why(row: tuple[Any, ...], reason: str) -> None:
    assert segments.events(breaks((ON, *row))).rows() == [(ON, "break", reason)]


def test_breaks_outside_a_chart_are_left_out() -> None:
    days = pl.DataFrame({"day": [date(2026, 8, 19), date(2026, 8, 22)]})
    found = [breaks((date(2026, 8, day), 1, 2, 0.1, 0.1, "left")) for day in (18, 19, 20, 22, 23)]
    assert [segments.within(one, changes(), days).height for one in found] == [0, 0, 1, 1, 0]


def test_large_model_that_leaves_is_an_event() -> None:
    days = pl.DataFrame({"day": [date(2026, 8, 1), date(2026, 8, 22)]})
    found = segments.within(breaks(), changes((ON, "left", "meta-llama/Llama-3.1-8B", 0.032, "US")), days)
    assert found["title"].to_list() == ["meta-llama/Llama-3.1-8B is no longer read (3.2% of downloads)"]
    assert found["code"].to_list() == ["US"]


def test_same_models_name_both_shares_and_days() -> None:
    rows = pl.DataFrame(
        {"code": ["CN", "US"], "models": [60.0, 90.0], "share_before": [0.52, 0.4], "share": [0.5, 0.42]}
    ).with_columns(before=pl.lit(date(2026, 4, 3)), day=pl.lit(date(2026, 4, 8)))
    names = {"CN": "China", "US": "United States", "FR": "France"}
    assert segments.same_models(rows, "downloads_30d", ("US", "FR"), names) == (
        "Same models only: of the 30-day downloads of the 150 models read on both 3 Apr 2026 and 8 Apr 2026, "
        "the United States had 40.0% and has 42.0%; France had 0.0% and has 0.0%."
    )
    unknown = rows.with_columns(share_before=pl.lit(None, pl.Float64))
    assert "the United States had unknown and has 42.0%" in segments.same_models(unknown, "likes", ("US", "FR"), names)
    assert segments.same_models(rows.clear(), "likes", ("US", "CN"), names) == ""
