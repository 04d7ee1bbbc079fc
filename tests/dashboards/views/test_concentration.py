"""How concentrated downloads are, against the warehouse."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.data import format
from tests.support.app_page import LANGUAGE, line_points, page_text
from tests.support.warehouse_file import read_rows, run_sql

Opener = Callable[..., AppTest]

PAGE = "views/concentration.py"
LAST = "2026-11-20"


@pytest.mark.parametrize(
    ("query", "of", "measure"),
    [
        ({}, "lab", "effective_number"),
        ({"of": "Families"}, "family", "effective_number"),
        ({"of": "Models", "measure": "Ten largest"}, "model", "top10_share"),
        ({"measure": "HHI", "step": "Single days"}, "lab", "hhi"),
        ({"of": "Families", "measure": "Largest"}, "family", "top1_share"),
        ({"measure": "Gini", "lens": "Base model"}, "lab", "gini"),
        ({"of": "robert'); drop table labs", "measure": "none"}, "lab", "effective_number"),
    ],
    ids=["default", "families", "models", "hhi", "largest", "gini", "nonsense"],
)
def test_chart_equals_the_table_under_both_lenses(
    view_page: Opener, simulated: Path, query: dict[str, str], of: str, measure: str
) -> None:
    table = "concentration_days" if query.get("step") else "concentration_means"
    column = measure if query.get("step") else f"{measure}_7d_mean"
    expected = read_rows(
        simulated, f"select day::varchar, lens, {column} from {table} where of = '{of}' and {LANGUAGE}"
    )
    found = [(str(day), *point) for day, *point in line_points(view_page(simulated, PAGE, **query))]
    assert sorted(row for row in found if row[2] is not None) == sorted(row for row in expected if row[2] is not None)
    assert len(found) > 100


def test_unknown_day_is_a_gap(open_page: Opener, own_simulated: Path) -> None:
    run_sql(
        own_simulated,
        "delete from concentration_days where day = '2026-10-10'",
        "update concentration_days set hhi = null, effective_number = null where day = '2026-10-12'",
    )
    app = open_page(own_simulated, PAGE, step="Single days")
    found = {(str(day), lens): value for day, lens, value in line_points(app)}
    assert found["2026-10-10", "publisher"] == found["2026-10-12", "root"] is None
    assert found["2026-10-11", "publisher"] is not None


@pytest.mark.parametrize(
    ("label", "lens", "of", "column", "table"),
    [("Publisher", "publisher", "Labs", "lab", "labs"), ("Base model", "root", "Families", "family", "families")],
)
def test_largest_members_add_up_to_the_top_shares(
    view_page: Opener, simulated: Path, label: str, lens: str, of: str, column: str, table: str
) -> None:
    members = read_rows(
        simulated,
        f"""select coalesce(any_value({table}.name), {column}), sum(downloads) from family_days
        left join {table} using ({column})
        where day = '{LAST}' and lens = '{lens}' and {column} is not null and downloads is not null and {LANGUAGE}
        group by {column} order by 2 desc, {column} limit 25""",
    )
    [(largest, ten)] = read_rows(
        simulated,
        f"""select top1_share, top10_share from concentration_days
        where day = '{LAST}' and lens = '{lens}' and of = '{column}' and {LANGUAGE}""",
    )
    [(registered,)] = read_rows(
        simulated,
        f"""select sum(downloads) filter ({column} is not null) / sum(downloads) from family_days
        where day = '{LAST}' and lens = '{lens}' and {LANGUAGE}""",
    )
    app = view_page(simulated, PAGE, lens=label, of=of, step="Single days")
    shown = app.dataframe[1].value
    assert shown["name"].tolist() == [name for name, _ in members]
    assert shown["downloads"].tolist() == [round(value) for _, value in members]
    assert shown["share"][0] == pytest.approx(100 * largest, abs=1e-4)
    assert shown["share"][:10].sum() == pytest.approx(100 * ten, abs=1e-4)
    assert f"; language models, by {label.lower()})." in page_text(app)
    assert f"the largest {column}, {members[0][0]}, gets {format.percent(largest)} of downloads" in page_text(app)
    assert (
        f"These are shares of the downloads of registered {of.lower()}, which have {format.percent(registered)} of all "
        "downloads of language models." in page_text(app)
    )


@pytest.mark.parametrize(
    ("step", "mean", "heading"),
    [
        ("Single days", "", "All measures: 20 Nov 2026"),
        ("7-day mean", "_7d_mean", "All measures: 20 Nov 2026, mean of the 4 days known around it"),
    ],
)
def test_measures_of_the_day_equal_the_table(
    view_page: Opener, simulated: Path, step: str, mean: str, heading: str
) -> None:
    columns = ", ".join(f"{name}{mean}" for name in ("effective_number", "hhi", "top1_share", "top10_share", "gini"))
    expected = read_rows(
        simulated,
        f"""select members, {columns} from concentration_days
        join concentration_means using (day, lens, task_class, of)
        where day = '{LAST}' and {LANGUAGE} order by list_position(['lab', 'family', 'model'], of), lens""",
    )
    app = view_page(simulated, PAGE, step=step)
    table = app.dataframe[0].value
    assert heading in [shown.value.replace("\\", "") for shown in app.subheader]
    assert table["of"].tolist() == ["Labs", "Labs", "Families", "Families", "Models", "Models"]
    columns = ["members", "effective_number", "hhi", "top1_share", "top10_share", "gini"]
    in_percent = [(*row[:3], 100 * row[3], 100 * row[4], row[5]) for row in expected]
    assert [tuple(row) for row in table[columns].itertuples(index=False)] == in_percent


@pytest.mark.parametrize(("step", "drawn_as"), [({}, "7-day mean"), ({"step": "Single days"}, "single days")])
def test_headline_table_and_chart_agree(
    view_page: Opener, simulated: Path, step: dict[str, str], drawn_as: str
) -> None:
    app = view_page(simulated, PAGE, **step)
    shown = {(str(day), lens): value for day, lens, value in line_points(app)}[LAST, "publisher"]
    assert app.dataframe[0].value["effective_number"][0] == shown
    assert f"as concentrated as {shown:.1f} equal labs" in page_text(app)
    assert ("7-day mean around 20 Nov 2026, 4 days known" in page_text(app)) is (drawn_as == "7-day mean")


def test_largest_models_are_linked(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE, of="Models")
    assert len(app.dataframe) == 1
    assert "For the largest models, open the page Models" in page_text(app)
    assert "the largest model gets" in page_text(app)
    assert len(app.get("page_link")) == 1


def test_no_known_day_gives_the_reason(open_page: Opener, own_simulated: Path) -> None:
    run_sql(own_simulated, "update concentration_days set hhi = null")
    app = open_page(own_simulated, PAGE)
    assert not app.exception and app.info[0].value.startswith("Daily downloads are unknown: ")


def test_largest_members_of_the_7_day_mean(view_page: Opener, simulated: Path) -> None:
    members = read_rows(
        simulated,
        f"""select lab, sum(downloads) / 4, sum(downloads) / sum(sum(downloads)) over () from family_days
        where day > date '{LAST}' - 4 and lens = 'publisher' and lab is not null and downloads is not null
            and {LANGUAGE}
        group by lab order by 2 desc, lab limit 25""",
    )
    [(registered,)] = read_rows(
        simulated,
        f"""select sum(downloads) filter (lab is not null) / sum(downloads) from family_days
        where day > date '{LAST}' - 4 and lens = 'publisher' and {LANGUAGE}""",
    )
    app = view_page(simulated, PAGE)
    shown = app.dataframe[1].value
    assert shown["downloads"].tolist() == [round(downloads) for _, downloads, _ in members]
    assert shown["share"].tolist() == pytest.approx([100 * share for _, _, share in members])
    assert f"which have {format.percent(registered)} of all downloads of language models." in page_text(app)
    heading = "The largest labs by publisher: 20 Nov 2026, mean of the 4 days known around it"
    assert heading in [part.value.replace("\\", "") for part in app.subheader]
