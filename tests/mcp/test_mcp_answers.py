"""Answers of `tracker mcp`, also over stdio: they equal SQL on the same warehouse and say what they count."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from mcp.client.stdio import StdioServerParameters

from tests.mcp.conftest import Assistant
from tests.support.program import environment
from tests.support.simulated_home import simulated as simulated
from tests.support.warehouse_file import read_rows
from tracker.mcp.server import make_server

Connect = Callable[[Any], AbstractContextManager[Assistant]]

LAST = "2026-11-20"
TOOLS = [
    "status", "adoption", "compare", "ranking", "model", "lineage", "family", "rulers", "published_figures", "sql",
]  # fmt: skip


@pytest.fixture(scope="module")
def assistant(connect: Connect, simulated: Path) -> Iterator[Assistant]:
    """A program connected to a server in this process, over the simulated home."""
    with connect(make_server(simulated)) as assistant:
        yield assistant


@pytest.fixture(scope="module")
def released(simulated: Path) -> str:
    """The repository with the most descendants."""
    edges = "select repo_id from used_edges join models on hub_id = parent_id"
    return str(read_rows(simulated, f"{edges} group by all order by count(*) desc, 1 limit 1")[0][0])


def test_stdio_gives_the_same_answers(
    connect: Connect, assistant: Assistant, simulated: Path, released: str, tmp_path: Path
) -> None:
    command = ["-m", "tracker", "mcp", "--home", str(simulated)]
    process = StdioServerParameters(command=sys.executable, args=command, env=environment(tmp_path, {}), cwd=tmp_path)
    calls: dict[str, dict[str, Any]] = {
        **{tool: {} for tool in ("status", "adoption", "ranking", "rulers", "published_figures")},
        "compare": {"names": ["China", "US"]}, "model": {"name": released}, "lineage": {"name": released},
        "family": {"family": "qwen"}, "sql": {"query": "select count(*) as models from models"},
    }  # fmt: skip
    assert {*calls} == {*TOOLS}
    with connect(process) as other:
        assert (
            other.portal.call(other.client.list_tools).tools == assistant.portal.call(assistant.client.list_tools).tools
        )
        for tool, arguments in calls.items():
            ours, theirs = (each.call(tool, **arguments) for each in (assistant, other))
            assert {**ours, "seconds": None} == {**theirs, "seconds": None}
        assert other.refused("adoption", of="Chna") == assistant.refused("adoption", of="Chna")
        assert other.read("tracker://schema") == assistant.read("tracker://schema")


def test_every_tool_is_read_only_and_has_schemas(assistant: Assistant) -> None:
    tools = assistant.portal.call(assistant.client.list_tools).tools
    assert [tool.name for tool in tools] == TOOLS
    for tool in tools:
        assert tool.description and tool.annotations and tool.annotations.read_only_hint
        assert tool.output_schema and "about" in tool.output_schema["required"]
    assert sum(len(tool.model_dump_json(by_alias=True, exclude_none=True)) for tool in tools) < 30_000


@pytest.mark.parametrize("lens", ["publisher", "root"])
def test_adoption_by_origin_equals_sql(assistant: Assistant, simulated: Path, lens: str) -> None:
    expected = read_rows(
        simulated,
        f"""
        select origin, sum(downloads_30d)::double as value, value / sum(value) over ()
        from origin_days where day = '{LAST}' and lens = '{lens}' and task_class = 'language'
        group by origin order by 2 desc, 1
        """,
    )
    rows = assistant.call("adoption", lens=lens)["rows"]
    assert [row["code"] for row in rows] == [row[0] for row in expected] and len(rows) > 3
    assert [row["value"] for row in rows] == pytest.approx([row[1] for row in expected], abs=0.01)
    assert [row["share"] for row in rows] == pytest.approx([row[2] for row in expected], abs=1e-6)
    assert {row["day"] for row in rows} == {LAST} and rows[0]["name"] in ("China", "United States")


def test_adoption_by_month_has_the_last_day_of_each(assistant: Assistant, simulated: Path) -> None:
    expected = read_rows(
        simulated,
        "select max(day)::varchar from panel_days where task_class = 'language' and segment is not null "
        "group by date_trunc('month', day) order by 1 desc",
    )
    answer = assistant.call("adoption", of=["china", "US"], since="2026-01-01", every="month")
    assert [row["day"] for row in answer["rows"][::2]] == [day for (day,) in expected] and len(expected) > 1
    cut = assistant.call("adoption", since="2026-01-01", limit=5)
    assert len(cut["rows"]) == 5 and cut["rows_left_out"] > 100
    assert any("more rows" in note for note in cut["about"]["notes"])


def test_answer_says_what_its_numbers_count(assistant: Assistant, simulated: Path) -> None:
    models, known = read_rows(
        simulated,
        "select models, round(100 * downloads_known_share, 2) from coverage_days "
        f"join lineage_coverage_days using (day) where day = '{LAST}'",
    )[0]
    about = assistant.call("adoption", lens="root", models="vision")["about"]
    assert about["last_day"] == LAST and about["is_simulated"]
    read = f"{models:,} models read on {LAST}, complete"
    assert about["coverage"] == f"{read}, base models known for {known:.2f}% of downloads."
    assert about["counted"] == "vision models" and about["attribution"].startswith("root (base model)")
    assert "30 days before a reading" in about["definition"] and "Not a user" in about["definition"]
    assert "as of 20 Nov 2026. Scope: all public models of the Hub. Counted: vision models." in about["citation"]
    assert about["citation"].endswith("Attributed to: base model. Simulated data.")
    assert about["notes"][0].startswith("SIMULATED DATA")


def test_comparison_of_countries_equals_sql(assistant: Assistant, simulated: Path) -> None:
    expected = read_rows(
        simulated,
        """
        with days as (
            select day, origin, sum(downloads_30d) as value from origin_days
            where lens = 'publisher' and task_class = 'language' group by all
        ),
        shares as (select *, value / sum(value) over (partition by day) as share from days)
        select now.origin, now.value, now.share, before.value
        from shares as now join shares as before using (origin)
        where now.day = '2026-11-20' and before.day = '2026-10-21' and now.origin in ('CN', 'US') order by 2 desc
        """,
    )
    answer = assistant.call("compare", names=["United States", "cn"])
    assert answer["by"] == "origin" and (answer["day"], answer["day_before"]) == (LAST, "2026-10-21")
    for row, (code, value, share, before) in zip(answer["rows"], expected, strict=True):
        assert row["code"] == code and row["rank"] == answer["rows"].index(row) + 1
        assert row["share"] == pytest.approx(float(share), abs=1e-6)
        assert row["change_percent"] == pytest.approx(float(100 * (value - before) / before), abs=0.01)
    assert f"{answer['rows'][0]['name']} {expected[0][2]:.1%}" in answer["finding"]
    assert "By publisher" in answer["finding"] and "By base model" in answer["finding"]
    crossed = read_rows(
        simulated,
        "select a, b, crossed_on::varchar, holds from crossovers where metric = 'downloads' and layer = 'all' "
        "and task_class = 'language' and lens = 'publisher' and a in ('CN', 'US') and b in ('CN', 'US') order by all",
    )
    found = [(row["a"], row["b"], row["crossed_on"], row["holds"]) for row in answer["crossovers"]]
    assert sorted(found) == crossed and len(crossed) == 2
    for row in answer["crossovers"]:
        said = {True: "on every known day", False: f"and by {row['crossed_on']}"}[row["is_ahead_throughout"]]
        assert (said if row["crossed_on"] or row["is_ahead_throughout"] else "No day is known") in row["finding"]


def test_comparison_finds_what_the_names_are(assistant: Assistant, simulated: Path, released: str) -> None:
    [first, second] = read_rows(
        simulated, "select lab, name from labs where lab in (select lab from family_days) order by lab limit 2"
    )
    answer = assistant.call("compare", names=[first[1], second[0]])
    assert answer["by"] == "lab" and {row["code"] for row in answer["rows"]} == {first[0], second[0]}
    other = read_rows(simulated, f"select repo_id from models where repo_id != '{released}' and is_listed limit 1")[0][
        0
    ]
    models = assistant.call("compare", names=[released.lower(), other])
    counts = f"select downloads_30d from latest_counts join models using (hub_id) where repo_id = '{released}'"
    assert models["by"] == "model"
    assert {row["name"]: row["value"] for row in models["rows"]}[released] == read_rows(simulated, counts)[0][0]


def test_ranking_equals_the_public_view(assistant: Assistant, simulated: Path) -> None:
    expected = read_rows(
        simulated,
        "select rank, id, name, downloads, rank_change from rankings where subject = 'family' and period = '7 days' "
        "order by rank, id limit 8",
    )
    answer = assistant.call("ranking", period="7d", limit=8)
    columns = ("rank", "id", "name", "downloads", "rank_change")
    assert [tuple(row[name] for name in columns) for row in answer["rows"]] == expected and len(expected) == 8
    assert answer["finding"].startswith(f"Simulated data. Largest families by share of downloads: {expected[0][2]} ")
    risers = assistant.call("ranking", subject="model", order="rise", min_downloads=1000, limit=3)
    assert risers["finding"].startswith("Simulated data. Fastest rising models")
    assert risers["about"]["attribution"].startswith("publisher")


def test_model_equals_sql(assistant: Assistant, simulated: Path, released: str) -> None:
    [expected] = read_rows(
        simulated,
        "select models.repo_id, counted_layer, publisher_origin, counts.downloads_30d, rank_30d_in_class "
        "from models join latest_counts as counts using (hub_id) join models_now as n using (hub_id) "
        f"where models.repo_id = '{released}'",
    )
    answer = assistant.call("model", name=released.upper())
    columns = ("repo_id", "model_type", "origin", "downloads_30d", "rank_30d_in_class")
    assert tuple(answer[name] for name in columns) == expected
    assert sum(root["weight"] for root in answer["roots"]) == pytest.approx(1)
    assert answer["explanation"].startswith(f"{released} (as of {LAST}).")


def test_lineage_equals_sql(assistant: Assistant, simulated: Path, released: str) -> None:
    children = f"from used_edges join models as m on m.hub_id = parent_id where m.repo_id = '{released}'"
    direct = read_rows(simulated, f"select count(*) {children}")[0][0]
    answer = assistant.call("lineage", name=released, limit=3)
    assert answer["descendants_found"] >= direct > 3 and len(answer["descendants"]) == 3
    downloads = [row["downloads_30d"] for row in answer["descendants"]]
    assert downloads == sorted(downloads, reverse=True)
    child = assistant.call("lineage", name=answer["descendants"][0]["name"])
    assert released in [row["name"] for row in child["bases"]]


def test_family_equals_sql(assistant: Assistant, simulated: Path) -> None:
    expected = read_rows(
        simulated,
        "select author, sum(credited_30d) from family_members where family = 'qwen' and task_class = 'language' "
        "and counted_layer = 'repackaged' group by author order by 2 desc nulls last, 1 limit 3",
    )
    answer = assistant.call("family", family="Qwen", by="author", layer="repackaged", limit=3)
    assert [row["group"]["author"] for row in answer["rows"]] == [author for author, _ in expected]
    assert [row["downloads_30d"] for row in answer["rows"]] == pytest.approx([float(v) for _, v in expected], abs=0.01)
    assert answer["name"] == "Qwen"


def test_published_figures_and_status_equal_sql(assistant: Assistant, simulated: Path) -> None:
    expected = read_rows(simulated, "select count(*), count(*) filter (is_computable) from reproductions")[0]
    every, ours = (assistant.call("published_figures", only_computable=only)["rows"] for only in (False, True))
    assert (len(every), len(ours)) == expected and ours[0]["our_value"] is not None
    status = assistant.call("status")
    listed = read_rows(simulated, "select count(*) from models where is_listed")[0][0]
    assert (status["models_listed"], status["days"]) == (listed, 60) and "downloads" in status["known_metrics"]
    assert status["sources"] == [f"crawl, scope hub: 60 days, 2026-09-22 to {LAST}"]


def test_rulers_say_that_none_was_read(assistant: Assistant) -> None:
    answer = assistant.call("rulers")
    assert answer["rows"] == [] and "tracker crawl --source all" in answer["about"]["notes"][1]


def test_sql_has_rows_types_and_a_limit(assistant: Assistant, simulated: Path) -> None:
    query = (
        "select origin, count(*) as n, max(day) as day, 0.5::decimal(3, 1) as half from models_now "
        "group by 1 order by 2 desc, 1"
    )
    expected = read_rows(simulated, query)
    answer = assistant.call("sql", query=query)
    assert [tuple(row[:2]) for row in answer["rows"]] == [row[:2] for row in expected]
    assert answer["rows"][0][2:] == [LAST, 0.5] and [each["name"] for each in answer["columns"]] == [
        "origin", "n", "day", "half",
    ]  # fmt: skip
    cut = assistant.call("sql", query="select repo_id from models", limit=7)
    assert len(cut["rows"]) == 7 and cut["is_cut"] and not answer["is_cut"]
    assert ["models_now"] in assistant.call("sql", query="show tables")["rows"]


def test_resources_explain_terms_tables_and_columns(assistant: Assistant) -> None:
    assert "**30-day downloads** (`downloads_30d`)" in assistant.read("tracker://glossary")
    assert "- `models_now`: Which repositories" in assistant.read("tracker://schema")
    assert "- `downloads_30d` BIGINT: Downloads in the 30 days" in assistant.read("tracker://schema/models_now")
    assert "```sql\nselect" in assistant.read("tracker://examples")
    with pytest.raises(Exception, match=r"There is no table 'nope'. The resource tracker://schema lists them."):
        assistant.read("tracker://schema/nope")


@pytest.mark.parametrize(
    ("tool", "arguments", "message"),
    [
        ("adoption", {"by": "planet"}, "by must be one of origin, region, lab"),
        ("adoption", {"of": "Chna"}, "There is no origin 'Chna'. Did you mean CN (China)"),
        ("adoption", {"origin": "CN"}, "The tool adoption has no argument 'origin'. It takes by, metric"),
        ("adoption", {"since": "yesterday"}, "since must be a day such as 2026-08-19, not 'yesterday'."),
        ("adoption", {"limit": 0}, "limit: input should be greater than or equal to 1, not '0'."),
        ("adoption", {"limit": "many"}, "limit: input should be a valid integer"),
        ("compare", {"names": ["qwen"]}, "names must have 2 to 10 names, not 1."),
        ("compare", {"names": ["qwen", "lama"]}, "There is no family 'lama'."),
        ("compare", {}, "names: field required."),
        ("ranking", {"period": "90d"}, "Downloads of 90 days are not known: comparable days are from"),
        ("ranking", {"order": "rise", "period": "1y"}, "period must be one of 30d, 7d, 90d, all_time"),
        ("model", {"name": "qwen/qwen9"}, "There is no repository 'qwen/qwen9'."),
        ("rulers", {"days": 0}, "days: input should be greater than or equal to 1, not '0'."),
        ("model", {"name": "x" * 301}, "name is longer than 300 characters."),
        ("ranking", {"min_downloads": 10**30}, "min_downloads: input should be less than or equal to"),
        ("sql", {"query": "create table x as select 1"}, "CREATE is refused"),
        ("sql", {"query": "attach 'x.duckdb'"}, "ATTACH is refused"),
        ("sql", {"query": "from read_text('/etc/passwd')"}, "can only read the warehouse, no files and no network"),
        ("sql", {"query": "select repeat('x', 1_000_000) from range(100)"}, "MB"),
        ("nope", {}, "There is no tool 'nope'. The tools are status, adoption"),
    ],
)
def test_refusal_is_one_clear_text(assistant: Assistant, tool: str, arguments: dict[str, Any], message: str) -> None:
    text = assistant.refused(tool, **arguments)
    assert message in text and not text.startswith("Error executing")


def test_days_without_data_have_no_rows(assistant: Assistant) -> None:
    for days in ({"until": "0001-01-01"}, {"since": "9999-12-31"}):
        answer = assistant.call("adoption", **days)
        assert answer["rows"] == [] and any("No value" in note for note in answer["about"]["notes"])


def test_long_texts_and_rows_are_cut(assistant: Assistant) -> None:
    answer = assistant.call("sql", query="select repeat('x', 3000) as text from range(100)", limit=1000)
    assert answer["rows"][0][0].endswith("… (3,000 characters)") and answer["is_cut"] and len(answer["rows"]) < 60
    assert any("Only the first" in note for note in answer["about"]["notes"])
