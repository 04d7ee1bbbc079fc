"""The pages of the report as HTML. Everything that is named on the Hub is text to the templates, never markup."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from dashboards.charts import colours
from dashboards.figures.findings import Finding
from dashboards.report.badges import Badge
from dashboards.report.exhibit import Exhibit, Missing
from dashboards.text.report import SIMULATED, TITLE

_TEMPLATES = Environment(
    loader=PackageLoader("dashboards.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
    lstrip_blocks=True,
)  # fmt: skip
_ASSETS = Environment(loader=PackageLoader("dashboards.report", "assets"), undefined=StrictUndefined)

_FRAME = _TEMPLATES.from_string(
    '<iframe src="{{ src }}" title="{{ title }}" width="100%" height="{{ height }}" style="border:0" loading="lazy">'
    "</iframe>"
)
_AROUND = 420
"""Pixels of the words around an embedded chart, where it is about 600 wide and simulated."""

_THEMES = tomllib.loads((Path(__file__).parents[1] / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
_OWN = {
    "light": {"quiet": "#57606a", "line": "#dfe3e8", "mark": "#e16f0e"},
    "dark": {"quiet": "#a5adb8", "line": "#2b333d", "mark": "#e16f0e"},
}
"""Words that matter less, lines, and the edge of a warning; the app takes these from its own theme."""


def _with_commands(text: str) -> Markup:
    """Text with what stands between backticks as code."""
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(text))))


_TEMPLATES.filters["with_commands"] = _with_commands


@dataclass(frozen=True, slots=True)
class Site:
    """What all pages share."""

    exhibits: Sequence[Exhibit]
    missing: Sequence[Missing]
    badges: Sequence[Badge]
    findings: Mapping[str, Finding]
    standing: str
    """Day, coverage and scope."""

    is_simulated: bool
    base_url: str | None
    """Where the site will stand, with a slash at its end; None if that is not known."""

    method: str
    citations: Sequence[str]
    licence: str
    program_version: str | None
    built_at: str
    title: str = TITLE
    simulated: str = SIMULATED

    @property
    def slugs(self) -> list[str]:
        """The charts to load."""
        return [exhibit.slug for exhibit in self.exhibits]

    @property
    def description(self) -> str:
        """The first finding, as other pages quote it."""
        label = "Simulated data. " if self.is_simulated else ""
        return label + next((finding.headline for finding in self.findings.values()), self.standing)

    @property
    def picture_words(self) -> str:
        """The picture of the site in words."""
        return self.exhibits[0].figure.alt_text if self.exhibits else self.description

    def embed(self, exhibit: Exhibit) -> str:
        """HTML that shows one chart on another page."""
        address = f"{self.base_url or ''}charts/{exhibit.slug}.html"
        height = exhibit.height + _AROUND
        return str(_FRAME.render(src=address, title=exhibit.figure.title, height=height))


def index(site: Site) -> str:
    """The page with everything."""
    return _unbroken(_TEMPLATES.get_template("index.html").render(site=site))


def chart(site: Site, exhibit: Exhibit) -> str:
    """The page of one chart, to be embedded."""
    return _unbroken(_TEMPLATES.get_template("chart.html").render(site=site, exhibit=exhibit))


def style() -> str:
    """The style sheet, in the app's colours."""
    return _ASSETS.get_template("style.css").render(light=_colours("light"), dark=_colours("dark"))


def drawing() -> str:
    """The script that draws the charts of a page."""
    return _ASSETS.get_template("draw.js").render()


def _unbroken(html: str) -> str:
    """A page in which no line breaks between a figure and its unit."""
    return re.sub(r"(?<=\d) (?=%|points\b)", "\N{NO-BREAK SPACE}", html)


def _colours(scheme: str) -> dict[str, str]:
    """Name in the style sheet -> colour, those of the app's theme."""
    theme = _THEMES[scheme]
    return _OWN[scheme] | {
        "ground": theme["backgroundColor"],
        "panel": theme["secondaryBackgroundColor"],
        "link": theme["linkColor"],
        "ink": colours.INK[scheme],
    }
