"""The page Momentum over momentum written by hand: the simulated days are too few to have any."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from tests.support.app_page import line_points, page_text, shown_table
from tests.support.warehouse_file import read_rows, run_sql

Opener = Callable[..., AppTest]

PAGE = "views/momentum.py"
LAST = date(2026, 11, 20)

Release = tuple[str, str | None, int, str | None, dict[int, tuple[float | None, float | None]]]

RELEASES: dict[str, Release] = {
    "a": ("lab/=rising", "CN", 40, "5-10", {7: (0.5, None), 14: (0.8, None), 30: (4.0, 2.5)}),
    "b": ("lab/Steady[x](y)", "US", 80, "5-10", {7: (1.0, None), 60: (1.0, 1.2)}),
    "c": ("lab/falling", "CN", 20, "5-10", {7: (2.0, None), 14: (0.25, None)}),
    "d": ("lab/big", None, 10, "250+", {7: (6.5, None)}),
    "e": ("lab/of-last-year", "FR", 300, "5-10", {180: (9.0, 8.0)}),
    "f": ("lab/old", "US", 900, "5-10", {365: (30.0, 20.0)}),
    "g": ("lab/unused", "US", 15, "5-10", {7: (0.0, 0.0)}),
    "h": ("lab/without-size", "US", 15, None, {7: (None, None)}),
    "i": ("lab/gone", "US", 30, "5-10", {7: (50.0, 50.0)}),
}
"""hub_id -> name, origin, days since release, size, age -> both RAMs."""


def measured(home: Path, releases: Mapping[str, Release]) -> None:
    """Write releases and their momentum; the number of models of a size at an age is the age in days."""
    with duckdb.connect(str(home / "tracker.duckdb")) as connection:
        for hub_id, (repo_id, origin, age, size, rams) in releases.items():
            connection.execute(
                "insert into models (hub_id, repo_id, publisher_origin, task_class, released_on, is_listed) "
                "values (?, ?, ?, 'language', ?, ?)",
                [hub_id, repo_id, origin, LAST - timedelta(days=age), repo_id != "lab/gone"],
            )
            for checkpoint, (median, tenth) in rams.items():
                connection.execute(
                    "insert into momentum "
                    "(hub_id, age_days, ram_median, ram_tenth, task_class, size_bucket, bucket_models, baseline) "
                    "values (?, ?, ?, ?, 'language', ?, ?, ?)",
                    [hub_id, checkpoint, median, tenth, size, checkpoint, LAST],
                )


@pytest.fixture
def home(own_simulated: Path) -> Path:
    """A home whose only measured releases are RELEASES."""
    run_sql(own_simulated, "delete from momentum")
    measured(own_simulated, RELEASES)
    return own_simulated


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({}, {"i", "e", "a", "b", "c", "f"}),
        ({"ram": "The tenth"}, {"i", "e", "a", "b", "f"}),
        ({"release": ["lab/falling", "lab/=rising"]}, {"a", "c"}),
        ({"size": "250B and more"}, {"d"}),
        ({"size": "huge", "ram": "'; --", "release": "nobody/nothing"}, {"i", "e", "a", "b", "c", "f"}),
    ],
    ids=["default", "the tenth", "chosen", "another size", "nonsense"],
)
def test_lines_are_the_releases_of_a_size(
    open_page: Opener, home: Path, query: dict[str, str | list[str]], codes: set[str]
) -> None:
    app = open_page(home, PAGE, **query)
    place = 1 if query.get("ram") == "The tenth" else 0
    found = {(code, age, ram) for age, code, ram in line_points(app) if ram is not None}
    expected = {
        (code, age, rams[place]) for code in codes for age, rams in RELEASES[code][4].items() if rams[place] is not None
    }
    assert found == expected and expected


def test_first_eight_selected_releases_are_drawn(open_page: Opener, home: Path) -> None:
    measured(
        home, {f"m{number}": (f"many/{number}", "CN", 20, "1-5", {7: (number + 1.0, None)}) for number in range(10)}
    )
    names = [f"many/{number}" for number in range(10)]
    app = open_page(home, PAGE, size="1B to 5B", release=names)
    assert {code for _, code, _ in line_points(app)} == {f"m{number}" for number in range(2, 10)}
    assert "10 releases are selected; the 8 with the highest RAM are drawn." in page_text(app)


def test_table_has_the_last_two_checkpoints(open_page: Opener, home: Path) -> None:
    app = open_page(home, PAGE)
    table = shown_table(app, len(app.dataframe) - 1)
    columns = ["repo_id", "age_days", "ram_median", "ram_tenth", "bucket_models", "age_before", "ram_median_before"]
    found = [
        tuple(row) for row in table[columns].astype(object).where(table[columns].notna(), None).itertuples(index=False)
    ]
    assert found == [
        ("lab/big", 7, 6.5, None, 7, None, None),
        ("lab/=rising", 30, 4.0, 2.5, 30, 14, 0.8),
        ("lab/Steady[x](y)", 60, 1.0, 1.2, 60, 7, 1.0),
        ("lab/falling", 14, 0.25, None, 14, 7, 2.0),
        ("lab/unused", 7, 0.0, 0.0, 7, None, None),
    ]
    assert table["origin"].tolist()[:2] == ["Unknown", "China"]
    assert table["size"].tolist()[:2] == ["250B and more", "5B to 10B"]


def test_headline_names_the_highest_and_its_baseline(open_page: Opener, home: Path) -> None:
    text = page_text(open_page(home, PAGE))
    assert (
        "2 of 5 releases of the last 90 days with a known RAM exceed 1. "
        "Highest with a baseline of 10 models or more: lab/=rising with 4.0 at 30 days, measured against "
        "30 models of its size." in text
    )
    assert "Baseline of 20 Nov 2026." in text
    assert "measured against 7 to 365 models" in text


def test_size_without_a_tenth_is_explained(open_page: Opener, home: Path) -> None:
    app = open_page(home, PAGE, size="250B and more", ram="The tenth")
    assert not app.exception and not app.get("vega_lite_chart")
    assert app.info[-1].value.endswith("Choose the median of the ten.")


def test_size_with_most_releases_is_first(open_page: Opener, home: Path) -> None:
    options = next(control for control in open_page(home, PAGE).selectbox if control.key == "size").options
    assert options[:2] == ["5B to 10B", "250B and more"] and len(options) == 7


def test_no_momentum_says_what_is_needed(open_page: Opener, own_simulated: Path) -> None:
    run_sql(own_simulated, "delete from momentum")
    app = open_page(own_simulated, PAGE)
    assert not app.exception and "No release has a RAM yet" in app.info[-1].value


def test_fastest_rising_of_the_size_comes_first(view_page: Opener, simulated: Path) -> None:
    expected = read_rows(
        simulated,
        """
        select
            repo_id, 100 * (now.downloads_30d - before.downloads_30d) / before.downloads_30d as percent,
            now.downloads_30d - coalesce(before.downloads_30d, 0) as change
        from models as m
        join latest_counts as now using (hub_id)
        left join model_days as before on before.hub_id = m.hub_id and before.day = date '2026-10-21'
        where task_class = 'language' and size_bucket = '1-5' and is_listed and now.downloads_30d >= 1000
        order by (now.downloads_30d - coalesce(before.downloads_30d, 0))
            / greatest(coalesce(before.downloads_30d, 0), 1000) desc, now.downloads_30d desc, hub_id
        limit 20
        """,
    )
    app = view_page(simulated, PAGE, size="1B to 5B", floor="1K")
    table = shown_table(app)
    assert table["name"].tolist() == [name for name, _, _ in expected] != []
    assert table["change_30d_percent"].dropna().tolist() == pytest.approx([p for _, p, _ in expected if p is not None])
    assert table["change_30d"].tolist() == [change for _, _, change in expected]
    assert table["is_new"].tolist() == [percent is None for _, percent, _ in expected]
    assert app.subheader[0].value.replace("\\", "") == "Fastest rising, 1B to 5B"


def test_ram_against_fewer_than_five_models_is_not_shown(open_page: Opener, home: Path) -> None:
    run_sql(home, "update momentum set bucket_models = 4 where hub_id != 'a'")
    app = open_page(home, PAGE)
    assert {code for _, code, ram in line_points(app) if ram is not None} == {"a"}
    assert shown_table(app, len(app.dataframe) - 1)["repo_id"].tolist() == ["lab/=rising"]
    assert "with fewer than five no RAM is shown" in page_text(app)
