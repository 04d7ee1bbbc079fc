"""A Hub whose answers have changed: fields more, fields less, other types."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.conftest import NEXT, content, sentence
from tracker.demo.hub.faults import Fault, FaultKind
from tracker.domain import Manifest
from tracker.lake.lake import Lake
from tracker.lake.writer import SCHEMAS

Run = Callable[..., Any]
Row = dict[str, Any]


def changed(edit: Callable[[int, Row], Row]) -> Fault:
    """Every row of every answer goes through `edit`, which is given its place on the page."""
    return Fault(FaultKind.DAMAGE, edit=edit, times=1000)


def without(name: str) -> Fault:
    return changed(lambda place, row: {key: value for key, value in row.items() if key != name})


def landed_next(home: Path) -> Manifest:
    manifest = Lake(home).manifest(f"{NEXT}-hub")
    assert manifest is not None
    return manifest


def test_unknown_fields_do_not_land(own: Path, next_day: Run, crawl: Run, listing: list[Row], landed: Run) -> None:
    hub = next_day(listing)
    more = {"novelty": {"deep": [1, {"x": None}]}, "downloads7Days": 3, "createdAtOnce": "never"}
    inside = {"safetensors": {"total": 7, "parameters": {"F8": 7}, "shards": ["a"]}, "gguf": {"total": 8, "kind": "x"}}
    hub.faults.add(changed(lambda place, row: more | row | (inside if row["_id"] == listing[4]["_id"] else {})))
    done = crawl(own, hub)
    assert (done.code, done.out[:44]) == (0, f"{NEXT}-hub: 12 models (0 new, 1 changed)")
    [row] = landed(Lake(own), "models", landed_next(own))
    assert (list(row), row["safetensors_total"], row["gguf_total"]) == (SCHEMAS["models"].names, 7, 8)


@pytest.mark.parametrize("name", ["tags", pytest.param("downloadsAllTime", marks=pytest.mark.slow)])
def test_listing_without_a_known_field_lands_nothing(
    own: Path, next_day: Run, crawl: Run, listing: list[Row], name: str
) -> None:
    hub, before, run = next_day(listing), content(own / "lake"), own / "runs" / f"{NEXT}-hub"
    hub.faults.add(without(name))
    done = crawl(own, hub)
    assert (done.code, done.out) == (11, "")
    assert sentence(done.err) == (
        f"None of 12 models has {name}, unlike on 2026-08-19. The Hub's API may have changed: look for a newer version "
        f"of this program. Nothing was added to the lake. The pages are saved in {run}; move it away to download them "
        "again."
    )
    assert content(own / "lake") == before
    hub.faults.clear()
    shutil.move(run, own / "moved")
    assert (crawl(own, hub).code, landed_next(own).told[name]) == (0, 12)


def test_counter_missing_in_a_first_listing_is_unknown(
    tmp_path: Path, next_day: Run, crawl: Run, listing: list[Row], landed: Run
) -> None:
    hub, home = next_day(listing), tmp_path / "home"
    hub.faults.add(without("downloadsAllTime"))
    done = crawl(home, hub)
    assert (done.code, done.out.endswith(" s; no model has downloadsAllTime.\n")) == (0, True)
    rows = landed(Lake(home), "model_days", landed_next(home))
    assert {row["downloads_all_time"] for row in rows} == {None} and rows[3]["likes"] == 3


def test_row_of_another_type_is_set_aside_with_its_reason(
    own: Path, next_day: Run, crawl: Run, listing: list[Row], landed: Run
) -> None:
    hub = next_day(listing)
    hub.faults.add(changed(lambda place, row: row | ({"likes": "many"} if row["_id"] == listing[3]["_id"] else {})))
    done = crawl(own, hub)
    assert done.code == 0
    assert "11 models (0 new, 0 changed)" in done.out
    assert "rows refused (likes is text, not a whole number: " in done.out
    assert listing[3]["_id"] not in {row["hub_id"] for row in landed(Lake(own), "model_days", landed_next(own))}


TYPES = [
    ("downloads", str, "downloads is text, not a whole number"),
    ("createdAt", lambda value: 1_790_000_000, "createdAt is not a date"),
    ("tags", lambda value: {"list": value}, "tags is an object, not a list"),
    ("gated", lambda value: {"mode": value}, "gated is none of false, auto, manual"),
    ("_id", lambda value: value.upper() + "X", "_id is not 24 hex digits"),
]


@pytest.mark.parametrize(
    ("name", "as_other", "reason"), [TYPES[0], *(pytest.param(*row, marks=pytest.mark.slow) for row in TYPES[1:])]
)
def test_field_of_another_type_everywhere_is_an_error(
    own: Path,
    next_day: Run,
    crawl: Run,
    listing: list[Row],
    name: str,
    as_other: Callable[[Any], Any],
    reason: str,
) -> None:
    hub, before = next_day(listing), content(own / "lake")
    hub.faults.add(changed(lambda place, row: row | {name: as_other(row[name])}))
    done = crawl(own, hub)
    assert done.code == 11
    said = sentence(done.err)
    assert said.startswith(f"{NEXT}-hub landed as partial: ") and f"rows were refused, most because {reason}." in said
    assert {path: found for path, found in content(own / "lake").items() if path in before} == before
    assert landed_next(own).files == ()
    hub.faults.clear()
    assert (crawl(own, hub).code, landed_next(own).models) == (0, 12)


def test_field_unknown_to_the_hub_is_a_refusal(own: Path, next_day: Run, crawl: Run, listing: list[Row]) -> None:
    hub, before = next_day(listing), content(own / "lake")
    hub.faults.add(Fault(FaultKind.STATUS, status=400, body={"error": 'Invalid option "trendingScore"'}, times=100))
    done = crawl(own, hub)
    assert (done.code, done.out) == (10, "")
    assert 'refused with status 400: {"error": "Invalid option' in sentence(done.err).replace('":"', '": "')
    assert "The Hub's API may have changed: look for a newer version of this program." in done.err
    assert content(own / "lake") == before and Lake(own).unfinished_runs() == []
