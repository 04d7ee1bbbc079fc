"""The tree of errors and their exit codes."""

import re

from tracker import errors
from tracker.errors import TrackerError

CODES = {
    "TrackerError": 1,
    "UsageError": 2,
    "HubError": 10,
    "DataError": 11,
    "SettingsError": 12,
    "HomeError": 13,
}


def test_each_error_ends_with_its_own_code() -> None:
    found = {
        name: kind.exit_code
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, TrackerError)
    }
    assert found == CODES


def test_the_tree_at_the_top_of_the_module_is_the_real_one() -> None:
    assert errors.__doc__ is not None
    drawn = re.findall(r"^(?:\|- )?(\w+Error) +(\d+) ", errors.__doc__, flags=re.MULTILINE)
    assert {name: int(code) for name, code in drawn} == CODES
