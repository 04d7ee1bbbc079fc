"""Overview and Models over a tiny warehouse that can be checked by eye."""

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from dashboards.charts import colours as palette
from dashboards.data import format, vocabulary
from dashboards.data.warehouse import NotReady, open_store, rows, unreadable
from dashboards.text import terms
from tests.support.app_page import page_text, shown_table
from tests.support.slow import first_of
from tests.support.warehouse_file import read_value
from tracker.publish.layout import MARTS_NOTE
from tracker.warehouse.increment import sql_version

Opener = Callable[..., AppTest]
Writer = Callable[..., Path]

PAGES = {"views/compare.py": "How do they compare?", "views/models.py": "Models"}


def drawn_colours(app: AppTest) -> dict[str, str]:
    """Code -> colour as the chart of the page draws it."""
    spec = json.loads(app.get("vega_lite_chart")[0].proto.spec)
    scale = spec["layer"][0]["encoding"]["color"]["scale"]
    return dict(zip(scale["domain"], scale["range"], strict=True))


@pytest.mark.parametrize(("page", "title"), first_of(PAGES.items(), 3))
def test_header_states_day_coverage_and_scope(open_page: Opener, home: Path, page: str, title: str) -> None:
    app = open_page(home, page)
    assert not app.exception
    assert [shown.value for shown in app.title] == [title]
    header = app.caption[-1].value.replace("\\", "")
    assert header == "As of 22 Aug 2026: 5 models read, complete, 2 rows refused. Scope: all public models of the Hub."
    assert "Simulated" not in page_text(app)


@pytest.mark.parametrize("page", first_of(PAGES))
def test_simulated_data_are_labelled(open_page: Opener, tmp_path: Path, write_warehouse: Writer, page: str) -> None:
    write_warehouse(tmp_path, "update build set is_simulated = true")
    assert "Simulated data" in open_page(tmp_path, page).markdown[1].value


def test_empty_warehouse_says_what_to_run(open_page: Opener, tmp_path: Path, write_warehouse: Writer) -> None:
    write_warehouse(tmp_path, "delete from build")
    app = open_page(tmp_path)
    assert not app.exception
    assert "is empty" in app.info[0].value and "`tracker demo`" in app.info[0].value


def test_old_warehouse_names_the_missing_table(open_page: Opener, tmp_path: Path, write_warehouse: Writer) -> None:
    write_warehouse(tmp_path, "drop table coverage_days")
    app = open_page(tmp_path)
    assert not app.exception
    assert "has no coverage_days" in app.info[0].value and "`tracker build`" in app.info[0].value


def test_damaged_warehouse_says_what_to_run(open_page: Opener, tmp_path: Path) -> None:
    (tmp_path / "tracker.duckdb").write_bytes(b"not a database" * 1000)
    app = open_page(tmp_path)
    assert not app.exception
    assert "cannot be read" in app.info[0].value and "`tracker build`" in app.info[0].value


def test_headline_equals_sql(open_page: Opener, home: Path) -> None:
    share = """
        select sum(downloads_30d) filter (origin = '{}') / sum(downloads_30d)
        from adoption_days where lens = 'publisher' and day = '2026-08-22'
    """
    china, states = (read_value(home, share.format(code)) for code in ("CN", "US"))
    assert isinstance(china, float) and isinstance(states, float)
    text = page_text(open_page(home))
    assert (
        f"Models from China get {format.percent(china)} of downloads of language models on Hugging Face; "
        f"models from the United States get {format.percent(states)}"
    ) in text


def test_link_restores_metric_view_group_and_types(open_page: Opener, home: Path) -> None:
    app = open_page(home, metric="Likes", view="Total", group="Region", layers=["Original"])
    assert not app.exception
    assert [shown.value for shown in app.subheader] == [
        "All regions on the last day",
        "What moved it",
        "Crossovers: who passed whom, and when",
        "New derivatives by region of the base model",
    ]
    assert ("Sum of likes, by country of the publishing organisation; language models, only original.") in page_text(
        app
    )
    expected = read_value(
        home,
        "select sum(likes)::bigint from adoption_days where lens = 'publisher' and origin = 'FR' "
        "and layer = 'release' and day = '2026-08-22'",
    )
    table = shown_table(app)
    assert table.loc[table["name"] == "Europe", "likes"].tolist() == [expected]


