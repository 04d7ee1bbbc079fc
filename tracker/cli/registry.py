"""The commands `tracker registry ...`: each parses, calls one function, prints."""

from datetime import datetime
from typing import Annotated

import typer

from tracker.cli.environment import now, reading_settings, settings
from tracker.cli.environment import registry as curated
from tracker.cli.options import GapsFormat, Home, RegistryDir
from tracker.cli.terminal import plain
from tracker.errors import SettingsError

registry_app = typer.Typer(help="The curated facts: who is who, and why.", no_args_is_help=True, rich_markup_mode=None)


@registry_app.command("check")
def registry_check(home: Home = None, registry: RegistryDir = None) -> None:
    """Validate the registry's files: order, duplicates, keys, references, patterns. Says what your own files change.

    With a warehouse, it also warns of your entries that have no effect there.
    """
    from tracker.api.effects import entries_without_effect
    from tracker.registry.load import overrides_in, own_entries, problems_in
    from tracker.sql.query import open_warehouse
    from tracker.warehouse.build import FILE

    chosen = settings(home, registry)
    folder = chosen.registry
    found = problems_in(folder)
    for problem in found:
        print(problem)
    if found:
        count = "One problem" if len(found) == 1 else f"{len(found)} problems"
        raise SettingsError(f"{count} in the registry's files, listed above.")
    for override in overrides_in(folder):
        print(plain(override))
    loaded = curated(chosen)
    own = own_entries(folder)
    if own and (chosen.home / FILE).exists():
        with open_warehouse(chosen.home / FILE) as connection:
            for warning in entries_without_effect(connection, own, loaded):
                print(plain(str(warning)))
    print(f"{len(loaded.organizations)} organisations, {len(loaded.families)} families: no problems.")


@registry_app.command("list")
def registry_list(registry: RegistryDir = None) -> None:
    """Print all organisations with country, role and lab."""
    loaded = curated(settings(None, registry))
    for organization in loaded.organizations:
        mark = " (contested)" if organization.contested else ""
        print(f"{organization.handle:32} {organization.country}  {organization.role:10} {organization.lab or ''}{mark}")


@registry_app.command("gaps")
def registry_gaps(
    home: Home = None,
    registry: RegistryDir = None,
    day: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day to look at [the last one].")] = None,
    models: Annotated[
        str, typer.Option(help="Models counted: language, encoder, vision, audio, other or all.", show_default=False)
    ] = "language",
    limit: Annotated[int, typer.Option(min=1, help="Entries of each kind.", show_default=False)] = 20,
    form: Annotated[
        GapsFormat,
        typer.Option("--format", help="text; toml: entries to paste into registry files; csv; json."),
    ] = GapsFormat.TEXT,
) -> None:
    """List what the registry does not know, by the downloads that depend on it: accounts, bases, families."""
    from tracker.api.arguments import MODELS, one_of
    from tracker.api.gaps import find_gaps
    from tracker.cli.gaps import table, text_lines, toml_lines
    from tracker.cli.output import Format, write
    from tracker.sql.query import open_warehouse
    from tracker.warehouse.build import FILE

    found = reading_settings(home, registry)
    loaded = curated(found)
    with open_warehouse(found.home / FILE) as connection:
        chosen = day.date() if day else None
        gaps = find_gaps(connection, loaded, chosen, one_of("--models", models, MODELS), limit)
    if form in (GapsFormat.CSV, GapsFormat.JSON):
        write(table(gaps), Format(form.value), None)
        return
    for line in text_lines(gaps) if form == GapsFormat.TEXT else toml_lines(gaps, loaded):
        print(line)


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
