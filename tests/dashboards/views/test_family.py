"""The page Family: figures equal the warehouse in each section and under each definition."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from dashboards.data import format
from dashboards.text import builders
from dashboards.text.family import SECTIONS
from dashboards.text.rankings import FORMATS
from tests.support.app_page import LANGUAGE, LAYER, chart_frames, chart_records, page_text, shown_table
from tests.support.warehouse_file import read_rows

Opener = Callable[..., AppTest]

PAGE = "views/family.py"
MEMBERS = f"""
    from (select hub_id, root_family as credited_to, sum(weight) as weight from lineage group by all) as l
    join models as m using (hub_id)
    left join latest_counts as c using (hub_id)
    where m.is_listed and {LANGUAGE} and l.credited_to = ?
"""


@pytest.fixture
def largest(simulated: Path) -> tuple[str, str]:
    """The family with most credited downloads: its id and name."""
    [(family, name)] = read_rows(
        simulated, "select f.family, f.name from lineage as l join models as m using (hub_id) "
        "join latest_counts as c using (hub_id) join families as f on f.family = l.root_family "
        f"where m.is_listed and {LANGUAGE} group by all order by sum(l.weight * c.downloads_30d) desc limit 1",
    )  # fmt: skip
    return family, name


@pytest.fixture
def built_on(simulated: Path) -> tuple[str, str]:
    """The family with most descendants: its id and name."""
    [(family, name)] = read_rows(
        simulated, "select f.family, f.name from lineage as l join families as f on f.family = l.root_family "
        f"join models as m using (hub_id) where l.depth > 0 and {LANGUAGE} group by all "
        "order by count(*) desc, f.family limit 1",
    )  # fmt: skip
    return family, name


def test_default_is_the_most_downloaded_family(view_page: Opener, simulated: Path, largest: tuple[str, str]) -> None:
    family, name = largest
    [(credited, share)] = read_rows(
        simulated, "select sum(downloads_30d) filter (family = ?), sum(downloads_30d) filter (family = ?) / "
        f"sum(downloads_30d) from family_days where lens = 'root' and {LANGUAGE} and day = "
        "(select last_day from build)",
        family, family,
    )  # fmt: skip
    app = view_page(simulated, PAGE)
    assert not app.exception
    assert app.selectbox(key="family").value == family
    assert f"{name}, by " in page_text(app)
    shares = f"gets {format.compact(credited)} downloads, {format.percent(share)} of all (30 days to 20 Nov 2026"
    assert shares in page_text(app) and "Models by weight: " in page_text(app)


def test_every_registered_family_is_an_option(view_page: Opener, simulated: Path) -> None:
    [(count,)] = read_rows(simulated, "select count(*) from families")
    assert len(view_page(simulated, PAGE).selectbox(key="family").options) == count > 100


@pytest.mark.parametrize("asked", ["deepseek", "DeepSeek"])
def test_link_names_a_family_by_id_or_name(view_page: Opener, simulated: Path, asked: str) -> None:
    app = view_page(simulated, PAGE, family=asked)
    assert app.selectbox(key="family").value == "deepseek"
    assert not app.warning


def test_link_to_an_unknown_family_says_so(view_page: Opener, simulated: Path, largest: tuple[str, str]) -> None:
    app = view_page(simulated, PAGE, family="no-such")
    said = app.warning[0].value.replace("\\", "")
    assert said == f"Unknown in the address: Family “no-such”. Shown instead: {largest[1]}."


@pytest.mark.parametrize("section", SECTIONS.values())
def test_sections_have_described_charts_and_downloads(
    view_page: Opener, simulated: Path, built_on: tuple[str, str], section: str
) -> None:
    app = view_page(simulated, PAGE, family=built_on[1], show=section)
    assert not app.exception
    charts = app.get("vega_lite_chart")
    assert charts and all(len(chart.proto.alt) > 20 for chart in charts)
    assert page_text(app).count("Simulated data, not the real Hub.") == len(charts)
    assert len(app.get("download_button")) >= 4 * len(charts)


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ({}, "true"),
        ({"layers": ["Original"]}, f"{LAYER} = 'release'"),
        ({"small": "without models below 1B"}, "m.size_bucket is distinct from '<1'"),
        ({"gguf": "without GGUF"}, "not m.is_gguf"),
    ],
)
def test_sizes_are_weighted_sums_under_the_definition(
    view_page: Opener, simulated: Path, query: dict[str, Any], condition: str
) -> None:
    [(family, name)] = read_rows(
        simulated, "select f.family, f.name from lineage as l join models as m using (hub_id) "
        "join latest_counts as c using (hub_id) join families as f on f.family = l.root_family "
        f"where m.is_listed and {LANGUAGE} and {condition} "
        "group by all order by sum(l.weight * c.downloads_30d) desc limit 1",
    )  # fmt: skip
    expected = read_rows(
        simulated, "select coalesce(m.size_bucket || 'B', 'Unknown'), if(m.is_gguf, 'GGUF', 'Other formats'), "
        f"sum(l.weight * c.downloads_30d) {MEMBERS} and {condition} group by all having count(c.downloads_30d) > 0",
        family,
    )  # fmt: skip
    app = view_page(simulated, PAGE, family=name, show="Sizes and formats", **query)
    found = {(row["group"], row["part"]): row["value"] for row in chart_records(app) if "part" in row}
    assert found == pytest.approx({(size, part): value for size, part, value in expected}) and found


def test_builders_exclude_the_lab_itself(view_page: Opener, simulated: Path, built_on: tuple[str, str]) -> None:
    [(downloads,)] = read_rows(
        simulated, f"select sum(l.weight * c.downloads_30d) {MEMBERS} and m.publisher_lab is distinct from "
        "(select lab from families where family = ?)", built_on[0], built_on[0],
    )  # fmt: skip
    app = view_page(simulated, PAGE, family=built_on[1], show="Who builds on it")
    assert sum(row["value"] for row in chart_records(app) if "part" in row) == pytest.approx(downloads)


BUILDERS = {
    "all": ({}, "true"),
    "country": ({"country": "United States"}, "m.publisher_origin = 'US'"),
    "type": ({"type": "Quantized copy"}, f"{LAYER} = 'repackaged'"),
    "format": ({"format": "GGUF"}, "m.is_gguf"),
    "both": ({"country": "United States", "format": ["GGUF", "MLX"]},
             "m.publisher_origin = 'US' and "
             "(m.is_gguf or m.library_name = 'mlx' or lower(m.repo_id) similar to '.*-mlx(-.*)?')"),
}  # fmt: skip


@pytest.mark.parametrize("name", BUILDERS)
def test_builders_are_summed_by_weight_under_filters(
    view_page: Opener, simulated: Path, built_on: tuple[str, str], name: str
) -> None:
    query, condition = BUILDERS[name]
    others = "m.publisher_lab is distinct from (select lab from families where family = ?)"
    expected = read_rows(
        simulated, "select m.author, sum(l.weight), sum(l.weight * c.downloads_30d) as d, "
        f"100 * d / (select sum(l.weight * c.downloads_30d) {MEMBERS} and {others}) {MEMBERS} and {others} "
        f"and {condition} group by 1 order by d desc nulls last, 1", *built_on[:1] * 4,
    )  # fmt: skip
    app = view_page(simulated, PAGE, family=built_on[1], show="Who builds on it", **query)
    table = shown_table(app)
    assert table["author"].tolist() == [author for author, *_ in expected] != []
    for column, index in (("models", 1), ("credited_30d", 2), ("share", 3)):
        assert table[column].tolist() == pytest.approx([row[index] for row in expected])
    assert f"under these filters; the largest: {expected[0][0]} (" in page_text(app)
    assert f"of all downloads built on {built_on[1]}." in page_text(app)


def test_bars_are_clickable_and_stand_for_filters(
    view_page: Opener, simulated: Path, built_on: tuple[str, str]
) -> None:
    app = view_page(simulated, PAGE, family=built_on[1], show="Who builds on it")
    assert [list(chart.proto.selection_mode) for chart in app.get("vega_lite_chart")] == [["picked"], ["picked"]]
    names = dict(read_rows(simulated, "select code, name from origins"))
    countries = {row["group"] for row in chart_records(app, 0) if "part" in row}
    codes = {builders.code_of("origin", name, names) for name in countries}
    origins = {code for (code,) in read_rows(simulated, "select distinct publisher_origin from models")}
    assert codes and codes <= origins | {None}
    formats = {builders.code_of("format", row["group"], names) for row in chart_records(app, 1) if "part" in row}
    assert formats and formats <= FORMATS.keys()


def test_models_are_ordered_by_credited_downloads(view_page: Opener, simulated: Path, largest: tuple[str, str]) -> None:
    expected = read_rows(
        simulated, f"select m.repo_id, l.weight * c.downloads_30d as d {MEMBERS} order by d desc limit 5", largest[0]
    )
    table = shown_table(view_page(simulated, PAGE))
    assert table["repo_id"].tolist()[:5] == [name for name, _ in expected]
    assert table["credited_30d"].tolist()[:5] == pytest.approx([downloads for _, downloads in expected])


@pytest.mark.parametrize(("label", "least"), [("More than 5", 5), ("More than 0", 0), ("More than 50", 50)])
def test_new_derivatives_above_the_threshold(
    view_page: Opener, simulated: Path, built_on: tuple[str, str], label: str, least: int
) -> None:
    [(count,)] = read_rows(
        simulated, "select sum(derivatives) from derivatives_months where root_family = ? and min_downloads = ? "
        f"and {LANGUAGE}", built_on[0], least,
    )  # fmt: skip
    app = view_page(simulated, PAGE, family=built_on[1], show="New derivatives", threshold=label)
    assert sum(row["value"] for row in chart_records(app)) == pytest.approx(count)
    assert f"more than {least} all-time" in "".join(part.value for part in app.caption).replace("\\", "")


def test_generations_equal_the_table(view_page: Opener, simulated: Path, largest: tuple[str, str]) -> None:
    [(downloads,)] = read_rows(
        simulated, "select sum(downloads_30d) from family_days where lens = 'root' and family = ? "
        f"and downloads_30d is not null and {LANGUAGE}", largest[0],
    )  # fmt: skip
    app = view_page(simulated, PAGE, view="Total", metric="30-day downloads")
    days, *_ = [frame for frame in chart_frames(app) if "line" not in frame.columns]
    counts = days.select(column for column in days.columns if column != "day" and not column.endswith(" share"))
    assert counts.sum_horizontal().sum() == pytest.approx(downloads)


def test_link_restores_every_control(view_page: Opener, simulated: Path) -> None:
    [(family, name)] = read_rows(
        simulated, "select family, name from families where family in (select lineage.root_family from lineage "
        f"join models using (hub_id) where depth = 0 and layer = 'release' and {LANGUAGE}) "
        "and name in (select name from families group by name having count(*) = 1) order by family limit 1",
    )  # fmt: skip
    app = view_page(simulated, PAGE, family=name, metric="Daily downloads", view="Total", layers=["Original"])
    assert not app.exception
    assert app.selectbox(key="family").value == family
    assert f"Daily downloads by generation of {name}" in page_text(app)
    assert "only original." in page_text(app)


@pytest.mark.parametrize("nonsense", [{"family": "no such"}, {"show": "x", "metric": "y"}, {"threshold": "-1"}])
def test_invalid_parameters_fall_back_to_defaults(
    view_page: Opener, simulated: Path, largest: tuple[str, str], nonsense: dict[str, str]
) -> None:
    app = view_page(simulated, PAGE, **nonsense)
    assert not app.exception
    assert app.selectbox(key="family").value == largest[0]
    assert len(app.get("vega_lite_chart")) == 1


def test_missing_data_is_explained_in_each_section(
    open_page: Opener, own_simulated: Path, largest: tuple[str, str]
) -> None:
    with duckdb.connect(str(own_simulated / "tracker.duckdb")) as connection:
        connection.execute("update steps.family_members set downloads_30d = null, credited_30d = null")
        connection.execute("update steps.latest_counts set downloads_30d = null")
    app = open_page(own_simulated, PAGE, family=largest[1])
    assert "gets an unknown number of downloads" in page_text(app)
    unknown = open_page(own_simulated, PAGE, family=largest[1], show="Sizes and formats")
    assert "Sizes and formats are unknown." in page_text(unknown)
    only = open_page(own_simulated, PAGE, family=largest[1], show="Who builds on it")
    assert "or their downloads are unknown." in page_text(only)
    layers = next(control for control in only.button_group if control.key == "layers")
    assert "None of its listed models match these filters." in page_text(layers.set_value([]).run())
