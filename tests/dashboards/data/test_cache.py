"""Results are computed once per arguments, also with concurrent callers."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import polars as pl
import pytest

from dashboards.data.cache import cached

CALLERS = 8


@pytest.mark.parametrize(
    ("calls", "computed"),
    [
        ("a", "a"),
        ("aaa", "a"),
        ("aba", "ab"),
        ("abca", "abca"),  # two results are cached: the third replaces the first
        ("abacb", "abcb"),  # the last used result stays
    ],
)
def test_last_used_results_are_computed_once(calls: str, computed: str) -> None:
    computations: list[str] = []

    @cached(2)
    def result(key: str) -> str:
        computations.append(key)
        return key.upper()

    assert "".join(result(key) for key in calls) == calls.upper()
    assert "".join(computations) == computed


def test_concurrent_callers_wait_for_one_result() -> None:
    finds, start = [], Barrier(CALLERS)

    @cached(1)
    def answer(upto: int) -> int:
        finds.append(upto)
        return sum(range(upto))  # long enough that the other threads get their turn

    def ask(_: int) -> int:
        start.wait()
        return answer(3_000_000)

    with ThreadPoolExecutor(CALLERS) as pool:
        assert set(pool.map(ask, range(CALLERS))) == {sum(range(3_000_000))}
    assert len(finds) == 1


def test_each_caller_gets_a_clone_of_a_frame() -> None:
    @cached(1)
    def answer() -> tuple[pl.DataFrame, str]:
        return pl.DataFrame({"x": [1, 2]}), "said"

    (one, said), (other, _) = answer(), answer()
    assert one is not other and one.equals(other) and said == "said"
    one.replace_column(0, pl.Series("x", [3, 4]))
    assert answer()[0].equals(other)


def test_after_an_error_the_result_is_computed_again() -> None:
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
