"""The commands. Each parses its arguments, calls one function and prints: results to stdout, the rest to stderr."""

import os
import sys
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.alert import alert
from tracker.cli.engine import EngineName, EngineOption, Master, OtherLake, Work, chosen_engine
from tracker.cli.environment import DEMO_HOME, is_unnamed, print_note
from tracker.cli.environment import now as _now
from tracker.cli.environment import reading_settings as _reading_settings
from tracker.cli.environment import registry as _registry
from tracker.cli.environment import settings as _settings
from tracker.cli.imports import import_history
from tracker.cli.interrupts import interrupts
from tracker.cli.mcp import mcp
from tracker.cli.options import (
    SCOPES,
    BaseUrl,
    Commands,
    Day,
    Families,
    Home,
    Memory,
    NoBrowser,
    Port,
    RegistryDir,
    ReportFolder,
    Ruler,
    RulerOption,
    Slim,
    Workers,
)
from tracker.cli.publish import due, publish, pull
from tracker.cli.registry import registry_app
from tracker.cli.terminal import plain_output
from tracker.config import Settings
from tracker.domain import Scope
from tracker.errors import DataError, HomeError, TrackerError, UsageError, disk_message, is_disk_problem
from tracker.version import VERSION

if TYPE_CHECKING:
    from tracker.warehouse.build import Engine

app = typer.Typer(
    cls=Commands,
    help="Measure the adoption of open-weight models by country and lab, from public data of the Hugging Face Hub.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(registry_app, name="registry")


def main() -> None:
    """Run the command line and exit with the code of its outcome (see `tracker.errors`)."""
    with plain_output(), interrupts.watched():
        try:
            app()
        except TrackerError as problem:
            if interrupts.last:
                interrupts.end()
            print(f"tracker: {problem}", file=sys.stderr)
            sys.exit(problem.exit_code)
        except (KeyboardInterrupt, SystemExit) as end:
            # The command line's library turns Ctrl-C into this exit code.
            if isinstance(end, KeyboardInterrupt) or (interrupts.last and end.code == _INTERRUPTED):
                interrupts.end()
            raise
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)
        except Exception as problem:
            # DuckDB reports Ctrl-C as an error of its own; libraries report a full disk in many classes.
            if interrupts.last:
                interrupts.end()
            if is_disk_problem(problem):
                print(f"tracker: {disk_message(problem)}", file=sys.stderr)
                sys.exit(HomeError.exit_code)
            raise


_INTERRUPTED = 130


@app.callback(invoke_without_command=True)
def root(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    """Measure the adoption of open-weight models by country and lab, from public data of the Hugging Face Hub."""
    if version:
        print(f"tracker {VERSION}")
        raise typer.Exit


@app.command()
def demo(
    days: Annotated[int, typer.Option(min=1, max=400, help="Number of simulated days.")] = 60,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the simulated world.")] = 0,
    models: Annotated[int, typer.Option(min=100, max=1_000_000, help="Number of simulated models.")] = 8_000,
    replay: Annotated[
        Path | None, typer.Option(help="Serve recorded listings (YYYY-MM-DD.jsonl.gz) from this folder instead.")
    ] = None,
    port: Port = 8501,
    no_browser: NoBrowser = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the data, in --home, TRACKER_HOME or ./demo-data.")
    ] = False,
    home: Annotated[Path | None, typer.Option(help="Folder to keep the data in [a temporary one].")] = None,
    registry: RegistryDir = None,
) -> None:
    """Try the product without a network: crawl a simulated Hub day by day, build, and open the dashboard."""
    from tracker.demo.run import run_demo

    settings = _settings(home, registry)
    kept = home or ((DEMO_HOME if is_unnamed(settings) else settings.home) if keep else None)
    with interrupts.patient():
        chosen = _registry(settings)
        code = run_demo(days, seed, models, replay, kept, chosen, _now, port=port, open_browser=not no_browser)
    sys.exit(code)


@app.command()
def crawl(
    scope: Annotated[Scope, typer.Option(help=SCOPES)] = Scope.LABS,
    source: RulerOption = Ruler.HUGGINGFACE,
    family: Families = None,
    day: Day = None,
    force: Annotated[bool, typer.Option("--force", help="Crawl a finished day again and replace it.")] = False,
    max_requests: Annotated[
        int | None, typer.Option(min=1, help="Stop after this many requests; run again to resume.")
    ] = None,
    home: Home = None,
    registry: RegistryDir = None,
) -> None:
    """Read the Hub or another ruler into the lake. An interrupted crawl of the same day and scope is resumed."""
    from tracker.cli.rulers import crawl_rulers

    settings = _settings(home, registry)
    if source is Ruler.HUGGINGFACE:
        _crawl(settings, scope, family, day, force, max_requests)
        return
    if source is not Ruler.ALL and (family or max_requests):
        raise UsageError(f"--family and --max-requests only work with --source huggingface, not with {source}.")
    hub = partial(_crawl, settings, scope, family, day, force, max_requests)
    crawl_rulers(settings, source, day.date() if day else None, force=force, crawl_hub=hub)


@app.command()
def build(
    full: Annotated[bool, typer.Option("--full", help="Rebuild all tables from the lake.")] = False,
    memory: Memory = None,
    slim: Slim = None,
    engine: EngineOption = EngineName.DUCKDB,
    master: Master = None,
    work: Work = None,
    lake: OtherLake = None,
    home: Home = None,
    registry: RegistryDir = None,
) -> None:
    """Build tracker.duckdb from lake and registry, and print failed checks. Adds only new days where that is safe."""
    settings = _reading_settings(home, registry)
    with chosen_engine(engine, full, master, work, lake, settings.home) as spark:
        _build(settings, full, memory, slim, spark)


