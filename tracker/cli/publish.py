"""`tracker publish`, `pull` and `due`: the commands about a dataset on the Hub, and their reports.

Modules that import the Hub's client are imported inside the functions, so that other commands start fast.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.environment import now, print_note, settings
from tracker.cli.options import SCOPES, Home, Replaces, Repo
from tracker.config import Settings
from tracker.domain import Scope
from tracker.errors import HubError, SettingsError, UsageError
from tracker.version import VERSION

if TYPE_CHECKING:
    from tracker.hub.datasets import ErrorTexts
    from tracker.publish.compact import Note
    from tracker.publish.dataset import Dataset
    from tracker.publish.pull import PullResult
    from tracker.publish.push import PublishResult

_NAME = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)


def publish(
    repo: Repo,
    create: Annotated[bool, typer.Option("--create", help="Create the dataset if it does not exist.")] = False,
    private: Annotated[bool, typer.Option("--private", help="With --create: make the dataset private.")] = False,
    no_marts: Annotated[
        bool, typer.Option("--no-marts", help="Push only the lake, without result tables and dataset card.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List what would be sent, and send nothing.")] = False,
    force: Replaces = False,
    home: Home = None,
) -> None:
    """Push new data to a dataset on the Hub, in one commit.

    Crawls that are already in the dataset are never removed. From a slim warehouse (`tracker build --slim`), what the
    next build needs is sent as well, for `tracker pull --state`.
    """
    from tracker.lake.lake import Lake
    from tracker.publish import push
    from tracker.publish.dataset import publish_texts

    if private and not create:
        raise UsageError("--private only works with --create, which makes a new dataset.")
    found = settings(home, None)
    with _dataset(found, repo, publish_texts(repo, creates_later=create and dry_run)) as dataset:
        options = push.PublishOptions(create, private, force, not no_marts, dry_run)
        published = push.publish(Lake(found.home), dataset, options, print_note)
        print("\n".join(publish_lines(published)))


def pull(
    repo: Repo,
    force: Replaces = False,
    state: Annotated[
        bool,
        typer.Option(
            "--state",
            help="Into an empty home: fetch what the next crawl and build need, not the history. For scheduled jobs, "
            "and for datasets you trust. If no day can be added to the state, fetch the history and say why.",
        ),
    ] = False,
    marts: Annotated[
        bool,
        typer.Option(
            "--marts",
            help="Into an empty home: fetch only the tables that the dashboard, `tracker sql` and `tracker report` "
            "read, in one file, and none of the readings. Again: fetch them if they have changed.",
        ),
    ] = False,
    home: Home = None,
) -> None:
    """Fetch the crawls of a published dataset that this home does not have.

    Where both have read the same day, the home keeps its own crawl.
    """
    from tracker.lake.lake import Lake
    from tracker.publish.dataset import PULL_TEXTS
    from tracker.publish.marts_pull import MARTS_TEXTS, pull_marts
    from tracker.publish.pull import pull
    from tracker.publish.state_pull import pull_state

    if state and force:
        raise UsageError("--force replaces readings of the home, and --state is for an empty one. Give one of them.")
    if marts and (state or force):
        raise UsageError("--marts fetches tables and no readings. Give it without --state and --force.")
    found = settings(home, None)
    with _dataset(found, repo, MARTS_TEXTS if marts else PULL_TEXTS) as dataset:
        lake = Lake(found.home)
        if marts:
            print(marts_line(*pull_marts(lake, dataset, print_note)))
            return
        pulled = pull_state(lake, dataset, print_note) if state else pull(lake, dataset, print_note, is_forced=force)
        print("\n".join(pull_lines(pulled)))


def due(repo: Repo, scope: Annotated[Scope, typer.Option(help=SCOPES)] = Scope.LABS) -> None:
    """Print due=yes if a dataset has no complete crawl of today, else due=no.

    For scheduled jobs.
    """
    print(due_line(settings(None, None), repo, scope, now().date()))


def due_line(found: Settings, repo_id: str, scope: Scope, day: date) -> str:
    """`due=no` if the dataset holds a complete crawl of this day and scope, else `due=yes`."""
    from tracker.publish.dataset import PULL_TEXTS

    with _dataset(found, repo_id, PULL_TEXTS) as dataset, tempfile.TemporaryDirectory() as folder:
        manifests = dataset.state(Path(folder)).manifests
    done = [each for each in manifests if each.day == day and each.scope == scope and each.is_complete]
    if done:
        print_note(f"{repo_id} already holds {done[0].crawl}; there is nothing to do until tomorrow (UTC).")
    return f"due={'no' if done else 'yes'}"


def publish_lines(sent: PublishResult) -> Iterator[str]:
    """The report of a publish."""
    from tracker.publish.pull import count

    if sent.only_in_dataset:
        yield f"{sent.repo_id} keeps {count(len(sent.only_in_dataset), 'imported day')} that this home does not have."
    if sent.pulled:
        yield (
            f"Another run published at the same time: {count(len(sent.pulled), 'crawl')} pulled. Run `tracker build` "
            "and `tracker publish` again to bring the result tables up to date."
        )
    if not sent.files and not sent.removed:
        yield f"{sent.repo_id} is up to date ({sent.revision[:7]}); nothing was sent."
        return
    size = sum(sent.files.values()) / 1e6
    verb = "would be sent" if sent.is_dry else "sent"
    compacted = f", compacting {', '.join(sent.months)}" if sent.months else ""
    what = f"{count(len(sent.crawls), 'crawl')} in {count(len(sent.files), 'file')}, {size:,.1f} MB"
    yield f"{sent.repo_id}: {what} {verb}{compacted}."
    if sent.is_dry:
        yield from (f"  {path} {size:,} bytes" for path, size in sorted(sent.files.items()))
        yield from (f"  {path} would be removed" for path in sorted(sent.removed))
    else:
        yield f"Commit {sent.revision[:7]}."


def pull_lines(found: PullResult) -> Iterator[str]:
    """The report of a pull."""
    from tracker.publish.pull import count

    if found.not_replaced:
        yield (
            f"Not replaced, although {found.repo_id} has different readings: {', '.join(found.not_replaced)}. "
            "Use --force to take the dataset's."
        )
    name = f"{found.repo_id} ({found.revision[:7]})"
    if found.restored:
        yield f"{name}: the readings of {count(len(found.restored), 'crawl')} were fetched."
    if found.state_of:
        yield (
            f"{name}: the state of {found.state_of} and {count(found.in_dataset, 'crawl')}, without their readings. "
            "`tracker crawl` and `tracker build` add a day to it; `tracker pull` without --state fetches the readings."
        )
    elif found.landed:
        yield (
            f"{found.repo_id} ({found.revision[:7]}): {len(found.landed):,} of {count(found.in_dataset, 'crawl')} "
            "landed. Run `tracker build` to use them."
        )
    elif not found.readings and not found.in_dataset:
        yield f"{found.repo_id} is empty; fill it with `tracker publish`."
    elif not found.readings and not found.restored:
        yield f"Nothing new in {found.repo_id} ({found.revision[:7]}); the lake is unchanged."
    if found.readings:
        yield f"{count(len(found.readings), 'reading')} of other rulers landed. Run `tracker build` to use them."


def marts_line(found: Note, is_new: bool) -> str:
    """The report of a pull of the tables."""
    name = f"{found.repo_id} ({found.revision[:7]})"
    if not is_new:
        return f"{name}: the tables of {found.last_day} are here already; nothing was fetched."
    line = f"{name}: tables of {found.last_day}, {found.bytes / 1e6:,.1f} MB."
    if found.history_since:
        line += (
            f" Of single models they have the days since {found.history_since}; `tracker pull` without --marts fetches "
            "all readings."
        )
    if found.program_version != VERSION:
        line += f" Version {found.program_version} of the program made them, and this is {VERSION}."
    return f"{line} `tracker dashboard`, `tracker sql` and `tracker report` read them."


def _dataset(found: Settings, repo_id: str, purpose: ErrorTexts) -> Dataset:
    from tracker.publish.dataset import Dataset

    if not _NAME.fullmatch(repo_id):
        raise UsageError(f"{repo_id}: give the dataset as owner/name.")
    if not found.endpoint.startswith(("http://", "https://")):
        raise SettingsError(f"HF_ENDPOINT is {found.endpoint!r}; it must begin with https:// or http://.")
    if found.is_offline:
        raise HubError(f"HF_HUB_OFFLINE is set, so no request was sent to {repo_id}. Unset it to {purpose.verb}.")
    return Dataset(repo_id, found.endpoint, purpose=purpose, today=now().date())
