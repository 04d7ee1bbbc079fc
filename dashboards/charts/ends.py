"""Names at the right ends of lines: in the ink of the page, each behind a piece of its line.

A name in the colour of its line would be too faint to read: colours stand out from both backgrounds by 3 : 1, which is
enough for a line and not for words of 12 pixels.
"""

from typing import Any

import altair as alt
import polars as pl

_FROM, _UNTIL = 7, 25
"""Pixels to the right of the plot between which the piece of the line lies."""


def names(
    placed: pl.DataFrame, x: alt.X, y: alt.Y, colour: alt.Color, dash: alt.StrokeDash, limit: int
) -> tuple[alt.Chart, alt.Chart]:
    """The names and the pieces of line before them, for rows that have a `name` where `x` and `y` say."""
    field: Any = x.to_dict()
    base = alt.Chart(placed)
    text = base.mark_text(align="left", dx=_UNTIL + 5, fontSize=12, fontWeight=600, limit=limit)
    piece: Any = base.mark_rule(strokeWidth=2.5, xOffset=_FROM, x2Offset=_UNTIL)
    return (
        text.encode(x=x, y=y, text=alt.Text("name:N")),
        piece.encode(x=x, x2=alt.X2(field["field"]), y=y, color=colour, strokeDash=dash),
    )
