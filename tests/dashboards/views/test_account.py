"""The page of an account: figures equal the warehouse in each section."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.data import format
from tests.support.app_page import LANGUAGE, chart_records, line_points, page_text, shown_table
from tests.support.warehouse_file import read_rows

Opener = Callable[..., AppTest]

PAGE = "views/account.py"


@pytest.fixture
def repackager(simulated: Path) -> tuple[str, int, int]:
    """The registered account of no lab that builds most on others: its name, listed models, downloads."""
    [row] = read_rows(
        simulated,
        "select author, count(*), sum(c.downloads_30d)::bigint from models as m left join latest_counts as c "
        f"using (hub_id) where is_listed and {LANGUAGE} and publisher_role = 'repackager' group by 1 "
        "order by 2 desc, 1 limit 1",
    )
    return row


def test_account_says_country_models_and_share(
    view_page: Opener, simulated: Path, repackager: tuple[str, int, int]
) -> None:
    account, models, downloads = repackager
    [(total, others)] = read_rows(
        simulated,
        "select sum(c.downloads_30d), count(*) filter (author != ?) from latest_counts as c "
        f"join models using (hub_id) where is_listed and {LANGUAGE}",
        account,
    )
    assert others > 0
    app = view_page(simulated, PAGE, account=account.upper())
    assert not app.exception and app.title[0].value.replace("\\", "") == account
    said = f"publishes {format.count(models, 'listed model')} with {format.compact(downloads)} downloads"
    assert said in page_text(app) and f", {format.percent(downloads / total)} of all." in page_text(app)
    expected = read_rows(
        simulated,
        f"select repo_id from models left join latest_counts using (hub_id) where author = ? and is_listed "
        f"and {LANGUAGE} order by downloads_30d desc nulls last, repo_id",
        account,
    )
    assert [(name,) for name in shown_table(app)["repo_id"]] == expected != []
    formats = [bar for bar in chart_records(app, 1) if "part" in bar]
    assert sum(bar["value"] for bar in formats) == downloads
    assert all(bar["share"] == pytest.approx(bar["value"] / downloads) for bar in formats) and len(formats) > 1


def test_families_that_it_builds_on_are_by_weight(
    view_page: Opener, simulated: Path, repackager: tuple[str, int, int]
) -> None:
    expected = read_rows(
        simulated,
        "select families.name, sum(weight * c.downloads_30d)::double as d from lineage join models using (hub_id) "
        "join families on families.family = lineage.root_family left join latest_counts as c using (hub_id) "
        f"where author = ? and depth > 0 and is_listed and {LANGUAGE} group by 1 having d > 0 order by 1",
        repackager[0],
    )
    table = shown_table(view_page(simulated, PAGE, account=repackager[0], show="What it builds on"))
    found = {row.family: row.credited_30d for row in table.itertuples() if row.credited_30d > 0 and row.family}
    assert found == pytest.approx(dict(expected)) and len(found) > 1


def test_share_over_time_is_of_all_models_read_that_day(
    view_page: Opener, simulated: Path, repackager: tuple[str, int, int]
) -> None:
    expected = read_rows(
        simulated,
        f"select sum(d.downloads_30d) filter (author = ?) / sum(d.downloads_30d) from model_days as d "
        f"join models using (hub_id) where {LANGUAGE} and day = date '2026-11-10'",
        repackager[0],
    )
    points = {
        str(day): value
        for day, _, value in line_points(view_page(simulated, PAGE, account=repackager[0], show="Use over time"))
    }
    assert points["2026-11-10"] == pytest.approx(expected[0][0]) and len(points) > 25


def test_account_outside_the_registry_is_unaffiliated(view_page: Opener, simulated: Path) -> None:
    [(account,)] = read_rows(
        simulated, "select min(author) from models where author not in (select handle from organizations)"
    )
    app = view_page(simulated, PAGE, account=account, show="Where it counts, and why")
    assert "The account is not in the registry." in page_text(app) and "(Unaffiliated" in page_text(app)


def test_unknown_account_says_so(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE, account="no-such-account")
    assert app.info[0].value.replace("\\", "").startswith("No account named no-such-account has been read.")


def test_names_of_accounts_are_links(view_page: Opener, simulated: Path) -> None:
    for page, column in (("rankings", "name"), ("organisations", "author")):
        app = view_page(simulated, f"views/{page}.py", **({"rank": "Accounts"} if page == "rankings" else {}))
        columns = json.loads(app.dataframe[0].proto.columns)
        assert "account\\?account=" in columns[column]["type_config"]["display_text"]
