"""How colours look to people with other colour sight, and how far apart they are then. Pure."""

from collections.abc import Mapping
from itertools import combinations

Vector = tuple[float, float, float]
Matrix = tuple[Vector, Vector, Vector]

SIGHTS: dict[str, Matrix] = {
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
"""Sight -> what it makes of linear RGB: Machado, Oliveira and Fernandes (2009), severity 1.0."""

_XYZ: Matrix = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
_WHITE = (0.95047, 1.0, 1.08883)


def seen(colour: str, sight: str) -> str:
    """The colour #rrggbb that somebody with full sight must look at to see what `sight` sees of `colour`."""
    return "#" + "".join(f"{round(_encoded(value) * 255):02x}" for value in _clipped(_as_seen(colour, sight)))


def distance(one: str, other: str, sight: str) -> float:
    """CIE76 delta E of two colours as seen with `sight`; 2.3 is just noticeable side by side."""
    pair = [_lab(_as_seen(colour, sight)) for colour in (one, other)]
    return float(sum((a - b) ** 2 for a, b in zip(*pair, strict=True)) ** 0.5)


def nearest(colours: Mapping[str, str], sight: str) -> tuple[str, str, float]:
    """The two names of `colours` (name -> #rrggbb) that are most alike as seen with `sight`, and their distance."""
    apart = {(one, other): distance(colours[one], colours[other], sight) for one, other in combinations(colours, 2)}
    pair = min(apart, key=apart.__getitem__)
    return (*pair, apart[pair])


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio of two colours, 1 to 21."""
    dark, light = sorted(_times(_XYZ, _linear(colour))[1] for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def _as_seen(colour: str, sight: str) -> Vector:
    return _times(SIGHTS[sight], _linear(colour))


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
    """CIE Lab (D65) of linear RGB, which is first brought into 0 to 1."""
    ratios = [value / white for value, white in zip(_times(_XYZ, _clipped(rgb)), _WHITE, strict=True)]
    x, y, z = (ratio ** (1 / 3) if ratio > 0.008856 else 7.787 * ratio + 16 / 116 for ratio in ratios)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _times(matrix: Matrix, vector: Vector) -> Vector:
    x, y, z = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return x, y, z
