"""The page Models: every filter equals a condition in SQL and is restored from a link."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboards.queries.models import CHOICES, FLAGS, SPANS
from tests.support.app_page import page_text, shown_table
from tests.support.slow import first_of
from tests.support.warehouse_file import read_rows

Opener = Callable[..., AppTest]
PAGE = "views/models.py"
ALL = {"class": "All"}


FILTERED: dict[str, tuple[dict[str, str | list[str]], str]] = {
    "origin": ({"origin": ["China", "Unaffiliated"]}, "publisher_origin in ('CN', 'unaffiliated')"),
    "lab": ({"lab": "Alibaba"}, "publisher_lab = 'alibaba'"),
    "no lab": ({"lab": "Not known"}, "publisher_lab is null"),
    "layer": ({"layer": "Quantized copy"}, "layer = 'repackaged'"),
    "family": ({"family": ["Qwen", "Not known"]}, "family = 'qwen' or family is null"),
    "generation": ({"generation": "EXAONE 3.0"}, "generation = 'EXAONE 3.0'"),
    "role": ({"role": "Not registered"}, "publisher_role = 'unknown'"),
    "root origin": ({"root_origin": "United States"}, "root_origin = 'US'"),
    "root family": ({"root_family": "EXAONE"}, "root_family = 'exaone'"),
    "size": ({"size": ["<1", "Not known"]}, "size_bucket = '<1' or size_bucket is null"),
    "source of the size": ({"params_source": "Its name"}, "params_source = 'name'"),
    "access": ({"gated": "Gated, granted manually"}, "gated = 'manual'"),
    "task": ({"task": "text-generation"}, "pipeline_tag = 'text-generation'"),
    "library": ({"library": "transformers"}, "library_name = 'transformers'"),
    "licence": ({"licence": "mit"}, "license = 'mit'"),
    "mixed": ({"mixed": "Yes"}, "is_mixed_origin"),
    "gguf": ({"gguf_repo": "No"}, "not is_gguf"),
    "disabled": ({"disabled": "Yes"}, "is_disabled"),
    "listed": ({"listed": "No"}, "not is_listed"),
    "released": (
        {"released": ["2025-01-01", "2025-12-31"]}, "released_on between '2025-01-01' and '2025-12-31'",
    ),
    "created": ({"created": ["2026-10-01", "2026-11-20"]}, "created_at::date >= '2026-10-01'"),
    "modified": ({"modified": ["2022-03-01", "2025-06-30"]}, "last_modified::date <= '2025-06-30'"),
    "first read": ({"first_seen": ["2026-10-01", "2026-11-20"]}, "first_seen >= '2026-10-01'"),
    "last read": ({"last_seen": ["2026-09-01", "2026-11-01"]}, "last_seen <= '2026-11-01'"),
    "several": (
        {"origin": "China", "layer": "Original", "q": "QWEN", "gguf_repo": "No"},
        "publisher_origin = 'CN' and layer = 'release' and repo_id ilike '%qwen%' and not is_gguf",
    ),
}  # fmt: skip
"""Filter -> query parameters, and the condition in SQL."""


@pytest.mark.parametrize("name", first_of(FILTERED, 4))
def test_filter_equals_its_sql_condition(view_page: Opener, simulated: Path, name: str) -> None:
    query, condition = FILTERED[name]
    [(total, every)] = read_rows(simulated, f"select count(*) filter ({condition}), count(*) from models")
    app = view_page(simulated, PAGE, rows="2000", **ALL, **query)
    assert not app.exception
    assert total != every
    if total == 0:
        assert app.info[0].value == "No model matches. Change the search or remove a filter."
    else:
        names = read_rows(simulated, f"select repo_id from models where {condition}")
        assert sorted(shown_table(app)["repo_id"]) == sorted(name for (name,) in names)


def test_every_filter_is_covered() -> None:
    covered = {key for query, _ in FILTERED.values() for key in query}
    assert {*CHOICES, *FLAGS, *SPANS} <= covered


ORDERED = {
    "All-time downloads": "downloads_all_time desc nulls last",
    "Likes": "likes desc nulls last",
    "Newest": "released_on desc nulls last",
    "Name": "lower(repo_id)",
}


@pytest.mark.parametrize("order", first_of(ORDERED, 2))
def test_sorting_equals_sql(view_page: Opener, simulated: Path, order: str) -> None:
    sql = f"""
        select repo_id, downloads_30d, rank_30d from models left join latest_counts using (hub_id)
        order by {ORDERED[order]}, hub_id limit 100
    """
    app = view_page(simulated, PAGE, sort=order, **ALL)
    table = shown_table(app)
    expected = read_rows(simulated, sql)
    assert table["repo_id"].tolist() == [name for name, *_ in expected]
    for column, number in (("downloads_30d", 1), ("rank_30d", 2)):
        assert table[column].astype(object).where(table[column].notna(), None).tolist() == [r[number] for r in expected]
    [(total,)] = read_rows(simulated, "select count(*) from models")
    words = {"Newest": "newest first", "Name": "by name"}.get(order, f"by {order.lower()}")
    assert f"The first 100 of {total:,} models, {words}. Tick a row to open its model." in page_text(app)


def test_invalid_parameters_filter_nothing(open_page: Opener, simulated: Path) -> None:
    app = open_page(
        simulated,
        PAGE,
        origin="Atlantis",
        mixed="perhaps",
        released=["yesterday"],
        created="2999-01-01",
        sort="'; drop",
        **ALL,
    )
    assert not app.exception
    [(total,)] = read_rows(simulated, "select count(*) from models")
    assert f"of {total:,} models, by 30-day downloads" in page_text(app)


def test_language_models_are_shown_by_default(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE, rows="2000")
    names = read_rows(simulated, "select repo_id from models where task_class = 'language'")
    assert sorted(shown_table(app)["repo_id"]) == sorted(name for (name,) in names)
    [(encoder,)] = read_rows(simulated, "select min(repo_id) from models where task_class = 'encoder'")
    app = view_page(simulated, PAGE, q=encoder)
    assert app.info[0].value.startswith("None of the language models matches, but there")


def test_row_leads_to_its_model(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated, PAGE, sort="Name")
    name = shown_table(app)["repo_id"][2]
    app.session_state[app.dataframe[0].key] = {"selection": {"rows": [2], "columns": [], "cells": []}}
    app.run()
    assert not app.exception
    assert app.title[0].value.replace("\\", "") == name
    assert app.query_params["model"] in (name, [name])


def test_carried_filters_are_restored_and_nothing_else(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE, filters="origin=China&q=qwen&embed=true&filters=q%3Dx&model=a%2Fb")
    assert not app.exception
    assert dict(app.query_params) == {"origin": "China", "q": "qwen"}
    assert app.text_input[0].value == "qwen"


@pytest.mark.parametrize("filters", first_of(["nonsense", "%00=%ff&&=", "", "embed=true", "q="], 2))
def test_invalid_carried_filters_show_all_models(view_page: Opener, simulated: Path, filters: str) -> None:
    app = view_page(simulated, PAGE, filters=filters)
    assert not app.exception
    assert app.text_input[0].value == "" and "models, by 30-day downloads" in page_text(app)


def test_changes_of_7_and_30_days_equal_sql(open_page: Opener, simulated: Path) -> None:
    expected = read_rows(
        simulated,
        """
        with weeks as (
            select hub_id, sum(downloads) filter (day > date '2026-11-13') as now,
                sum(downloads) filter (day <= date '2026-11-13') as before
            from model_flows where day > date '2026-11-06' group by hub_id
        )
        select repo_id,
            case when is_listed then 100 * (c.downloads_30d - d.downloads_30d) / nullif(d.downloads_30d, 0) end,
            100 * (now - before) / nullif(before, 0)
        from models left join latest_counts as c using (hub_id) left join weeks using (hub_id)
        left join model_days as d on d.hub_id = models.hub_id and d.day = date '2026-10-21'
        where task_class = 'language' order by c.downloads_30d desc nulls last, hub_id limit 50
        """,
    )
    table = shown_table(open_page(simulated, PAGE)).head(50)
    assert table["repo_id"].tolist() == [name for name, *_ in expected]
    for column, number in (("change_30d_percent", 1), ("change_7d_percent", 2)):
        known = [row[number] for row in expected if row[number] is not None]
        assert table[column].dropna().tolist() == pytest.approx(known) and known


def test_family_chosen_on_its_page_is_no_filter(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated, "views/family.py", family="Llama")
    assert app.session_state["family"] == "llama"
    app.switch_page("views/models.py")
    app._page_hash = calc_hash("models")
    app.run()
    assert not app.exception and not app.session_state["family"]
