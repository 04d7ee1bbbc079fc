"""One reading of a source: send the requests, check, and land it whole with its manifest."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pyarrow.compute as pc

from tracker.domain import Manifest
from tracker.errors import DataError, HomeError, SettingsError
from tracker.hub.checks import LONGEST_AFTER_MIDNIGHT, MIDNIGHT_TOLERANCE, refuse_real_endpoint
from tracker.hub.client import Response
from tracker.hub.listing import origin
from tracker.lake import axis_days
from tracker.lake.axis_days import AxisManifest
from tracker.lake.lake import Lake, locked
from tracker.sources.source import Pages, Reading, Source
from tracker.version import VERSION


@dataclass(frozen=True, slots=True)
class SourceResult:
    """Manifest of a reading, new or already in the lake."""

    manifest: AxisManifest
    was_complete: bool
    """True if the day had been read before: no request was sent and nothing changed."""


def crawl_source(
    lake: Lake,
    source: Source,
    day: date,
    now: Callable[[], datetime],
    *,
    force: bool = False,
    checks_day: bool = True,
) -> SourceResult:
    """Read a source into the lake. A day that was read is not read again unless `force`.

    An interrupted reading of the same day is resumed. Raises HubError (the source cannot be reached or refuses),
    DataError (what it sends cannot be used), HomeError (locked, damaged, or simulated and real data would mix),
    SettingsError (its clock shows another day). Nothing is landed then.
    """
    axis = source.about.axis
    crawl = f"{day.isoformat()}-{axis}"
    with locked(lake.home, "crawl"):
        past = axis_days.manifests(lake)
        existing = next((manifest for manifest in past if manifest.crawl == crawl), None)
        folder = lake.runs / crawl
        if existing and not force:
            shutil.rmtree(folder, ignore_errors=True)
            return SourceResult(existing, was_complete=True)

        for client in source.clients:
            refuse_real_endpoint(lake.home, [*lake.manifests(), *past], client.endpoint)

        def check(response: Response) -> None:
            _refuse_mixing(lake, past, response)
            if checks_day and not response.is_replayed:
                _check_day(day, response)

        started, pages = now(), Pages(folder, check)
        before = [(client.counts.requests, client.counts.bytes) for client in source.clients]
        own = [manifest for manifest in past if manifest.axis == axis and manifest.crawl != crawl]
        try:
            reading = source.read(pages, day, own)
            if not reading.rows.num_rows:
                raise DataError(f"{source.about.title}: the answer has no rows. Nothing was added to the lake.")
        except DataError:
            shutil.rmtree(folder, ignore_errors=True)  # the next run asks for all of it again
            raise
        counts = [client.counts for client in source.clients]
        requests = sum(count.requests - asked for count, (asked, _) in zip(counts, before, strict=True))
        received = sum(count.bytes - got for count, (_, got) in zip(counts, before, strict=True))
        manifest = _manifest(source, reading, day, started, now(), requests, received, is_simulated=pages.is_simulated)
        landed = axis_days.land(lake, manifest, reading.rows, folder)
        shutil.rmtree(folder, ignore_errors=True)
        return SourceResult(landed, was_complete=False)


def _manifest(
    source: Source, reading: Reading, day: date, started: datetime, ended: datetime, requests: int, received: int, *,
    is_simulated: bool,
) -> AxisManifest:  # fmt: skip
    about, days = source.about, pc.min_max(reading.rows["day"]).as_py()
    return AxisManifest(
        crawl=f"{day.isoformat()}-{about.axis}",
        day=day,
        axis=about.axis.value,
        endpoint=source.clients[0].endpoint,
        started_at=started,
        ended_at=ended,
        seconds=round((ended - started).total_seconds(), 3),
        requests=requests,
        bytes=received,
        rows=reading.rows.num_rows,
        entities=len(pc.unique(reading.rows["entity"])),
        first_day=days["min"],
        last_day=days["max"],
        revision=reading.revision,
        title=about.title,
        unit=about.unit,
        licence=reading.licence,
        licence_url=reading.licence_url,
        attribution=reading.attribution,
        refused=sum(reading.refused_because.values()),
        refused_because=reading.refused_because,
        is_simulated=is_simulated,
        program_version=VERSION,
    )


def _refuse_mixing(lake: Lake, past: Sequence[AxisManifest], response: Response) -> None:
    """Raise HomeError if simulated and real data would be mixed in one home."""
    landed: list[Manifest | AxisManifest] = [*lake.manifests(), *past]
    for manifest in landed:
        if manifest.is_simulated != response.is_simulated:
            existing, new = ("simulated", "real") if manifest.is_simulated else ("real", "simulated")
            raise HomeError(
                f"{lake.home} holds {existing} data ({manifest.crawl}) and {origin(response.url)} serves {new} data; "
                "they must not mix. Nothing was added to the lake. Use another --home."
            )


def _check_day(day: date, response: Response) -> None:
    """Raise SettingsError if the server's clock shows another day than the one to store the reading under."""
    midnight = datetime.combine(day, time(), tzinfo=UTC)
    latest = midnight + timedelta(days=1) + LONGEST_AFTER_MIDNIGHT
    if not midnight - MIDNIGHT_TOLERANCE <= response.read_at < latest:
        raise SettingsError(
            f"The clock of {origin(response.url)} says {response.read_at:%Y-%m-%d %H:%M} UTC, so this reading must not "
            f"be stored as that of {day}. Set this machine's clock, or leave out --day. Nothing was added to the lake."
        )
