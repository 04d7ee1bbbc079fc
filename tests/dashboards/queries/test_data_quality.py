"""Scopes and crawls of the pages Data quality and Method."""

from pathlib import Path

import duckdb

from dashboards.data.warehouse import NotReady, open_store
from dashboards.queries import data_quality, method


def test_recorded_listings_are_named_as_such(own_simulated: Path) -> None:
    with duckdb.connect(str(own_simulated / "tracker.duckdb")) as connection:
        connection.execute("update crawls set is_recorded = true")
    found = open_store(own_simulated)
    assert not isinstance(found, NotReady)
    store = found[0]
    assert data_quality.scopes(store) == {"hub": "recorded"}
    assert set(data_quality.crawls(store, 5)["scope"]) == {"recorded"}
    assert method.sources(store)["scope"].to_list() == ["recorded"]
