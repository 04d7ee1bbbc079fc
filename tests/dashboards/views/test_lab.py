"""The page of a lab: figures equal the warehouse in each section."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.data import format
from tests.support.app_page import LANGUAGE, LAYER, chart_records, line_points, page_text, shown_table
from tests.support.warehouse_file import read_rows

Opener = Callable[..., AppTest]

PAGE = "views/lab.py"


@pytest.fixture
def largest(simulated: Path) -> tuple[str, str, int, int]:
    """The lab whose models have most downloads: id, name, listed models, downloads."""
    [row] = read_rows(
        simulated,
        "select lab, name, count(*), sum(c.downloads_30d)::bigint from models as m join labs on lab = publisher_lab "
        f"left join latest_counts as c using (hub_id) where is_listed and {LANGUAGE} group by all "
        "order by 4 desc limit 1",
    )
    return row


@pytest.fixture
def built_on(simulated: Path) -> tuple[str, str]:
    """The lab on whose models most others are built: id and name."""
    [row] = read_rows(
        simulated,
        "select lab, name from lineage join labs on lab = root_lab join models as m using (hub_id) "
        f"where depth > 0 and publisher_lab is distinct from lab and {LANGUAGE} group by all "
        "order by count(*) desc, lab limit 1",
    )
    return row


def test_default_is_the_most_downloaded_lab_with_both_shares(
    view_page: Opener, simulated: Path, largest: tuple[str, str, int, int]
) -> None:
    lab, name, models, downloads = largest
    shares = dict(
        read_rows(
            simulated,
            f"select lens, sum(downloads_30d) filter (lab = ?) / sum(downloads_30d) from family_days where {LANGUAGE} "
            "and day = (select last_day from build) group by lens",
            lab,
        )
    )
    app = view_page(simulated, PAGE)
    assert not app.exception and app.title[0].value.replace("\\", "") == name
    text = page_text(app)
    assert f"publishes {format.count(models, 'listed model')} with {format.compact(downloads)} downloads" in text
    both = f"{format.percent(shares['publisher'])} by publisher and {format.percent(shares['root'])} by base model"
    assert f"Share of all: {both}." in text
    found = {(str(day), lens): value for day, lens, value in line_points(app)}
    assert found["2026-11-20", "publisher"] == pytest.approx(shares["publisher"])
    assert found["2026-11-20", "root"] == pytest.approx(shares["root"])


def test_releases_are_the_labs_originals_newest_first(
    view_page: Opener, simulated: Path, largest: tuple[str, str, int, int]
) -> None:
    expected = read_rows(
        simulated,
        f"select repo_id from models left join latest_counts using (hub_id) where publisher_lab = ? and is_listed "
        f"and {LAYER} = 'release' and {LANGUAGE} "
        "order by released_on desc nulls last, downloads_30d desc nulls last, repo_id",
        largest[0],
    )
    table = shown_table(view_page(simulated, PAGE, lab=largest[1], show="Releases"))
    assert [(name,) for name in table["repo_id"]] == expected != []


def test_builders_are_accounts_outside_the_lab(view_page: Opener, simulated: Path, built_on: tuple[str, str]) -> None:
    expected = read_rows(
        simulated,
        f"select author, sum(weight * c.downloads_30d) as d from lineage join models as m using (hub_id) "
        f"left join latest_counts as c using (hub_id) where root_lab = ? and m.is_listed and {LANGUAGE} "
        "and m.publisher_lab is distinct from ? group by 1 order by d desc nulls last, 1",
        built_on[0], built_on[0],
    )  # fmt: skip
    table = shown_table(view_page(simulated, PAGE, lab=built_on[0], show="Who builds on it"))
    assert table["author"].tolist() == [author for author, _ in expected] != []
    assert table["credited_30d"].tolist() == pytest.approx([downloads for _, downloads in expected])


def test_derivatives_are_those_of_its_families(view_page: Opener, simulated: Path, built_on: tuple[str, str]) -> None:
    [(count,)] = read_rows(
        simulated,
        "select sum(derivatives) from derivatives_months where min_downloads = 5 and month > date '2022-03-01' "
        f"and {LANGUAGE} and root_family in (select family from families where lab = ?)",
        built_on[0],
    )
    app = view_page(simulated, PAGE, lab=built_on[1], show="New derivatives")
    assert sum(row["value"] for row in chart_records(app)) == pytest.approx(count)


def test_evidence_names_country_accounts_and_contest(view_page: Opener, simulated: Path) -> None:
    [(lab, name, evidence)] = read_rows(
        simulated, "select lab, name, evidence from labs where is_contested and other_origin is not null limit 1"
    )
    app = view_page(simulated, PAGE, lab=name, show="Where it counts, and why")
    assert f": {evidence}. This is contested (" in page_text(app)
    handles = read_rows(simulated, "select handle from organizations where lab = ?", lab)
    assert sorted(shown_table(app)["author"]) == sorted(handle for (handle,) in handles) != []


def test_link_to_an_unknown_lab_says_so(view_page: Opener, simulated: Path, largest: tuple[str, str, int, int]) -> None:
    app = view_page(simulated, PAGE, lab="no-such")
    assert (
        app.warning[0].value.replace("\\", "") == f"Unknown in the address: Lab “no-such”. Shown instead: {largest[1]}."
    )


def test_search_leads_to_a_lab_whose_name_is_in_the_address(
    open_page: Opener, simulated: Path, largest: tuple[str, str, int, int]
) -> None:
    [(name,)] = read_rows(
        simulated,
        "select name from labs where lab in (select publisher_lab from models) and lab != ? order by name limit 1",
        largest[0],
    )
    app = open_page(simulated, "views/method.py")
    app.selectbox(key="search").set_value(f"{name} (lab)").run()
    assert app.title[0].value.replace("\\", "") == name
    assert app.query_params["lab"] in (name, [name])


def test_address_names_the_lab_even_if_it_is_the_default(
    open_page: Opener, simulated: Path, largest: tuple[str, str, int, int]
) -> None:
    app = open_page(simulated, "views/method.py")
    app.selectbox(key="search").set_value(f"{largest[1]} (lab)").run()
    assert app.query_params["lab"] in (largest[1], [largest[1]])
