"""Colours that stand for no origin: words in a chart, heat, and what raises or lowers a figure.

Each line or bar has a contrast of at least 3:1 on the light and on the dark background, each text 4:1.
"""

GREY = "#757c86"
"""Words and rules inside a chart; readable on white and on the dark background."""

FIRST = "#0f857d"
SECOND = "#b0621f"
"""Two colours that differ for every reader, beside a sign, a dash or a name that says the same."""

HEAT, MOST_HEAT = "#0f9f93", 0.65
"""The colour of heat, and how opaque it is where there is most: on it the ink of either theme has 4.5:1 or more."""

DASHES = ([1, 0], [7, 3], [2, 3], [9, 3, 2, 3], [4, 2], [1, 4], [12, 4], [5, 2, 1, 2])
"""Dash patterns of lines that share a colour, the solid one first."""
