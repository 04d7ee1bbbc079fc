"""The page Overview over simulated data: finding, caveat, crossovers and derivatives equal the warehouse."""

import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.data import format
from dashboards.text import terms
from tests.support.app_page import LANGUAGE, LAYER, chart_records, page_text
from tests.support.slow import first_of, only
from tests.support.warehouse_file import read_rows, run_sql

Opener = Callable[..., AppTest]
SHARE_OF_CHINA = f"""
    select sum(downloads_30d) filter (origin = 'CN') / sum(downloads_30d)
    from origin_days
    where lens = 'publisher' and {LANGUAGE}
        and day = (select max(day) from origin_days where downloads_30d is not null)
"""
DAY = "(select max(day) from origin_days where downloads_30d is not null)"


def lead(home: Path, where: str) -> float:
    """The leading country's share of 30-day downloads less that of the second, by publisher and all layers."""
    largest = f"""
        select origin from origin_days
        where day = {DAY} and lens = 'publisher' and {LANGUAGE} and origin not in ('unaffiliated', 'ZZ')
        group by origin order by sum(downloads_30d) desc limit 2
    """
    (first,), (second,) = read_rows(home, largest)
    sql = f"""
        select (sum(downloads_30d) filter (origin = '{first}') - sum(downloads_30d) filter (origin = '{second}'))
            / sum(downloads_30d)
        from origin_days where day = {DAY} and {LANGUAGE} and {where}
    """
    return float(read_rows(home, sql)[0][0])


LARGE = f"""
    with counted as (
        select repo_id, coalesce(publisher_origin, 'not_known') as origin, downloads_30d,
            downloads_30d / sum(downloads_30d) over (partition by publisher_origin) as of_origin,
            downloads_30d / sum(downloads_30d) over () as of_all
        from models join latest_counts using (hub_id)
        where is_listed and {LANGUAGE} and day = {DAY} and downloads_30d is not null
    )
    select repo_id, of_origin from counted
    where of_all > 0.1 or (of_origin > 0.1 and origin in ('CN', 'US'))
    qualify row_number() over (partition by origin order by downloads_30d desc) = 1
    order by downloads_30d desc
"""
"""The largest model of each country, if it has more than a tenth of all, or of China or the United States."""


def test_models_of_more_than_a_tenth_are_named(view_page: Opener, simulated: Path) -> None:
    large = read_rows(simulated, LARGE)
    assert large
    text = page_text(view_page(simulated))
    caveat = next(line for line in text.splitlines() if line.startswith(f"{large[0][0]} has "))
    assert all(name in caveat and format.percent(part) in caveat for name, part in large[:2])
    assert all(f"{name} has " in text for name, _ in large)


def test_caveat_is_the_switch_that_moves_the_lead_most(view_page: Opener, simulated: Path) -> None:
    published = "lens = 'publisher'"
    base = lead(simulated, published)
    moved = {
        "attributed to base models": lead(simulated, "lens = 'root'"),
        "without models below 1B": lead(simulated, f"{published} and is_below_1b is distinct from true"),
        "without GGUF repositories": lead(simulated, f"{published} and not is_gguf"),
        "without quantized copies": lead(simulated, f"{published} and {LAYER} != 'repackaged'"),
    }
    strongest = max(moved, key=lambda switch: abs(moved[switch] - base))
    sentence = next(
        line for line in page_text(view_page(simulated)).splitlines() if "one changes the lead most: " in line
    )
    assert strongest in sentence
    assert format.points(abs(moved[strongest])).lstrip("+") in sentence
    assert format.points(abs(base)).lstrip("+") in sentence


CROSSED = [
    "update origin_days set downloads_30d = downloads_30d * 1000 where origin in ('CN', 'US')",
    f"delete from crossovers where {LANGUAGE} and metric = 'downloads' and lens = 'publisher' and layer = 'all' "
    "and a in ('CN', 'US') and b in ('CN', 'US')",
    "insert into crossovers "
    "(metric, lens, layer, a, b, crossed_on, low, high, is_ahead_throughout, crossed_after, holds, task_class) values "
    "('downloads', 'publisher', 'all', '{ahead}', '{behind}', '2026-10-20', '2026-10-02', '2026-11-03', false, "
    "'2026-10-19', true, 'language'), "
    "('downloads', 'publisher', 'all', '{behind}', '{ahead}', null, null, null, false, null, null, 'language')",
    "delete from lead_changes",
]


