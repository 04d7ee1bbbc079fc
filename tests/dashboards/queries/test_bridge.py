"""The shares between our default and a published figure equal a plain recount; an unknown step is never 0."""

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboards.data.bridge import NO_COUNTERS, NO_LIST, NOT_READ, Bridge, Step
from dashboards.data.warehouse import NotReady, Store, open_store
from dashboards.queries import bridge as queries
from dashboards.text import bridge as words
from tests.support.warehouse_file import read_rows, run_sql
from tracker.api.tracker import Tracker

LAST = date(2026, 11, 20)
ATOM, ECONOMIES, ACCOUNTS, GGUF, DERIVED, PULSE = (
    "atom-cumulative-china", "economies-share-china", "hf-downloads-qwen", "hf-gguf-qwen",
    "model-pulse-derivatives-2026-09", "model-pulse-qwen-text-2026-09",
)  # fmt: skip
Row = dict[str, Any]


def opened(home: Path) -> Store:
    found = open_store(home)
    assert not isinstance(found, NotReady)
    return found[0]


def bridge_of(home: Path, figure: str, names: tuple[str, ...] | None = None) -> Bridge:
    found = queries.bridge(opened(home), figure, names)
    assert found is not None
    return found


def shares(found: Bridge) -> dict[str, float | None]:
    return {step.code: step.share for step in (found.ours, *found.steps)}


@pytest.fixture
def own(simulated: Path, tmp_path: Path) -> Path:
    """A home with a copy of the simulated warehouse, to be changed."""
    shutil.copy(simulated / "tracker.duckdb", tmp_path)
    return tmp_path


class Recount:
    """The readings of one day, added up in plain Python."""

    def __init__(self, home: Path, day: date) -> None:
        columns = (
            "hub_id", "repo_id", "author", "publisher_origin", "family", "models.task_class", "layer", "counted_layer",
            "is_gguf", "modality", "downloads_30d", "downloads_all_time",
        )  # fmt: skip
        sql = (
            f"select {', '.join(columns)} from models join model_days using (hub_id) "
            f"left join tasks using (pipeline_tag) where day = '{day}'"
        )
        names = [column.removeprefix("models.") for column in columns]
        self.rows: list[Row] = [dict(zip(names, row, strict=True)) for row in read_rows(home, sql)]
        self.roots: dict[str, list[tuple[str | None, float]]] = defaultdict(list)
        for hub_id, family, weight in read_rows(home, "select hub_id, root_family, weight from lineage"):
            self.roots[hub_id].append((family, float(weight)))

    def share(self, counter: str, codes: Iterable[str], of: Callable[[Row], Any], only: Callable[[Row], bool]) -> float:
        """The share of the first code in both, or in all downloads if there is only one."""
        sums: dict[Any, float] = defaultdict(float)
        for row in filter(only, self.rows):
            parts = self.roots[row["hub_id"]] if of(row) == "root" else [(of(row), 1.0)]
            for code, weight in parts:
                sums[code] += (row[counter] or 0) * weight
        first, *others = codes
        return sums[first] / sum(sums[code] for code in ((first, *others) if others else tuple(sums)))


def is_language(row: Row) -> bool:
    return bool(row["task_class"] == "language")


def is_original(row: Row) -> bool:
    return is_language(row) and row["counted_layer"] == "release"


def test_default_is_the_headline_of_the_overview(simulated: Path) -> None:
    found = bridge_of(simulated, ATOM)
    days = Tracker.of_home(simulated).adoption(metric="downloads_30d", of=["CN", "US"], since=LAST)
    headline = dict(days.select("origin", "share").iter_rows())
    assert found.ours.of_all == pytest.approx((headline["CN"], headline["US"]))
    assert found.ours.share == pytest.approx(headline["CN"] / (headline["CN"] + headline["US"]))
    assert found.theirs == pytest.approx(1150 / 1873)


