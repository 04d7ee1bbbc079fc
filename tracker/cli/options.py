"""What can be typed behind a command, and the words that explain it."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from tracker.domain import Source

SCOPES = (
    "labs: all models of registered organisations; families: labs and all descendants of the named families; "
    "hub: every public model."
)

Home = Annotated[
    Path | None, typer.Option(help="Folder of lake and warehouse [TRACKER_HOME, else ./data].", show_default=False)
]
RegistryDir = Annotated[
    Path | None, typer.Option("--registry", help="Your own registry files [TRACKER_REGISTRY].", show_default=False)
]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Port of the dashboard; 0 takes a free one.")]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")]
Memory = Annotated[
    str | None,
    typer.Option(
        help="Memory for the build, as in 4GB; the rest goes to disk [60% of the machine's].", show_default=False
    ),
]
ReportFolder = Annotated[
    Path, typer.Option("--out", help="Folder to write: a new one, or that of an earlier report.", show_default=False)
]
BaseUrl = Annotated[
    str | None,
    typer.Option(help="Address the site will have, for pictures of links and charts to embed.", show_default=False),
]
Families = Annotated[
    list[str] | None,
    typer.Option(
        "--family", envvar="TRACKER_FAMILIES", help="Family to follow, with --scope families; can be repeated."
    ),
]
Day = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day the readings are filed under [today, UTC].")
]
ImportSource = Annotated[
    Source | None, typer.Argument(help="model-pulse, hub-weekly, hub-stats, or file FILE.", show_default=False)
]
ImportFile = Annotated[
    Path | None, typer.Argument(help="CSV or Parquet with id, day, counters; only with file.", show_default=False)
]
Since = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day [the archive's].")]
Until = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day [the archive's].")]
OnlyTracked = Annotated[bool, typer.Option("--only-tracked", help="Leave out repositories that no crawl has read.")]
Remove = Annotated[
    Source | None, typer.Option(help="Take all days of this source out of the lake again.", show_default=False)
]
Repo = Annotated[str, typer.Argument(metavar="REPO", help="A dataset on the Hub, as owner/name.")]
Replaces = Annotated[
    bool, typer.Option("--force", help="Replace crawls of which home and dataset hold different readings.")
]
