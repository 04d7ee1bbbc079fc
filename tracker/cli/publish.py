"""`tracker publish`, `pull` and `due`: what was typed becomes one of them, and a report."""

import re
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from tracker.config import Settings
from tracker.domain import Scope
from tracker.errors import HubError, SettingsError, UsageError
from tracker.hub.datasets import Purpose
from tracker.lake.lake import Lake
from tracker.publish.dataset import PULL, Dataset, publishing
from tracker.publish.pull import Pulled, count, pull
from tracker.publish.push import Published, Wishes, publish

_NAME = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)


def run_publish(settings: Settings, repo_id: str, wishes: Wishes) -> None:
    """Publishes and prints its report. Raises UsageError for what does not go together."""
    if wishes.is_private and not wishes.creates:
        raise UsageError("--private goes with --create: it says how a new dataset is made.")
    with _dataset(settings, repo_id, publishing(repo_id)) as dataset:
        print("\n".join(published_lines(publish(Lake(settings.home), dataset, wishes, _tell))))


def run_pull(settings: Settings, repo_id: str, *, is_forced: bool) -> None:
    """Pulls and prints its report."""
    with _dataset(settings, repo_id, PULL) as dataset:
        print("\n".join(pulled_lines(pull(Lake(settings.home), dataset, _tell, is_forced=is_forced))))


def run_due(settings: Settings, repo_id: str, scope: Scope, day: date) -> None:
    """Prints `due=no` if the dataset holds a complete crawl of this day and scope, else `due=yes`."""
    with _dataset(settings, repo_id, PULL) as dataset, tempfile.TemporaryDirectory() as folder:
        held = dataset.held(Path(folder))
    done = [own for own in held.manifests if own.day == day and own.scope == scope and own.is_complete]
    if done:
        _tell(f"{repo_id} holds {done[0].crawl} already; there is nothing to do until tomorrow (UTC).")
    print(f"due={'no' if done else 'yes'}")


def published_lines(sent: Published) -> Iterator[str]:
    """A publish in words."""
    if sent.kept:
        yield f"{sent.repo_id} keeps {count(len(sent.kept), 'imported day')} that this home has not."
    if sent.pulled:
        yield (
            f"Somebody else published meanwhile: {count(len(sent.pulled), 'crawl')} pulled. Run `tracker build` and "
            "publish again to bring the tables up to date."
        )
    if not sent.files and not sent.gone:
        yield f"{sent.repo_id} has all of it ({sent.revision[:7]}); nothing was sent."
        return
    size = sum(sent.files.values()) / 1e6
    verb = "would be sent" if sent.is_dry else "sent"
    compacted = f", compacting {', '.join(sent.months)}" if sent.months else ""
    what = f"{count(len(sent.crawls), 'crawl')} in {count(len(sent.files), 'file')}, {size:,.1f} MB"
    yield f"{sent.repo_id}: {what} {verb}{compacted}."
    if sent.is_dry:
        yield from (f"  {path} {size:,} bytes" for path, size in sorted(sent.files.items()))
        yield from (f"  {path} goes away" for path in sorted(sent.gone))
    else:
        yield f"Commit {sent.revision[:7]}."


def pulled_lines(found: Pulled) -> Iterator[str]:
    """A pull in words."""
    if found.kept:
        yield (
            f"Kept as this home has them, though {found.repo_id} holds other readings: {', '.join(found.kept)}. "
            "--force takes those of the dataset."
        )
    if found.landed:
        yield (
            f"{found.repo_id} ({found.revision[:7]}): {len(found.landed):,} of {count(found.held, 'crawl')} landed. "
            "Run `tracker build` to see them."
        )
    elif not found.held:
        yield f"{found.repo_id} is empty; the first `tracker publish` fills it."
    else:
        yield f"Nothing new in {found.repo_id} ({found.revision[:7]}); the lake is as it was."


def _dataset(settings: Settings, repo_id: str, purpose: Purpose) -> Dataset:
    if not _NAME.fullmatch(repo_id):
        raise UsageError(f"{repo_id}: name a dataset as owner/name.")
    if not settings.endpoint.startswith(("http://", "https://")):
        raise SettingsError(f"HF_ENDPOINT is {settings.endpoint!r}; it must begin with https:// or http://.")
    if settings.is_offline:
        raise HubError(f"HF_HUB_OFFLINE is set, so {repo_id} was not asked. Unset it to {purpose.verb}.")
    return Dataset(repo_id, settings.endpoint, purpose=purpose)


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