def test_countries_equal_a_recount(simulated: Path) -> None:
    counts, pair = Recount(simulated, LAST), ("CN", "US")
    named = {row["repo_id"] for row in counts.rows if ord(row["hub_id"][-1]) % 2 or row["author"] == "google"}
    found = bridge_of(simulated, ATOM, (*sorted(named), "nobody/none"))

    def recount(counter: str, only: Callable[[Row], bool]) -> float:
        return counts.share(counter, pair, lambda row: row["publisher_origin"], only)

    assert shares(found) == {
        "ours": pytest.approx(recount("downloads_30d", is_language)),
        "originals": pytest.approx(recount("downloads_30d", is_original)),
        "downloads_all_time": pytest.approx(recount("downloads_all_time", is_original)),
        "list": pytest.approx(recount("downloads_all_time", lambda row: row["repo_id"] in named)),
        "published_day": None,
    }
    assert len({share for share in shares(found).values()}) == 5, "each step changes something"
    assert [step.models for step in found.steps if step.code == "list"] == [len(named)]
    assert [step.because for step in found.steps if step.share is None] == [NOT_READ]


def test_list_step_equals_the_figures_of_the_list(simulated: Path) -> None:
    names = tuple(name for (name,) in read_rows(simulated, "select repo_id from models order by hub_id limit 80"))
    listed = Tracker.of_home(simulated).list_downloads(names)
    ours = dict(listed.select("figure", "our_value").iter_rows())
    china, states = ours[ATOM], ours["atom-cumulative-us"]
    assert shares(bridge_of(simulated, ATOM, names))["list"] == pytest.approx(china / (china + states))


def test_families_and_accounts_equal_a_recount(simulated: Path) -> None:
    counts, pair = Recount(simulated, LAST), ("qwen", "gemma")
    of_family = bridge_of(simulated, GGUF)
    assert shares(of_family) == {
        "ours": pytest.approx(counts.share("downloads_30d", pair, lambda row: row["family"], is_language)),
        "all_models": pytest.approx(counts.share("downloads_30d", pair, lambda row: row["family"], lambda row: True)),
        "base_model": pytest.approx(counts.share("downloads_30d", pair, lambda row: "root", lambda row: True)),
        "gguf": pytest.approx(counts.share("downloads_30d", pair, lambda row: "root", lambda row: row["is_gguf"])),
        "published_day": None,
    }
    read = Recount(simulated, date(2026, 9, 30))

    def has_tag(row: Row) -> bool:
        return row["modality"] is not None

    assert shares(bridge_of(simulated, PULSE)) == {
        "ours": pytest.approx(counts.share("downloads_30d", ["Qwen"], lambda row: row["author"], is_language)),
        "text_tags": pytest.approx(counts.share("downloads_30d", ["Qwen"], lambda row: row["author"], has_tag)),
        "published_day": pytest.approx(read.share("downloads_30d", ["Qwen"], lambda row: row["author"], has_tag)),
    }


def test_period_adds_up_the_downloads_of_its_days(simulated: Path, own: Path) -> None:
    assert shares(bridge_of(simulated, ECONOMIES))["period"] is None, "sixty days are no year"
    since, until = date(2026, 10, 1), date(2026, 10, 31)
    run_sql(own, f"update reproductions set our_since = '{since}', our_until = '{until}' where figure = '{ECONOMIES}'")
    sql = (
        "select publisher_origin, sum(downloads) from model_flows join models using (hub_id) "
        f"where day between '{since}' and '{until}' group by all"
    )
    sums = dict(read_rows(own, sql))
    assert shares(bridge_of(own, ECONOMIES))["period"] == pytest.approx(sums["CN"] / (sums["CN"] + sums["US"]))