def test_headline_has_crossover_interval_and_robustness(open_page: Opener, own_simulated: Path) -> None:
    sql = """
        select origin from origin_days
        where lens = 'publisher' and task_class = 'language' and origin in ('CN', 'US') and day =
        (select max(day) from origin_days where downloads_7d_mean is not null)
        group by origin order by sum(downloads_7d_mean) desc
    """
    (ahead,), (behind,) = read_rows(own_simulated, sql)
    run_sql(own_simulated, *(statement.format(ahead=ahead, behind=behind) for statement in CROSSED))
    gaps = f"from robustness where {LANGUAGE} and headline = 'share of China less share of the United States'"
    sign = f"sign((select value {gaps} and definition = 'baseline'))"
    agree, of = read_rows(own_simulated, f"select count(*) filter (sign(value) = {sign}), count(*) {gaps}")[0]
    app = open_page(own_simulated)
    assert "since 20 Oct 2026 (95% interval: 2 Oct 2026 – 3 Nov 2026)." in page_text(app)
    under = "all of them" if agree == of else f"{agree} of them"
    assert f"The page Robustness compares {of} definitions" in page_text(app)
    assert f" leads under {under}; " in page_text(app)
    table = app.dataframe[2].value
    assert str(table["crossed_on"][0])[:10] == "2026-10-20" and "passed" in table["what"][0]
    assert table["interval"][0] == "2 Oct 2026 – 3 Nov 2026"


@pytest.mark.parametrize(
    ("query", "computed"),
    [
        ({}, True),
        ({"lens": "Base model"}, True),
        ({"layers": ["Fine-tune"], "lens": "Base model"}, True),
        ({"small": "without models below 1B"}, True),
        ({"gguf": "without GGUF"}, True),
        ({"layers": ["Original"]}, True),
        ({"class": "All"}, True),
        ({"layers": ["Original", "Fine-tune"]}, False),
        ({"gguf": "without GGUF", "small": "without models below 1B"}, False),
        ({"gguf": "without GGUF", "lens": "Base model"}, False),
    ],
)
def test_definitions_without_crossovers_say_so(
    view_page: Opener, simulated: Path, query: dict[str, Any], computed: bool
) -> None:
    app = view_page(simulated, **query)
    assert not app.exception
    assert ("not computed for this combination" in page_text(app)) is not computed
    assert (len(app.dataframe) > 2) is computed
    assert ("The page Robustness compares" in page_text(app)) is (not set(query) - {"class"})


def test_crossover_without_gguf_is_that_of_robustness(open_page: Opener, own_simulated: Path) -> None:
    run_sql(
        own_simulated,
        "delete from lead_changes",
        "update robustness set crossed_on = '2026-10-09', is_ahead_throughout = false, lost_on = null, holds = true "
        "where definition = 'without GGUF' and headline = 'share of China less share of the United States'",
    )
    table = open_page(own_simulated, gguf="without GGUF").dataframe[2].value
    assert table["what"].tolist() == ["China passed the United States and has led since"]
    assert str(table["crossed_on"][0])[:10] == "2026-10-09" and table["interval"].isna().all()


@pytest.mark.parametrize(("label", "least"), first_of([("Over 5 downloads", 5), ("All", 0), ("Over 50 downloads", 50)]))
def test_new_derivatives_equal_the_table(view_page: Opener, simulated: Path, label: str, least: int) -> None:
    app = view_page(simulated, view="Total", least=label)
    assert not app.exception
    words = str(app.get("vega_lite_chart")[1].proto.alt)
    sql = f"""
        select sum(derivatives) from derivatives_months
        where root_origin = 'CN' and min_downloads = {least} and month = '2026-10-01' and {LANGUAGE}
    """
    assert f"to {format.compact(read_rows(simulated, sql)[0][0])}" in words.partition("China")[2].partition(";")[0]
    assert "to October 2026" in words, "November is not over"
    assert "deleted before the first reading are missing" in page_text(app)
    assert "a model that declares no base counts as its own." in page_text(app)


def test_new_derivatives_ignore_the_definition(view_page: Opener, simulated: Path) -> None:
    ways = ({}, {"lens": "Base model"}, {"gguf": "without GGUF"}, {"layers": ["Original"]})
    charts = [view_page(simulated, **way).get("vega_lite_chart")[1].proto for way in ways]
    assert len({(chart.alt, chart.spec) for chart in charts}) == 1
    assert "Line chart" in charts[0].alt


def test_large_international_origin_has_a_line(open_page: Opener, own_simulated: Path) -> None:
    run_sql(own_simulated, "update origin_days set downloads_30d = downloads_30d * 1000 where origin = 'ZZ'")
    spec = json.loads(open_page(own_simulated).get("vega_lite_chart")[0].proto.spec)
    assert "ZZ" in spec["layer"][0]["encoding"]["color"]["scale"]["domain"]


def test_too_few_days_for_crossovers_are_explained(open_page: Opener, own_simulated: Path) -> None:
    run_sql(own_simulated, "delete from crossovers")
    app = open_page(own_simulated)
    assert not app.exception
    assert "Too few days are known to date a crossover." in page_text(app)


