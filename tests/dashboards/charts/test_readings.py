"""What the pointer tells is said by the browser, in the same words as everywhere else."""

import pytest

from dashboards.charts import readings
from dashboards.data import format
from tests.dashboards.charts import said

NUMBERS = (None, 0, 1, 7, 999, 1_000, 12_345_678, 3_300_000_000, 0.4, 1234.6)
SHARES = (None, 0.0, 0.00001, 0.00004, 0.00006, 0.0001, 0.01234, 0.345678, 0.5, 0.99996, 1.0)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_count_is_told_in_full(number: float | None) -> None:
    assert said.of(readings.count("datum.n"), {"n": number}) == format.exact(number)


@pytest.mark.parametrize("share", SHARES)
def test_a_share_is_told_in_per_cent(share: float | None) -> None:
    assert said.of(readings.percent("datum.n"), {"n": share}) == format.percent(share, 2)
