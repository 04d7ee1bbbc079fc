"""One day under every definition equals the Python API."""

import shutil
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from dashboards.data.definition import Definition
from dashboards.data.vocabulary import LAYERS, METRIC_NAMES, NOT_KNOWN
from dashboards.data.warehouse import NotReady, Store, open_store, rows
from dashboards.queries import contributors, crossovers, dominance, large_counts, overview
from dashboards.queries.shared import tracker
from tests.support.warehouse_file import read_rows

DAY = date(2026, 11, 20)
LAYERS_CHOSEN = (LAYERS, ("release",), ("derivative", "repackaged"))
DEFINITIONS = [
    Definition(lens, models, layers, below_1b, gguf)
    for models, lens, layers, below_1b, gguf in product(
        ("language", "all"), ("publisher", "root"), LAYERS_CHOSEN, (True, False), (True, False)
    )
]


@pytest.fixture(scope="module")
def store(simulated: Path) -> Store:
    """The simulated warehouse as the pages open it."""
    found = open_store(simulated)
    assert not isinstance(found, NotReady)
    return found[0]


@pytest.mark.parametrize(("group", "by"), [("country", "origin"), ("region", "region")])
def test_day_shares_equal_the_api_under_every_definition(store: Store, group: str, by: str) -> None:
    api, compared = tracker(store), 0
    for definition in DEFINITIONS:
        told = api.adoption(by=by, metric=list(METRIC_NAMES), since=DAY, until=DAY, **definition.switches)
        for metric in METRIC_NAMES:
            wanted = {
                row[by] or NOT_KNOWN: row[f"{metric}_share"]
                for row in told.to_dicts()
                if row[metric] is not None and row[f"{metric}_share"] is not None
            }
            assert overview.day_shares(store, definition, metric, group, DAY) == pytest.approx(wanted), definition
            compared += len(wanted)
    assert compared > 500


def test_change_of_a_share_is_over_30_days(store: Store) -> None:
    api, before = tracker(store), DAY - timedelta(days=30)
    shares = {
        day: dict(api.adoption(metric="downloads_30d", since=day, until=day).select("origin", "share").iter_rows())
        for day in (before, DAY)
    }
    found = overview.origin_table(store, Definition(), "downloads_30d", "country", DAY)
    changes = {row["code"]: row["share_change"] for row in found.to_dicts() if row["share_change"] is not None}
    assert changes == {code: pytest.approx(shares[DAY][code] - shares[before][code]) for code in changes}
    assert len(changes) > 5 and all(changes.values())


def test_day_shares_sum_to_one(store: Store) -> None:
    for definition, metric in product(DEFINITIONS, METRIC_NAMES):
        assert sum(overview.day_shares(store, definition, metric, "country", DAY).values()) == pytest.approx(1)


def test_unknown_layer_has_no_lead(simulated: Path, tmp_path: Path) -> None:
    shutil.copy(simulated / "tracker.duckdb", tmp_path)
    with duckdb.connect(str(tmp_path / "tracker.duckdb")) as connection:
        connection.execute(
            "update origin_days set likes = null where day = $day and origin = 'US' and layer = 'repackaged'",
            {"day": DAY},
        )
    found = open_store(tmp_path)
    assert not isinstance(found, NotReady)
    of = (found[0], Definition(layers=("release", "repackaged")))
    assert overview.day_values(found[0], Definition(layers=("repackaged",)), "likes", "country", DAY)["US"] is None
    assert crossovers.layer_leads(*of, "likes", "country", DAY, "CN", "US").keys() == {"release", "all"}


@pytest.mark.parametrize("group", ["country", "region"])
def test_lead_with_contested_organisations_the_other_way(store: Store, group: str) -> None:
    """The same as adding up all models, each with the country that its account then has."""
    pair = ("CN", "US") if group == "country" else ("China", "United States")
    regions = dict(rows(store, "select code, region from origins").iter_rows())
    models = rows(
        store,
        """select downloads_30d as value, author, publisher_origin as own, other_origin as other
        from model_days join models using (hub_id) left join organizations on handle = author
        where day = $day and task_class = 'language' and downloads_30d is not null""",
        {"day": DAY},
    ).to_dicts()
    values: dict[str, int] = {}
    for model in models:
        code = model["other"] or model["own"]
        code = code if group == "country" else regions.get(code, "Unknown")
        values[code] = values.get(code, 0) + model["value"]
    expected = (values[pair[0]] - values[pair[1]]) / sum(values.values())
    leads = crossovers.leads(store, Definition(), "downloads_30d", group, DAY, *pair)
    assert leads is not None and leads.difference != pytest.approx(expected, abs=1e-4)
    assert leads.moved["contested"] == pytest.approx(expected)
    contested = {model["author"] for model in models if model["other"]}
    assert leads.contested in contested
    by_base = crossovers.leads(store, Definition(lens="root"), "downloads_30d", group, DAY, *pair)
    assert by_base is not None and "contested" not in by_base.moved


def test_day_without_figures(store: Store) -> None:
    assert overview.day_shares(store, Definition(), "likes", "country", date(2020, 1, 1)) == {}
    assert overview.day_shares(store, Definition(layers=()), "likes", "country", DAY) == {}


