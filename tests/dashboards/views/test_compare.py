"""The page Compare over simulated data: figures are checked with SQL of their own."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from dashboards.charts import colours as palette
from dashboards.data import format
from tests.support.app_page import LANGUAGE, page_text
from tests.support.warehouse_file import read_rows

Opener = Callable[..., AppTest]
PAGE = "views/compare.py"


def ends(app: AppTest) -> str:
    """The description of the chart: first and last value of each line."""
    return str(app.get("vega_lite_chart")[0].proto.alt)


def chosen(app: AppTest, key: str) -> list[str]:
    """The options selected in a multiselect."""
    return list(next(one for one in app.multiselect if one.key == key).value)


LARGEST = f"""
select {{by}} from family_days
where lens = 'publisher' and {LANGUAGE} and day = (select last_day from build)
    and {{by}} in (select {{by}} from {{table}})
group by {{by}} order by sum(downloads_30d) desc, {{by}} limit 5
"""


@pytest.mark.parametrize(
    ("kind", "key", "by", "table"),
    [
        ("Labs", "labs", "lab", "labs"),
        ("Families", "families", "family", "families"),
        ("Generations", "generations", "generation", "generations"),
    ],
)
def test_default_lines_are_the_five_largest(
    view_page: Opener, simulated: Path, kind: str, key: str, by: str, table: str
) -> None:
    app = view_page(simulated, PAGE, compare=kind)
    assert not app.exception
    assert chosen(app, key) == [code for (code,) in read_rows(simulated, LARGEST.format(by=by, table=table))]
    assert app.subheader[0].value == f"Daily downloads by {by}"


@pytest.mark.parametrize(
    ("measure", "column", "label", "lens"),
    [
        ("30-day downloads", "downloads_30d", "Publisher", "publisher"),
        ("All-time downloads as read", "downloads_all_time", "Base model", "root"),
        ("Likes", "likes", "Publisher", "publisher"),
        ("Daily downloads", "downloads_7d_mean", "Base model", "root"),
    ],
)
def test_measures_equal_the_table(
    view_page: Opener, simulated: Path, measure: str, column: str, label: str, lens: str
) -> None:
    query = {"measure": measure.removesuffix(" as read"), "lens": label}
    query |= {"counters": "As read"} if measure.endswith(" as read") else {}
    app = view_page(simulated, PAGE, origins=["China", "United States"], **query)
    assert not app.exception
    sql = f"""
        select sum({column}) from origin_days where lens = '{lens}' and origin = 'CN' and {LANGUAGE} and day =
        (select {{end}}(day) from origin_days where {column} is not null and lens = '{lens}' and origin = 'CN')
    """
    first, last = (read_rows(simulated, sql.format(end=end))[0][0] for end in ("min", "max"))
    assert f"China from {format.compact(first)} to {format.compact(last)}" in ends(app)


def test_credited_downloads_use_the_root_lens(view_page: Opener, simulated: Path) -> None:
    query = {"compare": "Families", "families": "Qwen", "values": "Raw"}
    app = view_page(simulated, PAGE, measure="Downloads credited to base models", **query)
    sql = f"""
        select sum(downloads) from family_days where lens = 'root' and family = 'qwen' and {LANGUAGE}
        group by day having sum(downloads) is not null order by day
    """
    days = [value for (value,) in read_rows(simulated, sql)]
    assert f"Qwen from {format.compact(days[0])} to {format.compact(days[-1])}" in ends(app)
    assert "Attributed to: base model." in page_text(app) and "by weight" in page_text(app)


def test_weekly_shares_are_of_whole_weeks_and_all_labs(view_page: Opener, simulated: Path) -> None:
    query = {"compare": "Labs", "labs": "Alibaba", "scale": "Share", "step": "Week", "gguf": "without GGUF"}
    app = view_page(simulated, PAGE, **query)
    sql = f"""
        with weeks as (
            select date_trunc('week', day) as week, sum(downloads) as all_downloads, count(distinct day) as days,
                sum(downloads) filter (where lab = 'alibaba') as alibaba
            from family_days where lens = 'publisher' and not is_gguf and downloads is not null and {LANGUAGE}
            group by week
        )
        select alibaba / all_downloads from weeks where days = 7 order by week
    """
    weeks = [share for (share,) in read_rows(simulated, sql)]
    assert f"Alibaba from {format.percent(weeks[0])} to {format.percent(weeks[-1])}" in ends(app)
    assert "Share of all weekly downloads, sum of each full week (Monday to Sunday)." in page_text(app)
    assert "without GGUF" in page_text(app)


def test_date_range_limits_both_ends(view_page: Opener, simulated: Path) -> None:
    query = {"compare": "Labs", "labs": "Alibaba", "measure": "Likes", "days": ["2026-10-05", "2026-10-25"]}
    app = view_page(simulated, PAGE, **query)
    sql = f"""
        select sum(likes) from family_days
        where lens = 'publisher' and lab = 'alibaba' and {LANGUAGE} and day = '{{day}}'
    """
    first, last = (read_rows(simulated, sql.format(day=day))[0][0] for day in ("2026-10-05", "2026-10-25"))
    assert first != last
    expected = f"21 days to 25 Oct 2026: Alibaba from {format.compact(first)} to {format.compact(last)}."
    assert ends(app).endswith(expected)
    assert "Days 5 Oct 2026–25 Oct 2026." in page_text(app)


def test_slider_sets_the_date_range_of_the_address(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated, PAGE, compare="Labs", labs="Alibaba", measure="Likes", days=["2026-10-05", "2026-10-25"])
    [slider] = app.slider
    assert tuple(slider.value) == (date(2026, 10, 5), date(2026, 10, 25))
    slider.set_value((date(2026, 10, 10), date(2026, 10, 20))).run()
    assert not app.exception and "Days 10 Oct 2026–20 Oct 2026." in page_text(app)
    assert list(app.query_params["days"]) == ["2026-10-10", "2026-10-20"]
    app.slider[0].set_value((date(2026, 10, 10), date(2026, 11, 20))).run()
    assert "Days from 10 Oct 2026." in page_text(app), "open at the end, as new days come"


def test_mean_at_the_start_of_a_range_uses_earlier_days(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE, labs="Alibaba", compare="Labs", days=["2026-10-10"])
    sql = f"""
        select sum(downloads_7d_mean) from family_days
        where lens = 'publisher' and lab = 'alibaba' and {LANGUAGE} and day = '2026-10-10'
    """
    (first,) = read_rows(simulated, sql)[0]
    assert f"Alibaba from {format.compact(first)} to " in ends(app) and "Days from 10 Oct 2026." in page_text(app)


@pytest.mark.parametrize(
    "days", [["2023-01-01", "2023-02-01"], ["2026-10-25", "2026-10-05"], ["never"], ["1999-01-01", "2999-01-01"]]
)
def test_date_range_without_figures_or_invalid(view_page: Opener, simulated: Path, days: list[str]) -> None:
    app = view_page(simulated, PAGE, compare="Labs", labs="Alibaba", days=days)
    assert not app.exception
    assert ("No figures in this date range" in page_text(app)) == (days[0] == "2023-01-01")


def test_new_derivatives_count_whole_months(view_page: Opener, simulated: Path) -> None:
    query = {"compare": "Families", "families": "Qwen", "measure": "New derivatives", "least": "Over 5 downloads"}
    app = view_page(simulated, PAGE, **query)
    assert not app.exception
    sql = f"""
        select sum(derivatives) from derivatives_months
        where root_family = 'qwen' and min_downloads = 5 and month = '2026-10-01' and {LANGUAGE}
    """
    (last,) = read_rows(simulated, sql)[0]
    assert ends(app).endswith(f"to {format.compact(last or 0)}."), "November is not over"
    assert "to October 2026" in ends(app)
    assert "if it has more than 5 downloads" in page_text(app) and "deleted before the first reading" in page_text(app)


def test_new_derivatives_of_a_generation(view_page: Opener, simulated: Path) -> None:
    sql = f"""
        select root_generation from root_derivatives_months
        where root_generation is not null and min_downloads = 5 and month = '2026-10-01' and {LANGUAGE}
        group by root_generation order by sum(derivatives) desc, root_generation limit 1
    """
    [(generation,)] = read_rows(simulated, sql)
    query = {"compare": "Generations", "generations": generation, "least": "Over 5 downloads"}
    app = view_page(simulated, PAGE, measure="New derivatives", **query)
    assert not app.exception
    last = f"""
        select sum(derivatives) from root_derivatives_months
        where root_generation = '{generation}' and min_downloads = 5 and month = '2026-10-01' and {LANGUAGE}
    """
    assert ends(app).endswith(f"to {format.compact(read_rows(simulated, last)[0][0])}."), "November is not over"
    assert app.subheader[0].value == "New derivatives per month by generation"
    assert "count for their family only" in page_text(app)


ROOTS = """
    select root_ref, root_id from root_days where root_id is not null
    group by all order by sum(downloads) desc, root_ref limit 2
