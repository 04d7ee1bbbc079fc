"""`tracker registry check | list | explain`."""

import json
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.slow import first_of
from tracker.api.explain import explain
from tracker.errors import DataError, UsageError
from tracker.registry.entries import Registry
from tracker.registry.load import SHIPPED, load

NOW = datetime(2026, 8, 20, tzinfo=UTC)
Run = Callable[..., Any]


def test_shipped_files_have_no_problems(tracker: Run, shipped: Any) -> None:
    done = tracker("registry", "check")
    assert (done.code, done.err) == (0, "")
    counts = f"{len(shipped.organizations)} organisations, {len(shipped.families)} families"
    assert done.out == f"{counts}: no problems.\n"


@pytest.mark.parametrize(
    ("text", "problems", "sentence"),
    [
        ("x = [", 1, "One problem in the registry's files, listed above."),
        ('[[lab]]\nodd = 1\nid = "x"\n', None, "problems in the registry's files, listed above."),
    ],
)
def test_problems_are_listed_with_file_and_line(
    tmp_path: Path, tracker: Run, text: str, problems: int | None, sentence: str
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "labs.toml").write_text(text)
    done = tracker("registry", "check", "--registry", tmp_path / "mine")
    lines = done.out.splitlines()
    assert done.code == 12
    assert done.err.startswith("tracker: ") and done.err.endswith(f"{sentence}\n")
    assert lines and all(line.startswith(f"{tmp_path}/mine/labs.toml:") for line in lines)
    assert problems in (len(lines), None)
    listed = tracker("registry", "list", "--registry", tmp_path / "mine")
    assert (listed.code, listed.out) == (12, "")


def test_check_warns_of_entries_without_effect(filled: Path, tmp_path: Path, tracker: Run) -> None:
    """A base counts if its model is in the warehouse, or if something is built on the model."""
    bases = {
        "gone/chained": ["gone/parent"],
        "gone/parent": ["Qwen/Qwen3-8B-Base"],
        "nobody/here": ["Qwen/Qwen3-8B"],
        "qwen/QWEN3-8B": ["gone/chained"],
    }
    lines = [
        f'[[base]]\nrepo_id = "{name}"\nparents = {json.dumps(parents)}\nrelation = "merge"\nevidence = "x"\n'
        for name, parents in bases.items()
    ]
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "bases.toml").write_text("".join(lines))
    (tmp_path / "mine" / "organizations.toml").write_text(
        '[[organization]]\nhandle = "no-such-account"\ncountry = "FR"\nrole = "community"\nevidence = "x"\n'
        '[[organization]]\nhandle = "unsloth"\ncountry = "FR"\nrole = "community"\nevidence = "x"\n'
    )
    done = tracker("registry", "check", "--registry", tmp_path / "mine", "--home", filled)
    warnings = [line.removeprefix(f"{tmp_path}/mine/") for line in done.out.splitlines() if "no effect" in line]
    assert done.code == 0
    assert warnings == [
        "bases.toml:11: base 'nobody/here' has no effect: "
        "the warehouse has no repository of this name, and none that is built on it",
        "bases.toml:16: base 'qwen/QWEN3-8B' has no effect: the warehouse has no repository of this name "
        "(but has 'Qwen/Qwen3-8B')",
        "organizations.toml:1: organization 'no-such-account' has no effect: "
        "the warehouse has no model of this account, and none that is built on one",
    ]


def test_list_has_every_organisation(tracker: Run, shipped: Any) -> None:
    done = tracker("registry", "list")
    lines = done.out.splitlines()
    assert (done.code, done.err, len(lines)) == (0, "", len(shipped.organizations))
    assert [line.split()[0] for line in lines] == [organization.handle for organization in shipped.organizations]
    assert f"{'Qwen':32} CN  lab        alibaba" in lines
    assert any(line.endswith(" (contested)") for line in lines)


