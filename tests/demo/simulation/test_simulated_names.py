"""Names of releases, accounts and derivatives."""

import re
from datetime import date
from itertools import islice

import numpy as np
import pytest

from tracker.demo.simulation.known_models import Format
from tracker.demo.simulation.release_names import params_in, release_names
from tracker.demo.simulation.sources import Line, release_lines
from tracker.demo.simulation.upload_names import UsedNames, account_names, derived_name, merged_name
from tracker.registry.load import load

LAST = date(2026, 11, 20)
LAST_NUMBER = LAST.toordinal() - date(1970, 1, 1).toordinal()


@pytest.fixture(scope="module")
def lines() -> tuple[Line, ...]:
    return release_lines(load(), LAST, np.random.default_rng(0))


def line(lines: tuple[Line, ...], generation: str) -> Line:
    return next(line for line in lines if line.generation == generation)


def test_release_names_start_with_the_examples(lines: tuple[Line, ...]) -> None:
    qwen = line(lines, "Qwen3")
    names = [name.name for name in islice(release_names(qwen, LAST_NUMBER), 60)]
    assert names[0] == qwen.examples[0]
    assert len({name.lower() for name in names}) == len(names) == 60


def test_release_names_match_only_their_line(lines: tuple[Line, ...]) -> None:
    patterns = {(f.id, g.id): re.compile(g.pattern, re.IGNORECASE) for f in load().families for g in f.generations}
    for of_lab in lines:
        siblings = [generation for family, generation in patterns if family == of_lab.family]
        for name in islice(release_names(of_lab, LAST_NUMBER), 12):
            matched = [g for g in siblings if patterns[of_lab.family, g].search(name.name)]
            assert matched == ([of_lab.generation] if siblings else [])


@pytest.mark.parametrize("count", [60, pytest.param(300, marks=pytest.mark.slow)])
def test_release_names_state_no_future_month(lines: tuple[Line, ...], count: int) -> None:
    assert len(lines) > 50
    for of_lab in lines:
        months = [
            name.month for name in islice(release_names(of_lab, LAST_NUMBER), count) if name.name not in of_lab.examples
        ]
        assert all(month is None or month <= LAST.year * 12 + LAST.month - 1 for month in months)


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("Qwen3-8B", 8_000_000_000),
        ("Qwen2.5-0.5B-Instruct", 500_000_000),
        ("Qwen3-30B-A3B", 30_000_000_000),
        ("bert-350M", 350_000_000),
        ("gemma-3-4b-it", 4_000_000_000),
        ("DeepSeek-V3", None),
        ("bert-base-uncased", None),
        ("Mixtral-8x7B", None),
    ],
)
def test_parameters_are_parsed_from_names(name: str, params: int | None) -> None:
    assert params_in(name) == params


@pytest.mark.parametrize(
    ("format_", "ending"),
    [
        (Format.GGUF, "GGUF"),
        (Format.AWQ, "AWQ"),
        (Format.FP8, "FP8"),
        (Format.BNB, "bnb-4bit"),
        (Format.GPTQ, "GPTQ"),
        (Format.MLX, "4bit"),
    ],
)
def test_copy_names_state_their_format(format_: Format, ending: str) -> None:
    assert derived_name("Qwen3-8B", format_, 0) == f"Qwen3-8B-{ending}"


def test_merge_name_has_the_size_of_its_first_parent() -> None:
    assert merged_name("Qwen3-8B-Instruct", 5) == "DeltaAcorn-8B-v0"
    assert merged_name("DeepSeek-V3", 5) == "DeltaAcorn-merge-v0"


def test_used_name_gets_a_number_in_any_case() -> None:
    used_names = UsedNames()
    assert [used_names.claim(name) for name in ("a/B", "a/b", "A/B")] == ["a/B", "a/b-v2", "A/B-v3"]
    assert not used_names.is_free("A/b")


def test_account_names_are_unique_and_not_reserved() -> None:
    rng = np.random.default_rng(1)
    free = account_names(rng, 2_000, frozenset())
    assert len({name.lower() for name in free}) == 2_000
    again = account_names(np.random.default_rng(1), 2_000, frozenset(name.lower() for name in free[:50]))
    assert not {name.lower() for name in free[:50]} & {name.lower() for name in again[:50]}


def test_release_days_agree_with_the_registry(lines: tuple[Line, ...]) -> None:
    curated = {(f.id, g.id): g.released_on for f in load().families for g in f.generations if g.released_on}
    for of_lab in lines:
        stated = curated.get((of_lab.family, of_lab.generation))
        assert stated is None or date(1970, 1, 1).toordinal() + of_lab.released == stated.toordinal()
        assert of_lab.released <= LAST_NUMBER
