"""One colour per origin, the same on every chart, in light and in dark.

Chosen by search so that any two stay apart for readers with normal sight, protanopia and deuteranopia,
and each has a contrast of at least 3:1 on both backgrounds; tests/dashboards/charts/test_colours.py measures it.
Origins without a colour of their own are drawn together as "Other origins" and listed in the tables.
"""

from collections.abc import Sequence

from dashboards.data.vocabulary import NOT_KNOWN, OTHER

LIGHT_BACKGROUND = "#ffffff"
DARK_BACKGROUND = "#0f1318"

INK = {"light": "#0b0d10", "dark": "#e8eaed"}
"""Words on a chart that have no colour of their own, by the theme around them."""

ORIGINS = {
    "CN": "#d80c18",
    "US": "#306cc0",
    "FR": "#7e3cfc",
    "GB": "#9c4e90",
    "KR": "#007e1e",
    "DE": "#de7254",
    "CA": "#189ccc",
    "ZZ": "#7e72fc",
    "unaffiliated": "#607260",
    OTHER: "#a28a9c",
    NOT_KNOWN: "#f3026c",
}
"""Code -> colour of all that may stand for itself on a chart, and of the rest."""

SERIES = ("#38a194", "#9213fc", "#e67415", "#d31167", "#715fc1", "#fd0b4e", "#b25cfb")
"""Colours of what is no origin, in their order: generations, relations, formats. As far apart as those of origins."""

SERIES_REST = {OTHER: "#5979a3", NOT_KNOWN: "#7b612f"}
"""Beside them: what is drawn together, and what is not known."""

MOST_LINES = 8
"""How many origins a chart draws by name; the rest, and what has no known origin, are lines of their own."""

_REGIONS = {
    "China": "CN",
    "United States": "US",
    "Europe": "DE",
    "Other": "KR",
    "Unknown": OTHER,
    "unaffiliated": "unaffiliated",
    NOT_KNOWN: NOT_KNOWN,
}
"""Region -> the origin whose colour it takes: the same country has the same colour as ever."""

_DASHES = {"unaffiliated": [6, 3], "ZZ": [10, 3], OTHER: [2, 3], NOT_KNOWN: [8, 3, 2, 3]}

_SOLID = [1, 0]


def dash(code: str) -> list[int]:
    """The dash pattern of a line: solid for countries, broken for what belongs to none."""
    return _DASHES.get(code, _SOLID)


def own_line(group: str) -> tuple[str, ...] | None:
    """The codes that may stand for themselves when grouped by `group` ("country" or "region"); None means any."""
    return tuple(code for code in ORIGINS if code != OTHER) if group == "country" else None


def colours(group: str, codes: Sequence[str]) -> dict[str, str]:
    """Code -> colour of those among `codes`, in the fixed order of the palette; regions unknown here are grey."""
    if group == "country":
        return {code: colour for code, colour in ORIGINS.items() if code in codes}
    return {code: ORIGINS[_REGIONS.get(code, OTHER)] for code in sorted(codes)}


def series(codes: Sequence[str]) -> dict[str, str]:
    """Code -> colour of what is no origin, in the order given: as many codes as there are colours, and the rest."""
    own = [code for code in codes if code not in SERIES_REST]
    return dict(zip(own, SERIES, strict=False)) | {c: colour for c, colour in SERIES_REST.items() if c in codes}
