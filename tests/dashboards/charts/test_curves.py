"""Lines over months, days and ages: gaps, names at the right, and what the pointer tells."""

from datetime import date
from itertools import pairwise
from typing import Any

import polars as pl
import pytest

from dashboards.charts import colours, curves
from dashboards.charts.looks import Look, of_chosen, of_members, of_origins, of_pair

LOOKS = {"a": Look("First", "#111111"), "b": Look("Second", "#222222", [2, 2])}


def months(*rows: tuple[int, str, float | None]) -> pl.DataFrame:
    """Months of 2026 with a code and a value."""
    schema = {"month": pl.Date, "code": pl.String, "value": pl.Float64}
    return pl.DataFrame([(date(2026, month, 1), *rest) for month, *rest in rows], schema=schema, orient="row")


def ages(*rows: tuple[int, str, float | None]) -> pl.DataFrame:
    """Ages in days with a code and a value."""
    return pl.DataFrame(list(rows), schema={"age_days": pl.Int32, "code": pl.String, "value": pl.Float64}, orient="row")


def layers(chart: Any) -> dict[str, list[dict[str, Any]]]:
    """Mark -> the rows of its layer, of the layers with marks of their own."""
    spec = chart.to_dict()
    named = {layer["mark"]["type"]: layer for layer in spec["layer"]}
    return {mark: spec["datasets"][layer["data"]["name"]] for mark, layer in named.items()}


def test_an_unknown_value_is_a_gap_with_a_word() -> None:
    drawn = layers(curves.curves(months((1, "a", 0.5), (2, "a", None), (3, "a", 0.25)), LOOKS, "month", "share"))
    assert [(row["when"], row["y"], row["told"]) for row in drawn["line"]] == [
        ("January 2026", 0.5, "50.00%"),
        ("February 2026", None, "unknown"),
        ("March 2026", 0.25, "25.00%"),
    ]


def test_a_ratio_of_zero_has_no_place_on_a_logarithmic_axis_but_is_told() -> None:
    drawn = layers(curves.curves(ages((7, "a", 0.0), (14, "a", 2.0)), LOOKS, "age_days", "ratio"))
    assert [(row["when"], row["y"], row["told"]) for row in drawn["line"]] == [
        ("7 days", None, "0.00"),
        ("14 days", 2.0, "2.00"),
    ]


@pytest.mark.parametrize("unit", ["share", "number", "ratio"])
def test_names_stand_in_the_order_of_their_lines_and_apart(unit: curves.Unit) -> None:
    looks = {code: Look(code, "#111111") for code in "abcd"}
    ends = {"a": 0.9, "b": 0.5, "c": 0.49, "d": 0.48}
    drawn = layers(curves.curves(ages(*((7, code, value) for code, value in ends.items())), looks, "age_days", unit))
    labels = sorted(drawn["text"], key=lambda row: -row["label_y"])
    assert [row["name"] for row in labels] == sorted(ends, key=lambda code: -ends[code])
    assert all(above["label_y"] > below["label_y"] for above, below in pairwise(labels))


def test_a_line_that_ends_early_is_led_to_its_name() -> None:
    frame = ages((7, "a", 3.0), (7, "b", 1.0), (90, "b", 2.0))
    spec = curves.curves(frame, LOOKS, "age_days", "ratio").to_dict()
    leaders = [layer for layer in spec["layer"] if "x2" in layer["encoding"]]
    rows = spec["datasets"][leaders[0]["data"]["name"]]
    assert [(row["code"], row["x"], row["label_x"]) for row in rows] == [("a", 7.0, 90.0)]


@pytest.mark.parametrize(
    ("frame", "over", "unit", "words"),
    [
        (
            months((1, "b", 0.5), (2, "b", None), (3, "b", 0.25)), "month", "share",
            "Line chart: Second from 50.00% (January 2026) to 25.00% (March 2026).",
        ),
        (
            ages((7, "a", 0.5), (30, "a", 1.25), (7, "b", 3.0)), "age_days", "ratio",
            "Line chart: First from 0.50 (7 days) to 1.25 (30 days); Second from 3.00 (7 days) to 3.00 (7 days).",
        ),
        (months((1, "a", None)), "month", "share", "A line chart without data."),
    ],
    ids=["months", "ages", "nothing known"],
)  # fmt: skip
def test_it_is_told_in_words(frame: pl.DataFrame, over: curves.Over, unit: curves.Unit, words: str) -> None:
    assert curves.described(frame, LOOKS, over, unit) == words


def test_all_unknown_still_makes_a_chart() -> None:
    drawn = layers(curves.curves(months((1, "a", None), (2, "a", None)), LOOKS, "month", "share"))
    assert [row["y"] for row in drawn["line"]] == [None, None] and drawn["text"] == []


def test_releases_of_one_origin_share_its_colour_and_differ_by_their_dashes() -> None:
    looks = of_members({"x": ("X", "CN"), "y": ("Y", "CN"), "z": ("Z", "US"), "u": ("U", None), "p": ("P", "PL")})
    assert looks["x"].colour == looks["y"].colour != looks["z"].colour
    assert list(looks["x"].dash) != list(looks["y"].dash) and list(looks["x"].dash) == list(looks["z"].dash)
    assert len({looks["u"].colour, looks["p"].colour, looks["x"].colour}) == 3


def test_origins_keep_the_order_of_the_palette_and_pairs_differ_in_dash() -> None:
    assert list(of_origins({"US": "United States", "CN": "China"})) == ["CN", "US"]
    one, other = of_pair({"publisher": "By publisher", "root": "By root"}).values()
    assert one.colour != other.colour and list(one.dash) != list(other.dash)


def test_no_line_wears_the_colour_of_an_origin_that_is_not_its_own() -> None:
    looks = of_chosen({code: code for code in ("PL", "CN", "ZZ", "JP", "other", "unaffiliated")})
    assert list(looks) == ["PL", "CN", "ZZ", "JP", "other", "unaffiliated"]
    assert looks["CN"].colour == colours.ORIGINS["CN"] and looks["ZZ"].dash == colours.dash("ZZ")
    assert looks["PL"].colour == looks["JP"].colour == colours.ORIGINS["other"]
    assert len({(look.colour, tuple(look.dash)) for look in looks.values()}) == len(looks)


def test_eight_lines_of_one_origin_have_eight_dashes() -> None:
    looks = of_members({code: (code, "CN") for code in "abcdefgh"})
    assert len({tuple(look.dash) for look in looks.values()}) == 8
    assert {look.colour for look in looks.values()} == {colours.ORIGINS["CN"]}
