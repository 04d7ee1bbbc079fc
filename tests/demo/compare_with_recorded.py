"""Shares of downloads in the simulated world, compared with the recorded listing of 22 August 2026.

Print them with `uv run python -m tests.demo.compare_with_recorded`.
"""

import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from tracker.demo.catalog import Catalog
from tracker.demo.replay import Replay
from tracker.demo.run import crawl_catalog
from tracker.demo.simulation.world import SimulatedWorld
from tracker.pipeline import build_home
from tracker.registry.load import load

RECORDED = Path(__file__).parents[2].parent / "shared" / "data" / "hub-2026-08"

Shares = Mapping[str, Mapping[str, float]]
"""Topic -> its values -> percent of the 30-day downloads of the last day."""

RECORDED_SHARES: Shares = {
    "origin by publisher": {"US": 30.3, "DE": 29.5, "CN": 27.3, "ZZ": 6.5, "FR": 3.1, "unaffiliated": 2.4},
    "origin by base model": {"US": 49.9, "CN": 42.8, "FR": 3.1, "DE": 2.7, "IL": 0.6},
    "origin of language models by publisher": {"CN": 44.0, "US": 40.3, "ZZ": 9.7, "unaffiliated": 4.5, "FR": 0.9},
    "origin of language models by base model": {"CN": 68.6, "US": 30.1, "FR": 0.9},
    "family by base model": {"minilm": 28.2, "qwen": 27.1, "gemma": 6.8, "bge": 6.0, "chronos": 4.1, "minimax": 2.9},
    "class": {"language": 41.9, "encoder": 36.0, "vision": 9.1, "audio": 8.2, "other": 4.2, "unknown": 0.6},
    "layer": {"release": 47.2, "derivative": 34.8, "repackaged": 17.9, "other": 0.1},
    "size": {"<1": 49.8, "10-50": 19.4, "unknown": 10.1, "5-10": 9.9, "1-5": 7.2, "250+": 2.6, "100-250": 0.9},
}
"""Of the 15,158 models listed on 2026-08-22 by github.com/686f6c61/radar-huggingface-dataset (CC-BY-4.0)."""

_LANGUAGE = "and task_class = 'language'"
_TOPICS = {
    "origin by publisher": ("origin", "publisher", ""),
    "origin by base model": ("origin", "root", ""),
    "origin of language models by publisher": ("origin", "publisher", _LANGUAGE),
    "origin of language models by base model": ("origin", "root", _LANGUAGE),
    "family by base model": ("family", "root", ""),
    "class": ("task_class", "publisher", ""),
    "layer": ("layer", "publisher", ""),
    "size": ("size_bucket", "publisher", ""),
}


def shares(catalog: Catalog, home: Path) -> Shares:
    """Crawl the days of `catalog` into `home`, build it, and compute the shares of its last day."""
    registry = load()
    built = datetime(2026, 11, 21, 6, tzinfo=UTC)
    crawl_catalog(catalog, home, registry, lambda: built, lambda day: None)
    build_home(home, registry, built)
    with duckdb.connect(str(home / "tracker.duckdb"), read_only=True) as warehouse:
        return {topic: _of_topic(warehouse, *how) for topic, how in _TOPICS.items()}


def _of_topic(warehouse: duckdb.DuckDBPyConnection, column: str, lens: str, condition: str) -> dict[str, float]:
    rows = warehouse.execute(
        f"select coalesce({column}::varchar, 'unknown'), sum(downloads_30d) from adoption_days "
        f"where lens = '{lens}' and day = (select max(day) from adoption_days) {condition} group by all"
    ).fetchall()
    total = sum(downloads for _, downloads in rows)
    return {value: 100 * downloads / total for value, downloads in rows}


def comparison(simulated: Shares, recorded: Shares) -> list[tuple[str, str, float, float]]:
    """Topic, value, simulated and recorded percent, largest recorded first."""
    return [
        (topic, value, simulated[topic].get(value, 0.0), percent)
        for topic, of_topic in recorded.items()
        for value, percent in sorted(of_topic.items(), key=lambda item: -item[1])
    ]


def _print(simulated: Shares, recorded: Shares) -> None:
    topic_before = ""
    for topic, value, mine, percent in comparison(simulated, recorded):
        if topic != topic_before:
            print(f"\n{topic:40}{'simulated':>10}{'recorded':>10}{'difference':>12}")
            topic_before = topic
        if max(mine, percent) >= 0.1:
            print(f"  {value:38}{mine:9.1f}%{percent:9.1f}%{mine - percent:+12.1f}")


if __name__ == "__main__":
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        world = shares(SimulatedWorld(seed=seed, days=1), Path(one))
        _print(world, shares(Replay(RECORDED), Path(two)) if RECORDED.is_dir() else RECORDED_SHARES)
