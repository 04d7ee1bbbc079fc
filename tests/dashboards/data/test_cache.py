"""Answers are found once for the same question, also when many ask at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import polars as pl
import pytest

from dashboards.data.cache import cached

ASKERS = 8


@pytest.mark.parametrize(
    ("questions", "found"),
    [
        ("a", "a"),
        ("aaa", "a"),
        ("aba", "ab"),
        ("abca", "abca"),  # two are kept: the third takes the place of the first
        ("abacb", "abcb"),  # what was asked for last is kept
    ],
)
def test_the_answers_asked_for_last_are_found_once(questions: str, found: str) -> None:
    finds = []

    @cached(2)
    def answer(question: str) -> str:
        finds.append(question)
        return question.upper()

    assert "".join(answer(question) for question in questions) == questions.upper()
    assert "".join(finds) == found


def test_who_asks_while_it_is_being_found_waits_for_that_answer() -> None:
    finds, start = [], Barrier(ASKERS)

    @cached(1)
    def answer(upto: int) -> int:
        finds.append(upto)
        return sum(range(upto))  # long enough that the other threads get their turn

    def ask(_: int) -> int:
        start.wait()
        return answer(3_000_000)

    with ThreadPoolExecutor(ASKERS) as pool:
        assert set(pool.map(ask, range(ASKERS))) == {sum(range(3_000_000))}
    assert len(finds) == 1


def test_each_who_asks_has_frames_of_its_own_over_the_same_columns() -> None:
    @cached(1)
    def answer() -> tuple[pl.DataFrame, str]:
        return pl.DataFrame({"x": [1, 2]}), "said"

    (one, said), (other, _) = answer(), answer()
    assert one is not other and one.equals(other) and said == "said"
    one.replace_column(0, pl.Series("x", [3, 4]))
    assert answer()[0].equals(other)


def test_after_an_error_it_is_asked_again() -> None:
    outcomes = iter([OSError("gone"), "there"])

    @cached(1)
    def answer() -> str:
        outcome = next(outcomes)
        if isinstance(outcome, OSError):
            raise outcome
        return outcome

    with pytest.raises(OSError, match="gone"):
        answer()
    assert answer() == answer() == "there"
