"""Builds that stand on the one before: they hold the same as builds that make everything anew, after every day."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings

from tests.warehouse.carried import differences
from tests.warehouse.carried_worlds import Home, homes, land_day
from tracker.lake import Lake
from tracker.registry.load import load
from tracker.warehouse import FILE, Wishes, build

NOW = datetime(2026, 11, 21, tzinfo=UTC)
LATER = datetime(2026, 11, 22, tzinfo=UTC)
ANEW = Wishes(full=True)
REGISTRY = load()


class Homes:
    """Two homes with one lake: in the first each build stands on the one before, in the second none does."""

    def __init__(self, folder: Path) -> None:
        self.lake, self.other = Lake(folder / "carried"), Lake(folder / "anew")
        self.lake.folder.mkdir(parents=True)
        self.other.home.mkdir()
        self.other.folder.symlink_to(self.lake.folder, target_is_directory=True)

    def build(self) -> str:
        """Builds the first; what it said of its way."""
        said: list[str] = []
        build(self.lake, REGISTRY, NOW, on_plan=said.append)
        return " ".join(said)

    def differences(self) -> dict[str, list[object]]:
        """Builds the second, and holds both against each other."""
        build(self.other, REGISTRY, LATER, wishes=ANEW)
        return differences(self.lake.home / FILE, self.other.home / FILE)


def check_home(home: Home) -> None:
    """Lands a home day by day, builds after each of its cuts, and holds the builds against full ones."""
    with TemporaryDirectory() as folder:
        both = Homes(Path(folder))
        for day in sorted(home.kinds):
            land_day(both.lake, home, day)
            if day in home.cuts:
                both.build()
                assert both.differences() == {}, f"after day {day}"


@settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(homes())
def test_a_home_built_while_it_grows_holds_what_a_full_build_holds(home: Home) -> None:
    check_home(home)


@pytest.mark.slow
@pytest.mark.timeout(7200)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(homes())
def test_many_homes_built_while_they_grow_hold_what_full_builds_hold(home: Home) -> None:
    check_home(home)
