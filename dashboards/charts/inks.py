"""Colours that stand for no origin: words in a chart, heat, and what raises or lowers a figure.

Each line or bar has a contrast of at least 3:1 on the light and on the dark background, each text 4:1.
"""

GREY = "#757c86"
"""Words and rules inside a chart; readable on white and on the dark background."""

FIRST = "#0f857d"
SECOND = "#b0621f"
"""Two colours that differ for every reader, beside a sign, a dash or a name that says the same."""

HEAT = ("#eef4f3", "#0b5f59")
"""From none to all, the same in light and dark: a cell brings its own background."""

ON_LIGHT_HEAT, ON_DARK_HEAT = "#1f2328", "#ffffff"
"""Words on a cell that is nearer the first, or the second, end of HEAT."""

DASHES = ([1, 0], [7, 3], [2, 3], [9, 3, 2, 3], [4, 2], [1, 4], [12, 4], [5, 2, 1, 2])
"""Dash patterns of lines that share a colour, the solid one first."""