def test_root_lens_has_unknown_base_models_separately(open_page: Opener, home: Path) -> None:
    share = """
        select sum(downloads_30d) filter (origin is not distinct from {}) / sum(downloads_30d)
        from adoption_days where lens = 'root' and day = '2026-08-22'
    """
    china, states, unknown = (read_value(home, share.format(code)) for code in ("'CN'", "'US'", "null"))
    assert isinstance(china, float) and isinstance(states, float) and isinstance(unknown, float)
    app = open_page(home, lens="Base model")
    text = page_text(app)
    assert app.title[0].value.startswith("Chinese base models and their derivatives get ")
    assert (
        f"Base models from China, with their derivatives, get {format.percent(china)} of downloads of language models "
        f"on Hugging Face; those from the United States get {format.percent(states)}"
    ) in text
    assert "has no country: models whose base model is unknown; that is less" in text
    assert f"Another {format.percent(unknown)} has no country" in text
    assert "by country of the base model's lab" in text and "Attributed to: base model." in text
    table = shown_table(app).set_index("name")
    assert table.loc["China", "share"] == pytest.approx(100 * china)
    assert table.loc["Base model unknown", "share"] == pytest.approx(100 * unknown)


@pytest.mark.parametrize(("label", "lens"), [("Publisher", "publisher"), ("Base model", "root")])
def test_daily_downloads_are_7_day_means(open_page: Opener, home: Path, label: str, lens: str) -> None:
    china = "select sum(downloads_7d_mean) {} from adoption_days where lens = '{}' and day = '2026-08-22'"
    part, whole = (read_value(home, china.format(which, lens)) for which in ("filter (origin = 'CN')", ""))
    assert isinstance(part, float) and isinstance(whole, float)
    app = open_page(home, lens=label, metric="Daily downloads")
    table = shown_table(app).set_index("name")
    assert table.loc["China", "downloads_7d_mean"] == part
    assert f"get {format.percent(part / whole)} of daily downloads of language models on Hugging Face" in page_text(app)
    captions = [caption.value.replace("\\", "") for caption in app.caption]
    assert terms.METRIC_MEANINGS["downloads_7d_mean"] in captions
    footnote = next(caption for caption in captions if "Source: Hugging Face Hub counters" in caption)
    assert "without data" not in footnote, "the day without a listing has daily downloads"


def test_link_restores_lens_and_metric(open_page: Opener, home: Path) -> None:
    app = open_page(home, lens="Base model", metric="Daily downloads", group="Region")
    assert not app.exception
    assert "base models and their derivatives get" in app.title[0].value and "daily" in app.title[0].value
    chosen = {control.key: control.value for control in app.button_group if control.key in ("lens", "metric", "group")}
    assert chosen == {"lens": "root", "metric": "downloads_7d_mean", "group": "region"}
    assert "Base model unknown" in shown_table(app)["name"].tolist()


def test_countries_keep_their_colour_under_either_lens(open_page: Opener, home: Path) -> None:
    colours = [drawn_colours(open_page(home, lens=lens)) for lens in ("Publisher", "Base model")]
    for code in ("CN", "US", "FR", "KR"):
        assert colours[0][code] == colours[1][code] == palette.ORIGINS[code]
    assert vocabulary.NOT_KNOWN not in colours[0]
    assert colours[1][vocabulary.NOT_KNOWN] == palette.ORIGINS[vocabulary.NOT_KNOWN]


def test_invalid_parameters_fall_back_to_defaults(open_page: Opener, home: Path) -> None:
    app = open_page(home, metric="'; drop table models --", view="sideways", lens="none")
    assert not app.exception
    assert app.title[0].value.startswith("Chinese labs' models get ")


def test_table_lists_origins_without_a_line(open_page: Opener, home: Path) -> None:
    assert "South Korea" in shown_table(open_page(home))["name"].tolist()


def test_search_finds_models_by_part_of_the_name(open_page: Opener, home: Path) -> None:
    app = open_page(home, "views/models.py", q="QWEN3")
    assert shown_table(app)["repo_id"].tolist() == ["Qwen/Qwen3-8B"]
    downloads = read_value(home, "select downloads_30d from model_days where hub_id = 'h1' and day = '2026-08-22'")
    assert shown_table(app)["downloads_30d"].tolist() == [downloads]


