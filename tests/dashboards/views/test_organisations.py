"""The page of organisations, against the registry's tables."""

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from tests.support.app_page import page_text, shown_table
from tests.support.warehouse_file import read_rows

Opener = Callable[..., AppTest]

PAGE = "views/organisations.py"


def test_default_shows_the_chinese_organisations_with_evidence(view_page: Opener, simulated: Path) -> None:
    expected = read_rows(
        simulated,
        "select handle, l.name, o.evidence from organizations as o left join labs as l using (lab) "
        "where o.origin = 'CN'",
    )
    app = view_page(simulated, PAGE)
    assert not app.exception
    table = shown_table(app)[["author", "lab", "evidence"]]
    table = table.astype(object).where(table.notna(), None)
    assert sorted(table.itertuples(index=False, name=None), key=str) == sorted(expected, key=str) != []
    labs = len({lab for _, lab, _ in expected if lab})
    assert f"{len(expected)} organisations count for China" in page_text(app)
    assert f"{labs} labs" in page_text(app)


def test_contested_organisations_name_the_other_country(view_page: Opener, simulated: Path) -> None:
    [(handle, other)] = read_rows(
        simulated,
        "select handle, origins.name from organizations as o left join labs using (lab) "
        "join origins on code = coalesce(o.other_origin, labs.other_origin) "
        "where o.is_contested or labs.is_contested order by 1 limit 1",
    )
    app = view_page(simulated, PAGE, country="All countries", find=handle)
    table = shown_table(app).set_index("author")
    assert table.loc[handle, "contested"] == f"Yes, or {other}"
    assert "tracker build --registry" in page_text(app)


def test_search_finds_accounts_by_their_lab(view_page: Opener, simulated: Path) -> None:
    expected = read_rows(
        simulated, "select handle from organizations as o join labs using (lab) where contains(lower(name), 'alibaba')"
    )
    app = view_page(simulated, PAGE, find="ALIBABA")
    assert {*shown_table(app)["author"]} >= {handle for (handle,) in expected} != set()
