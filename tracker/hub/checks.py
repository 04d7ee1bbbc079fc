"""Checks before a crawl is added to the lake: simulated or real, the Hub's day, the fields, the number of rows."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from tracker.domain import Manifest
from tracker.errors import DataError, HomeError, SettingsError
from tracker.hub.landing import Tally
from tracker.hub.listing import is_on_this_machine, origin
from tracker.lake.axis_days import AxisManifest
from tracker.lake.lake import Lake

MIDNIGHT_TOLERANCE = timedelta(minutes=15)
"""A crawl may start this long before or after its day, because clocks differ and requests wait."""

LONGEST_AFTER_MIDNIGHT = timedelta(hours=6)
"""A crawl that started within its day may continue this long after it. The longest sweep takes about two hours."""


def check_same_kind(lake: Lake, manifests: Sequence[Manifest], is_simulated: bool) -> None:
    """Raise HomeError if simulated and real data would be mixed in one home."""
    for manifest in manifests:
        if manifest.is_simulated != is_simulated:
            existing, new = ("simulated", "real") if manifest.is_simulated else ("real", "simulated")
            raise HomeError(
                f"{lake.home} holds {existing} data (crawl {manifest.crawl}) and this Hub serves {new} data; "
                "they must not mix. Nothing was added to the lake. Use another --home."
            )


def refuse_real_endpoint(home: Path, landed: Sequence[Manifest | AxisManifest], endpoint: str) -> None:
    """Raise HomeError before the first request if the home is simulated and the endpoint can only serve real data.

    A simulated Hub is on this machine, or is the one that the home was read from.
    """
    simulated = [manifest for manifest in landed if manifest.is_simulated]
    if is_on_this_machine(endpoint) or any(origin(manifest.endpoint) == origin(endpoint) for manifest in simulated):
        return
    if simulated:
        raise HomeError(
            f"{home} holds simulated data (crawl {simulated[0].crawl}) and {origin(endpoint)} serves real data; they "
            "must not mix. No request was sent. Use another --home."
        )


def check_hub_day(day: date, hub_time: datetime, *, has_begun: bool, is_today: bool = True) -> None:
    """Raise SettingsError if the Hub's clock is outside `day`, which is this machine's day or was given with --day."""
    latest = _midnight(day) + timedelta(days=1) + (LONGEST_AFTER_MIDNIGHT if has_begun else MIDNIGHT_TOLERANCE)
    if not _midnight(day) - MIDNIGHT_TOLERANCE <= hub_time < latest:
        advice = (
            "Set this machine's clock, or give the day with --day."
            if is_today
            else "A Hub only serves its own day: leave out --day. Earlier days come from `tracker import`."
        )
        raise SettingsError(
            f"The Hub's clock says {hub_time:%Y-%m-%d %H:%M} UTC, so its counters must not be stored as those of "
            f"{day}. {advice} This response was not saved."
        )


def check_not_future(day: date, now: datetime) -> None:
    """Raise SettingsError for a day that has not begun by this machine's clock."""
    if now < _midnight(day) - MIDNIGHT_TOLERANCE:
        raise SettingsError(f"{day} is in the future (now {now:%Y-%m-%d %H:%M} UTC). No request was sent.")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def check_fields(tally: Tally, last: Manifest | None, folder: Path) -> None:
    """Raise DataError if no model has a field that most models of the last listing had: its column would be empty."""
    if last is None or not tally.models:
        return
    lost = [name for name, models in last.told.items() if models * 2 > last.models and not tally.field_counts[name]]
    if lost:
        raise DataError(
            f"None of {tally.models:,} models has {', '.join(lost)}, unlike on {last.day}. The Hub's API may have "
            "changed: look for a newer version of this program. Nothing was added to the lake. The pages are saved "
            f"in {folder}; move it away to download them again."
        )


def rejected_rows_problem(tally: Tally) -> str | None:
    """Return a sentence if more than a tenth of the rows were refused, so that the listing cannot count; else None."""
    refused = sum(tally.refused_because.values())
    if refused * 10 <= tally.rows_read:
        return None
    [(reason, _)] = tally.refused_because.most_common(1)
    return f"{refused:,} of {tally.rows_read:,} rows were refused, most because {reason}"


def listing_size_problem(tally: Tally, last: Manifest | None) -> str | None:
    """Return a sentence if the listing is empty or less than half as long as the last one; else None."""
    if tally.models == 0:
        return "the listing is empty"
    if last is not None and tally.models * 2 < last.models:
        return f"the listing shrank to {tally.models} models, less than half of the {last.models} of {last.day}"
    return None