@app.command()
def dashboard(port: Port = 8501, no_browser: NoBrowser = False, workers: Workers = 1, home: Home = None) -> None:
    """Serve the dashboard on 127.0.0.1."""
    from tracker.dashboard import run, serve
    from tracker.workers import start

    settings = _reading_settings(home)
    with interrupts.patient():
        if workers == 1:
            code = serve(settings.home, port=port, open_browser=not no_browser)
        else:
            code = run(start(settings.home, workers, port=port), open_browser=not no_browser)
    sys.exit(code)


@app.command()
def up(
    scope: Annotated[Scope, typer.Option(help="Models to read, as in `tracker crawl`.")] = Scope.LABS,
    family: Families = None,
    port: Port = 8501,
    no_browser: NoBrowser = False,
    home: Home = None,
    registry: RegistryDir = None,
) -> None:
    """Crawl the Hub, build, and open the dashboard."""
    from tracker.dashboard import serve

    settings = _settings(home, registry)
    _crawl(settings, scope, family, None, force=False, max_requests=None)
    _build(settings)
    with interrupts.patient():
        code = serve(settings.home, port=port, open_browser=not no_browser)
    sys.exit(code)


@app.command(context_settings={"ignore_unknown_options": True})  # a query may begin with a comment, `-- ...`
def sql(
    query: Annotated[
        str | None, typer.Argument(help="One SELECT statement; without it, a prompt opens.", show_default=False)
    ] = None,
    format: Annotated[
        str | None,
        typer.Option(
            help="Output format: table, csv, json or parquet [the suffix of --output, else table].", show_default=False
        ),
    ] = None,
    output: Annotated[Path | None, typer.Option(help="File to write to [stdout].", show_default=False)] = None,
    home: Home = None,
) -> None:
    """Query the warehouse with SQL. Read-only: no writes, no files, no network.

    `show tables` lists the tables, `describe models_now` says what the columns of one mean. Start with models_now,
    adoption and rankings.
    """
    from tracker.cli.output import answer, chosen_format
    from tracker.cli.sql_prompt import HISTORY, prompt
    from tracker.sql.query import open_warehouse
    from tracker.warehouse.build import FILE

    found, form = _reading_settings(home), chosen_format(format, output)
    with (
        open_warehouse(found.home / FILE) as connection,
        interrupts.stopping(connection.interrupt),
    ):
        if query is None:
            prompt(connection, sys.stdin, found.home / HISTORY)
        else:
            answer(connection, query, form, output)


@app.command()
def status(
    markdown: Annotated[
        bool,
        typer.Option("--markdown", help="Print Markdown with the latest shares by origin, for the summary of a job."),
    ] = False,
    home: Home = None,
) -> None:
    """Show what is in the home: days by scope, gaps, last crawl, failed checks, size."""
    from tracker.cli.status import status_lines, status_markdown
    from tracker.lake.lake import Lake

    lake = Lake(_reading_settings(home).home)
    print(status_markdown(lake) if markdown else "\n".join(status_lines(lake)))
    lake.check_files(lake.manifests())


@app.command()
def report(out: ReportFolder, base_url: BaseUrl = None, home: Home = None) -> None:
    """Write the main charts as a static site: pages, data as CSV and JSON, charts to embed, badges."""
    from dashboards.report.command import run

    run(_reading_settings(home).home, out, base_url, print_note)
    print(out / "index.html")


app.command("import")(import_history)
for command in (mcp, publish, pull, due, alert):
    app.command()(command)


def _crawl(
    settings: Settings,
    scope: Scope,
    family: list[str] | None,
    day: datetime | None,
    force: bool,
    max_requests: int | None,
) -> None:
    import time

    from tracker.hub.checks import check_not_future
    from tracker.hub.client import token_source
    from tracker.hub.crawl import CrawlOptions
    from tracker.hub.listing import is_on_this_machine
    from tracker.messages import crawl_line
    from tracker.pipeline import crawl_hub
    from tracker.progress import CrawlProgress

    if family and scope != Scope.FAMILIES:
        raise UsageError(f"--family only works with --scope families, not with --scope {scope}.")
    today = _now()
    if day:
        check_not_future(day.date(), today)
    order = CrawlOptions((day or today).date(), scope, tuple(family or ()), force, max_requests, is_today=day is None)
    has_token = token_source(settings.names_token)() is not None
    progress = CrawlProgress(time.monotonic, has_token, sys.stderr, sys.__stderr__)
    outcome = crawl_hub(settings, order, _registry(settings), progress, _now, print_note)
    print(crawl_line(outcome))
    is_ours = outcome.manifest.is_simulated or not is_on_this_machine(settings.endpoint)
    if order.day != today.date() and not (is_ours or outcome.was_complete):
        print_note(f"{settings.endpoint} is on this machine, so its counters were stored under the day of --day.")
    if not outcome.manifest.is_complete:
        raise DataError(
            f"{outcome.manifest.crawl} landed as partial: {outcome.manifest.incomplete_because}. "
            "It is left out of sums; run the same command again to replace it."
        )


def _build(
    settings: Settings,
    full: bool = False,
    memory: str | None = None,
    slim: bool | None = None,
    engine: "Engine | None" = None,
) -> None:
    from tracker.messages import build_lines
    from tracker.pipeline import build_home
    from tracker.warehouse.build import BuildOptions

    options = BuildOptions(full, memory, slim, engine)
    built = build_home(settings.home, _registry(settings), _now(), options=options, on_plan=print_note)
    print("\n".join(build_lines(built)))
    if built.has_failed:
        raise DataError("A check failed, so the previous warehouse was kept. The new one is in tracker.failed.duckdb.")
