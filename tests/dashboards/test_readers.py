"""Ten concurrent readers see whole pages without errors."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dashboards.navigation import ENTRIES
from tests.benchmarks.reader import Reader
from tracker import dashboard

READERS = 10
PAGES_EACH = 4


@pytest.fixture
def served(simulated: Path) -> Iterator[dashboard.Dashboard]:
    running = dashboard.start(simulated, port=0)
    yield running
    running.stop()


@pytest.mark.slow
def test_ten_concurrent_readers_see_whole_pages(served: dashboard.Dashboard) -> None:
    def read(number: int) -> list[bool]:
        chosen = random.Random(number).sample(ENTRIES, PAGES_EACH)
        with Reader(served.url) as reader:
            return [reader.open(entry.url_path).is_whole for entry in chosen]

    with ThreadPoolExecutor(READERS) as pool:
        assert list(pool.map(read, range(READERS))) == [[True] * PAGES_EACH] * READERS