@pytest.mark.parametrize(
    "metric",
    only(
        ("30-day downloads", "Daily downloads", "All-time downloads", "Likes", "Models"), ("30-day downloads", "Likes")
    ),
)
def test_download_sentences_appear_only_for_downloads(view_page: Opener, simulated: Path, metric: str) -> None:
    app = view_page(simulated, metric=metric)
    text = page_text(app)
    headline = next(line for line in text.splitlines() if line.startswith("Models from "))
    counted = "" if metric == "Models" else f"{metric.lower().removeprefix('30-day ')} of "
    assert f"% of {counted}language models on Hugging Face; models from " in headline
    assert ("By daily downloads, " in text) is (metric in ("30-day downloads", "Daily downloads"))
    assert ("By all-time downloads, " in text) is (metric == "All-time downloads")
    assert ("The page Robustness compares" in text) is (metric in ("30-day downloads", "Daily downloads"))
    titles = [shown.value for shown in app.subheader]
    assert titles.count("Share of likes by country of the publisher") == (metric != "Likes")


LAYERS = {"release": "originals", "derivative": "fine-tunes", "repackaged": "quantized copies"}


@pytest.mark.parametrize("factor", [1, 1000], ids=["as simulated", "a country ahead by downloads alone"])
def test_counts_with_another_leader_are_named(open_page: Opener, own_simulated: Path, factor: int) -> None:
    run_sql(own_simulated, f"update origin_days set downloads_30d = downloads_30d * {factor} where origin = 'CN' "
            "and layer = 'release'")  # fmt: skip
    published = f"from origin_days where day = {DAY} and lens = 'publisher' and {LANGUAGE}"
    (first, _), (second, other) = read_rows(
        own_simulated,
        f"select origin, any_value(name) from (select * {published}) join origins on code = origin where code != 'ZZ' "
        "group by origin order by sum(downloads_30d) desc limit 2",
    )
    first_sum, second_sum = (f"coalesce(sum({{0}}) filter (origin = '{code}'), 0)" for code in (first, second))
    gap = f"{first_sum} - {second_sum}"
    metrics = ("downloads_7d_mean", "downloads_all_time", "likes", "models")
    (gaps,) = read_rows(own_simulated, f"select {', '.join(gap.format(metric) for metric in metrics)} {published}")
    of_layer = dict(
        read_rows(own_simulated, f"select {LAYER}, {gap.format('coalesce(downloads_30d, 0)')} {published} group by all")
    )
    names = {"downloads_7d_mean": "daily downloads", "downloads_all_time": "all-time downloads"}
    text = page_text(open_page(own_simulated))
    sentence = next(line for line in text.splitlines() if "Other counts put" in line)
    assert f"Other counts put {terms.in_sentence(other)} ahead" in sentence
    counts = sentence.partition(": ")[2].split("; ")
    by_metric = next((part for part in counts if not part.startswith("30-day downloads")), "")
    by_layer = next((part for part in counts if part.startswith("30-day downloads of ")), "")
    for metric, lead in zip(metrics, gaps, strict=True):
        assert (names.get(metric, metric) in by_metric) is (lead < 0), metric
    for layer, name in LAYERS.items():
        assert (f"{name} alone" in by_layer) is ((of_layer.get(layer) or 0) < 0), layer


def test_single_model_type_is_compared_with_all(open_page: Opener, own_simulated: Path) -> None:
    run_sql(
        own_simulated,
        "update origin_days set downloads_30d = downloads_30d * 1000 where origin = 'CN' and layer = 'release'",
        "update origin_days set downloads_30d = downloads_30d * 1000 where layer = 'repackaged' "
        "and origin in ('CN', 'US')",
    )
    text = page_text(open_page(own_simulated, layers=["Quantized copy"]))
    assert "Other counts put China ahead of the United States" in text
    assert "30-day downloads of all model types together" in text


def test_share_without_a_country_is_stated(view_page: Opener, simulated: Path) -> None:
    sql = f"""
        select sum(downloads_30d) filter (origin in ('ZZ', 'unaffiliated')) / sum(downloads_30d)
        from origin_days where day = {DAY} and lens = 'publisher' and {LANGUAGE}
    """
    ((share,),) = read_rows(simulated, sql)
    more = "more" if share > lead(simulated, "lens = 'publisher'") else "less"
    text = page_text(view_page(simulated))
    assert f"Another {format.percent(share)} has no country: " in text
    assert f"that is {more} than the lead." in text


