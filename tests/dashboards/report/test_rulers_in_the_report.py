"""The report of a home in which another ruler was read."""

from pathlib import Path

from dashboards.data.warehouse import NotReady, open_store
from dashboards.report import badges, charts, data_files, site
from dashboards.report.exhibit import Exhibit
from tracker.api.tracker import Tracker


def test_rulers_are_charts_and_badges_of_the_report(compared: Path) -> None:
    opened = open_store(compared)
    assert not isinstance(opened, NotReady)
    of = charts.scope(*opened, "publisher")
    api = Tracker.of_home(compared)
    for by, column in (("origin", "country"), ("lab", "lab")):
        exhibit = charts.rulers(of, by, f"rulers-{by}")
        assert isinstance(exhibit, Exhibit)
        drawn = exhibit.figure.data
        assert {"ruler", column, "share"} <= set(drawn.columns) and exhibit.figure.credit == "Credit *them*."
        told = api.axis_shares(by=by)
        assert drawn.group_by("ruler").len().height == told["axis"].n_unique() == 2
        assert all(text for text in (exhibit.definition, data_files.csv_bytes(exhibit, opened[1])))
    china = next(badge for badge in badges.badges(*opened) if badge.slug == "origin-cn-on-openrouter")
    [share] = api.axis_shares(by="origin").filter(axis="openrouter", origin="CN")["share"]
    assert china.figure == f"{share:.0%} by tokens on OpenRouter (simulated)"
    assert "Credit *them*. Simulated data" in china.title


def test_report_without_another_ruler_has_no_place_for_one(simulated: Path, compared: Path) -> None:
    found = {}
    for home in (simulated, compared):
        opened = open_store(home)
        assert not isinstance(opened, NotReady)
        found[home] = [exhibit.slug for exhibit in site.exhibits(*opened)]
    assert set(found[compared]) - set(found[simulated]) == {"rulers-countries", "rulers-labs"}
