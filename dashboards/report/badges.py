"""Badges: a share in one line, as an SVG to put into other people's pages."""

from dataclasses import dataclass
from html import escape

_HEIGHT, _SIZE, _PAD = 20, 11, 7
"""Pixels."""

_LEFT, _RIGHT = "#4a4f57", "#1d6fb8"
"""Backgrounds of the name and of the figure; white has a contrast of at least 5 : 1 on both."""

_NARROW, _WIDE = "iljtfrI.,:;!|'()[] ", "mwMWQOG%@&"
_WIDTHS = {"narrow": 0.38, "usual": 0.61, "wide": 0.9, "foreign": 1.05}
"""Widths of letters in parts of their size; what browsers draw is fitted to the sum."""


@dataclass(frozen=True, slots=True)
class Badge:
    """What a badge says."""

    slug: str
    name: str
    """Whose share it is."""

    figure: str
    """The share in words: "31% of downloads"."""

    title: str
    """The whole truth, for readers of screens and under the pointer: day, lens, scope, simulated or not."""


def svg_bytes(badge: Badge) -> bytes:
    """The badge, its text as text."""
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


def _text(text: str, x: float, width: float) -> str:
    fitted = f'textLength="{width:.1f}" lengthAdjust="spacingAndGlyphs"'
    return f'<text x="{x}" y="14" {fitted}>{escape(text)}</text>'


def _width(text: str) -> float:
    return sum(_WIDTHS[_kind(letter)] for letter in text) * _SIZE


def _kind(letter: str) -> str:
    if not letter.isascii():
        return "foreign"
    return "narrow" if letter in _NARROW else "wide" if letter in _WIDE else "usual"
