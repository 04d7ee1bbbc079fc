"""How a figure or a table stands on a page: words around it, and what can be taken away."""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
import streamlit as st

from dashboards.charts import framed
from dashboards.data import export, format
from dashboards.figures.cached import Drawn
from dashboards.ui import page


def figure(shown: Drawn, picked: Callable[[], None] | None = None) -> None:
    """Title, subtitle, chart, footnote and the downloads of one figure.

    `picked` is called when something of the chart is clicked; what, stands in the session under `picked-<name>`.
    """
    st.subheader(format.escape_markdown(shown.title), anchor=False)
    st.caption(format.escape_markdown(shown.subtitle))
    chart = shown.chart()
    if picked is None:
        st.vega_lite_chart(spec=chart, width="stretch", alt=shown.alt_text)
    else:
        key = f"picked-{shown.name}"
        st.vega_lite_chart(spec=chart, width="stretch", alt=shown.alt_text, on_select=picked, key=key)
    st.caption(format.escape_markdown(shown.footnote))
    with st.container(horizontal=True, gap="small", key=f"downloads-{shown.name}"):
        is_simulated = page.is_simulated()
        _offer(
            "Data (CSV)", lambda: export.csv_bytes(export.labelled(shown.make().data, is_simulated)), shown.name,
            "csv", "text/csv",
        )  # fmt: skip
        _offer("Image (PNG)", lambda: export.png_bytes(framed.spec(shown.make())), shown.name, "png", "image/png")
        _offer("Image (SVG)", lambda: export.svg_bytes(framed.spec(shown.make())), shown.name, "svg", "image/svg+xml")
        _offer(
            "Chart (Vega-Lite)",
            lambda: export.spec_bytes(framed.spec(shown.make())),
            shown.name,
            "vl.json",
            "application/json",
        )


def table(
    frame: pl.DataFrame,
    columns: Mapping[str, Any],
    name: str,
    alt: str,
    *,
    taken: pl.DataFrame | None = None,
    height: int | None = None,
    row_height: int | None = None,
    on_row: Callable[[int], None] | None = None,
) -> None:
    """A table with its data as CSV; `taken` is what is downloaded, where that differs from what is shown.

    Rows higher than one line (`row_height`, in pixels) let long texts wrap. A row that the reader chooses is handed to
    `on_row` by its position.
    """
    # As Arrow, because Streamlit would turn a Polars frame into a pandas one first, at ten times the cost.
    chosen: Any = st.dataframe(
        frame.to_arrow(), column_config=dict(columns), hide_index=True, height=height or "auto", key=f"table-{name}",
        placeholder="", alt=alt, row_height=row_height, on_select="rerun" if on_row else "ignore",
        selection_mode="single-row",
    )  # fmt: skip
    if on_row and chosen.selection.rows:
        on_row(chosen.selection.rows[0])
    rows, is_simulated = frame if taken is None else taken, page.is_simulated()
    _offer("Table (CSV)", lambda: export.csv_bytes(export.labelled(rows, is_simulated)), name, "csv", "text/csv")


def refusal(because: str) -> None:
    """Why a query has no answer: a sentence, and below it the place in the query where there is one."""
    sentence, _, place = because.partition("\n")
    st.error(format.escape_markdown(sentence))
    if place.strip():
        st.code(place.strip("\n"), language=None)


def parquet(frame: pl.DataFrame, name: str) -> None:
    """A table as Parquet, for programs: the text is as it is."""
    rows = export.labelled(frame, page.is_simulated())
    _offer("Table (Parquet)", lambda: export.parquet_bytes(rows), name, "parquet", "application/vnd.apache.parquet")


def _offer(label: str, make: Callable[[], bytes], name: str, ending: str, mime: str) -> None:
    st.download_button(
        label, make, f"{name}.{ending}", mime, key=f"{name}-{ending}", on_click="ignore", type="tertiary",
        icon=":material/download:",
    )  # fmt: skip
