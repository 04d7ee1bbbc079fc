"""The models that moved the shares most, as sentences and reasons. Pure."""

from datetime import date

from dashboards.data import format
from dashboards.data.vocabulary import METRIC_NAMES

TITLE = "What moved it"
NO_EARLIER_DAY = "No earlier day can be compared with the last one, so what moved the shares is not known yet."

REASONS = {
    "new": "New",
    "arrived": "Read for the first time",
    "gone": "No longer read",
    "corrected": "Counter corrected",
    "grew": "Grew",
    "fell": "Fell",
}


def introduction(metric: str, before: date, day: date) -> str:
    """What the table compares."""
    return (
        f"The models whose share of {METRIC_NAMES[metric]} changed most, {format.day(before)} to {format.day(day)}. "
        "Each also loses share when others grow."
    )
