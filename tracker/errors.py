"""Every error a user can meet, and the exit code each one ends with.

TrackerError                 1   unexpected, or none of the kinds below
|- UsageError                2   what was typed cannot be done
|- HubError                 10   the Hub could not be reached, or refused
|- DataError                11   bad data, or a failed check
|- SettingsError            12   bad registry, settings or arguments that files decide
|- HomeError                13   the home is locked or damaged

A message says what happened, where, and what to do about it. Only these are shown
without a traceback.
"""


class TrackerError(Exception):
    """Base of all errors that are meant for the person at the terminal."""

    exit_code = 1


class UsageError(TrackerError):
    """What was typed cannot be done as it stands."""

    exit_code = 2


class HubError(TrackerError):
    """The Hub could not be reached, or answered with a refusal."""

    exit_code = 10


class DataError(TrackerError):
    """Data that was read, or a check over it, is not what it must be."""

    exit_code = 11


class SettingsError(TrackerError):
    """A registry file, a setting or a file named by an argument is unusable."""

    exit_code = 12


class HomeError(TrackerError):
    """The home is in use by another run, damaged, or cannot be written."""

    exit_code = 13


_DISK_REFUSALS = (
    "No space left on device",
    "Disk quota exceeded",
    "File too large",
    "Read-only file system",
    "Input/output error",
)


def is_of_the_disk(problem: BaseException) -> bool:
    """Whether an error of whatever library is at bottom the disk's refusal to write: it tells of it in words alone."""
    return any(refusal in str(problem) for refusal in _DISK_REFUSALS)


def full_disk(problem: BaseException) -> str:
    """What such an error means for the person at the terminal."""
    said = " ".join(str(problem).split())
    return (
        f"the disk refused ({said}). Nothing that has landed is lost. Make room or give leave to write; "
        "the same command then goes on."
    )
