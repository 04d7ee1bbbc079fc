"""The commands about the tracker's home in the cloud, a dataset on the Hub: each calls one function."""

from typing import Annotated

import typer

from tracker.cli.environment import now, settings
from tracker.cli.options import SCOPES, Home, Replaces, Repo
from tracker.domain import Scope


def publish(
    repo: Repo,
    create: Annotated[bool, typer.Option("--create", help="Make the dataset if there is none.")] = False,
    private: Annotated[bool, typer.Option("--private", help="With --create: only you can read it.")] = False,
    no_marts: Annotated[bool, typer.Option("--no-marts", help="The lake alone, without tables and card.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be sent, and send nothing.")] = False,
    force: Replaces = False,
    home: Home = None,
) -> None:
    """Push what is new in lake and marts to a dataset on the Hub, in one commit. No crawl is ever taken away."""
    from tracker.cli.publish import run_publish
    from tracker.publish.push import Wishes

    run_publish(settings(home, None), repo, Wishes(create, private, force, not no_marts, dry_run))


def pull(repo: Repo, force: Replaces = False, home: Home = None) -> None:
    """Fetch what this home lacks of a published lake. Where both have read a day, the home keeps its own."""
    from tracker.cli.publish import run_pull

    run_pull(settings(home, None), repo, is_forced=force)


def due(repo: Repo, scope: Annotated[Scope, typer.Option(help=SCOPES)] = Scope.LABS) -> None:
    """Whether today's crawl is missing in a dataset: prints due=yes or due=no, for a scheduled job."""
    from tracker.cli.publish import run_due

    run_due(settings(None, None), repo, scope, now().date())
