"""The commands `tracker registry ...`: each parses, calls one function, prints."""

from typing import Annotated

import typer

from tracker.cli.environment import now, settings
from tracker.cli.environment import registry as curated
from tracker.cli.options import Home, RegistryDir
from tracker.errors import SettingsError

registry_app = typer.Typer(help="The curated facts: who is who, and why.", no_args_is_help=True, rich_markup_mode=None)


@registry_app.command("check")
def registry_check(registry: RegistryDir = None) -> None:
    """Validate the registry's files: order, duplicates, keys, references, patterns."""
    from tracker.registry.load import problems_in

    found = problems_in(settings(None, registry).registry)
    for problem in found:
        print(problem)
    if found:
        count = "One problem" if len(found) == 1 else f"{len(found)} problems"
        raise SettingsError(f"{count} in the registry's files, listed above.")
    loaded = curated(settings(None, registry))
    print(f"{len(loaded.organizations)} organisations, {len(loaded.families)} families: no problems.")


@registry_app.command("list")
def registry_list(registry: RegistryDir = None) -> None:
    """Print all organisations with country, role and lab."""
    loaded = curated(settings(None, registry))
    for organization in loaded.organizations:
        mark = " (contested)" if organization.contested else ""
        print(f"{organization.handle:32} {organization.country}  {organization.role:10} {organization.lab or ''}{mark}")


@registry_app.command("explain")
def registry_explain(
    repo_id: Annotated[str, typer.Argument(help="Such as Qwen/Qwen3-8B.")],
    home: Home = None,
    registry: RegistryDir = None,
) -> None:
    """Say in one paragraph why a repository counts where it counts."""
    from tracker.api.explain import explain
    from tracker.warehouse.build import FILE

    found = settings(home, registry)
    print(explain(repo_id, found.home / FILE, curated(found), now()))