def test_explain_reads_a_known_repository_from_the_warehouse(filled: Path, tracker: Run) -> None:
    done = tracker("registry", "explain", "qwen/qwen3-8b", "--home", filled)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Qwen/Qwen3-8B (as of 2026-08-19). Attributed by publisher to China (CN): published by")
    assert " Lab Alibaba; family qwen, generation Qwen3: name matches " in done.out
    layer = "Model type original (layer release): a lab's own weights, no base declared."
    assert f" {layer} Task class " in done.out
    assert " Size 8B parameters (name), bucket 5-10." in done.out
    assert done.out.count("\n") == 1


EXPLAINED = [
    (
        "someone/Qwen3-8B-tuned",
        "(layer derivative): built on Qwen/Qwen3-8B by someone else. Task class ",
    ),
    ("unsloth/Qwen3-8B-GGUF", "(layer repackaged): declared as a quantized copy. Task class "),
    ("someone/Qwen3-8B-tuned", " Size 8B parameters (name)"),
    ("unsloth/Qwen3-8B-GGUF", " Size 8.19B parameters (gguf)"),
    ("gpt2", "to no country (unaffiliated): the name has no owner. Model type other (layer other): no base declared"),
    ("nobody/nothing", "(not in the warehouse, explained by its name). Attributed by publisher to no country"),
    ("nobody/nothing", "Size unknown."),
]


@pytest.mark.parametrize(("repo_id", "text"), EXPLAINED)
def test_explain_gives_each_reason(filled: Path, shipped: Any, repo_id: str, text: str) -> None:
    assert text in explain(repo_id, filled / "tracker.duckdb", shipped, NOW)


@pytest.mark.slow
def test_explain_without_warehouse_uses_the_users_registry(tmp_path: Path, shipped: Registry) -> None:
    before = explain("my-lab/thing-7b", tmp_path / "none", shipped, NOW)
    assert "Attributed by publisher to no country (unaffiliated): the registry has no organisation 'my-lab'." in before
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "organizations.toml").write_text(
        '[[organization]]\nhandle = "my-lab"\ncountry = "CH"\nrole = "community"\ncontested = true\nevidence = "mine"\n'
    )
    assert explain("my-lab/thing-7b", tmp_path / "none", load(tmp_path / "mine"), NOW).startswith(
        "my-lab/thing-7b (not in the warehouse, explained by its name). Attributed by publisher to Switzerland (CH): "
        "published by 'my-lab' (mine). That origin is contested. Model type other (layer other): no base declared, and "
        "its publisher is not a registered lab. Task class unknown: no known task, and its library and files do not "
        "decide. Size 7B parameters (name), bucket 5-10."
    )


def test_explain_accepts_the_address_of_a_repository(filled: Path, tracker: Run) -> None:
    by_name = tracker("registry", "explain", "Qwen/Qwen3-8B", "--home", filled)
    by_address = tracker("registry", "explain", "https://huggingface.co/Qwen/Qwen3-8B", "--home", filled)
    assert by_name == by_address and by_name.code == 0


def test_gaps_of_a_filled_home_are_listed(filled: Path, tracker: Run) -> None:
    done = tracker("registry", "gaps", "--home", filled, "--models", "all")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Of ") and "in the 30 days to 2026-08-19.\n" in done.out
    accounts = done.out.split("\n\n")[1]
    assert (
        accounts.startswith("Accounts that are not registered") and "  someone  8 models, such as someone/" in accounts
    )
    assert " 1 models" not in done.out


def test_gaps_are_written_in_each_format(filled: Path, tracker: Run) -> None:
    formats = {form: tracker("registry", "gaps", "--home", filled, "--models", "all", "--format", form) for form in
               ("toml", "csv", "json")}  # fmt: skip
    assert {done.code for done in formats.values()} == {0}
    rows = json.loads(formats["json"].out)
    assert {row["name"] for row in rows if row["gap"] == "account"} >= {"someone"}
    assert len(formats["csv"].out.splitlines()) == len(rows) + 1
    handles = [entry["handle"] for entry in tomllib.loads(formats["toml"].out)["organization"]]
    assert handles == [row["name"] for row in rows if row["gap"] == "account"]


