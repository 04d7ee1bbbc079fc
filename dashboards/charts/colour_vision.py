"""Colours as people with colour blindness see them: simulation, distance, contrast, and a chart of swatches."""

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import altair as alt
import polars as pl

from dashboards.data import format

Vector = tuple[float, float, float]
Matrix = tuple[Vector, Vector, Vector]

VISIONS: dict[str, Matrix] = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
"""Colour vision -> its transform of linear RGB: Machado, Oliveira and Fernandes (2009), severity 1.0."""

_XYZ: Matrix = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
_WHITE = (0.95047, 1.0, 1.08883)
_ROW = 30
"""Pixels of a row of swatches."""


def simulated(colour: str, vision: str) -> str:
    """The colour #rrggbb that shows a reader with normal vision what `vision` makes of `colour`."""
    return "#" + "".join(f"{round(_encoded(value) * 255):02x}" for value in _clipped(_transformed(colour, vision)))


def distance(one: str, other: str, vision: str) -> float:
    """CIE76 delta E of two colours under a colour vision; 2.3 is just noticeable side by side."""
    pair = [_lab(_transformed(colour, vision)) for colour in (one, other)]
    return float(sum((a - b) ** 2 for a, b in zip(*pair, strict=True)) ** 0.5)


def nearest(colours: Mapping[str, str], vision: str) -> tuple[str, str, float]:
    """The two names of `colours` (name -> #rrggbb) that are most alike under a colour vision, and their distance."""
    apart = {(one, other): distance(colours[one], colours[other], vision) for one, other in combinations(colours, 2)}
    pair = min(apart, key=apart.__getitem__)
    return (*pair, apart[pair])


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio of two colours, 1 to 21."""
    dark, light = sorted(_times(_XYZ, _linear(colour))[1] for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def swatches(colours: pl.DataFrame, distances: pl.DataFrame) -> alt.Chart:
    """Colours as squares: a row per name, a column per colour vision with its least distance in the heading.

    `colours` has name, vision and colour (#rrggbb); `distances` has vision and distance.
    """
    headings = {row["vision"]: f"least {row['distance']:.0f}" for row in distances.iter_rows(named=True)}
    labels = "{" + ", ".join(f"'{vision}': ['{vision}', '{least}']" for vision, least in headings.items()) + "}"
    names = colours["name"].unique(maintain_order=True).to_list()
    plain: dict[str, Any] = {"title": None, "domain": False, "ticks": False}
    top = alt.Axis(
        orient="top", labelExpr=f"{labels}[datum.value]", labelAngle=0, labelOverlap=False, labelFontSize=10,
        labelLimit=70, **plain,
    )  # fmt: skip
    tips = [
        alt.Tooltip("name:N", title="Name"), alt.Tooltip("vision:N", title="Colour vision"),
        alt.Tooltip("colour:N", title="Seen as"),
    ]  # fmt: skip
    chart: alt.Chart = alt.Chart(colours, height=_ROW * len(names) + 40).mark_rect().encode(
        x=alt.X("vision:N", sort=list(headings), scale=alt.Scale(paddingInner=0.12), axis=top),
        y=alt.Y("name:N", sort=names, scale=alt.Scale(paddingInner=0.25), axis=alt.Axis(labelLimit=110, **plain)),
        color=alt.Color("colour:N", scale=None),
        tooltip=tips,
    )  # fmt: skip
    return chart


def described_swatches(distances: pl.DataFrame) -> str:
    """The alternative text of `swatches`; `distances` has vision, distance and most_alike."""
    parts = [f"{row['vision']}: {row['distance']:.1f} ({row['most_alike']})" for row in distances.iter_rows(named=True)]
    visions = format.count(len(parts), "kind of colour vision", "kinds of colour vision")
    return f"Colours under {visions}, and the least distance of any two: {'; '.join(parts)}."


def _transformed(colour: str, vision: str) -> Vector:
    return _times(VISIONS[vision], _linear(colour))


def _linear(colour: str) -> Vector:
    """Linear RGB of #rrggbb, each 0 to 1."""
    values = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    r, g, b = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in values)
    return r, g, b


def _encoded(value: float) -> float:
    """One channel of sRGB from linear RGB, both 0 to 1."""
    return float(value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055)


def _clipped(rgb: Vector) -> Vector:
    r, g, b = (min(max(value, 0.0), 1.0) for value in rgb)
    return r, g, b


def _lab(rgb: Vector) -> Vector:
    """CIE Lab (D65) of linear RGB, first clipped to 0 to 1."""
    ratios = [value / white for value, white in zip(_times(_XYZ, _clipped(rgb)), _WHITE, strict=True)]
    x, y, z = (ratio ** (1 / 3) if ratio > 0.008856 else 7.787 * ratio + 16 / 116 for ratio in ratios)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _times(matrix: Matrix, vector: Vector) -> Vector:
    x, y, z = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return x, y, z