def test_pairs_without_crossover_are_listed_separately(open_page: Opener, simulated: Path, own_simulated: Path) -> None:
    ((first, last, days),) = read_rows(simulated, "select min(day), max(day), count(*) from booked_days")
    ((read_from,),) = read_rows(simulated, "select min(day) from coverage_days where is_used")
    never = "update crossovers set crossed_on = null, crossed_after = null, holds = null"
    run_sql(own_simulated, never, "delete from lead_changes")
    app = open_page(own_simulated)
    assert (
        f"No crossover by daily or all-time downloads in the {days} days known ({format.day(first)} to "
        f"{format.day(last)}). Readings began on {format.day(read_from)}; the days up to then are "
        "reconstructed from 30-day counters."
    ) in page_text(app)
    pairs = (
        read_rows(
            own_simulated, f"select count(*) from crossovers where lens = 'publisher' and layer = 'all' and {LANGUAGE}"
        )[0][0]
        // 2
    )
    assert app.expander[-1].label == f"Pairs without a crossover ({pairs})"
    assert app.dataframe[2].value.columns.tolist() == ["what", "measure"]
    assert len(app.dataframe[2].value) == pairs


def test_table_has_all_time_downloads(view_page: Opener, simulated: Path) -> None:
    china = f"lens = 'publisher' and origin = 'CN' and {LANGUAGE}"
    sql = f"""
        with days as (select min(day) as first from origin_days where downloads_all_time is not null)
        select sum(case when day = first then downloads_all_time when day > first then downloads end)
        from origin_days cross join days where {china}
    """
    table = view_page(simulated).dataframe[0].value.set_index("name")
    assert table.loc["China", "downloads_all_time"] == pytest.approx(read_rows(simulated, sql)[0][0])


def tiles(app: AppTest) -> list[str]:
    """The text of each tile of the first screen."""
    bodies = [part.proto.body for part in app.get("html") if part.proto.body.startswith('<div class="tiles">')]
    parts = "".join(bodies).split('<div class="tile">')[1:]
    return [unescape(" ".join(re.sub("<[^>]+>", " ", part).split())) for part in parts]


def test_tiles_equal_the_warehouse(view_page: Opener, simulated: Path) -> None:
    app = view_page(simulated)
    shown = tiles(app)
    for lens, name, tile in zip(("publisher", "root"), ("By publisher", "By base model"), shown, strict=False):
        where = f"from origin_days where lens = '{lens}' and {LANGUAGE} and day = {DAY}"
        parts = []
        for days in (0, 30):
            sums = ", ".join(
                f"sum(downloads_30d) filter (origin = '{code}') / sum(downloads_30d)" for code in ("CN", "US")
            )
            parts.append(read_rows(simulated, f"select {sums} {where} - {days}")[0])
        now, before = parts
        changes = [format.points(one - other).removesuffix(" points") for one, other in zip(now, before, strict=True)]
        assert tile == (
            f"{name} Chinese {format.percent(now[0])} US {format.percent(now[1])} "
            f"30-day change: {changes[0]}/{changes[1]} points"
        )
    sql = f"""
        select month, sum(derivatives) filter (root_origin = 'CN') / sum(derivatives),
            sum(derivatives) filter (root_origin = 'US') / sum(derivatives)
        from derivatives_months where min_downloads = 0 and {LANGUAGE} and month <= '2026-10-01'
        group by month order by month desc limit 2
    """
    (_, *now), (_, *before) = read_rows(simulated, sql)
    changes = [format.points(one - other).removesuffix(" points") for one, other in zip(now, before, strict=True)]
    assert shown[2] == (
        f"New derivatives, Oct Chinese {format.percent(now[0])} US {format.percent(now[1])} "
        f"Change: {changes[0]}/{changes[1]} points"
    )
    share = format.percent(read_rows(simulated, SHARE_OF_CHINA)[0][0])
    heading = app.title[0].value.replace("\\", "")
    assert "language-model downloads on Hugging Face" in heading
    assert re.findall("Chinese labs' [^,]*?([0-9.]+%)", heading) == [share]


def test_crossover_tile_and_mark(open_page: Opener, own_simulated: Path) -> None:
    run_sql(own_simulated, *(statement.format(ahead="CN", behind="US") for statement in CROSSED))
    app = open_page(own_simulated)
    assert tiles(app)[3] == ("Last crossover, daily 20 Oct 2026 China ahead; 95%: 2 Oct–3 Nov")
    marks = [row for row in chart_records(app) if row.get("kind") == "crossover"]
    (share,) = {row["CN"] for row in chart_records(app) if row.get("CN") and row.get("day") == marks[0]["day"]}
    title = "China passed the United States by daily downloads"
    assert [(mark["title"], mark["share"]) for mark in marks[:1]] == [(title, share)]


def test_chosen_pair_is_compared_in_the_headline(view_page: Opener, simulated: Path) -> None:
    text = page_text(view_page(simulated, first="France", second="Germany"))
    assert "odels from France get" in text and "odels from Germany get" in text
    default = page_text(view_page(simulated, first="France", second="France"))
    assert "odels from China get" in default and "odels from the United States get" in default