def test_gaps_of_an_empty_home_say_what_to_run(tmp_path: Path, tracker: Run) -> None:
    done = tracker("registry", "gaps", "--home", tmp_path / "none")
    assert (done.code, done.out) == (DataError.exit_code, "")
    assert "There is no warehouse at" in done.err and "`tracker up`" in done.err


@pytest.mark.parametrize("arguments", [("--models", "text"), ("--day", "2020-01-01")])
def test_gaps_refuse_what_is_not_there(filled: Path, tracker: Run, arguments: tuple[str, ...]) -> None:
    done = tracker("registry", "gaps", "--home", filled, *arguments)
    assert (done.code, done.out) == (UsageError.exit_code, "")
    assert arguments[0] in done.err


def test_check_says_what_own_entries_replace(tmp_path: Path, tracker: Run, shipped: Registry) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "labs.toml").write_text(
        '[[lab]]\nid = "mistral"\nname = "Mistral AI"\ncountry = "US"\nevidence = "x"\n', encoding="utf-8"
    )
    entry = '[[organization]]\nhandle = "{}"\n{}role = "{}"\nevidence = "x"\n'
    (folder / "organizations.toml").write_text(
        entry.format("acme", 'country = "BR"\n', "community")
        + entry.format("ai21labs", 'lab = "ai21"\ncountry = "US"\n', "lab"),
        encoding="utf-8",
    )
    done = tracker("registry", "check", "--registry", folder)
    followers = sum(organization.lab == "mistral" for organization in shipped.organizations)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[:3] == [
        f"{folder}/labs.toml:1: replaces the shipped lab 'mistral': country US instead of FR, evidence; "
        f"{followers} shipped accounts follow",
        f"{folder}/organizations.toml:1: adds organization 'acme'",
        f"{folder}/organizations.toml:6: replaces the shipped organization 'ai21labs': country US instead of IL, "
        "evidence, note left out",
    ]
    assert len(done.out.splitlines()) == 4


def test_check_names_entries_that_change_nothing(tmp_path: Path, tracker: Run) -> None:
    entry = "[[base]]" + (SHIPPED / "bases.toml").read_text(encoding="utf-8").split("[[base]]")[1]
    (tmp_path / "bases.toml").write_text(entry, encoding="utf-8")
    done = tracker("registry", "check", "--registry", tmp_path)
    assert done.code == 0
    assert done.out.startswith(f"{tmp_path}/bases.toml:1: repeats the shipped base '")
    assert done.out.splitlines()[0].endswith("without a change; delete it")


@pytest.mark.parametrize(
    "pattern", first_of(["^thing-{,2}", "^thing-[0-9]+b", "^thing-[[:digit:]]b", "^thing-a{1001}", r"^thing\u002d"])
)
def test_check_and_explain_agree_on_patterns(tmp_path: Path, tracker: Run, pattern: str) -> None:
    (tmp_path / "organizations.toml").write_text(
        '[[organization]]\nhandle = "my-lab"\nlab = "mistral"\nrole = "lab"\nevidence = "x"\n', encoding="utf-8"
    )
    (tmp_path / "families.toml").write_text(
        f'[[family]]\nid = "thing"\nname = "Thing"\nlab = "mistral"\npatterns = [\'{pattern}\']\n'
        'examples = ["my-lab/thing-7b"]\nevidence = "x"\n',
        encoding="utf-8",
    )
    checked = tracker("registry", "check", "--registry", tmp_path)
    explained = tracker("registry", "explain", "my-lab/thing-7b", "--home", tmp_path, "--registry", tmp_path)
    assert checked.code == explained.code
    if checked.code == 0:
        assert "family thing" in explained.out
    else:
        assert f"families.toml:1: pattern '{pattern}'" in checked.out
        assert f"families.toml:1: pattern '{pattern}'" in explained.err
