"""The page of rankings, against the tables of readings and flows."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.support.app_page import LANGUAGE, LAYER, page_text, shown_table
from tests.support.warehouse_file import read_rows, run_sql

Opener = Callable[..., AppTest]

PAGE = "views/rankings.py"
LAST, BEFORE = "date '2026-11-20'", "date '2026-10-21'"
COUNTERS = f"""
    select m.*, coalesce(labs.name, '') as lab_name, now.downloads_30d as now, before.downloads_30d as before
    from models as m
    left join latest_counts as now using (hub_id)
    left join model_days as before on before.hub_id = m.hub_id and before.day = {BEFORE}
    left join labs on labs.lab = m.publisher_lab
    where m.is_listed
"""
FLOWS = f"""
    select m.*,
        (select sum(downloads) from model_flows as f where f.hub_id = m.hub_id and f.day > {LAST} - 7) as now,
        (
            select sum(downloads) from model_flows as f
            where f.hub_id = m.hub_id and f.day between {LAST} - 36 and {LAST} - 30
        ) as before
    from models as m
"""


def values(app: AppTest, *names: str) -> list[tuple[Any, ...]]:
    table = shown_table(app)[list(names)]
    return [tuple(row) for row in table.astype(object).where(table.notna(), None).itertuples(index=False)]


def test_labs_are_ranked_by_counters_with_share_and_change(view_page: Opener, simulated: Path) -> None:
    expected = read_rows(
        simulated,
        f"""
        with counted as ({COUNTERS} and {LANGUAGE}),
        labs as (
            select lab_name, sum(now) as now, sum(before) as before from counted where lab_name != '' group by all
        )
        select lab_name, rank() over (order by now desc),
            rank() over (order by before desc) - rank() over (order by now desc), now,
            round(100 * now / (select sum(now) from counted), 6), now - before, round(100 * (now - before) / before, 6)
        from labs order by now desc limit 10
        """,
    )
    app = view_page(simulated, PAGE)
    assert not app.exception
    found = values(app, "name", "rank", "rank_change", "downloads", "share", "change_30d", "change_30d_percent")[:10]
    assert [(*row[:4], round(row[4], 6), row[5], round(row[6], 6)) for row in found] == expected
    assert f"The largest labs are {expected[0][0]} with {expected[0][4]:.1f}%" in page_text(app)


def test_default_equals_the_public_view(view_page: Opener, simulated: Path) -> None:
    expected = read_rows(
        simulated,
        "select name, rank, rank_change, downloads, change from rankings "
        "where subject = 'family' and period = '7 days' order by rank, id",
    )
    app = view_page(simulated, PAGE, rank="Families", period="7 days")
    found = values(app, "name", "rank", "rank_change", "downloads", "change_30d")
    assert sorted(found) == sorted(expected) and len(found) > 5


def test_accounts_equal_the_public_view(view_page: Opener, simulated: Path) -> None:
    expected = read_rows(
        simulated,
        "select r.name, rank, downloads, coalesce(o.name, 'Unaffiliated') from rankings as r "
        "left join origins as o on o.code = r.origin where subject = 'account' and period = '30 days' "
        "order by rank, r.id limit 100",
    )
    app = view_page(simulated, PAGE, rank="Accounts")
    assert values(app, "name", "rank", "downloads", "origin") == expected != []
    assert {"China", "Unaffiliated"} <= {row[3] for row in expected}


FILTERED = {
    "size and origin": ({"size": ["1B to 5B", "5B to 10B"], "origin": "China"},
                        "size_bucket in ('1-5', '5-10') and publisher_origin = 'CN'"),
    "type": ({"layers": ["Original"]}, f"{LAYER} = 'release'"),
    "format": ({"format": "GGUF"}, "is_gguf"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILTERED)
def test_filters_equal_their_sql_condition(view_page: Opener, simulated: Path, name: str) -> None:
    query, condition = FILTERED[name]
    expected = read_rows(
        simulated,
        f"select repo_id, now::bigint from ({FLOWS}) where {LANGUAGE} and {condition} and now is not null "
        "order by now desc, hub_id limit 100",
    )
    app = view_page(simulated, PAGE, rank="Models", period="7 days", **query)
    assert not app.exception
    assert values(app, "name", "downloads") == expected != []


def test_fastest_rising_is_by_change_above_a_floor(view_page: Opener, simulated: Path) -> None:
    expected = read_rows(
        simulated,
        f"""
        select repo_id from ({FLOWS}) where {LANGUAGE} and now >= 1000
            and (before is not null or created_at::date > {BEFORE})
        order by (now - coalesce(before, 0)) / greatest(coalesce(before, 0), 1000) desc, now desc, hub_id limit 100
        """,
    )
    app = view_page(simulated, PAGE, rank="Models", period="7 days", order="Fastest rising", floor="1K")
    assert [(name,) for (name,) in values(app, "name")] == expected != []
    assert "Fastest rising models with at least 1K downloads" in page_text(app).replace("1.00K", "1K")


def test_changes_across_a_break_are_unknown(open_page: Opener, own_simulated: Path) -> None:
    run_sql(own_simulated, f"update panel_days set segment = 2 where day > {LAST} - 10")
    app = open_page(own_simulated, PAGE)
    assert {row for row in values(app, "rank_change", "change_30d", "change_30d_percent")} == {(None, None, None)}
    assert "Changes are unknown: no comparable reading is about 30 days older." in page_text(app)
    assert values(app, "downloads")[0][0] > 0
    notes = page_text(app)
    assert "7 days: the last seven days" in notes and "Changes compare" not in notes and "New: created" not in notes
    rising = open_page(own_simulated, PAGE, order="Fastest rising")
    assert rising.info[0].value.startswith("Changes are unknown") and not rising.dataframe


def test_period_that_is_not_known_says_so(open_page: Opener, own_simulated: Path) -> None:
    run_sql(own_simulated, f"update panel_days set flow_segment = null where day < {LAST} - 40")
    app = open_page(own_simulated, PAGE, period="90 days")
    assert app.info[0].value.startswith("Downloads of the last 90 days are not known: comparable days began on")


def test_weeks_are_sums_of_seven_known_days(view_page: Opener, simulated: Path) -> None:
    flows = read_rows(
        simulated,
        f"""
        with weeks as (
            select publisher_lab, floor(({LAST} - day) / 7)::integer as ago, sum(downloads) as downloads
            from model_flows join models using (hub_id) where {LANGUAGE} and day > {LAST} - 84 group by all
        )
        select name, list(downloads::bigint order by ago desc) from weeks join labs on lab = publisher_lab group by name
        """,
    )
    expected = {name: weeks for name, weeks in flows if len(weeks) == 12}
    found = {name: list(weeks)[-12:] for name, weeks in values(view_page(simulated, PAGE), "name", "weeks")}
    assert expected.keys() <= found.keys() and len(expected) > 5
    assert {name: found[name] for name in expected} == expected


def test_sparkline_begins_after_the_last_unknown_week(open_page: Opener, own_simulated: Path) -> None:
    largest = (
        "(select repository_key from ranking_counts where task_class = 'language' order by downloads_30d desc limit 1)"
    )
    run_sql(
        own_simulated,
        f"delete from ranking_weeks where repository_key = {largest} and week = 8; "
        f"update ranking_weeks set is_whole = false where repository_key = {largest} and week = 9",
    )
    [known] = read_rows(
        own_simulated,
        f"select list(downloads order by week) from ranking_weeks where repository_key = {largest} and week > 9",
    )
    [(weeks,)] = values(open_page(own_simulated, PAGE, rank="Models"), "weeks")[:1]
    assert list(weeks) == known[0] and len(known[0]) == 4


def test_families_by_base_model_are_credited_with_derivatives(view_page: Opener, simulated: Path) -> None:
    expected = read_rows(
        simulated,
        f"""
        select f.name, sum(now * weight)::bigint as downloads, sum(now * weight) / any_value(total)
        from ({COUNTERS} and {LANGUAGE}) as c
        join lineage as l on l.hub_id = c.hub_id
        join families as f on f.family = l.root_family
        cross join (select sum(now) as total from ({COUNTERS} and {LANGUAGE}))
        group by 1 having downloads > 0 order by 2 desc, 1
        """,
    )
    app = view_page(simulated, PAGE, rank="Families", lens="Base model")
    found = sorted(values(app, "name", "downloads", "share"), key=lambda row: (-row[1], row[0]))
    assert [row[:2] for row in found if row[1]] == [row[:2] for row in expected] != []
    assert [row[2] / 100 for row in found if row[1]] == pytest.approx([row[2] for row in expected])
    assert "by base model)." in page_text(app)
    assert values(app, "downloads") != values(view_page(simulated, PAGE, rank="Families"), "downloads")


def test_attribution_is_not_offered_for_models(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE, rank="Models", lens="Base model")
    assert values(app, "downloads") == values(view_page(simulated, PAGE, rank="Models"), "downloads")
    assert "Attribute to" not in [group.label for group in app.button_group]


def test_older_model_that_was_not_read_before_does_not_rise(open_page: Opener, own_simulated: Path) -> None:
    largest = "(select hub_id from ranking_counts where task_class = 'language' order by downloads_30d desc limit 1)"
    [(name,)] = read_rows(own_simulated, f"select repo_id from models where hub_id = {largest}")
    run_sql(
        own_simulated,
        f"update ranking_counts set downloads_30d_before = null, is_new = false where hub_id = {largest}",
    )
    rising = open_page(own_simulated, PAGE, rank="Models", order="Fastest rising", floor="1K")
    assert name not in [row for (row,) in values(rising, "name")]
    [first] = [row for row in values(open_page(own_simulated, PAGE, rank="Models"), "name", "change_30d")[:1]]
    assert first == (name, None)


def test_lab_that_was_largely_not_read_before_has_no_change(open_page: Opener, own_simulated: Path) -> None:
    [(lab, name)] = read_rows(own_simulated, "select id, name from rankings where subject = 'lab' and rank = 1 limit 1")
    run_sql(
        own_simulated,
        f"update ranking_groups set downloads_30d_first_read = 0.06 * downloads_30d where lab = '{lab}'",
        f"update ranking_counts set downloads_30d_before = null, is_new = false where publisher_lab = '{lab}' and "
        f"downloads_30d = (select max(downloads_30d) from ranking_counts where publisher_lab = '{lab}')",
    )
    changes = dict(values(open_page(own_simulated, PAGE), "name", "change_30d"))
    assert changes[name] is None and None not in {changes[other] for other in list(changes)[:8] if other != name}
    sql = "select name, change is null from rankings where subject = 'lab' and period_days = 30 order by rank limit 3"
    assert [unknown for _, unknown in read_rows(own_simulated, sql)] == [True, False, False]


def test_labs_families_and_models_are_links(view_page: Opener, simulated: Path) -> None:
    for label, view in (("Labs", "lab"), ("Families", "family"), ("Models", "model")):
        columns = json.loads(view_page(simulated, PAGE, rank=label).dataframe[0].proto.columns)
        assert f"{view}\\?{view}=" in columns["name"]["type_config"]["display_text"]