"""


def test_new_derivatives_of_a_base_model(view_page: Opener, simulated: Path) -> None:
    (name, root), *_ = read_rows(
        simulated,
        """
        select root_ref, root_id from root_derivatives_months
        where root_id is not null and month = '2026-10-01' and min_downloads = 0
        group by all order by sum(derivatives) desc, root_ref limit 1
        """,
    )
    query = {"compare": "Models", "models": name, "measure": "New derivatives", "scale": "Share"}
    app = view_page(simulated, PAGE, **query)
    assert not app.exception
    sql = f"""
        select sum(weight) filter (where lineage.root_id = '{root}') / sum(weight) from lineage
        join models using (hub_id) join latest_counts as counts using (hub_id)
        where depth > 0 and layer != 'release' and date_trunc('month', created_at) = timestamp '2026-10-01'
            and coalesce(counts.downloads_all_time, counts.downloads_30d) > 0
    """
    assert ends(app).endswith(f"to {format.percent(read_rows(simulated, sql)[0][0])}.")
    assert "Share of all new derivatives per month." in page_text(app) and "on a derivative counts for" in page_text(
        app
    )


def test_credited_downloads_of_models_include_descendants(open_page: Opener, simulated: Path) -> None:
    roots = read_rows(simulated, ROOTS)
    query = {"compare": "Models", "values": "Raw", "lens": "Base model", "layers": ["Original"]}
    app = open_page(
        simulated, PAGE, models=[name for name, _ in roots], measure="Downloads credited to base models", **query
    )
    assert not app.exception
    for name, root in roots:
        sql = f"""
            select sum(downloads * weight) from lineage join model_flows using (hub_id) where root_id = '{root}'
            group by day order by day
        """
        days = [value for (value,) in read_rows(simulated, sql)]
        assert f"{name} from {format.compact(days[0])} to {format.compact(days[-1])}" in ends(app)
    assert "Attributed to: base model." in page_text(app) and "with everything built on it, by weight" in page_text(app)


def test_credited_downloads_by_month_since_release(view_page: Opener, simulated: Path) -> None:
    sql = """
        select root_ref, root_id, released_on from root_days join models on hub_id = root_id
        where day >= released_on group by all having count(*) > 40
        order by sum(downloads) desc, root_ref limit 1
    """
    [(name, root, released)] = read_rows(simulated, sql)
    query = {"compare": "Models", "models": name, "against": "Since release", "step": "Month", "scale": "Log"}
    app = view_page(simulated, PAGE, measure="Downloads credited to base models", **query)
    assert not app.exception
    sums = f"""
        select sum(downloads) from root_days where root_id = '{root}' and day >= date '{released}'
        group by (day - date '{released}') // 30 having count(*) = 30 order by (day - date '{released}') // 30
    """
    months = [value for (value,) in read_rows(simulated, sums)]
    assert f"{name} from {format.compact(months[0])} to {format.compact(months[-1])}" in ends(app)
    assert "sum of each full thirty days since release" in page_text(app)


def test_models_built_on_others_are_not_drawn_as_base_models(view_page: Opener, simulated: Path) -> None:
    (root, _), *_ = read_rows(simulated, ROOTS)
    built = read_rows(simulated, "select repo_id from models join used_edges on child_id = hub_id order by 1 limit 1")[
        0
    ][0]
    query = {"compare": "Models", "measure": "Downloads credited to base models"}
    assert f"Not drawn (built on other models, so not a base model): {built}." in page_text(
        view_page(simulated, PAGE, models=[built, root], **query)
    )
    alone = view_page(simulated, PAGE, models=built, **query)
    assert not alone.exception
    assert (
        "Downloads credited to base models are counted for base models only, and none are known for these."
        in page_text(alone)
    )


def test_single_models_are_compared_by_name(view_page: Opener, simulated: Path) -> None:
    (name, hub_id), *_ = read_rows(
        simulated, "select repo_id, hub_id from models join latest_counts using (hub_id) order by rank_30d, hub_id"
    )
    app = view_page(simulated, PAGE, compare="Models", models=name, values="Raw")
    assert not app.exception
    flows = read_rows(simulated, f"select downloads from model_flows where hub_id = '{hub_id}' order by day")
    assert f"{name} from {format.compact(flows[0][0])} to {format.compact(flows[-1][0])}" in ends(app)
    assert "Each repository on its own, without what is built on it." in page_text(app)


def test_search_finds_models_by_part_of_the_name(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE, compare="Models", find="QWEN")
    box = next(one for one in app.multiselect if one.key == "models")
    found = [name for name in box.options if name not in chosen(app, "models")]
    matching = read_rows(simulated, "select count(*) from models where repo_id ilike '%qwen%'")[0][0]
    assert found and all("qwen" in name.lower() for name in found)
    assert len(set(found) | {name for name in chosen(app, "models") if "qwen" in name.lower()}) == min(matching, 100)


def test_lines_since_release_start_at_their_first_known_age(view_page: Opener, simulated: Path) -> None:
    sql = """
        select repo_id, released_on, min(day), max(day) from models join model_flows using (hub_id)
        where released_on > (select min(day) + 5 from model_flows) group by all order by count(*) desc, repo_id limit 1
    """
    name, released, first, last = read_rows(simulated, sql)[0]
    query = {"against": "Since release", "values": "Raw"}
    app = view_page(simulated, PAGE, compare="Models", models=name, **query)
    assert not app.exception
    youngest = max((first - released).days, 0)
    assert f"Line chart, {youngest} to {(last - released).days} days since release" in ends(app)
    assert not [group for group in app.button_group if group.key == "events"], "events are marked on the calendar only"


def test_index_is_100_on_its_base_day(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE, origins=["China", "United States"], scale="Indexed", base="2026-10-15")
    assert "100 is the level of each line on 15 Oct 2026" in page_text(app)
    sql = f"""
        select sum(downloads_7d_mean) from origin_days where lens = 'publisher' and origin = 'CN' and {LANGUAGE}
        and day in ('2026-10-15', (select max(day) from origin_days where downloads_7d_mean is not null))
        group by day order by day
    """
    (base,), (last,) = read_rows(simulated, sql)
    assert f"to {format.compact(100 * last / base)}" in ends(app).partition("China")[2]


LINK: dict[str, str | list[str]] = {
    "compare": "Labs",
    "labs": ["Meta", "Alibaba", "Google"],
    "measure": "30-day downloads",
    "scale": "Log",
    "against": "Since release",
    "step": "Month",
    "lens": "Base model",
}


def test_link_restores_every_control(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE, **LINK)
    assert not app.exception
    groups = {one.key: one.value for one in app.button_group}
    expected = {"compare": "labs", "scale": "log", "against": "release", "step": "month", "lens": "root"}
    assert {key: groups[key] for key in expected} == expected
    assert chosen(app, "labs") == ["meta", "alibaba", "google"]
    assert app.selectbox(key="measure").value == "30d"
    assert "last known value of every thirty days since release" in page_text(app)


@pytest.mark.parametrize(
    ("kind", "measure", "code"),
    [("Generations", "New derivatives", "derivatives"), ("Models", "New derivatives", "derivatives"),
     ("Models", "Downloads credited to base models", "root")],
)  # fmt: skip
def test_link_restores_measures_of_base_models(
    view_page: Opener, simulated: Path, kind: str, measure: str, code: str
) -> None:
    app = view_page(simulated, PAGE, compare=kind, measure=measure, scale="Share")
    assert app.selectbox(key="measure").value == code and app.query_params["measure"] == measure
    assert {one.key: one.value for one in app.button_group}["compare"] == kind.lower()


def test_link_restores_values_events_and_base(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE, scale="Indexed", values="Raw", events=["Releases"], base="2026-11-01")
    groups = {one.key: one.value for one in app.button_group}
    assert (groups["values"], groups["events"]) == ("raw", ["release"])
    assert str(app.date_input(key="base").value) == "2026-11-01"


@pytest.mark.parametrize(
    "query",
    [
        {"compare": "nonsense", "scale": "'; drop table models --", "step": "hour", "base": "yesterday"},
        {"origins": ["Atlantis"], "measure": "Beauty", "events": "none", "values": "cooked"},
        {"compare": "Generations", "measure": "New derivative"},
        {"compare": "Models", "measure": "roots"},
    ],
)
def test_invalid_parameters_fall_back_to_defaults(view_page: Opener, simulated: Path, query: dict[str, str]) -> None:
    app = view_page(simulated, PAGE, **query)
    assert not app.exception
    assert app.subheader[0].value.startswith("Daily downloads by ") and app.get("vega_lite_chart")


def test_empty_and_unknown_selections_are_explained(view_page: Opener, simulated: Path) -> None:
    assert "No line is selected. Select up to eight to compare." in page_text(view_page(simulated, PAGE, origins=""))
    app = view_page(simulated, PAGE, compare="Models", models="no/such-model")
    assert not app.exception
    assert "Daily downloads are not known for these. Choose others, or another measure." in page_text(app)
    known = read_rows(
        simulated, "select repo_id from models join latest_counts using (hub_id) order by rank_30d limit 1"
    )
    mixed = view_page(simulated, PAGE, compare="Models", models=["no/such-model", known[0][0]])
    assert "Not drawn (no figures known): no/such-model." in page_text(mixed)


HOSTILE = ("odd/a,b & c=d #1 100%", "odd/[x](javascript:alert(1))<b>", "odd/=cmd()+{}|*_`")


def test_hostile_names_survive_a_link_as_text(open_page: Opener, own_simulated: Path) -> None:
    with duckdb.connect(str(own_simulated / "tracker.duckdb")) as connection:
        top = connection.execute("select hub_id from steps.latest_counts order by rank_30d, hub_id limit 3").fetchall()
        for (hub_id,), name in zip(top, HOSTILE, strict=True):
            connection.execute("update models set repo_id = ? where hub_id = ?", [name, hub_id])
    app = open_page(own_simulated, PAGE, compare="Models", models=list(HOSTILE))
    assert not app.exception
    assert chosen(app, "models") == list(HOSTILE)
    assert all(f"{name} from " in ends(app) for name in HOSTILE)
    spec = json.loads(app.get("vega_lite_chart")[0].proto.spec)
    [panel] = [layer for layer in spec["layer"] if layer.get("name") == "panel_name"]
    [shown] = [step["calculate"] for step in panel["transform"] if step.get("as") == "name"]
    assert all(json.dumps(name.partition("/")[2])[1:-1] in shown for name in HOSTILE)


def test_unknown_day_is_counted_as_missing(open_page: Opener, own_simulated: Path) -> None:
    with duckdb.connect(str(own_simulated / "tracker.duckdb")) as connection:
        connection.execute("delete from origin_days where day = '2026-11-10'")
    app = open_page(own_simulated, PAGE, values="Raw")
    assert "1 day without data left blank." in page_text(app)


def table(app: AppTest) -> list[dict[str, Any]]:
    """The rows of the table below the chart."""
    return list(app.dataframe[0].value.to_dict("records"))


def test_headline_and_table_equal_sql(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE, compare="Labs", labs=["OpenAI", "Alibaba", "Mistral AI"])
    assert not app.exception
    sql = f"""
        with sums as (
            select lab, day, sum(downloads_7d_mean) as figure from family_days
            where lens = 'publisher' and lab in ('openai', 'alibaba', 'mistral')
                and downloads_7d_mean is not null and {LANGUAGE}
            group by lab, day
        ),
        whole as (
            select day, sum(downloads_7d_mean) as everything from family_days
            where lens = 'publisher' and {LANGUAGE} group by day
        )
        select
            name, day, figure, figure / everything,
            100 * (figure / (select figure from sums as b where b.lab = sums.lab and b.day = sums.day - 30) - 1),
            (select max(figure) from sums as b where b.lab = sums.lab),
            (select arg_max(day, figure) from sums as b where b.lab = sums.lab)
        from sums join labs using (lab) join whole using (day)
        where day = (select max(day) from sums) order by figure desc
    """
    expected = read_rows(simulated, sql)
    shown = table(app)
    assert [row["name"] for row in shown] == [name for name, *_ in expected]
    for row, (_, day, figure, share, change, peak, peak_at) in zip(shown, expected, strict=True):
        assert (row["value"], row["peak"]) == (round(figure), round(peak))
        assert (row["share"], row["change"]) == (pytest.approx(100 * share), pytest.approx(change))
        assert (row["at"], row["since"], row["peak_at"]) == (day, day - timedelta(days=30), peak_at)
    (first, day, most, *_), (second, _, next_most, *_), _ = expected
    lead = f"{most / next_most:.1f} times as many as" if most >= 2 * next_most else (
        f"{format.percent(most / next_most - 1)} more than"
    )  # fmt: skip
    assert (
        f"On {format.day(day)}, {first} had the most daily downloads (7-day mean) of the three labs compared: "
        f"{format.compact(most)}, {lead} {second} with {format.compact(next_most)}."
    ) in page_text(app)


def test_monthly_shares_change_in_points(view_page: Opener, simulated: Path) -> None:
    query = {"origins": ["China", "United States"], "scale": "Share", "step": "Month"}
    app = view_page(simulated, PAGE, **query)
    sql = f"""
        select date_trunc('month', day)::date, sum(downloads) filter (origin = 'CN') / sum(downloads) from origin_days
        where lens = 'publisher' and {LANGUAGE} and day between '2026-09-01' and '2026-10-31' group by 1 order by 1
    """
    (before, was), (month, share) = read_rows(simulated, sql)
    assert app.subheader[0].value == "Share of monthly downloads by origin"
    row = next(row for row in table(app) if row["name"] == "China")
    assert (row["share"], row["change"]) == (pytest.approx(100 * share), pytest.approx(100 * (share - was)))
    assert (row["at"], row["since"]) == (month, before)
    assert "In October 2026, " in page_text(app) and format.percent(share) in page_text(app)


@pytest.mark.parametrize(
    ("query", "controls"),
    [
        ({"compare": "Labs"}, {"class", "lens", "layers", "small", "gguf"}),
        ({"measure": "Downloads credited to base models"}, {"class", "layers", "small", "gguf"}),
        ({"measure": "New derivatives"}, {"class"}),
        ({"compare": "Models"}, set()),
        ({"compare": "Models", "measure": "New derivatives"}, set()),
        ({"compare": "Models", "measure": "Downloads credited to base models"}, set()),
    ],
)
def test_definition_bar_has_only_effective_controls(
    view_page: Opener, simulated: Path, query: dict[str, str], controls: set[str]
) -> None:
    app = view_page(simulated, PAGE, **query)
    assert not app.exception
    assert {one.key for one in app.button_group} & {"class", "lens", "layers", "small", "gguf"} == controls


def test_single_models_ignore_the_definition(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated, PAGE, layers="", lens="Base model")
    next(one for one in app.button_group if one.key == "layers").set_value([]).run()
    assert "No model type is selected." in page_text(app)
    next(one for one in app.button_group if one.key == "compare").set_value("models").run()
    assert not app.exception and app.get("vega_lite_chart")
    next(one for one in app.button_group if one.key == "compare").set_value("labs").run()
    assert {one.key: one.value for one in app.button_group}["layers"] == []


KNOWN_FROM_RELEASE = """
    select repo_id from models join latest_counts using (hub_id)
    where is_listed and released_on between
        (select min(day) from origin_days where downloads_30d is not null) and (select last_day - 14 from build)
    order by layer = 'release' desc, downloads_30d desc, repo_id limit 5
