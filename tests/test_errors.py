"""The tree of errors and their exit codes."""

import errno
import os
import re

import pytest

from tracker import errors
from tracker.errors import TrackerError, is_disk_problem

CODES = {
    "TrackerError": 1,
    "UsageError": 2,
    "HubError": 10,
    "DataError": 11,
    "SettingsError": 12,
    "HomeError": 13,
    "HistoryNeededError": 14,
    "WebhookError": 15,
}


def test_each_error_has_its_exit_code() -> None:
    found = {
        name: kind.exit_code
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, TrackerError)
    }
    assert found == CODES


def test_documented_error_tree_is_complete() -> None:
    assert errors.__doc__ is not None
    drawn = re.findall(r"^(?:\|- )?(\w+Error) +(\d+) ", errors.__doc__, flags=re.MULTILINE)
    assert {name: int(code) for name, code in drawn} == CODES


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO])
def test_disk_errors_are_recognised_by_text(number: int) -> None:
    assert is_disk_problem(OSError(number, os.strerror(number), "a/file"))
    assert not is_disk_problem(FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), "a/file"))
