"""Colours and dash patterns: one colour per origin on every chart, in light and in dark.

A search chose the colours so that any two differ for readers with normal vision, protanopia and deuteranopia, and each
has a contrast of at least 3:1 on both backgrounds; tests/dashboards/charts/test_colours.py measures them. Origins
without their own colour are drawn together as "Other origins" and listed in the tables.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from dashboards.data.vocabulary import NOT_KNOWN, OTHER

LIGHT_BACKGROUND = "#ffffff"
DARK_BACKGROUND = "#0f1318"

INK = {"light": "#0b0d10", "dark": "#e8eaed"}
"""Theme -> colour of text on a chart."""

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
"""Code -> colour, in the order of legends."""

SERIES = ("#38a194", "#9213fc", "#e67415", "#d31167", "#715fc1", "#fd0b4e", "#b25cfb")
"""Colours of generations, relations and formats, in their order; as far apart as those of origins."""

MEMBERS = ("#d67854", "#ef42f5", "#934d8c", "#cd2a66", "#429e92", "#5a43f6", "#277919")
"""Colours of labs, families and models, the first four warm; as far apart, and from red and blue, as those of origins.

The first Chinese member is red and the first US member is blue, as their countries are.
"""

SERIES_REST = {OTHER: "#5979a3", NOT_KNOWN: "#7b612f"}

NEUTRALS = ("#386a83", "#e16f0e", "#8c41ed")
"""Colours of figures about the data itself, the first also for charts of a single colour."""

_OWN_COLOURS = ("CN", "US")
"""Origins whose first member has their colour."""

_WARM = 4
"""How many colours of members, from the first on, are rather for Chinese members; US members rather have the others."""

MOST_LINES = 8
"""How many origins a chart draws by name, besides the lines for the rest and for unknown origins."""

GREY = "#757c86"
"""Text and rules inside a chart: contrast of at least 4:1 on both backgrounds."""

FIRST, SECOND = "#0f857d", "#b0621f"
"""Two colours for a pair, always with a sign, a dash pattern or a name that says the same."""

HEAT, MOST_HEAT = "#0f9f93", 0.65
"""Colour of a heat map and its highest opacity, at which text of either theme has a contrast of 4.5:1."""

SOLID = (1, 0)
DASHES: tuple[Sequence[int], ...] = (
    SOLID, (7, 3), (2, 3), (9, 3, 2, 3), (4, 2), (1, 4), (12, 4), (5, 2, 1, 2),
)  # fmt: skip
"""Dash patterns of lines that share a colour."""

_ORIGIN_DASHES = {"unaffiliated": (6, 3), "ZZ": (10, 3), OTHER: (2, 3), NOT_KNOWN: (8, 3, 2, 3)}

LINE_WIDTH, STRONG_WIDTH, QUIET_WIDTH = 2.5, 3.5, 1.25
"""Pixels of a line, of one that a chart is about, and of one that is there for context."""

_REGIONS = {
    "China": "CN",
    "United States": "US",
    "Europe": "DE",
    "Other": "KR",
    "Unknown": OTHER,
    "unaffiliated": "unaffiliated",
    NOT_KNOWN: NOT_KNOWN,
}
"""Region -> the origin whose colour it has."""


@dataclass(frozen=True, slots=True)
class LineStyle:
    """The name, colour and dash pattern of one line."""

    name: str
    colour: str
    dash: Sequence[int] = SOLID
    label: str = ""
    """A shorter name, if there is one."""

    width: float = LINE_WIDTH
    """Pixels."""

    mark: str = ""
    """Code of its origin, shown after the name where colours do not say it."""

    @property
    def short_name(self) -> str:
        """The name at the end of the line and under the pointer."""
        return self.fitted(len(self.label or self.name))

    def fitted(self, most: int) -> str:
        """The short name with at most `most` characters of the name itself, so that its mark stays legible."""
        name = self.label or self.name
        cut = name if len(name) <= most else f"{name[: most - 1]}…"
        return f"{cut} · {self.mark}" if self.mark else cut


def named_codes(group: str) -> tuple[str, ...] | None:
    """The codes that may have their own line when grouped by `group` ("country" or "region"); None means any."""
    return tuple(code for code in ORIGINS if code != OTHER) if group == "country" else None


def origin_dash(code: str) -> Sequence[int]:
    """Solid for countries, broken for all else."""
    return _ORIGIN_DASHES.get(code, SOLID)


def group_colours(group: str, codes: Iterable[str]) -> dict[str, str]:
    """Code -> colour of countries or regions, in a fixed order."""
    chosen = set(codes)
    if group == "country":
        return {code: colour for code, colour in ORIGINS.items() if code in chosen}
    return {code: ORIGINS[_REGIONS.get(code, OTHER)] for code in sorted(chosen)}


def series_colours(codes: Iterable[str]) -> dict[str, str]:
    """Code -> colour of series in the order given; codes beyond the number of colours are left out."""
    chosen = list(codes)
    own = [code for code in chosen if code not in SERIES_REST]
    return dict(zip(own, SERIES, strict=False)) | {c: colour for c, colour in SERIES_REST.items() if c in chosen}


def group_styles(group: str, names: Mapping[str, str]) -> dict[str, LineStyle]:
    """A line per country or region (code -> name), in a fixed order."""
    return {
        code: LineStyle(names[code], colour, origin_dash(code)) for code, colour in group_colours(group, names).items()
    }


def series_styles(names: Mapping[str, str]) -> dict[str, LineStyle]:
    """A line per series (code -> name)."""
    colours = series_colours(names)
    return {code: LineStyle(name, colours[code], origin_dash(code)) for code, name in names.items()}


def selected_styles(names: Mapping[str, str]) -> dict[str, LineStyle]:
    """A line per selected origin (code -> name); origins without their own colour share one and differ by dashes."""
    rest = [code for code in names if code not in ORIGINS]
    others = {code: LineStyle(names[code], ORIGINS[OTHER], DASHES[at % len(DASHES)]) for at, code in enumerate(rest)}
    own = {code: LineStyle(names[code], ORIGINS[code], origin_dash(code)) for code in names if code in ORIGINS}
    return {code: (own | others)[code] for code in names}


def member_styles(members: Mapping[str, tuple[str, str | None]]) -> dict[str, LineStyle]:
    """A line per member (code -> name and origin), each in its own colour, with its country as a mark.

    Lines are dashed where there are more of them than colours.
    """
    styles: dict[str, LineStyle] = {}
    for code, (name, origin) in members.items():
        usable = _member_colours(origin)
        taken = [style.colour for style in styles.values() if style.colour in usable]
        colour = min(usable, key=taken.count)
        mark = origin if origin and len(origin) == 2 and origin != "ZZ" else ""
        styles[code] = LineStyle(name, colour, DASHES[taken.count(colour) % len(DASHES)], mark=mark)
    return styles


def _member_colours(origin: str | None) -> tuple[str, ...]:
    """The colours of members of an origin, the one that is used first in front."""
    warm, cold = MEMBERS[:_WARM], MEMBERS[_WARM:]
    own = (ORIGINS[origin],) if origin in _OWN_COLOURS else ()
    return own + (warm + cold if origin == "CN" else cold + warm)


def pair_styles(names: Mapping[str, str]) -> dict[str, LineStyle]:
    """Two lines without an origin (code -> name): one solid, one broken."""
    return _numbered(names, (FIRST, SECOND))


def neutral_styles(names: Mapping[str, str]) -> dict[str, LineStyle]:
    """At most three lines about the data itself (code -> name)."""
    return _numbered(names, NEUTRALS)


def emphasised(styles: Mapping[str, LineStyle], codes: Iterable[str]) -> dict[str, LineStyle]:
    """The styles with the lines of `codes` strong and all others quiet; unchanged if none of them is drawn."""
    strong = set(codes) & styles.keys()
    if not strong:
        return dict(styles)
    return {
        code: replace(style, width=STRONG_WIDTH if code in strong else QUIET_WIDTH) for code, style in styles.items()
    }


def with_labels(styles: Mapping[str, LineStyle], labels: Mapping[str, str]) -> dict[str, LineStyle]:
    """The styles with shorter names (by code)."""
    return {code: replace(style, label=labels[code]) for code, style in styles.items()}


def _numbered(names: Mapping[str, str], colours: Sequence[str]) -> dict[str, LineStyle]:
    return {code: LineStyle(names[code], colours[at], DASHES[at]) for at, code in enumerate(names)}