@pytest.mark.parametrize("group", ["country", "region"])
def test_dominant_models_have_their_part_of_the_shares(store: Store, group: str) -> None:
    for definition in DEFINITIONS[::3]:
        for metric in ("downloads_30d", "downloads_all_time", "likes"):
            shares = overview.day_shares(store, definition, metric, group, DAY)
            pair = ("CN", "US") if group == "country" else ("China", "United States")
            found = dominance.dominant_models(store, definition, metric, group, DAY, pair)
            for row in found.iter_rows(named=True):
                assert row["share_of_all"] == pytest.approx(row["share_of_group"] * shares[row["code"]])
    assert dominance.dominant_models(store, Definition(), "models", group, DAY, pair).is_empty()


@pytest.mark.parametrize("lens", ["publisher", "root"])
def test_dominant_models_are_the_largest_of_each_country(store: Store, simulated: Path, lens: str) -> None:
    """Those with more than a tenth of the smaller of the two countries compared, by a plain recount."""
    weights = "select hub_id, publisher_origin, 1.0 from models"
    if lens == "root":
        weights = "select hub_id, root_origin, sum(weight) from lineage group by hub_id, root_origin"
    sql = f"select hub_id, repo_id, downloads_30d from model_days join models using (hub_id) where day = '{DAY}'"
    counters = {
        hub_id: (repo_id, downloads or 0)
        for hub_id, repo_id, downloads in read_rows(simulated, f"{sql} and task_class = 'language'")
    }
    values: dict[str, list[tuple[float, str]]] = {}
    for hub_id, origin, weight in read_rows(simulated, weights):
        if hub_id in counters:
            repo_id, downloads = counters[hub_id]
            values.setdefault(origin or "not_known", []).append((downloads * float(weight), repo_id))
    totals = {code: sum(value for value, _ in of) for code, of in values.items()}
    least = min(totals["CN"], totals["US"]) / 10
    expected = {code: (max(of)[1], max(of)[0] / totals[code]) for code, of in values.items() if max(of)[0] >= least}
    found = dominance.dominant_models(store, Definition(lens), "downloads_7d_mean", "country", DAY, ("CN", "US"))
    assert {row["code"]: row["repo_id"] for row in found.iter_rows(named=True)} == {
        code: repo_id for code, (repo_id, _) in expected.items()
    }
    for row in found.iter_rows(named=True):
        assert row["share_of_group"] == pytest.approx(expected[row["code"]][1])


def test_large_counts_answer_as_all_models_do(store: Store, simulated: Path, tmp_path: Path) -> None:
    without = changed_store(simulated, tmp_path, "delete from steps.comparison_days")
    compared = 0
    before, pair = DAY - timedelta(days=30), ("CN", "US")
    assert large_counts.days(store) == (DAY, before) and large_counts.days(without) == (None, None)
    for definition in DEFINITIONS:
        for metric in large_counts.METRICS:
            answers = [
                (
                    dominance.dominant_models(of, definition, metric, "country", DAY, pair),
                    contributors.contributors(of, definition, metric, "country", before, DAY),
                )
                for of in (store, without)
            ]
            for few, every in zip(*answers, strict=True):
                assert_frame_equal(few, every)
                compared += few.height
    assert compared > 10


def changed_store(simulated: Path, home: Path, *changes: str) -> Store:
    """A copy of the simulated warehouse, changed."""
    shutil.copy(simulated / "tracker.duckdb", home)
    with duckdb.connect(str(home / "tracker.duckdb")) as connection:
        for sql in changes:
            connection.execute(sql)
    found = open_store(home)
    assert not isinstance(found, NotReady)
    return found[0]


def test_days_of_a_part_are_not_in_the_series(simulated: Path, tmp_path: Path) -> None:
    last, inside = DAY, DAY - timedelta(days=7)
    part = f"update panel_days set segment = null where day in ('{last}', '{inside}')"
    after = f"update panel_days set flow_segment = null where day = '{last}'"
    api = tracker(changed_store(simulated, tmp_path, part, after))
    days = api.adoption(metric="downloads_30d")["day"]
    assert days.max() == last - timedelta(days=1)
    assert inside not in days.to_list() and inside - timedelta(days=1) in days.to_list()
    flows = api.adoption(metric=["downloads_30d", "downloads"])
    assert flows["day"].max() == last - timedelta(days=1)
    assert flows.filter(pl.col("day") == inside)["downloads_30d"].is_null().all() and inside in flows["day"].to_list()


@pytest.mark.parametrize("metric", ["downloads_30d", "downloads_7d_mean"])
def test_shares_of_different_segments_are_not_compared(simulated: Path, tmp_path: Path, metric: str) -> None:
    wider = f"update panel_days set segment = 2, flow_segment = 2 where day > '{DAY - timedelta(days=20)}'"
    store = changed_store(simulated, tmp_path, wider)
    assert overview.origin_table(store, Definition(), metric, "country", DAY)["share_change"].count() == 0
    assert not overview.is_comparable(store, "language", metric, DAY - timedelta(days=21), DAY)
    assert overview.is_comparable(store, "language", "downloads_30d", DAY - timedelta(days=18), DAY)


def test_days_known_as_one_sum_have_no_change(simulated: Path, tmp_path: Path) -> None:
    before = DAY - timedelta(days=30)
    spread = f"""
        update steps.crossover_observations set first_day = '{before - timedelta(days=9)}', last_day = '{before}'
        where metric = 'downloads' and day between '{before - timedelta(days=9)}' and '{before}'
    """
    store = changed_store(simulated, tmp_path, spread)
    means = overview.origin_table(store, Definition(), "downloads_7d_mean", "country", DAY)
    counters = overview.origin_table(store, Definition(), "downloads_30d", "country", DAY)
    assert means["share_change"].count() == 0 < counters["share_change"].count()
