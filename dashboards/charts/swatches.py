"""Colours as squares: one row a name, one column a sight. Pure."""

import altair as alt
import polars as pl

from dashboards.data import format

_ROW = 30


def swatches(colours: pl.DataFrame, distances: pl.DataFrame) -> alt.Chart:
    """`colours` has name, sight, colour as #rrggbb; `distances` has sight and distance, which stand at the head."""
    heads = {row["sight"]: [row["sight"], f"least {row['distance']:.0f}"] for row in distances.iter_rows(named=True)}
    words = "{" + ", ".join(f"'{sight}': ['{one}', '{two}']" for sight, (one, two) in heads.items()) + "}[datum.value]"
    names = colours["name"].unique(maintain_order=True).to_list()
    drawn: alt.Chart = (
        alt.Chart(colours, height=_ROW * len(names) + 40)
        .mark_rect()
        .encode(
            x=alt.X(
                "sight:N", sort=list(heads), scale=alt.Scale(paddingInner=0.12),
                axis=alt.Axis(title=None, orient="top", labelExpr=words, labelAngle=0, domain=False, ticks=False,
                              labelOverlap=False, labelFontSize=10, labelLimit=70),
            ),
            y=alt.Y(
                "name:N", sort=names, scale=alt.Scale(paddingInner=0.25),
                axis=alt.Axis(title=None, domain=False, ticks=False, labelLimit=110),
            ),
            color=alt.Color("colour:N", scale=None),
            tooltip=[alt.Tooltip("name:N", title="Name"), alt.Tooltip("sight:N", title="Sight"),
                     alt.Tooltip("colour:N", title="As seen")],
        )
    )  # fmt: skip
    return drawn


def described(distances: pl.DataFrame) -> str:
    """The check in words."""
    said = [f"{row['sight']}: {row['distance']:.1f} ({row['most_alike']})" for row in distances.iter_rows(named=True)]
    sights = format.count(len(said), "kind of sight", "kinds of sight")
    return f"Colours as seen with {sights}, and the least distance of any two: {'; '.join(said)}."
