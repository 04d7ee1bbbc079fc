"""Whether what a Hub tells may land: of the right kind, on the right day, with the fields and rows it had before."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from tracker.domain import Manifest
from tracker.errors import DataError, HomeError, SettingsError
from tracker.hub.landing import Tally
from tracker.lake.lake import Lake

SLACK_AT_MIDNIGHT = timedelta(minutes=15)
"""By how much a crawl may begin before its day or after it: clocks differ, and waits come between."""

LONGEST_AFTER_MIDNIGHT = timedelta(hours=6)
"""Until then a crawl that began in its day may go on: the longest sweep takes about two hours."""


def check_same_kind(lake: Lake, held: Sequence[Manifest], is_simulated: bool) -> None:
    """Raises HomeError if simulated and real data would come into one home."""
    for manifest in held:
        if manifest.is_simulated != is_simulated:
            kept, offered = ("simulated", "real") if manifest.is_simulated else ("real", "simulated")
            raise HomeError(
                f"{lake.home} holds {kept} data (crawl {manifest.crawl}) and this Hub serves {offered} data; "
                "they must not mix. Nothing was landed. Use another --home."
            )


def check_hub_day(day: date, told: datetime, *, has_begun: bool) -> None:
    """Raises SettingsError if counters told at that time are not of the day, which this machine's clock has given."""
    latest = _midnight(day) + timedelta(days=1) + (LONGEST_AFTER_MIDNIGHT if has_begun else SLACK_AT_MIDNIGHT)
    if not _midnight(day) - SLACK_AT_MIDNIGHT <= told < latest:
        raise SettingsError(
            f"The Hub's clock says {told:%Y-%m-%d %H:%M} UTC: its counters are of that day and must not be filed under "
            f"{day}. Set this machine's clock, or name the day with --day. This answer was not kept."
        )


def check_not_future(day: date, now: datetime) -> None:
    """Raises SettingsError for a day that has not begun by this machine's clock."""
    if now < _midnight(day) - SLACK_AT_MIDNIGHT:
        raise SettingsError(f"{day} has not come yet: it is {now:%Y-%m-%d %H:%M} UTC. Nothing was asked.")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def check_fields(tally: Tally, last: Manifest | None, folder: Path) -> None:
    """Raises DataError for a field that most of the last listing had and none of this: it would empty a column."""
    if last is None or not tally.models:
        return
    silent = [name for name, models in last.told.items() if models * 2 > last.models and not tally.told[name]]
    if silent:
        raise DataError(
            f"None of {tally.models:,} models has {', '.join(silent)}, unlike on {last.day}: the Hub's API may have "
            f"changed, look for a newer version of this program. Nothing was landed. The pages are kept in {folder}: "
            "move it away to have them read again."
        )


def rejected_rows_problem(tally: Tally) -> str | None:
    """Why a listing cannot count: more than a tenth of its rows were set aside; None if it can."""
    refused = sum(tally.refused_because.values())
    if refused * 10 <= tally.rows_read:
        return None
    [(reason, _)] = tally.refused_because.most_common(1)
    return f"{refused:,} of {tally.rows_read:,} rows were set aside, most because {reason}"


def listing_size_problem(tally: Tally, last: Manifest | None) -> str | None:
    """Why a listing is too short to be whole, held against the last one; None if it is not."""
    if tally.models == 0:
        return "the listing is empty"
    if last is not None and tally.models * 2 < last.models:
        return f"the listing shrank to {tally.models} models, less than half of the {last.models} of {last.day}"
    return None
