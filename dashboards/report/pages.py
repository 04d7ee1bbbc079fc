"""The pages of the report as HTML. Templates escape all names from the Hub, so none of them becomes markup."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from dashboards.charts import colours, pointer_panel
from dashboards.data import format
from dashboards.figures.findings import Finding
from dashboards.report.badges import Badge
from dashboards.report.exhibit import Exhibit, Missing
from dashboards.text.news import News
from dashboards.text.report import SIMULATED, TITLE
from dashboards.text.terms import LENSES

_TEMPLATES = Environment(
    loader=PackageLoader("dashboards.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
    lstrip_blocks=True,
)  # fmt: skip
_ASSETS = Environment(loader=PackageLoader("dashboards.report", "assets"), undefined=StrictUndefined)

_FRAME = _TEMPLATES.from_string(
    '<iframe src="{{ src }}" title="{{ title }}" width="100%" height="{{ height }}" style="border:0" loading="lazy">'
    "</iframe>"
)
_ENTRY = _TEMPLATES.from_string('{% import "parts.html" as parts %}{{ parts.simulated(site) }}{{ parts.news(news) }}')
_AROUND = 420
"""Pixels for the texts around an embedded chart that is about 600 wide and labelled as simulated."""

_THEMES = tomllib.loads((Path(__file__).parents[1] / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
_OWN = {
    "light": {"quiet": "#57606a", "line": "#dfe3e8", "mark": "#e16f0e"},
    "dark": {"quiet": "#a5adb8", "line": "#2b333d", "mark": "#e16f0e"},
}
"""Secondary text, lines, and the edge of a warning; the dashboard takes these from its own theme."""


def _with_commands(text: str) -> Markup:
    """Text as HTML in which passages between backticks are code."""
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(text))))


_TEMPLATES.filters["with_commands"] = _with_commands
_TEMPLATES.filters["day"] = format.day


@dataclass(frozen=True, slots=True)
class Site:
    """Contents shared by all pages."""

    exhibits: Sequence[Exhibit]
    missing: Sequence[Missing]
    badges: Sequence[Badge]
    findings: Mapping[str, Finding]
    coverage: str
    """A sentence: day, models read, scope."""

    is_simulated: bool
    base_url: str | None
    """Address of the published site, ending in a slash; None if unknown."""

    method: str
    citations: Sequence[str]
    licence: str
    origin: str
    """Licence and, if known, address, for pictures."""

    program_version: str | None
    built_at: str
    news: Sequence[News] = ()
    """The newest day first."""

    title: str = TITLE
    simulated: str = SIMULATED
    lenses: Mapping[str, str] = field(default_factory=lambda: LENSES)
    """Lens -> its name on the page."""

    @property
    def slugs(self) -> list[str]:
        """The slugs of all charts."""
        return [exhibit.slug for exhibit in self.exhibits]

    @property
    def description(self) -> str:
        """The first finding, for link previews."""
        label = "Simulated data. " if self.is_simulated else ""
        return label + next((finding.headline for finding in self.findings.values()), self.coverage)

    @property
    def preview_alt(self) -> str:
        """Alternative text of the preview image."""
        return self.exhibits[0].figure.alt_text if self.exhibits else self.description

    def embed(self, exhibit: Exhibit) -> str:
        """HTML that embeds one chart in another page."""
        address = f"{self.base_url or ''}charts/{exhibit.slug}.html"
        height = exhibit.height + _AROUND
        return str(_FRAME.render(src=address, title=exhibit.figure.title, height=height))


def index(site: Site) -> str:
    """The page with all charts."""
    return _with_fixed_units(_TEMPLATES.get_template("index.html").render(site=site))


def chart(site: Site, exhibit: Exhibit) -> str:
    """The page of one chart, for embedding."""
    return _with_fixed_units(_TEMPLATES.get_template("chart.html").render(site=site, exhibit=exhibit))


def news(site: Site) -> str:
    """The page with the news of each day."""
    return _with_fixed_units(_TEMPLATES.get_template("news.html").render(site=site))


def news_html(site: Site, news: News) -> str:
    """The news of a day as HTML for a feed, labelled if the data are simulated."""
    return str(_ENTRY.render(site=site, news=news)).strip()


def style() -> str:
    """The style sheet, in the colours of the dashboard."""
    return _ASSETS.get_template("style.css").render(light=_colours("light"), dark=_colours("dark"))


def drawing() -> str:
    """The script that draws the charts of a page, and shows their tooltips on a tap."""
    return _ASSETS.get_template("draw.js").render() + "\n" + pointer_panel.TAPS


def _with_fixed_units(html: str) -> str:
    """The page with non-breaking spaces between numbers and their units."""
    return re.sub(r"(?<=\d) (?=%|points\b)", "\N{NO-BREAK SPACE}", html)


def _colours(scheme: str) -> dict[str, str]:
    """Name in the style sheet -> colour of the dashboard's theme."""
    theme = _THEMES[scheme]
    return _OWN[scheme] | {
        "ground": theme["backgroundColor"],
        "panel": theme["secondaryBackgroundColor"],
        "link": theme["linkColor"],
        "ink": colours.INK[scheme],
    }