"""


def test_default_models_since_release_are_known_from_release(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated, PAGE, compare="Models")
    largest, known = chosen(app, "models"), [name for (name,) in read_rows(simulated, KNOWN_FROM_RELEASE)]
    assert len(known) > 1
    axis = next(one for one in app.button_group if one.key == "against")
    axis.set_value("release").run()
    assert not app.exception and chosen(app, "models") == known
    assert "Line chart, 0 to " in ends(app) and "the last age at which all are known" in page_text(app)
    next(one for one in app.button_group if one.key == "against").set_value("calendar").run()
    assert chosen(app, "models") == largest


def test_selection_survives_a_change_of_axis(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated, PAGE, compare="Labs", labs=["Meta", "Alibaba"])
    next(one for one in app.button_group if one.key == "against").set_value("release").run()
    assert chosen(app, "labs") == ["meta", "alibaba"]


def test_lines_without_a_common_age_are_explained(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE, compare="Labs", labs=["Meta", "Google"], against="Since release")
    (first,) = read_rows(simulated, "select min(day) from origin_days where downloads_30d is not null")[0]
    assert f"readings begin on {format.day(first)}" in page_text(app)
    assert "No age is known for all of these labs" in page_text(app)
    assert "choose models instead" in page_text(app) or "Examples released since then" in page_text(app)


DIPPING = f"""
    with before as (
        select lab, sum(downloads_all_time) as figure from family_days
        where lens = 'publisher' and {LANGUAGE}
            and day = (select min(day) - 1 from quality_events where kind = 'rollback')
        group by lab
    ),
    low as (
        select lab, day, sum(downloads_all_time) as figure from family_days
        where lens = 'publisher' and {LANGUAGE} and day in (select day from quality_events where kind = 'rollback')
        group by lab, day
    )
    select lab, name, min(day) from low join before using (lab) join labs using (lab) where low.figure < before.figure
    group by all order by max(before.figure) desc, lab limit 2