def test_period_of_accounts_is_that_of_all_their_models(simulated: Path, own: Path) -> None:
    counts, pair = Recount(simulated, LAST), ("Qwen", "moonshotai")
    found = shares(bridge_of(simulated, ACCOUNTS))
    assert found == {
        "ours": pytest.approx(counts.share("downloads_30d", pair, lambda row: row["author"], is_language)),
        "all_models": pytest.approx(counts.share("downloads_30d", pair, lambda row: row["author"], lambda row: True)),
        "period": None,
    }
    known = (
        f"our_since = '{LAST}', our_until = '{LAST}', our_value = case figure when '{ACCOUNTS}' then 300 else 100 end"
    )
    run_sql(own, f"update reproductions set {known} where figure like 'hf-downloads-%'")
    half_known = own / "half"
    half_known.mkdir()
    shutil.copy(own / "tracker.duckdb", half_known)
    run_sql(half_known, "update reproductions set our_since = null where figure = 'hf-downloads-moonshot'")
    assert shares(bridge_of(own, ACCOUNTS))["period"] == 0.75
    assert shares(bridge_of(half_known, ACCOUNTS))["period"] is None


def test_derivatives_equal_a_recount(simulated: Path) -> None:
    counts, read = Recount(simulated, LAST), Recount(simulated, date(2026, 9, 30))

    def is_built(row: Row) -> bool:
        return row["layer"] in ("derivative", "repackaged")

    def is_built_by_others(row: Row) -> bool:
        return is_built(row) and row["counted_layer"] != "release"

    def share(of: Recount, built: Callable[[Row], bool], only: Callable[[Row], bool] = lambda row: True) -> Any:
        return pytest.approx(of.share("downloads_30d", [True], built, only))

    found = shares(bridge_of(simulated, DERIVED))
    assert found == {
        "ours": share(counts, is_built_by_others, is_language),
        "all_models": share(counts, is_built_by_others),
        "own_copies": share(counts, is_built),
        "published_day": share(read, is_built),
    }
    assert len(set(found.values())) == 4, "each step changes something"


def test_series_of_registered_accounts_leaves_out_all_others(own: Path) -> None:
    run_sql(own, "update series_days set is_cut = true")
    expected = Recount(own, LAST).share(
        "downloads_30d", ["Qwen"], lambda row: row["author"],
        lambda row: is_language(row) and row["publisher_origin"] != "unaffiliated",
    )  # fmt: skip
    assert bridge_of(own, PULSE).ours.share == pytest.approx(expected)


def test_unknown_step_changes_nothing_and_has_a_reason(own: Path) -> None:
    run_sql(own, "update model_days set downloads_all_time = null")
    found = bridge_of(own, ATOM)
    reasons = {step.code: step.because for step in found.steps}
    assert reasons == {
        "originals": None, "downloads_all_time": NO_COUNTERS, "list": NO_LIST, "published_day": NOT_READ,
    }  # fmt: skip
    assert found.last.code == "originals" and found.last.counted.counter == "downloads_30d"
    names = tuple(name for (name,) in read_rows(own, "select repo_id from models order by hub_id limit 80"))
    listed = bridge_of(own, ATOM, names).last
    assert (listed.code, listed.counted.counter) == ("list", "downloads_30d")


def test_published_day_is_the_last_reading_of_the_time(own: Path) -> None:
    run_sql(own, "update published_figures set since = '2026-10-01', until = '2026-10-20' where figure like 'atom-%'")
    [step] = [step for step in bridge_of(own, ATOM).steps if step.code == "published_day"]
    assert isinstance(step, Step) and step.counted.day == date(2026, 10, 20)
    expected = Recount(own, date(2026, 10, 20)).share(
        "downloads_all_time", ("CN", "US"), lambda row: row["publisher_origin"], is_original
    )
    assert step.share == pytest.approx(expected)


def test_every_bridge_of_the_registry_is_drawn_in_words(simulated: Path) -> None:
    for figure in queries.choices(opened(simulated)):
        rows = words.rows(bridge_of(simulated, figure))
        unknown = rows.filter(rows["kind"] == words.UNKNOWN)
        assert set(unknown["effect"]) <= {"unknown"} and set(unknown["level"]) <= {"unknown"}
        assert all(note.endswith(".") for note in rows["note"])
