"""The Python API: frames that say what the public tables say, and errors that name what is allowed."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

import tracker
from tracker.api.queries import GROUPS
from tracker.api.tracker import LENSES, METRICS, Tracker
from tracker.demo.simulation.world import SimulatedWorld
from tracker.errors import DataError, UsageError
from tracker.pipeline import build_home, crawl_catalog
from tracker.registry.load import load

NOW = datetime(2026, 11, 21, 6, tzinfo=UTC)
LAST = date(2026, 11, 20)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Tracker:
    home, registry = tmp_path_factory.mktemp("home"), load()
    crawl_catalog(SimulatedWorld(7, 4, 600, registry=registry), home, registry, lambda: NOW, lambda outcome: None)
    assert not build_home(home, registry, NOW).has_failed
    return tracker.open(home)


def test_adoption_by_origin_sums_the_table(opened: Tracker) -> None:
    frame = opened.adoption(by="origin", lens="root", layer="release", metric="downloads_30d")
    days = opened.sql("select day, lens, origin, layer, downloads_30d from adoption_days")
    wanted = (
        days.filter((pl.col("lens") == "root") & (pl.col("layer") == "release") & pl.col("downloads_30d").is_not_null())
        .group_by("day", "origin")
        .agg(pl.col("downloads_30d").sum())
    )
    assert frame.columns == ["day", "origin", "downloads_30d", "share"]
    assert frame.height == wanted.height
    both = frame.join(wanted, on=["day", "origin"], nulls_equal=True, suffix="_wanted")
    assert both.height == frame.height
    assert both["downloads_30d"].to_list() == pytest.approx(both["downloads_30d_wanted"].to_list())


@pytest.mark.parametrize("by", GROUPS)
@pytest.mark.parametrize("lens", LENSES)
def test_the_shares_of_each_day_sum_to_one(opened: Tracker, by: str, lens: str) -> None:
    frame = opened.adoption(by=by, lens=lens, metric="downloads")
    assert frame.columns == ["day", by, "downloads", "share"]
    totals = frame.group_by("day").agg(pl.col("share").sum())["share"].to_list()
    assert totals == pytest.approx([1.0] * len(totals)) and totals


@pytest.mark.parametrize("by", ["origin", "layer", "lab", "family", "generation"])
@pytest.mark.parametrize(
    ("switches", "kept"),
    [
        ({}, "true"),
        ({"below_1b": False}, "models.size_bucket is distinct from '<1'"),
        ({"gguf": False}, "not models.is_gguf"),
        ({"below_1b": False, "gguf": False}, "models.size_bucket is distinct from '<1' and not models.is_gguf"),
    ],
    ids=["all", "from 1B on", "no GGUF", "neither"],
)
def test_the_switches_leave_out_what_they_say(
    opened: Tracker, by: str, switches: Mapping[str, bool], kept: str
) -> None:
    frame = opened.adoption(by=by, metric="downloads", since=LAST, **switches)
    flows = "select sum(downloads) as downloads from model_flows join models using (hub_id)"
    wanted = opened.sql(f"{flows} where day = '{LAST}' and {kept}")
    assert frame["downloads"].sum() == pytest.approx(wanted["downloads"][0]) and frame.height


def test_by_size_small_models_can_be_left_out(opened: Tracker) -> None:
    sizes = opened.adoption(by="size_bucket", metric="models")
    assert (
        sizes.filter(pl.col("size_bucket") != "<1")
        .drop("share")
        .equals(
            opened.adoption(by="size_bucket", metric="models", below_1b=False).drop_nulls("size_bucket").drop("share")
        )
    )


@pytest.mark.parametrize("metric", METRICS)
def test_both_lenses_have_the_same_total_in_every_metric(opened: Tracker, metric: str) -> None:
    published, rooted = (opened.adoption(lens=lens, metric=metric, since=LAST)[metric].sum() for lens in LENSES)
    assert published == pytest.approx(rooted, rel=1e-6) and published > 0


@pytest.mark.parametrize("by", ["origin", "region", "lab", "family", "generation", "layer", "size_bucket"])
@pytest.mark.parametrize("lens", LENSES)
def test_some_groups_are_answered_for_as_they_stand_among_all(opened: Tracker, by: str, lens: str) -> None:
    every = opened.adoption(by=by, lens=lens, metric="downloads_30d", below_1b=False)
    wanted = every.drop_nulls(by).filter(pl.col(by).is_in(every[by].drop_nulls().unique().sort().head(2)))
    of = wanted[by].unique().to_list()
    some = opened.adoption(by=by, lens=lens, metric="downloads_30d", below_1b=False, of=of)
    assert some.drop("share").equals(wanted.drop("share")) and some.height
    assert some["share"].to_list() == pytest.approx(wanted["share"].to_list())


@pytest.mark.parametrize("of", [None, ["CN", "US"]])
def test_several_metrics_at_once_are_those_of_each_alone(opened: Tracker, of: list[str] | None) -> None:
    metrics = ("downloads_7d_mean", "downloads_30d", "models")
    together = opened.adoption(lens="root", metric=metrics, of=of)
    assert together.columns == ["day", "origin", *(name for one in metrics for name in (one, f"{one}_share"))]
    assert together.select(metrics).null_count().sum_horizontal()[0], "there are days on which one of them is not known"
    for metric in metrics:
        alone = opened.adoption(lens="root", metric=metric, of=of).sort("day", "origin")
        known = together.filter(pl.col(metric).is_not_null()).sort("day", "origin")
        assert known.select("day", "origin").equals(alone.select("day", "origin")) and alone.height
        for name, wanted in ((metric, metric), (f"{metric}_share", "share")):
            assert known[name].to_list() == pytest.approx(alone[wanted].to_list())


def judged_counts(opened: Tracker, repo_id: str, metric: str) -> dict[date, float]:
    """One repository day by day, in plain Python: the known days, and of seven days at least four for their mean."""
    is_flow = metric in ("downloads", "downloads_7d_mean")
    table, column = ("model_flows", "downloads") if is_flow else ("model_days", metric)
    sql = f"select day, {column} from {table} join models using (hub_id) where repo_id = '{repo_id}'"
    known = {day: float(value) for day, value in opened.sql(sql).iter_rows() if value is not None}
    if metric != "downloads_7d_mean":
        return known
    weeks = {day: [known[near] for near in known if abs((near - day).days) <= 3] for day in known}
    return {day: sum(week) / len(week) for day, week in weeks.items() if len(week) >= 4}


@pytest.mark.parametrize("metric", ["downloads", "downloads_7d_mean", "downloads_30d", "downloads_all_time", "likes"])
def test_single_repositories_are_counted_as_plain_python_counts_them(opened: Tracker, metric: str) -> None:
    names = opened.sql(
        "select repo_id from models join model_days using (hub_id) group by repo_id "
        "order by count(*) desc, max(downloads_all_time) desc nulls last, repo_id limit 3"
    )["repo_id"].to_list()
    frame = opened.counts([*names, "no/such-model"], metric)
    assert frame.columns == ["day", "repo_id", metric]
    for name in names:
        found = dict(frame.filter(pl.col("repo_id") == name).select("day", metric).iter_rows())
        wanted = judged_counts(opened, name, metric)
        assert found.keys() == wanted.keys() and found
        assert [found[day] for day in wanted] == pytest.approx(list(wanted.values()))
    assert set(frame["repo_id"]) == set(names)


def test_a_first_release_is_the_earliest_of_the_models_or_the_day_the_registry_names(opened: Tracker) -> None:
    models = opened.sql(
        "select publisher_lab as lab, family, generation, released_on from models where layer = 'release'"
    )
    for by in ("lab", "family"):
        earliest: dict[str, date] = {}
        for name, day in models.select(by, "released_on").drop_nulls().iter_rows():
            earliest[name] = min(day, earliest.get(name, day))
        assert dict(opened.first_releases(by).iter_rows()) == earliest
    named = dict(
        opened.sql("select generation, released_on from generations where released_on is not null").iter_rows()
    )
    found = dict(opened.first_releases("generation").iter_rows())
    both = found.keys() & named.keys()
    assert both and {name: found[name] for name in both} == {name: named[name] for name in both}


@pytest.mark.parametrize("by", GROUPS)
def test_of_a_family_only_what_counts_for_it_is_told(opened: Tracker, by: str) -> None:
    frame = opened.adoption(by=by, lens="root", metric="downloads_30d", family="qwen")
    totals = frame.group_by("day").agg(pl.col("downloads_30d").sum(), pl.col("share").sum()).sort("day")
    whole = opened.sql(
        "select day, sum(downloads_30d) as downloads_30d from family_days "
        "where lens = 'root' and family = 'qwen' and downloads_30d is not null group by day order by day"
    )
    assert totals["downloads_30d"].to_list() == pytest.approx(whole["downloads_30d"].to_list()) and totals.height
    assert totals["share"].to_list() == pytest.approx([1.0] * totals.height)


@pytest.mark.parametrize(
    ("switches", "kept"),
    [
        ({}, "true"),
        ({"layer": ["release", "derivative"]}, "layer in ('release', 'derivative')"),
        ({"below_1b": False}, "size_bucket is distinct from '<1'"),
        ({"gguf": False, "by_maker": False}, "not is_gguf and publisher_lab is distinct from 'alibaba'"),
    ],
)
def test_the_members_of_a_family_are_summed_by_weight(opened: Tracker, switches: Any, kept: str) -> None:
    frame = opened.members("qwen", by=("layer", "origin"), **switches)
    wanted = opened.sql(f"""
        select
            layer, publisher_origin as origin, sum(weight) as models, sum(weight * downloads_30d) as downloads
        from lineage
        join models using (hub_id)
        left join latest_counts using (hub_id)
        where lineage.root_family = 'qwen' and is_listed and {kept}
        group by all
    """)
    both = frame.join(wanted, on=["layer", "origin"], nulls_equal=True, suffix="_wanted")
    assert both.height == frame.height == wanted.height > 0
    assert both["models"].to_list() == pytest.approx(both["models_wanted"].to_list())
    assert both["downloads_30d"].to_list() == pytest.approx(both["downloads"].to_list())


def test_what_a_family_is_credited_with_agrees_with_its_days(opened: Tracker) -> None:
    days = opened.adoption(by="family", lens="root", metric="downloads_30d", since=LAST)
    wanted = dict(days.select("family", "downloads_30d").drop_nulls().iter_rows())
    assert len(wanted) > 5
    for family, downloads in wanted.items():
        assert opened.members(family)["downloads_30d"].sum() == pytest.approx(downloads)


def test_used_links_are_those_of_the_table_each_with_its_part(opened: Tracker) -> None:
    odd = opened.sql("""
        select child_id, parent_ref from edges where is_used except select child_id, parent_ref from used_edges
        union all select child_id, null from used_edges group by child_id having abs(sum(share) - 1) > 1e-9
    """)
    assert odd.is_empty()
    assert opened.sql("select count(*) as n from used_edges where share < 1")["n"][0] > 0


def test_the_descendants_of_a_root_are_what_lineage_says(opened: Tracker) -> None:
    root = opened.sql("select root_id from lineage where depth > 0 group by all order by count(*) desc limit 1").item()
    wanted = opened.sql(f"select hub_id, depth, weight from lineage where root_id = '{root}' and depth > 0")
    both = opened.descendants(root).join(wanted, on="hub_id", suffix="_wanted")
    assert both.height == wanted.height > 1
    assert both["steps"].to_list() == both["depth"].to_list()
    assert both["weight"].to_list() == pytest.approx(both["weight_wanted"].to_list())


def test_the_ancestors_of_a_merge_end_in_its_roots(opened: Tracker) -> None:
    merge = opened.sql("select hub_id from lineage group by all order by count(*) desc limit 1").item()
    found = opened.ancestors(merge).filter("is_root")
    wanted = opened.sql(f"select root_ref, weight from lineage where hub_id = '{merge}' order by root_ref")
    assert found.sort("repo_id")["repo_id"].to_list() == wanted["root_ref"].to_list()
    assert found.sort("repo_id")["weight"].to_list() == pytest.approx(wanted["weight"].to_list())


def test_a_region_is_what_the_registry_says_and_unaffiliated_stays_apart(opened: Tracker) -> None:
    regions = set(opened.adoption(by="region")["region"])
    assert {"China", "United States", "unaffiliated"} <= regions
    assert regions <= {"China", "United States", "Europe", "Other", "Unknown", "unaffiliated", None}


def test_questions_are_asked_through_what_is_handed_in(opened: Tracker) -> None:
    asked: list[str] = []

    def run(sql: str, values: Mapping[str, Any]) -> pl.DataFrame:
        asked.append(sql)
        return opened.run(sql, values)

    through = Tracker(opened.warehouse, run)
    assert through.adoption(since=LAST).equals(opened.adoption(since=LAST)) and len(asked) == 1


def test_days_are_bounded_on_both_sides(opened: Tracker) -> None:
    frame = opened.adoption(since="2026-11-18", until=LAST - timedelta(days=1))
    assert (frame["day"].min(), frame["day"].max()) == (date(2026, 11, 18), date(2026, 11, 19))


def test_several_layers_are_the_sum_of_each(opened: Tracker) -> None:
    both = opened.adoption(layer=("release", "derivative"))["downloads"].sum()
    assert both == pytest.approx(
        sum(opened.adoption(layer=one)["downloads"].sum() for one in ("release", "derivative"))
    )


def test_models_are_filtered_and_ordered_by_downloads(opened: Tracker) -> None:
    frame = opened.models(origin=["CN"], layer="release", limit=5)
    assert set(frame["publisher_origin"]) == {"CN"} and set(frame["layer"]) == {"release"}
    assert frame.height == 5
    assert frame["downloads_30d"].to_list() == sorted(frame["downloads_30d"].to_list(), reverse=True)
    name = frame["repo_id"][0]
    assert name in opened.models(search=name.upper())["repo_id"].to_list()
    assert opened.models(search="no such name at all").is_empty()
    assert set(opened.models(lab="google")["publisher_lab"]) == {"google"}


def test_the_siblings_are_the_tables_of_their_name(opened: Tracker) -> None:
    for name in ("origin_flows", "crossovers", "robustness"):
        frame = getattr(opened, name)()
        assert frame.height == opened.sql(f"select count(*) as rows from {name}")["rows"][0] > 0
    momentum = opened.momentum()
    assert {"repo_id", "age_days", "ram_median", "ram_tenth", "baseline"} <= set(momentum.columns)
    assert momentum.height == opened.sql("select count(*) as rows from momentum")["rows"][0]


def test_every_published_figure_has_one_row_with_ours(opened: Tracker) -> None:
    frame = opened.reproductions()
    ours = opened.sql("select figure, our_value, gap, because from reproductions order by figure")
    assert frame.height == len(load().published) == ours.height
    assert frame.sort("figure").select(ours.columns).equals(ours)


def test_a_list_is_counted_by_the_names_repositories_have_now(opened: Tracker) -> None:
    held = opened.sql(
        "select repo_id, publisher_origin, author, downloads_all_time from models join latest_counts using (hub_id) "
        "where publisher_origin in ('CN', 'US') order by hub_id limit 60"
    )
    found = opened.list_downloads([*held["repo_id"], held["repo_id"][0], held["repo_id"][0].upper(), "nobody/none"])
    china, states, qwen = (
        held.filter(condition)["downloads_all_time"].sum()
        for condition in (
            pl.col("publisher_origin") == "CN", pl.col("publisher_origin") == "US", pl.col("author") == "Qwen",
        )
    )  # fmt: skip
    assert dict(found.select("figure", "our_value").iter_rows()) == {
        "atom-cumulative-china": china, "atom-cumulative-us": states, "atom-cumulative-qwen": qwen or None,
    }  # fmt: skip
    assert set(found.select("matched", "counted", "unmatched").iter_rows()) == {(60, 60, 2)}
    assert found["gap"].null_count() == 3, "the last reading is not of March 2026"
    assert opened.list_downloads(["nobody/none"]).is_empty()


def test_derivatives_are_those_above_the_threshold(opened: Tracker) -> None:
    sums = [opened.derivatives(least)["derivatives"].sum() for least in (0, 5, 50)]
    assert sums == sorted(sums, reverse=True) and sums[0] > 0
    assert set(opened.derivatives(0, family="qwen")["root_family"]) == {"qwen"}


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
def test_an_argument_that_is_not_allowed_is_answered_with_what_is(
    opened: Tracker, call: Callable[[Tracker], Any], message: str
) -> None:
    with pytest.raises(UsageError) as raised:
        call(opened)
    assert message in str(raised.value)


def test_a_home_without_a_warehouse_says_what_to_run(tmp_path: Any) -> None:
    with pytest.raises(DataError, match="Run `tracker build`"):
        tracker.open(tmp_path)


def test_the_package_alone_loads_no_engine() -> None:
    code = "import sys, tracker; print(sorted({'polars', 'duckdb', 'pyarrow'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