"""


def marks(app: AppTest) -> list[dict[str, Any]]:
    """The events that the chart marks."""
    return [row for frame in datasets(app) if "title" in frame.columns for row in frame.to_dicts()]


def datasets(app: AppTest) -> list[pl.DataFrame]:
    """The data of the chart."""
    return [pl.read_ipc_stream(one.data.data) for one in app.get("vega_lite_chart")[0].proto.datasets]


def test_rollback_is_marked_and_explained(view_page: Opener, simulated: Path) -> None:
    last = read_rows(simulated, "select max(day) from quality_events where kind = 'rollback'")[0][0]
    dipping = read_rows(simulated, DIPPING)
    day, names = dipping[0][2], [name for _, name, _ in dipping]
    app = view_page(simulated, PAGE, compare="Labs", labs=names, measure="All-time downloads", counters="As read")
    assert not app.exception
    [(shown, when)] = {(row["title"], row["date"]) for row in marks(app)}
    assert sorted(shown.partition("(")[2][:-1].split(", ")) == sorted(names) and when == format.day(day)
    assert shown.partition("(")[0] == f"All-time counters rolled back until {format.day(last)} "
    assert f"{format.day(day)}: {shown}" in page_text(app) and "drawn here as they were read" in page_text(app)
    flows = view_page(simulated, PAGE, compare="Labs", labs=names)
    assert not marks(flows) and "rolled back" not in page_text(flows)


def test_rollback_is_marked_at_the_age_of_the_line(view_page: Opener, simulated: Path) -> None:
    (lab, name, day), *_ = read_rows(simulated, DIPPING)
    query = {"measure": "All-time downloads", "against": "Since release", "counters": "As read"}
    app = view_page(simulated, PAGE, compare="Labs", labs=name, **query)
    released = read_rows(simulated, f"select min(released_on) from models where publisher_lab = '{lab}'")[0][0]
    assert {row["age"] for row in marks(app)} == {(day - released).days}
    assert f"({name})" in page_text(app)


def test_labs_differ_by_colour_and_name_their_country(view_page: Opener, simulated: Path) -> None:
    sql = f"""
        select lab, name, origin from labs where origin in ('CN', 'US') and lab in
        (select lab from family_days where downloads_7d_mean > 0 and {LANGUAGE})
        qualify row_number() over (partition by origin order by lab) <= 2 order by origin, lab
    """
    labs = read_rows(simulated, sql)
    app = view_page(simulated, PAGE, compare="Labs", labs=[name for _, name, _ in labs])
    spec = json.loads(app.get("vega_lite_chart")[0].proto.spec)["layer"][0]["encoding"]
    colours = dict(zip(spec["color"]["scale"]["domain"], spec["color"]["scale"]["range"], strict=True))
    assert len(set(colours.values())) == len(labs) == 4
    assert {palette.ORIGINS["CN"], palette.ORIGINS["US"]} < set(colours.values())
    ends = {row["name"].rpartition(" · ")[2] for frame in datasets(app) for row in frame.to_dicts() if "last" in row}
    assert ends == {"CN", "US"}


def test_unknown_default_measure_falls_back_to_a_known_one(
    open_page: Opener, tmp_path: Path, write_warehouse: Any
) -> None:
    write_warehouse(tmp_path, "update origin_days set downloads = null, downloads_7d_mean = null")
    text = page_text(open_page(tmp_path, PAGE))
    assert "Daily downloads are unknown in these data, so the page opens with 30-day downloads." in text
    chosen = page_text(open_page(tmp_path, PAGE, measure="Daily downloads"))
    assert "so the page opens with" not in chosen and "Daily downloads are not known for these." in chosen


COMPARED = "select family from families where compare_place is not null order by compare_place"


def test_page_opens_on_the_families_people_compare(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated, PAGE)
    assert app.subheader[0].value == "Daily downloads credited to base models by family"
    wanted = [code for (code,) in read_rows(simulated, COMPARED)]
    assert chosen(app, "families") == wanted and len(wanted) == 8
    assert "preset" not in app.query_params, "the first run adds nothing to the browser's history"


@pytest.mark.parametrize("query", [{"measure": "Likes"}, {"scale": "Log"}, {"class": "All"}, {"compare": "Origins"}])
def test_older_link_without_a_preset_compares_origins(
    view_page: Opener, simulated: Path, query: dict[str, str]
) -> None:
    app = view_page(simulated, PAGE, **query)
    measure = "Likes" if "measure" in query else "Daily downloads"
    assert app.subheader[0].value == f"{measure} by origin" and "preset" not in app.query_params


def test_presets_choose_a_comparison_in_one_click(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated, PAGE, compare="Labs")
    presets = [button.label for button in app.button if str(button.key).startswith("preset-")]
    assert presets[:4] == [
        "Families people compare", "China and the United States", "Labs of China", "Labs of the United States",
    ]  # fmt: skip
    app.button(key="preset-Labs of China").click().run()
    labs = set(app.multiselect(key="labs").value)
    assert labs and labs <= {row[0] for row in read_rows(simulated, "select lab from labs where origin = 'CN'")}
    assert not app.exception and app.selectbox(key="measure").value == "daily"
    app.button(key="preset-Families people compare").click().run()
    assert not app.exception
    assert app.multiselect(key="families").value == [row[0] for row in read_rows(simulated, COMPARED)]
    assert "Families" in app.query_params["compare"] and "origins" in app.query_params["preset"]
    assert "Downloads credited to base models" in app.query_params["measure"]


def test_address_that_names_families_compares_them(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated, PAGE, families=["qwen", "llama", "nosuch"])
    assert not app.exception and app.session_state["compare"] == "families"
    assert app.query_params["families"] == ["Qwen", "Llama"]
    assert "Families “nosuch”" in app.warning[0].value
