"""Simulated worlds, generated once per session."""

import pytest

from tracker.demo.simulation.incidents import IncidentRates
from tracker.demo.simulation.world import SimulatedWorld


@pytest.fixture(scope="session")
def quiet() -> SimulatedWorld:
    """A world of 2,000 repositories and 50 days without incidents."""
    return SimulatedWorld(seed=3, days=50, models=2_000, rates=IncidentRates.none())


@pytest.fixture(scope="session")
def world() -> SimulatedWorld:
    """A world of default size and incident rates."""
    return SimulatedWorld(seed=1, days=60)
