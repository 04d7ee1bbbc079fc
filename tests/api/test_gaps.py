"""What the registry does not know, found in a few rows of the public tables."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.support.database import in_memory
from tracker.api.gaps import Gap, GapKind, Gaps, find_gaps, stem, without_formats
from tracker.cli.gaps import table, text_lines, toml_lines
from tracker.database import Connection
from tracker.errors import DataError, UsageError
from tracker.registry.entries import Registry
from tracker.registry.load import load

DAY = date(2026, 8, 22)
MODELS = [
    # name, downloads, task class, lab, role, family, generation, layer, maker's own, library, parent, root's origin
    ("acme/Thing-7B", 500, "language", None, "unknown", None, None, "other", False, None, None, "unaffiliated"),
    (
        "acme/Thing-7B-GGUF",
        50,
        "language",
        None,
        "unknown",
        None,
        None,
        "repackaged",
        False,
        None,
        "acme/Thing-7B",
        "no",
    ),
    (
        "shop/Qwen3-8B-GGUF",
        300,
        "language",
        None,
        "unknown",
        None,
        None,
        "repackaged",
        False,
        None,
        "Qwen/Qwen3-8B",
        "CN",
    ),
    ("shop/Made-GGUF", 90, "language", None, "unknown", None, None, "repackaged", False, None, "gone/Made", "no"),
    ("me/gemma-3-4b-it-wild", 80, "language", None, "unknown", None, None, "other", False, None, None, "unaffiliated"),
    (
        "me/gemma-3-1b-it-calm",
        10,
        "language",
        None,
        "unknown",
        None,
        None,
        "other",
        False,
        None,
        "architecture:gemma3",
        "US",
    ),
    ("nvidia/Novelty-4B", 70, "language", "nvidia", "lab", None, None, "release", True, None, None, "US"),
    ("nvidia/Novelty-9B", 20, "language", "nvidia", "lab", None, None, "release", True, None, None, "US"),
    ("Qwen/Qwen-Next9-4B", 60, "language", "alibaba", "lab", "qwen", None, "release", True, None, None, "CN"),
    ("Qwen/Qwen3-8B", 55, "language", "alibaba", "lab", "qwen", "Qwen3", "release", True, None, None, "CN"),
    ("Qwen/Qwen3-8B-w4a8", 45, "language", "alibaba", "lab", "qwen", "Qwen3", "release", True, None, None, "CN"),
    (
        "Qwen/Qwen3-4B",
        40,
        "language",
        "alibaba",
        "lab",
        "qwen",
        "Qwen3",
        "repackaged",
        True,
        None,
        "Qwen/Qwen3-8B",
        "CN",
    ),
    ("Qwen/Qwen3-4B-MLX", 30, "language", "alibaba", "lab", "qwen", "Qwen3", "repackaged", True, "mlx", None, "CN"),
    ("nvidia/Qwen3-8B-NVFP4", 25, "language", "nvidia", "lab", None, None, "repackaged", False, None, None, "CN"),
    ("sounds/Loud", 999, "audio", None, "unknown", None, None, "other", False, None, None, "unaffiliated"),
]


@pytest.fixture
def connection() -> Iterator[Connection]:
    with in_memory() as made:
        made.execute("create table build as select date '2026-08-22' as last_day")
        made.execute("create table generations as select 'qwen' as family")
        made.execute(
            """
            create table models (
                hub_id varchar, repo_id varchar, author varchar, task_class varchar, publisher_lab varchar,
                publisher_role varchar, publisher_origin varchar, family varchar, generation varchar, layer varchar,
                is_by_maker boolean, library_name varchar, is_gguf boolean, root_family varchar, root_origin varchar
            );
            create table model_days (hub_id varchar, day date, downloads_30d bigint);
            create table lineage (hub_id varchar, root_ref varchar, root_origin varchar, weight double);
            create table used_edges (child_id varchar, parent_ref varchar);
            """
        )
        for number, row in enumerate(MODELS):
            _fill(made, str(number), *row)
        yield made


def _fill(connection: Connection, hub_id: str, repo_id: str, downloads: int, task_class: str, *more: Any) -> None:
    lab, role, family, generation, layer, is_by_maker, library, parent, root_origin = more
    origin = "unaffiliated" if role == "unknown" else "CN"
    owner = repo_id.partition("/")[0]
    connection.execute(
        "insert into models values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, null, null)",
        [hub_id, repo_id, owner, task_class, lab, role, origin, family, generation, layer, is_by_maker, library,
         repo_id.endswith("GGUF")],
    )  # fmt: skip
    connection.execute("insert into model_days values (?, ?, ?)", [hub_id, DAY, downloads])
    root = parent or repo_id
    values = [hub_id, root, None if root_origin == "no" else root_origin]
    connection.execute("insert into lineage values (?, ?, ?, 1)", values)
    if parent:
        connection.execute("insert into used_edges values (?, ?)", [hub_id, parent])


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load()


@pytest.fixture
def found(connection: Connection, registry: Registry) -> Gaps:
    return find_gaps(connection, registry, None, "language", 20)


def of_kind(gaps: Gaps, kind: GapKind) -> list[tuple[str, float]]:
    """Names and downloads of the gaps of a kind."""
    return [(gap.name, gap.downloads_30d) for gap in gaps.gaps if gap.kind == kind]


def named(gaps: Gaps, kind: GapKind, name: str) -> Gap:
    return next(gap for gap in gaps.gaps if (gap.kind, gap.name) == (kind, name))


def test_unregistered_accounts_are_listed_by_downloads(found: Gaps) -> None:
    assert of_kind(found, GapKind.ACCOUNT) == [("acme", 550), ("shop", 390), ("me", 90)]
    roles = [gap.known["role"] for gap in found.gaps if gap.kind == GapKind.ACCOUNT]
    assert roles == ["community", "repackager", "community"]
    assert (found.day, found.downloads_30d) == (DAY, sum(row[1] for row in MODELS if row[2] == "language"))


def test_unknown_roots_are_listed_by_what_depends_on_them(found: Gaps) -> None:
    assert of_kind(found, GapKind.ROOT) == [("acme/Thing-7B", 550), ("gone/Made", 90)]


def test_hidden_base_is_suggested_by_the_name(found: Gaps) -> None:
    assert of_kind(found, GapKind.HIDDEN_BASE) == [("me/gemma-3-4b-it-wild", 80), ("me/gemma-3-1b-it-calm", 10)]
    [parent] = named(found, GapKind.HIDDEN_BASE, "me/gemma-3-4b-it-wild").known["parents"]
    assert parent.startswith("google/gemma-3-")


def test_labs_models_without_family_are_grouped_by_name(found: Gaps) -> None:
    assert of_kind(found, GapKind.FAMILY) == [("Novelty", 90)]
    assert named(found, GapKind.FAMILY, "Novelty").known["examples"] == ["nvidia/Novelty-4B", "nvidia/Novelty-9B"]
    assert of_kind(found, GapKind.GENERATION) == [("Qwen-Next9", 60)]


def test_copies_and_originals_of_labs_are_separate(found: Gaps) -> None:
    assert of_kind(found, GapKind.COPY) == [("Qwen/Qwen3-8B-w4a8", 45)]
    assert named(found, GapKind.COPY, "Qwen/Qwen3-8B-w4a8").known["parents"] == ["Qwen/Qwen3-8B"]
    assert of_kind(found, GapKind.ORIGINAL) == [("Qwen/Qwen3-4B", 40)]


def test_models_and_limit_choose_what_is_listed(connection: Connection, registry: Registry) -> None:
    everything = find_gaps(connection, registry, DAY, "all", 1)
    assert of_kind(everything, GapKind.ACCOUNT) == [("sounds", 999)]
    assert everything.downloads_30d == sum(row[1] for row in MODELS)
    assert find_gaps(connection, registry, DAY, "vision", 5).gaps == ()


def test_registered_entries_are_no_longer_missing(connection: Connection, registry: Registry) -> None:
    acme = replace(registry.organizations[0], handle="acme")
    base = replace(registry.bases[0], repo_id="gone/Made")
    novel = replace(next(f for f in registry.families if f.lab == "nvidia"), patterns=("^novelty-",))
    more = replace(
        registry,
        organizations=(*registry.organizations, acme),
        bases=(*registry.bases, base),
        families=(*registry.families, novel),
    )
    gaps = find_gaps(connection, more, None, "language", 20)
    assert "acme" not in dict(of_kind(gaps, GapKind.ACCOUNT))
    assert of_kind(gaps, GapKind.ROOT) == [] == of_kind(gaps, GapKind.FAMILY)


def test_day_without_reading_names_the_nearest(connection: Connection, registry: Registry) -> None:
    with pytest.raises(UsageError, match="no model was read on this day; the nearest day is 2026-08-22"):
        find_gaps(connection, registry, date(2026, 7, 1), "language", 20)
    connection.execute("update build set last_day = null")
    with pytest.raises(DataError, match="has no day yet"):
        find_gaps(connection, registry, None, "language", 20)


def test_text_has_a_section_for_each_kind(found: Gaps) -> None:
    text = "\n".join(text_lines(found))
    assert "Accounts that are not registered (organizations.toml):\n            550  40.00%  acme" in text
    assert "perhaps from google/gemma-3-" in text
    nothing = "\n".join(text_lines(replace(found, gaps=(), downloads_30d=0)))
    assert nothing.count(": none") == len(GapKind)


def test_rows_hold_what_is_known(found: Gaps) -> None:
    rows = {(row["gap"], row["name"]): row for row in table(found).to_pylist()}
    acme = rows["account", "acme"]
    assert (acme["models"], acme["role"], acme["example"]) == (2, "community", "acme/Thing-7B")
    assert acme["share"] == pytest.approx(550 / found.downloads_30d)
    assert rows["family", "Novelty"]["lab"] == "nvidia"


def test_pasted_entries_pass_the_check(found: Gaps, registry: Registry, tmp_path: Path) -> None:
    text = "\n".join(toml_lines(found, registry))
    assert {"organization", "base", "family"} == set(tomllib.loads(text))
    assert "# 550 downloads (40.00%), 2 models, the largest acme/Thing-7B" in text
    known = re.sub(r'# country = ""', 'country = "ZZ"', text)
    known = re.sub(r'# evidence = ""', 'evidence = "looked up"', known)
    known = re.sub(r"# parents = \[\]", 'parents = ["Qwen/Qwen3-8B"]', known)
    known = re.sub(r"# (parents = .*)", r"\1", known)
    files = {"organization": "organizations.toml", "base": "bases.toml", "family": "families.toml"}
    for kind, file in files.items():
        entries = re.findall(rf"(?ms)^\[\[{kind}\]\]\n.*?(?=^\[\[(?!{kind}\.)|\Z)", known)
        entries.sort(key=lambda entry: str(*re.findall(r'^(?:handle|repo_id|id) = "(.*)"', entry, re.M)[:1]).lower())
        (tmp_path / file).write_text("\n".join(entries), encoding="utf-8")
    pasted = load(tmp_path)
    assert {"acme", "shop", "me"} <= {organization.handle for organization in pasted.organizations}
    assert {f.id: f.patterns for f in pasted.families}["novelty"] == ("^novelty",)
    qwen = next(family for family in pasted.families if family.id == "qwen")
    assert [g.pattern for g in qwen.generations][-1] == "^qwen-next9"
    assert len(qwen.generations) == 1 + len(next(f for f in registry.families if f.id == "qwen").generations)


def test_names_from_outside_cannot_steer_a_terminal(found: Gaps, registry: Registry) -> None:
    odd = Gap(GapKind.ACCOUNT, 'x"\x1b[2J\n[[lab]]', 9, 1, "::error::\x1b]0;x", {"role": "community"})
    gaps = replace(found, gaps=(odd,))
    text = "\n".join([*text_lines(gaps), *toml_lines(gaps, registry)])
    assert "\x1b" not in text and "\n::" not in text
    assert list(tomllib.loads("\n".join(toml_lines(gaps, registry)))) == ["organization"]


@pytest.mark.parametrize(
    ("name", "others", "expected"),
    [
        ("Agents-A1-4B", [], "Agents"),
        ("UI-Mate-9B", [], "UI-Mate"),
        ("tipsv2-b14", [], "tipsv2"),
        ("NVIDIA-Nemotron-Labs-Teacher", ["NVIDIA-Nemotron-Nano-9B-v2"], "NVIDIA-Nemotron-Labs"),
        ("magpie_tts_multilingual", [], "magpie_tts"),
        ("x", ["x"], "x"),
    ],
)
def test_stem_is_the_shortest_distinct_start(name: str, others: list[str], expected: str) -> None:
    assert stem(name, others) == expected and name.startswith(expected)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("a/Thing-7B-FP8", "a/Thing-7B"),
        ("a/Thing-7B-Q4_K_M-GGUF", "a/Thing-7B"),
        ("a/Thing_7B_nvfp4", "a/Thing_7B"),
        ("a/Thing-7B-BF16", "a/Thing-7B-BF16"),
        ("a/GGUF", "a/"),
        ("a/fp8less", "a/fp8less"),
    ],
)
def test_format_words_are_taken_out_of_names(name: str, plain: str) -> None:
    assert without_formats(name) == plain
