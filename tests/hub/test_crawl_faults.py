"""Whatever goes wrong on the way, in whatever order: the landed rows are the right ones."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from tests.support.slow import first_of
from tracker.demo.hub.faults import Fault, FaultKind
from tracker.demo.hub.server import EmbeddedHub
from tracker.domain import Manifest, Scope
from tracker.lake.lake import Lake

Row = dict[str, Any]
Landed = Callable[[Lake, str, Manifest], list[Row]]
DAY = date(2026, 8, 19)
MODELS = 4200
HANDLES = [f"org-{number}" for number in range(12)]
PLACES = ["", "direction=1&", "direction=-1&", "cursor="]

statuses = st.builds(
    Fault,
    st.just(FaultKind.STATUS),
    status=st.sampled_from([408, 429, 500, 502, 503, 504]),
    retry_after=st.sampled_from([None, "0", "3", "400", "Wed, 19 Aug 2026 12:30:00 GMT", "nonsense"]),
    reset_seconds=st.sampled_from([None, 1, 299]),
    path_contains=st.sampled_from(PLACES),
    after=st.integers(0, 4),
)
breaks = st.builds(
    Fault,
    st.sampled_from([FaultKind.RESET, FaultKind.CUT, FaultKind.TRUNCATE]),
    keep_bytes=st.none() | st.integers(0, 60_000),
    path_contains=st.sampled_from(PLACES),
    after=st.integers(2, 6),
)
bodies = st.builds(
    Fault,
    st.just(FaultKind.BODY),
    body=st.sampled_from([{"error": "rate limited"}, None, "text", 0]),
    path_contains=st.sampled_from(PLACES),
    after=st.integers(0, 4),
)
redirects = st.builds(Fault, st.just(FaultKind.REDIRECT), to=st.just(""), after=st.integers(0, 4))
mixtures = st.lists(statuses | breaks | bodies | redirects, max_size=6)
"""Six faults cannot use up the eight tries of one page; nothing breaks before the Hub has answered once."""


@pytest.fixture(scope="module")
def world(
    make_catalog: Callable[..., Any], make_model: Callable[..., Row], make_clock: Callable[..., Any]
) -> Iterator[tuple[EmbeddedHub, Any, list[Row]]]:
    """One Hub for all examples: five pages, in the hands of twelve organisations."""
    rows = [make_model(number, id=f"{HANDLES[number % 12]}/m{number}", tags=None) for number in range(MODELS)]
    clock = make_clock()
    with EmbeddedHub(make_catalog({DAY: rows}), clock=clock) as served:
        yield served, clock, rows


@pytest.mark.parametrize("scope", first_of([Scope.HUB, Scope.LABS]))
@settings(deadline=None, max_examples=examples(15), suppress_health_check=list(HealthCheck))
@given(faults=mixtures)
def test_any_mixture_of_faults_lands_exactly_the_right_rows(
    world: tuple[EmbeddedHub, Any, list[Row]],
    client_of: Callable[..., Any],
    make_crawls: Callable[..., Any],
    make_registry: Callable[..., Any],
    landed: Landed,
    tmp_path_factory: pytest.TempPathFactory,
    scope: Scope,
    faults: list[Fault],
) -> None:
    served, clock, rows = world
    served.faults.clear()
    served.faults.add(*faults)
    crawls = make_crawls(Lake(tmp_path_factory.mktemp("home")), client_of, clock, make_registry(*HANDLES))
    manifest = crawls(served.url, scope=scope).manifest
    wanted = [(row["_id"], row["downloads"]) for row in rows]
    days = landed(crawls.lake, "model_days", manifest)
    assert sorted((row["hub_id"], row["downloads_30d"]) for row in days) == wanted
    assert len(landed(crawls.lake, "models", manifest)) == MODELS
    assert (manifest.is_complete, manifest.refused) == (True, 0)
