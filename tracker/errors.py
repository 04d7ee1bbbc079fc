"""The errors that a user can see, with the exit code of each.

TrackerError                 1   anything else that is expected to happen
|- UsageError                2   wrong arguments
|- HubError                 10   the Hub cannot be reached, or refuses
|- DataError                11   bad data, or a failed check
|- SettingsError            12   a bad setting, registry file or input file
|- HomeError                13   the home is locked, damaged or not writable
|- HistoryNeededError       14   the home was pulled with --state, and this needs the days before
|- WebhookError             15   the webhook cannot be reached, or refuses

A message says what happened, where, and what to do next. Only these errors are
printed without a traceback.
"""


class TrackerError(Exception):
    """Base of all errors whose message is written for users."""

    exit_code = 1


class UsageError(TrackerError):
    """The arguments of a command are wrong or contradict each other."""

    exit_code = 2


class HubError(TrackerError):
    """The Hub cannot be reached, or refuses a request."""

    exit_code = 10


class DataError(TrackerError):
    """Data is missing or invalid, or fails a check."""

    exit_code = 11


class SettingsError(TrackerError):
    """A setting, a registry file or an input file is invalid."""

    exit_code = 12


class HomeError(TrackerError):
    """The home is in use by another run, damaged, or not writable."""

    exit_code = 13


class HistoryNeededError(TrackerError):
    """The home was pulled with `--state`, and this needs the readings of earlier days. `tracker pull` fetches them."""

    exit_code = 14


class WebhookError(TrackerError):
    """The webhook cannot be reached, or refuses a message."""

    exit_code = 15


_DISK_PROBLEMS = (
    "No space left on device",
    "Disk quota exceeded",
    "File too large",
    "Read-only file system",
    "Input/output error",
)


def is_disk_problem(problem: BaseException) -> bool:
    """Whether an error means that the disk cannot be written. Libraries raise many classes, so the text decides."""
    return any(text in str(problem) for text in _DISK_PROBLEMS)


def disk_message(problem: BaseException) -> str:
    """The message for such an error."""
    reason = " ".join(str(problem).split())
    return (
        f"Cannot write to disk ({reason}). No saved data was lost. Free some space or fix the permissions, "
        "then run the same command again."
    )
