"""The rule that follows the pointer over a chart of lines and tells the exact figures where it stands."""

from collections.abc import Mapping, Sequence

import altair as alt
import polars as pl

from dashboards.charts.inks import GREY
from dashboards.data import format


def rule(
    rows: pl.DataFrame, x: alt.X, field: str, tips: Sequence[alt.Tooltip], words: Mapping[str, str] | None = None
) -> alt.Chart:
    """A rule at the row nearest to the pointer, by the column `field` on which `x` is placed.

    `words` are columns (name -> expression) that the browser makes of the figures it has.
    """
    said = [alt.CalculateTransform(calculate=text, **{"as": name}) for name, text in (words or {}).items()]
    pointed = alt.selection_point(name="pointed", nearest=True, on="pointerover", fields=[field], empty=False)
    opacity = alt.OpacityValue(0, condition={"param": "pointed", "empty": False, "value": 0.8})
    drawn = alt.Chart(rows, transform=said or alt.Undefined).mark_rule(color=GREY, strokeWidth=1)
    following: alt.Chart = drawn.encode(x=x, opacity=opacity, tooltip=list(tips)).add_params(pointed)
    return following


def count(field: str) -> str:
    """The expression of a count as `format.exact` says it."""
    return _known(field, f"format({field}, ',.0f')")


def percent(field: str) -> str:
    """The expression of a share as `format.percent` says it with two digits."""
    small = f"0 < {field} && {field} < 0.00005"
    return _known(field, f"({small} ? '< 0.01%' : format({field} * 100, '.2f') + '%')")


def _known(field: str, said: str) -> str:
    return f"(isValid({field}) ? {said} : '{format.UNKNOWN}')"