def test_search_takes_patterns_literally(open_page: Opener, home: Path) -> None:
    app = open_page(home, "views/models.py", q="%' or 1=1 --_")
    assert not app.exception
    assert app.info[0].value == "No model matches. Change the search or remove a filter."


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"origin": "China"}, {"h1"}),
        ({"lab": ["Meta", "Mistral"]}, {"h2", "h3"}),
        ({"layer": "Original", "origin": ["South Korea", "France"]}, {"h3", "h6"}),
    ],
)
def test_models_are_filtered_by_origin_lab_and_type(
    open_page: Opener, home: Path, query: dict[str, str | list[str]], expected: set[str]
) -> None:
    shown = shown_table(open_page(home, "views/models.py", **query))["repo_id"]
    ids = ", ".join(f"'{hub_id}'" for hub_id in sorted(expected))
    names = read_value(home, f"select list(repo_id order by repo_id) from models where hub_id in ({ids})")
    assert sorted(shown) == names


def test_names_link_only_to_the_hub(open_page: Opener, home: Path) -> None:
    table = shown_table(open_page(home, "views/models.py"))
    assert all(url.startswith("https://huggingface.co/") for url in table["url"])
    assert not any(set("<>()[] \"'") & set(url) for url in table["url"])


def test_new_build_is_shown_without_restart(open_page: Opener, home: Path, write_warehouse: Writer) -> None:
    app = open_page(home, "views/models.py", q="Qwen3")
    change = "update latest_counts set downloads_30d = 77 where hub_id = 'h1'"
    write_warehouse(home / "beside", change).replace(home / "tracker.duckdb")
    assert shown_table(app.run())["downloads_30d"].tolist() == [77]


def test_incomplete_last_day_is_stated_and_not_counted(
    open_page: Opener, tmp_path: Path, write_warehouse: Writer
) -> None:
    write_warehouse(
        tmp_path,
        "insert into coverage_days values ('2026-08-23', 'hub', 'partial', false, false, 1, 0, 'ended early')",
        "update latest_counts set day = '2026-08-23', downloads_30d = 1 where hub_id = 'h1'",
        "update build set last_day = '2026-08-23'",
    )
    app = open_page(tmp_path, "views/models.py")
    assert "As of 23 Aug 2026: 1 model read, incomplete." in page_text(app)
    table = shown_table(app).set_index("repo_id")
    assert table.loc["Qwen/Qwen3-8B", "downloads_30d"] == 1
    read_on = {name: str(day)[:10] for name, day in table["read_on"].items()}
    assert (read_on["Qwen/Qwen3-8B"], read_on["meta-llama/Llama-3.1-8B"]) == ("2026-08-23", "2026-08-22")


def test_table_of_another_version_says_what_to_run(open_page: Opener, tmp_path: Path, write_warehouse: Writer) -> None:
    write_warehouse(tmp_path, "alter table origin_days drop column is_below_1b")
    app = open_page(tmp_path)
    assert not app.exception
    assert "built by another version of the program. Run `tracker build`" in app.info[-1].value


def test_page_of_a_compact_copy_says_which_days_it_lacks(
    open_page: Opener, tmp_path: Path, write_warehouse: Writer
) -> None:
    write_warehouse(tmp_path, "create table compact as select date '2026-08-21' history_since, 9 readings_left_out")
    app = open_page(tmp_path, "views/model.py", model="Qwen/Qwen3-8B")
    assert "Days of single models before 21 Aug 2026 are only in the dataset that this copy is from." in page_text(app)
    assert not app.exception


def test_pulled_tables_of_another_version_are_not_rebuilt(tmp_path: Path, write_warehouse: Writer) -> None:
    write_warehouse(tmp_path, "drop table origins")
    (tmp_path / MARTS_NOTE).write_text("{}")
    found = open_store(tmp_path)
    assert isinstance(found, NotReady) and found.because.endswith(
        "it has no origins. Use the version that published it, or publish it with this one and run `tracker pull "
        "--marts` again."
    )


def test_error_in_a_table_of_this_version_is_named(tmp_path: Path, write_warehouse: Writer) -> None:
    write_warehouse(tmp_path, f"alter table build add column sql_version varchar default '{sql_version()}'")
    opened = open_store(tmp_path)
    assert not isinstance(opened, NotReady)
    with pytest.raises(duckdb.BinderException) as error:
        rows(opened[0], "select none_of_these from build")
    assert "(BinderException). Run `tracker build`" in unreadable(error.value, opened[0])


def test_no_model_type_is_explained(open_page: Opener, home: Path) -> None:
    app = open_page(home)
    next(control for control in app.button_group if control.key == "layers").set_value([]).run()
    assert not app.exception
    assert [shown.value for shown in app.info] == ["No model type is selected. Select at least one above."]
