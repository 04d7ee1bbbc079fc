"""Options and arguments that commands share, with their help texts."""

import re
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.core

from tracker.domain import HUB_AXIS, Axis, Source

SCOPES = (
    "labs: all models of registered organisations; families: labs and all descendants of the named families; "
    "hub: every public model."
)


class Commands(typer.core.TyperGroup):
    """The commands of the program; a wrong value of an option is explained without the words of the library."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was given."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as problem:
            said = problem.message.removeprefix("Value error, ")
            problem.message = re.sub(r"does not match the formats? .*", "is not a day. Write it as YYYY-MM-DD.", said)
            raise


class GapsFormat(StrEnum):
    """How the gaps of the registry are written."""

    TEXT = "text"
    TOML = "toml"
    CSV = "csv"
    JSON = "json"


Home = Annotated[
    Path | None, typer.Option(help="Folder with lake and warehouse [TRACKER_HOME, else ./data].", show_default=False)
]
RegistryDir = Annotated[
    Path | None,
    typer.Option("--registry", help="Folder with your own registry files [TRACKER_REGISTRY].", show_default=False),
]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Port of the dashboard; 0 chooses a free port.")]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")]
Workers = Annotated[
    int, typer.Option(min=1, max=64, help="Processes for many readers; more than one needs nginx.", show_default=True)
]
Memory = Annotated[
    str | None,
    typer.Option(
        help="Memory for the build, as in 4GB; the rest goes to disk [60% of the machine's].", show_default=False
    ),
]
Slim = Annotated[
    bool | None,
    typer.Option(
        "--slim/--single-file",
        help="Store the counters and downloads of single days in the folder days next to tracker.duckdb, in a "
        "fifteenth of the bytes, or all in one file [as before; at first, slim from 5 million model-days on].",
        show_default=False,
    ),
]
ReportFolder = Annotated[
    Path, typer.Option("--out", help="Folder to write: a new one, or one with an earlier report.", show_default=False)
]
BaseUrl = Annotated[
    str | None,
    typer.Option(help="Public address of the site, for link previews and embedded charts.", show_default=False),
]
Families = Annotated[
    list[str] | None,
    typer.Option(
        "--family", envvar="TRACKER_FAMILIES", help="Family to follow, with --scope families; can be repeated."
    ),
]


class Ruler(StrEnum):
    """What `tracker crawl` reads."""

    HUGGINGFACE = HUB_AXIS
    OPENROUTER = Axis.OPENROUTER.value
    MODELSCOPE = Axis.MODELSCOPE.value
    PROVIDERS = Axis.PROVIDERS.value
    ALL = "all"


RulerOption = Annotated[
    Ruler,
    typer.Option(
        "--source",
        help="huggingface: the Hub, by --scope; openrouter: tokens a day by model; modelscope: downloads there, by "
        "registered account; providers: who serves a lab's models commercially; all: one after the other.",
    ),
]
Day = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"], help="Day to store the counters under; a live Hub only serves its own [today, UTC]."
    ),
]
ImportSource = Annotated[
    Source | None, typer.Argument(help="model-pulse, hub-weekly, hub-stats, or file FILE.", show_default=False)
]
ImportFile = Annotated[
    Path | None, typer.Argument(help="CSV or Parquet with id, day, counters; only with file.", show_default=False)
]
Since = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day [the archive's].")]
Until = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day [the archive's].")]
OnlyTracked = Annotated[bool, typer.Option("--only-tracked", help="Skip repositories that no crawl has read.")]
DateFormat = Annotated[
    str | None,
    typer.Option(help="How a file writes its days, such as %d/%m/%Y [YYYY-MM-DD]; only with file.", show_default=False),
]
Remove = Annotated[Source | None, typer.Option(help="Delete all imported days of this source.", show_default=False)]
Repo = Annotated[str, typer.Argument(metavar="REPO", help="A dataset on the Hub, as owner/name.")]
Replaces = Annotated[bool, typer.Option("--force", help="Replace crawls that differ between home and dataset.")]
