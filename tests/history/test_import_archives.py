"""Each archive end to end over HTTP: the right rows under the right keys, fetched once, or nothing at all."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.history.conftest import Home
from tests.support.archives import HUB_STATS, HUB_WEEKLY, MODEL_PULSE, weekly_days
from tests.support.slow import first_of
from tracker.demo.hub.faults import Fault, FaultKind
from tracker.demo.simulation.world import SimulatedWorld
from tracker.errors import DataError, HomeError, HubError
from tracker.lake.lake import Lake

Expected = Callable[..., dict[str, tuple[int, int, int]]]


def shown(home: Home, day: date, source: str) -> dict[str, tuple[int, int, int]]:
    rows = home.rows(home.manifests(source)[day])
    assert [row["hub_id"] for row in rows] == sorted(row["hub_id"] for row in rows)
    return {row["hub_id"]: (row["downloads_30d"], row["downloads_all_time"], row["likes"]) for row in rows}


def changed(home: Home, repo_id: str, path: str, edit: Callable[[pa.Table], pa.Table]) -> None:
    """Commits another version of a Parquet file of an archive."""
    repository = home.hub.datasets[repo_id]
    file = io.BytesIO()
    pq.write_table(edit(pq.read_table(io.BytesIO(repository.head.files[path].content))), file)
    repository.add({path: file.getvalue()}, f"Upload {path}", repository.head.date + timedelta(seconds=1))


@pytest.mark.slow
def test_model_pulse_lands_every_day_under_the_ids_of_the_lake(
    home: Home, archive_days: list[date], expected: Expected
) -> None:
    found = home.bring("model-pulse")
    meta = json.loads(home.hub.datasets[MODEL_PULSE].head.files["meta.json"].content)
    skipped, partial = ({date.fromisoformat(day) for day in meta[name]} for name in ("skip_days", "partial"))
    assert skipped > partial != set()
    manifests = home.manifests("model-pulse")
    assert sorted(manifests) == found.landed == [day for day in archive_days if day not in skipped]
    assert (set(found.skipped), found.partial) == (skipped, [])
    for day in found.landed:
        assert shown(home, day, "model-pulse") == expected(day, tells_renames=True)
    assert all(manifest.is_complete for manifest in manifests.values())
    assert found.duplicates == 3  # one a month
    refused, left_out = sum(found.refused_because.values()), found.outside + found.untracked_rows
    assert found.read == found.rows + found.duplicates + refused + left_out > found.rows
    assert any(key.startswith("name:") for key in expected(archive_days[0]))
    assert found.unmatched == sum(manifest.unmatched for manifest in manifests.values()) > 0


@pytest.mark.slow
def test_renamed_repositories_match_by_archive_renames(
    home: Home, world: SimulatedWorld, archive_days: list[date], known: set[tuple[str, str]]
) -> None:
    renamed = [
        (hub_id, rename)
        for hub_id, rename in world.truth.renames.items()
        if (hub_id, rename.name) in known and archive_days[0] < rename.day <= archive_days[-1]
    ]
    home.bring("model-pulse")
    home.bring("hub-stats")
    assert renamed
    for hub_id, rename in renamed:
        before = rename.day - timedelta(days=1)
        assert f"name:{rename.former}" in shown(home, before, "hub-stats")
        days = [day for day in (before, before - timedelta(days=1)) if day in home.manifests("model-pulse")]
        assert days and all(hub_id in shown(home, day, "model-pulse") for day in days)
        assert hub_id in shown(home, rename.day, "hub-stats")


@pytest.mark.slow
def test_names_that_only_the_archive_knows_are_attributes_too(home: Home, archive_days: list[date]) -> None:
    home.bring("model-pulse", until=archive_days[4])
    told: dict[str, str] = {}
    for manifest in home.manifests("model-pulse").values():
        for row in home.rows(manifest, "models"):
            assert row["hub_id"] not in told and row["created_at"] is None and row["tags"] is None
            told[row["hub_id"]] = row["repo_id"]
    used = {key for day in home.manifests("model-pulse") for key in shown(home, day, "model-pulse") if ":" in key}
    assert told == {key: key.removeprefix("name:") for key in used} != {}


@pytest.mark.parametrize("source", first_of(["hub-weekly", "model-pulse", "hub-stats"]))
def test_importing_twice_changes_nothing_and_fetches_no_data(home: Home, source: str) -> None:
    home.bring(source)
    before = home.content()
    home.hub.requests.clear()
    again = home.bring(source)
    assert (again.landed, again.days_before) == ([], len(home.manifests(source)))
    assert home.content() == before
    assert {path.rpartition("/")[2] for path in home.fetched()} == ({"meta.json"} if source == "model-pulse" else set())
    assert not list(home.lake.runs.glob("*"))


def test_days_are_imported_in_parts_without_repeats(home: Home, archive_days: list[date]) -> None:
    first, second = archive_days[3], archive_days[9]
    assert home.bring("model-pulse", since=first, until=first).landed == [first]
    content = home.content()
    found = home.bring("model-pulse", since=first, until=second)
    assert found.landed == archive_days[4:10] and not found.skipped
    assert content.items() - home.content().items() <= {(path, content[path]) for path in content if "imports/" in path}


@pytest.mark.slow
def test_weekly_folder_is_dated_by_its_content(home: Home, archive_days: list[date], expected: Expected) -> None:
    weeks = weekly_days(archive_days)
    found = home.bring("hub-weekly")
    commits = {commit.date.date() for commit in home.hub.datasets[HUB_WEEKLY].commits}
    assert found.landed == list(weeks.values()) and not set(found.landed) & commits
    for week, day in weeks.items():
        manifest = home.manifests("hub-weekly")[day]
        assert shown(home, day, "hub-weekly") == expected(day)
        assert f"/models/{week}/models.parquet@" in manifest.endpoint
        [read_at] = {row["read_at"] for row in home.rows(manifest)}
        assert read_at.astimezone(UTC).date() == day
    [repeated] = found.notes
    assert repeated.startswith("models/") and " was skipped: its content is of " in repeated


def test_weekly_folders_of_one_day_count_once(home: Home, archive_days: list[date]) -> None:
    repository = home.hub.datasets[HUB_WEEKLY]
    weeks = weekly_days(archive_days)
    (week, day), *_ = weeks.items()
    path, later = (f"models/{of}/models.parquet" for of in (week, week + timedelta(days=7)))
    same = repository.head.files[path].content
    changed(home, HUB_WEEKLY, path, lambda table: table.slice(0, table.num_rows - 1))
    other = repository.head.files[path].content
    for contents, reason in (
        ({path: same, later: same}, "has the same content"),
        ({path: same, later: other}, "same day"),
    ):
        repository.add(contents, "Change", repository.head.date)
        found = home.bring("hub-weekly", until=day)
        assert found.landed == [day] and later in home.manifests("hub-weekly")[day].endpoint
        assert found.notes[0].startswith(f"{path} was skipped: {later} ") and found.notes[0].endswith(f"{reason}.")
        home.remove("hub-weekly")


def test_only_the_needed_columns_are_fetched(home: Home, archive_days: list[date]) -> None:
    path = "models/2026-09-16/models.parquet"
    repository = home.hub.datasets[HUB_WEEKLY]
    noise = [bytes(f"{number:08}", "ascii").hex() * 400 for number in range(2_000)]
    file = io.BytesIO()
    narrow: dict[str, Any] = {
        "id": [f"a/{n}" for n in range(2_000)],
        "downloads": range(2_000),
        "downloadsAllTime": range(2_000),
    }
    narrow["lastModified"] = [datetime(2026, 9, 20, 20, tzinfo=UTC)] * 2_000
    table = pa.table({**narrow, "cardData": noise, "likes": range(2_000), "config": noise})
    pq.write_table(table, file, compression="none", use_dictionary=False, row_group_size=500)
    repository.commits[:] = [repository.commits[0]]
    repository.add({path: file.getvalue()}, "Add", datetime(2026, 9, 21, 20, tzinfo=UTC))
    home.hub.requests.clear()
    found = home.bring("hub-weekly")
    got = sum(request.body_bytes for request in home.hub.requests if "/resolve/" in request.path)
    assert (found.rows, len(file.getvalue()) > 20_000_000) == (2_000, True)
    assert got < 300_000


def test_hub_stats_takes_the_revisions_of_its_days(home: Home, archive_days: list[date], expected: Expected) -> None:
    wanted = archive_days[-6:-2]
    found = home.bring("hub-stats", since=wanted[0], until=wanted[-1])
    assert found.landed == wanted[::-1]
    for day in wanted:
        assert shown(home, day, "hub-stats") == expected(day)
    assert not [path for path in home.fetched() if "datasets.parquet" in path]


def test_hub_stats_lands_days_while_it_checks_others(home: Home, archive_days: list[date]) -> None:
    changed(home, HUB_STATS, "models.parquet", lambda table: table)  # the newest is whole
    repository = home.hub.datasets[HUB_STATS]
    [number] = [
        number
        for number, commit in enumerate(repository.commits)
        if commit.date.date() == archive_days[-3] and "models.parquet" in commit.title
    ]
    broken = replace(repository.commits[number].files["models.parquet"], content=b"PAR1")
    repository.commits[number] = replace(
        repository.commits[number], files={**repository.commits[number].files, "models.parquet": broken}
    )
    with pytest.raises(DataError):
        home.bring("hub-stats")
    assert sorted(home.manifests("hub-stats")) == archive_days[-2:]
    assert home.notes[0] == f"Listing the commits of {HUB_STATS}."
    assert home.notes[1] == (
        f"Reading {len(archive_days)} revisions of {HUB_STATS}, newest first. Each is checked when it is reached."
    )


def test_hub_stats_skips_an_upload_of_old_content(home: Home, archive_days: list[date]) -> None:
    repository = home.hub.datasets[HUB_STATS]
    day = archive_days[-1] + timedelta(days=5)
    at = datetime(day.year, day.month, day.day, tzinfo=UTC)
    repository.add({"models.parquet": repository.head.files["models.parquet"].content}, "Upload models.parquet", at)
    found = home.bring("hub-stats", since=archive_days[-1])
    assert found.landed == [archive_days[-1]]
    assert found.notes == [f"The revision of {day} was skipped: its content is of {archive_days[-1]}."]


def test_hub_stats_stops_politely_where_its_history_is_gone(home: Home, archive_days: list[date]) -> None:
    repository = home.hub.datasets[HUB_STATS]
    day = archive_days[-4]
    repository.gone = {commit.oid for commit in repository.commits if commit.date.date() <= day}
    found = home.bring("hub-stats")
    assert found.landed == archive_days[:-4:-1]
    assert found.notes == [f"{HUB_STATS} no longer has its revision of {day} or earlier ones."]


@pytest.mark.parametrize(
    ("source", "repo_id", "path", "column", "known_as"),
    [
        ("model-pulse", MODEL_PULSE, "series/2026-10.parquet", "dl30", "series/2026-10.parquet"),
        ("model-pulse", MODEL_PULSE, "series/2026-11.parquet", "dl_all", "series/2026-11.parquet"),
        ("model-pulse", MODEL_PULSE, "renames.parquet", "old", "renames.parquet"),
        ("hub-stats", HUB_STATS, "models.parquet", "downloadsAllTime", "models.parquet of "),
        ("hub-weekly", HUB_WEEKLY, None, "likes", "models/"),
    ],
)
def test_changed_layout_names_the_column_and_lands_nothing(
    home: Home, source: str, repo_id: str, path: str | None, column: str, known_as: str
) -> None:
    before = home.content()
    path = path or max(name for name in home.hub.datasets[repo_id].head.files if name.startswith("models/"))
    changed(home, repo_id, path, lambda table: table.rename_columns(
        [name if name != column else "renamed" for name in table.column_names]
    ))  # fmt: skip
    with pytest.raises(DataError) as refused:
        home.bring(source)
    assert f"{repo_id}, {known_as}" in str(refused.value) and f"no column {column!r}" in str(refused.value)
    assert home.content() == before


def test_column_of_another_kind_is_refused(home: Home) -> None:
    before = home.content()
    path = "series/2026-11.parquet"
    changed(home, MODEL_PULSE, path, lambda table: table.set_column(2, "dl30", table["dl30"].cast(pa.string())))
    with pytest.raises(DataError, match="the column 'dl30' is string, not a number"):
        home.bring("model-pulse")
    assert home.content() == before


def test_other_words_for_renames_and_days_are_understood(home: Home, archive_days: list[date]) -> None:
    changed(
        home, MODEL_PULSE, "renames.parquet", lambda table: table.select([0, 1]).rename_columns(["old_id", "new_id"])
    )
    repository = home.hub.datasets[MODEL_PULSE]
    meta = {"skip_days": [{"day": str(archive_days[0])}], "partial": {str(archive_days[1]): 0.4}}
    repository.add({"meta.json": json.dumps(meta).encode()}, "Update", repository.head.date)
    found = home.bring("model-pulse", until=archive_days[2])
    assert (found.skipped, found.partial) == ([archive_days[0]], [archive_days[1]])
    assert found.landed == sorted(home.manifests("model-pulse")) == archive_days[1:3]


@pytest.mark.parametrize("meta", [b"{}", b"[", b"[]", b'{"skip_days": ["someday"], "partial": []}'])
def test_metadata_that_cannot_be_understood_lands_nothing(home: Home, meta: bytes) -> None:
    before = home.content()
    repository = home.hub.datasets[MODEL_PULSE]
    repository.add({"meta.json": meta}, "Update", repository.head.date)
    with pytest.raises(DataError, match=r"meta\.json"):
        home.bring("model-pulse")
    assert home.content() == before


def test_days_that_become_usable_are_fetched_again(home: Home, archive_days: list[date]) -> None:
    repository = home.hub.datasets[MODEL_PULSE]
    first, second, last = archive_days[1], archive_days[2], archive_days[4]
    for skipped, landed in (([first, second], 3), ([second], 1), ([second], 0), ([], 1), ([first], 0)):
        meta = {"skip_days": [str(day) for day in skipped]}
        repository.add({"meta.json": json.dumps(meta).encode()}, "Update", repository.head.date)
        assert len(home.bring("model-pulse", until=last).landed) == landed
    assert sorted(home.manifests("model-pulse")) == archive_days[:5]


def test_days_an_earlier_version_left_out_are_fetched_if_listed(home: Home, archive_days: list[date]) -> None:
    repository = home.hub.datasets[MODEL_PULSE]
    meta = json.loads(repository.head.files["meta.json"].content)
    released = meta["partial"][0]
    day = date.fromisoformat(released)
    around = {"since": day - timedelta(days=1), "until": day + timedelta(days=1)}
    assert len(home.bring("model-pulse", **around).landed) == 2
    ledger = home.lake.folder / "imports" / "model-pulse.json"
    entries = json.loads(ledger.read_text())
    ledger.write_text(json.dumps({
        path: {oid: [entry[:3] for entry in ranges] for oid, ranges in contents.items()}
        for path, contents in entries.items()
    }))  # fmt: skip
    assert home.bring("model-pulse", **around).landed == []
    meta["skip_days"].remove(released)
    repository.add(
        {"meta.json": json.dumps(meta | {"days": [*meta["days"], released]}).encode()}, "Update", repository.head.date
    )
    assert home.bring("model-pulse", **around).landed == [day]


@pytest.mark.slow
def test_days_landed_before_a_break_are_not_fetched_again(home: Home) -> None:
    home.hub.faults.add(Fault(FaultKind.STATUS, "series/2026-10", after=1, status=401))
    with pytest.raises(HubError, match="no access to it"):
        home.bring("model-pulse")
    assert {day.month for day in home.manifests("model-pulse")} == {9}
    home.hub.requests.clear()
    found = home.bring("model-pulse")
    assert {day.month for day in found.landed} == {10, 11}
    assert not [path for path in home.fetched() if "2026-09" in path]


def test_truncated_body_is_resumed(home: Home, archive_days: list[date], expected: Expected) -> None:
    home.hub.faults.add(Fault(FaultKind.CUT, "series/2026-11", after=2))
    home.bring("model-pulse", since=archive_days[-1])
    assert shown(home, archive_days[-1], "model-pulse") == expected(archive_days[-1], tells_renames=True)
    assert not home.hub.faults.pending


def test_import_takes_tracked_repositories_or_all(home: Home, archive_days: list[date], expected: Expected) -> None:
    first = min(weekly_days(archive_days).values())
    found = home.bring("hub-weekly", until=first, is_tracked_only=True)
    told = expected(first)
    assert shown(home, first, "hub-weekly") == {key: row for key, row in told.items() if ":" not in key} != told
    assert (found.unmatched, found.untracked_rows) == (0, len([key for key in told if ":" in key]))
    assert home.bring("hub-weekly", until=first, is_tracked_only=True).landed == []
    assert home.bring("hub-weekly", until=first).landed == [first]
    assert shown(home, first, "hub-weekly") == told
    assert home.bring("hub-weekly", until=first, is_tracked_only=True).landed == []


def test_names_imported_before_the_first_crawl_are_matched_later(
    empty: Home, world: SimulatedWorld, archive_days: list[date], expected: Expected
) -> None:
    day = min(weekly_days(archive_days).values())
    assert empty.bring("hub-weekly", until=day).unmatched == len(expected(day))
    assert all(":" in key for key in shown(empty, day, "hub-weekly"))
    empty.read(world.days[-1])
    found = empty.bring("hub-weekly", until=day)
    now = shown(empty, day, "hub-weekly")
    listed = {row["_id"] for row in world.listing(world.days[-1]).rows}
    assert (found.landed, found.rematched) == ([], len([key for key in now if key in listed]))
    assert found.rematched > 0.8 * len(now) and len(now) == len(expected(day))
    assert sorted(now.values()) == sorted(expected(day).values())
    assert empty.bring("hub-weekly", until=day).rematched == 0
    assert Lake(empty.folder).file_problems(Lake(empty.folder).manifests(), by_content=True) == []


@pytest.mark.slow
def test_removed_source_leaves_the_others_untouched(home: Home, archive_days: list[date]) -> None:
    home.bring("hub-weekly")
    before, few = home.content(), archive_days[4]
    days = len(home.bring("model-pulse", until=few).landed)
    assert home.remove("model-pulse") == days == 5
    assert home.content() == before
    assert home.remove("model-pulse") == 0
    assert home.bring("model-pulse", until=few).landed


def test_simulated_and_real_data_do_not_mix(home: Home) -> None:
    manifest = home.lake.manifests()[0]
    home.lake.save_manifest(replace(manifest, is_simulated=False))
    with pytest.raises(HomeError, match="contains real data and this Hub serves simulated data"):
        home.bring("model-pulse")
    assert home.manifests("model-pulse") == {}


@pytest.mark.parametrize("repo_id", [MODEL_PULSE, HUB_WEEKLY])
def test_missing_archive_is_named(home: Home, repo_id: str) -> None:
    home.hub.datasets[repo_id].is_private = True
    source = "model-pulse" if repo_id == MODEL_PULSE else "hub-weekly"
    with pytest.raises(HubError, match=f"{repo_id} at {home.hub.url} does not exist, or you have no access to it"):
        home.bring(source)
