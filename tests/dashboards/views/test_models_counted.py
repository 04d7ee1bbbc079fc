"""The control "Models" of the definition bar: each option changes the figures of pages to those of SQL."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from dashboards.data import format
from dashboards.data.definition import Definition
from dashboards.data.vocabulary import UNIVERSES
from dashboards.data.warehouse import NotReady, Store, open_store
from dashboards.navigation import ENTRIES
from dashboards.queries import compare, concentration, cross_origin, crossovers, family, momentum, overview, robustness
from dashboards.text.comparison import Comparison
from tests.support.app_page import LAYER, page_text
from tests.support.warehouse_file import read_rows, run_sql

Opener = Callable[..., AppTest]

DAY = date(2026, 11, 20)
MONTH = date(2026, 11, 1)
WHOLE = "all"
CONTROL = [entry for entry in ENTRIES if entry.uses is not None and "class" in entry.uses]


def counted(models: str) -> str:
    """SQL condition of the models counted."""
    return "true" if models == WHOLE else f"task_class = '{models}'"


def opened(home: Path) -> Store:
    found = open_store(home)
    assert not isinstance(found, NotReady)
    return found[0]


@pytest.fixture(scope="module")
def store(simulated: Path) -> Store:
    """The simulated warehouse as the pages open it."""
    return opened(simulated)


@pytest.fixture(params=UNIVERSES)
def models(request: pytest.FixtureRequest) -> str:
    """A task class, or all."""
    return str(request.param)


def test_every_class_has_models_of_its_own(simulated: Path) -> None:
    found = read_rows(simulated, "select task_class, sum(downloads_30d) from adoption_days group by task_class")
    assert {*UNIVERSES, None} - {WHOLE} <= {task_class for task_class, downloads in found if downloads}


def test_overview_counts_the_models_chosen(store: Store, simulated: Path, models: str) -> None:
    expected = read_rows(
        simulated,
        f"""select coalesce(origin, 'not_known'), sum(downloads_30d),
            sum(downloads_30d) / sum(sum(downloads_30d)) over ()
        from origin_days where day = '{DAY}' and lens = 'publisher' and {counted(models)}
        group by all having count(downloads_30d) > 0""",
    )
    of = (store, Definition(models=models), "downloads_30d", "country", DAY)
    assert overview.day_values(*of) == pytest.approx({code: value for code, value, _ in expected})
    assert overview.day_shares(*of) == pytest.approx({code: share for code, _, share in expected})
    assert expected


def test_new_derivatives_count_the_models_chosen(store: Store, simulated: Path, models: str) -> None:
    found = overview.derivative_months(store, models, 0, "country", None, 8)
    expected = read_rows(
        simulated,
        f"""select sum(derivatives) from derivatives_months
        where min_downloads = 0 and month = '2026-10-01' and {counted(models)}""",
    )
    assert (found.filter(pl.col("day") == date(2026, 10, 1))["value"].sum() or 0) == pytest.approx(expected[0][0] or 0)


def test_compare_counts_the_models_chosen(store: Store, simulated: Path, models: str) -> None:
    labs = tuple(
        lab
        for (lab,) in read_rows(
            simulated,
            f"""select lab from family_days where lens = 'publisher' and {counted(models)} and lab is not null
            and downloads_30d > 0 group by lab order by lab limit 5""",
        )
    )
    expected = read_rows(
        simulated,
        f"""select lab, sum(downloads_30d) from family_days
        where day = '{DAY}' and lens = 'publisher' and {counted(models)} and list_contains(?, lab) group by lab""",
        list(labs),
    )
    ((total,),) = read_rows(
        simulated,
        f"select sum(downloads_30d) from family_days where day = '{DAY}' and lens = 'publisher' and {counted(models)}",
    )
    found = compare.days(store, Definition(models=models), "labs", labs, Comparison("labs", labs, "30d"))
    last = found.filter(pl.col("day") == DAY)
    assert dict(last.select("code", "value").iter_rows()) == pytest.approx(dict(expected)) and expected
    assert last["total"].to_list() == pytest.approx([total] * len(last))


def test_family_counts_the_models_chosen(store: Store, simulated: Path, models: str) -> None:
    expected = read_rows(
        simulated,
        f"""select root_family, sum(weight * downloads_30d) from lineage join models using (hub_id)
        join latest_counts using (hub_id) where is_listed and root_family is not null and {counted(models)}
        group by all having sum(weight * downloads_30d) > 0""".replace("root_family", "lineage.root_family"),
    )
    found = family.families(store, models)
    assert {code: row["downloads_30d"] for code, row in found.items() if row["downloads_30d"]} == pytest.approx(
        dict(expected)
    )
    (largest, downloads), *_ = sorted(expected, key=lambda row: -row[1])
    assert next(iter(found)) == largest
    members = family.members(store, Definition(models=models), largest, ("layer",))
    assert members["downloads_30d"].sum() == pytest.approx(downloads)
    assert len(found) == read_rows(simulated, "select count(*) from families")[0][0], "all families are options"


@pytest.mark.parametrize("of", ["lab", "family", "model"])
def test_concentration_counts_the_models_chosen(store: Store, simulated: Path, models: str, of: str) -> None:
    expected = read_rows(
        simulated,
        f"""select hhi, members from concentration_days
        where day = '{DAY}' and lens = 'publisher' and of = '{of}' and task_class = '{models}'""",
    )
    found = concentration.measures(store, models, DAY, "day").filter(
        (pl.col("of") == of) & (pl.col("lens") == "publisher")
    )
    assert found.select("hhi", "members").rows() == expected and expected
    if of != "model":
        sums = f"""select {of}, sum(downloads) from family_days where day = '{DAY}' and lens = 'publisher'
            and {of} is not null and downloads is not null and {counted(models)} group by {of}"""
        downloads = [value for _, value in read_rows(simulated, sums)]
        assert expected[0] == (
            pytest.approx(sum((value / sum(downloads)) ** 2 for value in downloads), abs=1e-8), len(downloads)
        )  # fmt: skip


def test_matrix_counts_the_models_chosen(store: Store, simulated: Path, models: str) -> None:
    expected = read_rows(
        simulated, f"select sum(downloads) from origin_flows where month = '{MONTH}' and {counted(models)}"
    )
    found = cross_origin.matrix(store, Definition(models=models), MONTH, "downloads", 6)
    assert found["value"].sum() == pytest.approx(expected[0][0]) and expected[0][0]


def test_momentum_lists_the_models_chosen(own_simulated: Path) -> None:
    classes = [*(name for name in UNIVERSES if name != WHOLE), "other"]
    run_sql(own_simulated, "delete from momentum")
    for task_class in classes:
        run_sql(
            own_simulated,
            f"insert into models (hub_id, repo_id, task_class, released_on, is_listed) "
            f"values ('{task_class}', 'lab/{task_class}', '{task_class}', '2026-11-01', true)",
            f"insert into momentum (hub_id, age_days, ram_median, task_class, size_bucket, bucket_models, baseline) "
            f"values ('{task_class}', 7, 1.5, '{task_class}', '5-10', 6, '{DAY}')",
        )
    store = opened(own_simulated)
    for models in UNIVERSES:
        own = set(classes) if models == WHOLE else {models}
        rising = momentum.rising(store, models, "ram_median", date(2026, 10, 1), 100)
        assert set(rising["repo_id"]) == {f"lab/{name}" for name in own}
        assert set(momentum.releases(store, models, "5-10", "ram_median", date(2026, 10, 1))["hub_id"]) == own
        assert momentum.measured(store, models)["releases"].to_list() == [len(own)]


def test_crossovers_are_of_the_models_chosen(own_simulated: Path, models: str) -> None:
    run_sql(
        own_simulated,
        "delete from crossovers",
        *(
            f"insert into crossovers (metric, task_class, lens, layer, a, b, crossed_on) values "
            f"('downloads', '{name}', 'publisher', 'all', 'CN', 'US', date '2026-10-01' + {place})"
            for place, name in enumerate(UNIVERSES)
        ),
    )
    store, place = opened(own_simulated), list(UNIVERSES).index(models)
    found = crossovers.crossovers(store, Definition(models=models))
    assert found["crossed_on"].to_list() == [date(2026, 10, 1 + place)]
    assert robustness.interval(store, models)["crossed_on"].to_list() == [date(2026, 10, 1 + place)]


def test_robustness_counts_the_models_chosen(store: Store, simulated: Path, models: str) -> None:
    sql = f"select headline, definition, value from robustness where task_class = '{models}' order by number, headline"
    expected = read_rows(simulated, sql)
    assert robustness.headlines(store, models).select("headline", "definition", "value").rows() == expected
    assert expected


def test_all_includes_models_of_unknown_class(store: Store, simulated: Path) -> None:
    sql = f"""select sum(downloads_30d) filter (task_class is null), sum(downloads_30d) from origin_days
        where day = '{DAY}' and lens = 'publisher'"""
    ((unknown, whole),) = read_rows(simulated, sql)
    values = {
        name: sum(
            value or 0
            for value in overview.day_values(store, Definition(models=name), "downloads_30d", "country", DAY).values()
        )
        for name in UNIVERSES
    }
    assert unknown > 0 and values[WHOLE] == pytest.approx(whole)
    assert sum(value for name, value in values.items() if name != WHOLE) <= whole - unknown


def test_originals_include_only_a_labs_own_copies(own_simulated: Path) -> None:
    run_sql(
        own_simulated,
        "update origin_days set downloads_30d = 3 where layer = 'repackaged' and is_by_maker and day = '2026-11-20'",
    )
    sums = dict(
        read_rows(
            own_simulated,
            f"""select layer || if(is_by_maker, ' own', ''), sum(downloads_30d) from origin_days
            where day = '{DAY}' and lens = 'publisher' and task_class = 'language' group by all""",
        )
    )
    store = opened(own_simulated)

    def value(layer: str) -> float:
        found = overview.day_values(store, Definition(layers=(layer,)), "downloads_30d", "country", DAY)
        return sum(one or 0 for one in found.values())

    assert sums["repackaged own"] > 0 and sums["repackaged"] > 0
    assert value("release") == pytest.approx(sums["release own"] + sums["repackaged own"])
    assert value("repackaged") == pytest.approx(sums["repackaged"])


def test_own_copies_are_originals_on_every_page(store: Store, simulated: Path) -> None:
    originals = Definition(layers=("release",))
    condition = f"{LAYER} = 'release' and task_class = 'language'"
    ((flows,),) = read_rows(
        simulated, f"select sum(downloads) from origin_flows where month = '{MONTH}' and {condition}"
    )
    assert cross_origin.matrix(store, originals, MONTH, "downloads", 6)["value"].sum() == pytest.approx(flows)
    own = (
        "select lineage.root_family from models join lineage using (hub_id) where layer = 'repackaged' and is_by_maker "
    )
    (name,), *_ = read_rows(simulated, f"{own} and task_class = 'language' and lineage.root_family is not null limit 1")
    ((count,),) = read_rows(simulated, f"select count(*) from family_members where family = '{name}' and {condition}")
    ((strict,),) = read_rows(
        simulated, f"select count(*) from family_members where family = '{name}' and {condition} and layer = 'release'"
    )
    assert len(family.top_models(store, originals, name, 1000)) == count > strict


@pytest.mark.parametrize("entry", CONTROL, ids=lambda entry: entry.view)
def test_link_restores_the_control_on_each_page(view_page: Opener, simulated: Path, entry: object) -> None:
    app = view_page(simulated, f"views/{entry.view}.py", **{"class": "Vision"})  # type: ignore[attr-defined]
    assert not app.exception
    assert {one.key: one.value for one in app.button_group}["class"] == "vision"
    assert app.query_params["class"] in ("Vision", ["Vision"])


def test_choice_carries_over_between_pages(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated)
    control = next(one for one in app.button_group if one.key == "class")
    assert control.value == "language"
    control.set_value("all").run()
    for view in ("concentration", "lineage", "cross_origin", "compare"):
        app.switch_page(f"views/{view}.py").run()
        assert not app.exception
        assert {one.key: one.value for one in app.button_group}.get("class", "all") == "all"
    assert {one.key: one.value for one in app.button_group}["class"] == "all"


def test_single_models_of_compare_do_not_change_the_class(open_page: Opener, simulated: Path) -> None:
    (name,), *_ = read_rows(simulated, "select repo_id from models join latest_counts using (hub_id) order by rank_30d")
    app = open_page(simulated, "views/compare.py", compare="Models", models=name, **{"class": "Vision"})
    assert not app.exception
    assert next(one for one in app.multiselect if one.key == "models").value == [name]
    next(one for one in app.button_group if one.key == "compare").set_value("labs").run()
    assert not app.exception
    assert {one.key: one.value for one in app.button_group}["class"] == "vision"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({}, "of downloads of language models on Hugging Face"),
        ({"class": "Encoders"}, "of downloads of encoders on Hugging Face"),
        ({"class": "All"}, "of downloads on Hugging Face"),
        ({"class": "nonsense"}, "of downloads of language models on Hugging Face"),
    ],
)
def test_headline_names_the_models_and_equals_sql(
    open_page: Opener, simulated: Path, query: dict[str, str], words: str
) -> None:
    models = {"Encoders": "encoder", "All": WHOLE}.get(query.get("class", ""), "language")
    sql = f"""
        select name, sum(downloads_30d) / sum(sum(downloads_30d)) over () as share from origin_days
        left join origins on code = origin where day = '{DAY}' and lens = 'publisher' and {counted(models)}
        group by name, origin order by origin not in ('CN', 'US'), share desc
    """
    (first, share), *_ = read_rows(simulated, sql)
    text = page_text(open_page(simulated, **query)).replace("the United", "United")
    assert f"Models from {first} get {format.percent(share)} {words}" in text
