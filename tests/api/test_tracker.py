"""The Python API: its frames agree with the public tables, and its errors list the allowed values."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import tracker
from tests.support.simulated_home import simulated as simulated
from tests.support.slow import first_of, slow
from tests.support.warehouse_file import read_rows, run_sql
from tracker.api.queries import GROUPS
from tracker.api.tracker import LENSES, METRICS, Tracker
from tracker.errors import DataError, UsageError
from tracker.registry.load import load
from tracker.version import VERSION

LAST = date(2026, 11, 20)
SAME_TABLES = ("layer", "lab", "generation")
"""Groupings of the same tables as origin and family."""


@pytest.fixture(scope="module")
def api(simulated: Path) -> Tracker:
    """The API over the simulated home."""
    return tracker.open(simulated)


def test_adoption_by_origin_equals_the_table(api: Tracker) -> None:
    frame = api.adoption(by="origin", lens="root", layer="release", metric="downloads_30d")
    days = api.sql("select day, lens, origin, layer, downloads_30d from adoption_days where task_class = 'language'")
    expected = (
        days.filter((pl.col("lens") == "root") & (pl.col("layer") == "release") & pl.col("downloads_30d").is_not_null())
        .group_by("day", "origin")
        .agg(pl.col("downloads_30d").sum())
    )
    assert frame.columns == ["day", "origin", "downloads_30d", "share", "segment"]
    assert frame.height == expected.height
    both = frame.join(expected, on=["day", "origin"], nulls_equal=True, suffix="_expected")
    assert both.height == frame.height
    assert both["downloads_30d"].to_list() == pytest.approx(both["downloads_30d_expected"].to_list())


@pytest.mark.parametrize("by", GROUPS)
@pytest.mark.parametrize("lens", LENSES)
def test_shares_of_a_day_sum_to_one(api: Tracker, by: str, lens: str) -> None:
    frame = api.adoption(by=by, lens=lens, metric="downloads")
    assert frame.columns == ["day", by, "downloads", "share", "segment"]
    totals = frame.group_by("day").agg(pl.col("share").sum())["share"].to_list()
    assert totals == pytest.approx([1.0] * len(totals)) and totals


@pytest.mark.parametrize("by", ["origin", *map(slow, ("family", *SAME_TABLES))])
@pytest.mark.parametrize(
    ("switches", "condition"),
    [
        ({}, "task_class = 'language'"),
        ({"models": "all"}, "true"),
        ({"models": "encoder"}, "task_class = 'encoder'"),
        ({"models": "all", "below_1b": False}, "models.size_bucket is distinct from '<1'"),
        ({"models": "all", "gguf": False}, "not models.is_gguf"),
        (
            {"models": "all", "below_1b": False, "gguf": False},
            "models.size_bucket is distinct from '<1' and not models.is_gguf",
        ),
    ],
    ids=["language", "all", "encoders", "from 1B on", "no GGUF", "neither"],
)
def test_switches_choose_the_models_counted(api: Tracker, by: str, switches: Mapping[str, Any], condition: str) -> None:
    frame = api.adoption(by=by, metric="downloads", since=LAST, **switches)
    flows = "select sum(downloads) as downloads from model_flows join models using (hub_id)"
    expected = api.sql(f"{flows} where day = '{LAST}' and {condition}")
    assert frame["downloads"].sum() == pytest.approx(expected["downloads"][0]) and frame.height


def test_small_models_can_be_excluded_by_size(api: Tracker) -> None:
    sizes = api.adoption(by="size_bucket", metric="models")
    assert (
        sizes.filter(pl.col("size_bucket") != "<1")
        .drop("share")
        .equals(api.adoption(by="size_bucket", metric="models", below_1b=False).drop_nulls("size_bucket").drop("share"))
    )


@pytest.mark.parametrize("metric", METRICS)
def test_both_lenses_have_the_same_total(api: Tracker, metric: str) -> None:
    published, rooted = (api.adoption(lens=lens, metric=metric, since=LAST)[metric].sum() for lens in LENSES)
    assert published == pytest.approx(rooted, rel=1e-6) and published > 0


@pytest.mark.parametrize("by", first_of(["origin", "family", "region", "lab", "generation", "layer", "size_bucket"], 2))
@pytest.mark.parametrize("lens", LENSES)
def test_chosen_groups_keep_their_share_of_all(api: Tracker, by: str, lens: str) -> None:
    every = api.adoption(by=by, lens=lens, metric="downloads_30d", below_1b=False)
    expected = every.drop_nulls(by).filter(pl.col(by).is_in(every[by].drop_nulls().unique().sort().head(2)))
    of = expected[by].unique().to_list()
    some = api.adoption(by=by, lens=lens, metric="downloads_30d", below_1b=False, of=of)
    assert some.drop("share").equals(expected.drop("share")) and some.height
    assert some["share"].to_list() == pytest.approx(expected["share"].to_list())


@pytest.mark.parametrize("of", [None, ["CN", "US"]])
def test_several_metrics_equal_each_metric_alone(api: Tracker, of: list[str] | None) -> None:
    metrics = ("downloads_7d_mean", "downloads_30d", "models")
    together = api.adoption(lens="root", metric=metrics, of=of)
    assert together.columns == [
        "day",
        "origin",
        *(name for one in metrics for name in (one, f"{one}_share")),
        "segment",
    ]
    assert together.select(metrics).null_count().sum_horizontal()[0], "no day lacks one of the metrics"
    for metric in metrics:
        alone = api.adoption(lens="root", metric=metric, of=of).sort("day", "origin")
        known = together.filter(pl.col(metric).is_not_null()).sort("day", "origin")
        assert known.select("day", "origin").equals(alone.select("day", "origin")) and alone.height
        for name, expected in ((metric, metric), (f"{metric}_share", "share")):
            assert known[name].to_list() == pytest.approx(alone[expected].to_list())


def expected_counts(api: Tracker, repo_id: str, metric: str) -> dict[date, float]:
    """Count one repository in plain Python: known days, and 7-day means over at least four known days."""
    is_flow = metric in ("downloads", "downloads_7d_mean")
    table, column = ("model_flows", "downloads") if is_flow else ("model_days", metric)
    sql = f"select day, {column} from {table} join models using (hub_id) where repo_id = '{repo_id}'"
    known = {day: float(value) for day, value in api.sql(sql).iter_rows() if value is not None}
    if metric != "downloads_7d_mean":
        return known
    weeks = {day: [known[near] for near in known if abs((near - day).days) <= 3] for day in known}
    return {day: sum(week) / len(week) for day, week in weeks.items() if len(week) >= 4}


@pytest.mark.parametrize("metric", ["downloads", "downloads_7d_mean", "downloads_30d", "downloads_all_time", "likes"])
def test_counts_equal_plain_python(api: Tracker, metric: str) -> None:
    names = api.sql(
        "select repo_id from models join model_days using (hub_id) group by repo_id "
        "order by count(*) desc, max(downloads_all_time) desc nulls last, repo_id limit 3"
    )["repo_id"].to_list()
    frame = api.counts(names, metric)
    assert frame.columns == ["day", "repo_id", metric]
    for name in names:
        found = dict(frame.filter(pl.col("repo_id") == name).select("day", metric).iter_rows())
        expected = expected_counts(api, name, metric)
        assert found.keys() == expected.keys() and found
        assert [found[day] for day in expected] == pytest.approx(list(expected.values()))
    assert set(frame["repo_id"]) == set(names)


def test_first_release_is_the_earliest_model_or_registry_day(api: Tracker) -> None:
    models = api.sql("select publisher_lab as lab, family, generation, released_on from models where layer = 'release'")
    for by in ("lab", "family"):
        earliest: dict[str, date] = {}
        for name, day in models.select(by, "released_on").drop_nulls().iter_rows():
            earliest[name] = min(day, earliest.get(name, day))
        assert dict(api.first_releases(by).iter_rows()) == earliest
    named = dict(api.sql("select generation, released_on from generations where released_on is not null").iter_rows())
    found = dict(api.first_releases("generation").iter_rows())
    both = found.keys() & named.keys()
    assert both and {name: found[name] for name in both} == {name: named[name] for name in both}


@pytest.mark.parametrize("by", GROUPS)
def test_family_restricts_adoption_and_shares(api: Tracker, by: str) -> None:
    frame = api.adoption(by=by, lens="root", metric="downloads_30d", family="qwen")
    totals = frame.group_by("day").agg(pl.col("downloads_30d").sum(), pl.col("share").sum()).sort("day")
    whole = api.sql(
        "select day, sum(downloads_30d) as downloads_30d from family_days "
        "where lens = 'root' and task_class = 'language' and family = 'qwen' and downloads_30d is not null "
        "group by day order by day"
    )
    assert totals["downloads_30d"].to_list() == pytest.approx(whole["downloads_30d"].to_list()) and totals.height
    assert totals["share"].to_list() == pytest.approx([1.0] * totals.height)


@pytest.mark.parametrize(
    ("switches", "condition"),
    [
        ({}, "task_class = 'language'"),
        ({"models": "all", "layer": ["release", "derivative"]}, "layer in ('release', 'derivative')"),
        ({"models": "all", "below_1b": False}, "size_bucket is distinct from '<1'"),
        (
            {"models": "all", "gguf": False, "by_maker": False},
            "not is_gguf and publisher_lab is distinct from 'alibaba'",
        ),
    ],
)
def test_family_members_are_summed_by_weight(api: Tracker, switches: Any, condition: str) -> None:
    frame = api.members("qwen", by=("layer", "origin"), **switches)
    expected = api.sql(f"""
        select
            layer, publisher_origin as origin, sum(weight) as models, sum(weight * downloads_30d) as downloads
        from lineage
        join models using (hub_id)
        left join latest_counts using (hub_id)
        where lineage.root_family = 'qwen' and is_listed and {condition}
        group by all
    """)
    both = frame.join(expected, on=["layer", "origin"], nulls_equal=True, suffix="_expected")
    assert both.height == frame.height == expected.height > 0
    assert both["models"].to_list() == pytest.approx(both["models_expected"].to_list())
    assert both["downloads_30d"].to_list() == pytest.approx(both["downloads"].to_list())


def test_family_members_agree_with_family_days(api: Tracker) -> None:
    days = api.adoption(by="family", lens="root", metric="downloads_30d", since=LAST)
    expected = dict(days.select("family", "downloads_30d").drop_nulls().iter_rows())
    assert len(expected) > 5
    for family, downloads in expected.items():
        assert api.members(family)["downloads_30d"].sum() == pytest.approx(downloads)


def test_used_links_have_shares_that_sum_to_one(api: Tracker) -> None:
    odd = api.sql("""
        select child_id, parent_ref from edges where is_used except select child_id, parent_ref from used_edges
        union all select child_id, null from used_edges group by child_id having abs(sum(share) - 1) > 1e-9
    """)
    assert odd.is_empty()
    assert api.sql("select count(*) as n from used_edges where share < 1")["n"][0] > 0


def test_descendants_of_a_root_equal_lineage(api: Tracker) -> None:
    root = api.sql("select root_id from lineage where depth > 0 group by all order by count(*) desc limit 1").item()
    expected = api.sql(f"select hub_id, depth, weight from lineage where root_id = '{root}' and depth > 0")
    both = api.descendants(root).join(expected, on="hub_id", suffix="_expected")
    assert both.height == expected.height > 1
    assert both["steps"].to_list() == both["depth"].to_list()
    assert both["weight"].to_list() == pytest.approx(both["weight_expected"].to_list())


def test_ancestors_of_a_merge_end_in_its_roots(api: Tracker) -> None:
    merge = api.sql("select hub_id from lineage group by all order by count(*) desc limit 1").item()
    found = api.ancestors(merge).filter("is_root")
    expected = api.sql(f"select root_ref, weight from lineage where hub_id = '{merge}' order by root_ref")
    assert found.sort("repo_id")["repo_id"].to_list() == expected["root_ref"].to_list()
    assert found.sort("repo_id")["weight"].to_list() == pytest.approx(expected["weight"].to_list())


def test_regions_are_the_registrys_and_unaffiliated(api: Tracker) -> None:
    regions = set(api.adoption(by="region")["region"])
    assert {"China", "United States", "unaffiliated"} <= regions
    assert regions <= {"China", "United States", "Europe", "Other", "Unknown", "unaffiliated", None}


def test_queries_run_through_the_given_runner(api: Tracker) -> None:
    queries: list[str] = []

    def run(sql: str, values: Mapping[str, Any]) -> pl.DataFrame:
        queries.append(sql)
        return api.run(sql, values)

    through = Tracker(api.warehouse, run)
    assert through.adoption(since=LAST).equals(api.adoption(since=LAST)) and len(queries) == 1


def test_since_and_until_bound_the_days(api: Tracker) -> None:
    frame = api.adoption(since="2026-11-18", until=LAST - timedelta(days=1))
    assert (frame["day"].min(), frame["day"].max()) == (date(2026, 11, 18), date(2026, 11, 19))


def test_several_layers_are_summed(api: Tracker) -> None:
    both = api.adoption(layer=("release", "derivative"))["downloads"].sum()
    assert both == pytest.approx(sum(api.adoption(layer=one)["downloads"].sum() for one in ("release", "derivative")))


def test_models_are_filtered_and_sorted_by_downloads(api: Tracker) -> None:
    frame = api.models(origin=["CN"], layer="release", limit=5)
    assert set(frame["publisher_origin"]) == {"CN"} and set(frame["layer"]) == {"release"}
    assert frame.height == 5
    assert frame["downloads_30d"].to_list() == sorted(frame["downloads_30d"].to_list(), reverse=True)
    name = frame["repo_id"][0]
    assert name in api.models(search=name.upper())["repo_id"].to_list()
    assert api.models(search="no such name at all").is_empty()
    assert set(api.models(lab="google")["publisher_lab"]) == {"google"}


def test_methods_named_after_a_table_return_it(api: Tracker) -> None:
    for models in ("language", "all"):
        for name in ("crossovers", "robustness"):
            rows: pl.DataFrame = getattr(api, name)(models)
            expected = api.sql(f"select count(*) as rows from {name} where task_class = '{models}'")["rows"][0]
            assert rows.height == expected > 0
    for models, condition in (("language", "task_class = 'language'"), ("all", "true")):
        for name in ("origin_flows", "momentum"):
            frame: pl.DataFrame = getattr(api, name)(models)
            assert frame.height == api.sql(f"select count(*) as rows from {name} where {condition}")["rows"][0]
        assert api.origin_flows(models).height > 0
    assert {"repo_id", "age_days", "ram_median", "ram_tenth", "baseline"} <= set(api.momentum().columns)


def test_maker_copies_count_as_release_on_request(api: Tracker) -> None:
    by_layer = {
        value: dict(
            api.adoption(by="layer", metric="models", since=LAST, maker_copies_as_release=value)
            .select("layer", "models")
            .iter_rows()
        )
        for value in (False, True)
    }
    copies = api.sql(f"""
        select count(*) as n from models join model_days using (hub_id)
        where day = '{LAST}' and layer = 'repackaged' and is_by_maker and task_class = 'language'
    """)["n"][0]
    assert copies > 0
    assert by_layer[True]["release"] - by_layer[False]["release"] == pytest.approx(copies)
    assert by_layer[False]["repackaged"] - by_layer[True]["repackaged"] == pytest.approx(copies)


def test_published_figures_have_one_row_each(api: Tracker) -> None:
    frame = api.reproductions()
    ours = api.sql("select figure, our_value, gap, because from reproductions order by figure")
    assert frame.height == len(load().published) == ours.height
    assert frame.sort("figure").select(ours.columns).equals(ours)


def list_recount(home: Path, names: Iterable[str], day: date) -> tuple[dict[str, int | None], int]:
    """The all-time downloads of the models of a list on a day by figure, in plain Python, and how many were read."""
    sql = (
        "select repo_id, publisher_origin, author, downloads_all_time from models join model_days using (hub_id) "
        f"where day = '{day}'"
    )
    read = [row for row in read_rows(home, sql) if row[0] in set(names)]
    subjects = {"atom-cumulative-china": "CN", "atom-cumulative-us": "US", "atom-cumulative-qwen": "Qwen"}
    of = {figure: [row[3] for row in read if subject in row[1:3]] for figure, subject in subjects.items()}
    return {figure: sum(counters) if counters else None for figure, counters in of.items()}, len(read)


def test_list_downloads_adds_up_the_counters_of_one_day(simulated: Path, api: Tracker) -> None:
    names = api.sql("select repo_id from models where publisher_origin in ('CN', 'US') order by hub_id limit 60")
    listed = names["repo_id"].to_list()
    found = api.list_downloads([*listed, listed[0], listed[0].upper(), "nobody/none"])
    sums, read = list_recount(simulated, listed, LAST)
    assert dict(found.select("figure", "our_value").iter_rows()) == sums
    assert set(found.select("matched", "read_on_day", "counted", "unmatched").iter_rows()) == {(60, read, read, 2)}
    assert set(found.select("our_since", "our_until", "gap").iter_rows()) == {(LAST, LAST, None)}
    assert api.list_downloads(["nobody/none"]).is_empty()


def test_list_downloads_leaves_out_what_was_read_on_another_day(simulated: Path, tmp_path: Path) -> None:
    shutil.copy(simulated / "tracker.duckdb", tmp_path)
    run_sql(
        tmp_path,
        f"delete from model_days where day = '{LAST}' and hub_id in (from models select hub_id where author = 'Qwen' "
        "and repo_id != (select max(repo_id) from models where author = 'Qwen'))",
        "update published_figures set since = '2026-10-01', until = '2026-10-20' where figure = 'atom-cumulative-us'",
    )
    names = [name for (name,) in read_rows(simulated, "select repo_id from models where author in ('Qwen', 'google')")]
    [(kept,)] = read_rows(simulated, "select max(repo_id) from models where author = 'Qwen'")
    found = {row["figure"]: row for row in tracker.open(tmp_path).list_downloads(names).to_dicts()}
    qwen, states = found["atom-cumulative-qwen"], found["atom-cumulative-us"]
    counter = read_rows(simulated, "select downloads_all_time from models join model_days using (hub_id) "
                        f"where day = '{LAST}' and repo_id = '{kept}'")  # fmt: skip
    assert [(qwen["our_value"],)] == counter, "earlier readings of the others are of another day"
    assert qwen["matched"] == len(names) and qwen["read_on_day"] < len(names) - 1
    sums, read = list_recount(simulated, names, date(2026, 10, 20))
    assert (states["our_until"], states["our_value"], states["read_on_day"]) == (
        date(2026, 10, 20), sums["atom-cumulative-us"], read,
    )  # fmt: skip
    assert states["is_same_time"] and states["gap"] == states["our_value"] - 723_000_000


def test_derivatives_are_above_the_threshold(api: Tracker) -> None:
    sums = [api.derivatives(least)["derivatives"].sum() for least in (0, 5, 50)]
    assert sums == sorted(sums, reverse=True) and sums[0] > 0
    assert set(api.derivatives(0, family="qwen")["root_family"]) == {"qwen"}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda t: t.adoption(by="country"),
            "by must be one of origin, region, lab, family, generation, layer, size_bucket, not",
        ),
        (lambda t: t.counts("a/b", "models"), "metric must be one of downloads, downloads_7d_mean"),
        (lambda t: t.first_releases("origin"), "by must be one of lab, family, generation"),
        (lambda t: t.adoption(by="size_bucket", gguf=False), "By size_bucket, GGUF repositories cannot be left out"),
        (lambda t: t.adoption(lens="both"), "lens must be one of publisher, root, not 'both'"),
        (lambda t: t.adoption(layer=["release", "x"]), "layer must be one of release, derivative, repackaged, other"),
        (lambda t: t.adoption(metric="a; drop"), "metric must be one of downloads, downloads_7d_mean, downloads_30d"),
        (lambda t: t.adoption(metric=["likes", "x"]), "metric must be one of downloads, downloads_7d_mean"),
        (lambda t: t.adoption(metric=[]), "metric must name one metric or more"),
        (lambda t: t.adoption(since="yesterday"), "since must be a day such as 2026-08-19, not 'yesterday'"),
        (lambda t: t.adoption(until="2026-13-01"), "until must be a day such as"),
        (lambda t: t.models(layer="x"), "layer must be one of"),
        (
            lambda t: t.members("qwen", by="repo_id"),
            "by must be one of layer, size_bucket, is_gguf, origin, author, not",
        ),
        (lambda t: t.descendants("x", relation="copy"), "relation must be one of finetune, adapter, quantized, merge"),
        (lambda t: t.models(limit=0), "limit must be 1 or more, not 0"),
        (lambda t: t.derivatives(min_downloads=7), "min_downloads must be one of 0, 5, 50, not 7"),
        (lambda t: t.sql("drop table models"), "only reads: DROP is refused"),
        (lambda t: t.sql("selekt"), "This SQL cannot be parsed"),
    ],
)
def test_argument_error_lists_the_allowed_values(api: Tracker, call: Callable[[Tracker], Any], message: str) -> None:
    with pytest.raises(UsageError) as raised:
        call(api)
    assert message in str(raised.value)


SAME: list[tuple[Callable[[Tracker], pl.DataFrame], Callable[[Tracker], pl.DataFrame]]] = [
    (lambda t: t.adoption(of=["cn", "United States"]), lambda t: t.adoption(of=["CN", "US"])),
    (lambda t: t.adoption(by="Region", of="europe", lens="ROOT"), lambda t: t.adoption("region", "root", of="Europe")),
    (lambda t: t.adoption(by="lab", of="mistral AI"), lambda t: t.adoption(by="lab", of="mistral")),
    (lambda t: t.adoption(family="Mistral"), lambda t: t.adoption(family="mistral")),
    (lambda t: t.adoption(by="layer", of="Fine-tune"), lambda t: t.adoption(by="layer", of="derivative")),
    (lambda t: t.models(origin="usa", lab=["GOOGLE"]), lambda t: t.models(origin="US", lab=["google"])),
    (lambda t: t.members("Qwen", models="Language"), lambda t: t.members("qwen")),
    (lambda t: t.derivatives(family="QWEN"), lambda t: t.derivatives(family="qwen")),
    (lambda t: t.root_derivatives("family", "Qwen"), lambda t: t.root_derivatives("family", "qwen")),
    (lambda t: t.counts("qwen/QWEN3-8b"), lambda t: t.counts("Qwen/Qwen3-8B")),
    (lambda t: t.root_downloads("qwen/qwen3-8b-base"), lambda t: t.root_downloads("Qwen/Qwen3-8B-Base")),
]


@pytest.mark.parametrize("pair", SAME, ids=range(len(SAME)))
def test_names_are_found_in_any_case(
    api: Tracker, pair: tuple[Callable[[Tracker], pl.DataFrame], Callable[[Tracker], pl.DataFrame]]
) -> None:
    typed, exact = (call(api) for call in pair)
    assert typed.equals(exact) and not exact.is_empty()


def test_lineage_of_a_repository_is_found_by_its_name(api: Tracker) -> None:
    name, hub_id = api.sql(
        "select repo_id, parent_id from edges join models on hub_id = parent_id where is_used "
        "group by all having count(*) > 1 and count(distinct repo_id) = 1 order by 1 limit 1"
    ).row(0)
    assert api.descendants(name.upper()).equals(api.descendants(hub_id))
    assert api.ancestors(name.lower()).equals(api.ancestors(hub_id))
    assert api.descendants(hub_id).height > 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda t: t.adoption(of="Chna"), "There is no origin 'Chna'. Did you mean CN (China)"),
        (lambda t: t.members("Quen"), "There is no family 'Quen'. Did you mean qwen (Qwen)"),
        (lambda t: t.models(lab="openia"), "There is no lab 'openia'. Did you mean openai (OpenAI)"),
        (lambda t: t.adoption(family="xyzzyx"), "There is no family 'xyzzyx'. Known: acemath, "),
        (lambda t: t.adoption(by="size_bucket", of="7B"), "There is no size_bucket '7B'. Known: 1-5, 10-50, "),
        (lambda t: t.counts("Qwen/Qwen3-8C"), "There is no repository 'Qwen/Qwen3-8C'. Did you mean Qwen/Qwen3-8B"),
        (lambda t: t.root_downloads("####"), "There is no repository '####'. In SQL, `select repo_id from models"),
        (lambda t: t.root_derivatives("generation", "Qwen33"), "There is no generation 'Qwen33'. Did you mean Qwen3"),
    ],
)
def test_unknown_name_raises_with_the_nearest(api: Tracker, call: Callable[[Tracker], Any], message: str) -> None:
    with pytest.raises(UsageError) as raised:
        call(api)
    assert str(raised.value).startswith(message)


def test_sql_takes_parameters_by_place_and_by_name(api: Tracker) -> None:
    query = "select count(*) from models where repo_id ilike {0} and publisher_origin = {1}"
    by_place = api.sql(query.format("?", "?"), ["%qwen%", "CN"])
    by_name = api.sql(query.format("$text", "$origin"), {"text": "%qwen%", "origin": "CN"})
    assert by_place.equals(by_name) and by_place.item() > 0
    assert api.sql("select ? as text", ["'; drop table models --"]).item() == "'; drop table models --"
    with pytest.raises(UsageError):
        api.sql("select ?", [1, 2])


def test_pandas_has_the_same_methods(api: Tracker) -> None:
    frame = api.pandas.adoption(by="lab", of="mistral AI")
    assert type(frame).__module__.startswith("pandas")
    assert frame["downloads"].tolist() == api.adoption(by="lab", of="mistral")["downloads"].to_list() != []
    sizes = api.pandas.sql("select distinct size_bucket from models_now where size_bucket is not null order by 1")
    assert sizes["size_bucket"].astype(str).tolist()[:3] == ["<1", "1-5", "5-10"]
    with pytest.raises(AttributeError):
        api.pandas.nothing()


def test_pandas_that_is_missing_is_named(api: Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(UsageError, match="pandas is not installed"):
        api.pandas.models()


def test_show_tables_and_describe_say_what_is_meant(api: Tracker) -> None:
    tables = api.sql("SHOW TABLES;")["name"].to_list()
    assert "models_now" in tables and "crossover_gaps" not in tables
    assert api.sql("select count(*) from origin_days").item() > 0
    for query in ("describe adoption", "DESCRIBE main.adoption;", 'describe "adoption"'):
        comments = dict(api.sql(query).select("column_name", "comment").iter_rows())
        assert "never over days" in comments["downloads_30d"], query
    assert api.sql("describe origin_days")["comment"].null_count() == 0
    assert "comment" not in api.sql("describe select 1 as one").columns


def test_open_takes_a_home_or_a_file(api: Tracker, simulated: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.db").symlink_to(simulated / "tracker.duckdb")
    for place in (simulated, str(simulated), simulated / "tracker.duckdb", tmp_path / "copy.db"):
        assert tracker.open(place).sql("select last_day from build").item() == LAST
    with pytest.raises(DataError, match=r"There is no warehouse at .*gone\.duckdb"):
        tracker.open(tmp_path / "gone.duckdb")


def test_package_has_the_version_of_the_program() -> None:
    assert tracker.__version__ == VERSION


def test_home_without_a_warehouse_is_an_error(tmp_path: Any) -> None:
    with pytest.raises(DataError, match="Run `tracker build`"):
        tracker.open(tmp_path)


def test_importing_the_package_loads_no_engine() -> None:
    code = "import sys, tracker; print(sorted({'polars', 'duckdb', 'pyarrow'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_python_examples_of_the_readme_return_rows(api: Tracker) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    examples = re.findall(r"^data\.(?!open).*", readme, re.MULTILINE)
    assert len(examples) == 2
    assert [example for example in examples if eval(example, {"data": api}).is_empty()] == []
