"""Badges: the share of an origin or a family as an SVG of one line, for other people's pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

import polars as pl

from dashboards.charts import colours
from dashboards.data import format, vocabulary
from dashboards.data.warehouse import Build, Store
from dashboards.figures import findings
from dashboards.queries import family, rulers, shared
from dashboards.report import charts
from dashboards.text import family as family_words
from dashboards.text import footnotes, terms
from dashboards.text import rulers as ruler_words

_HEIGHT, _SIZE, _PAD = 20, 11, 7
"""Pixels: height, font size, padding."""

_LEFT, _RIGHT = "#4a4f57", "#1d6fb8"
"""Backgrounds of the name and of the figure; white text has a contrast of at least 5:1 on both."""

_NARROW, _WIDE = "iljtfrI.,:;!|'()[] ", "mwMWQOG%@&"
_WIDTHS = {"narrow": 0.38, "usual": 0.61, "wide": 0.9, "foreign": 1.05}
"""Estimated widths of letters in units of the font size; browsers fit the text to their sum."""


@dataclass(frozen=True, slots=True)
class Badge:
    """The texts of a badge."""

    slug: str
    name: str
    """The origin or family."""

    figure: str
    """The share: "31% of downloads"."""

    title: str
    """Text for screen readers and tooltips: share, day, attribution, scope, simulated or not."""


def badges(store: Store, build: Build) -> Iterator[Badge]:
    """A badge for each origin that charts draw as a line, under both lenses, and for each of the largest families."""
    for lens in terms.LENSES:
        found = findings.latest(charts.scope(store, build, lens), charts.HEADLINE)
        if found is None:
            continue
        for code, share in found.rows.select("code", "share").iter_rows():
            if code in colours.ORIGINS and code != vocabulary.NOT_KNOWN and share is not None:
                slug = f"origin-{code.lower()}-by-{lens}"
                yield _badge(store, build, slug, found.names[code], share, lens, str(found.day))
    day = shared.last_whole_day(store)
    largest = family_words.largest_totals(
        family.largest_families(store, vocabulary.LANGUAGE, day, charts.MOST_FAMILIES)
    )
    for row in largest.iter_rows(named=True):
        slug = format.file_stem("family", row["family"])
        yield _badge(store, build, slug, row["name"], row["share"], "root", str(day))
    yield from _on_rulers(store, build)


def svg_bytes(badge: Badge) -> bytes:
    """The badge as SVG; its texts stay text."""
    name, figure = _width(badge.name), _width(badge.figure)
    left, right = round(name + 2 * _PAD), round(figure + 2 * _PAD)
    title = escape(badge.title)
    return f"""<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{_HEIGHT}" role="img" \
aria-label="{title}">
<title>{title}</title>
<clipPath id="r"><rect width="{left + right}" height="{_HEIGHT}" rx="3"/></clipPath>
<g clip-path="url(#r)">
<rect width="{left}" height="{_HEIGHT}" fill="{_LEFT}"/>
<rect x="{left}" width="{right}" height="{_HEIGHT}" fill="{_RIGHT}"/>
</g>
<g fill="#fff" font-family="Verdana, DejaVu Sans, sans-serif" font-size="{_SIZE}">
{_text(badge.name, _PAD, name)}
{_text(badge.figure, left + _PAD, figure)}
</g>
</svg>
""".encode()


def _on_rulers(store: Store, build: Build) -> Iterator[Badge]:
    """A badge for each origin that charts draw as a line, on each ruler but the Hub's downloads."""
    axes, found = rulers.axes(store), rulers.shares(store, "origin", charts.RULER_DAYS)
    names = shared.origin_names(store)
    for row in found.filter(pl.col("axis") != ruler_words.HUB).iter_rows(named=True):
        if row["code"] not in colours.ORIGINS or row["share"] is None:
            continue
        name, phrase = terms.origin_name(row["code"], names), ruler_words.phrase(row["axis"])
        credit = ruler_words.credit_lines(axes.filter(pl.col("axis") == row["axis"]))
        title = (
            f"{name}: {format.percent(row['share'])} of open weights of registered labs {phrase}, "
            f"{row['first_day']} to {row['last_day']}. {credit}"
        )
        figure = f"{format.percent(row['share'], 0)} {phrase}"
        slug = f"origin-{row['code'].lower()}-on-{row['axis']}"
        yield Badge(slug, name, *_labelled(build, figure, title))


def _badge(store: Store, build: Build, slug: str, name: str, share: float, lens: str, day: str) -> Badge:
    percent, by_root = format.percent(share, 0), " by base model" if slug.endswith("-by-root") else ""
    scope = footnotes.scope_of(shared.coverage(store))
    attribution = terms.LENSES[lens].lower()
    counted = f"30-day downloads of {vocabulary.universe_name(vocabulary.LANGUAGE)}"
    title = f"{name}: {format.percent(share)} of {counted} on {day}, by {attribution}. Scope: {scope}."
    return Badge(slug, name, *_labelled(build, f"{percent} of downloads{by_root}", title))


def _labelled(build: Build, figure: str, title: str) -> tuple[str, str]:
    """Figure and title, labelled if the data are simulated."""
    if not build.is_simulated:
        return figure, title
    return f"{figure} (simulated)", f"{title} Simulated data, not the real Hub."


def _text(text: str, x: float, width: float) -> str:
    fitted = f'textLength="{width:.1f}" lengthAdjust="spacingAndGlyphs"'
    return f'<text x="{x}" y="14" {fitted}>{escape(text)}</text>'


def _width(text: str) -> float:
    return sum(_WIDTHS[_kind(letter)] for letter in text) * _SIZE


def _kind(letter: str) -> str:
    if not letter.isascii():
        return "foreign"
    return "narrow" if letter in _NARROW else "wide" if letter in _WIDE else "usual"
