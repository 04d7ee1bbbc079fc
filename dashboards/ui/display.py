"""Figures, tables and links on a page, with the files a reader can download."""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import Any

import polars as pl
import streamlit as st

from dashboards.charts import pointer_panel
from dashboards.charts.figure import export_spec
from dashboards.data import export, format
from dashboards.figures.cached import BrowserFigure
from dashboards.queries import method
from dashboards.text.report import short_licence
from dashboards.ui import columns, page, share

_COPY_CSS = """
button {
    font: inherit; font-size: 0.875rem; color: var(--st-link-color); background: none; border: none; cursor: pointer;
    padding: 0.25rem 0; white-space: nowrap;
}
button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
"""

# The Clipboard API needs https or localhost. Elsewhere the older way over a text field still works.
_COPY_JS = """
export default function ({ parentElement }) {
    const button = parentElement.querySelector("button");
    const label = button.textContent;
    const copyByField = (text) => {
        const field = document.createElement("textarea");
        field.value = text;
        document.body.appendChild(field);
        field.select();
        const done = document.execCommand("copy");
        field.remove();
        return done ? Promise.resolve() : Promise.reject();
    };
    const copy = (text) => navigator.clipboard
        ? navigator.clipboard.writeText(text).catch(() => copyByField(text))
        : copyByField(text);
    const show = (message) => {
        button.textContent = message;
        setTimeout(() => { button.textContent = label; }, 2000);
    };
    button.onclick = () => copy(window.location.href).then(
        () => show("Link copied"), () => show("Copy the address bar instead"));
    return () => { button.onclick = null; };
}
"""

_copy_button = st.components.v2.component(
    "open_model_tracker_copy_link", html="<button type='button' aria-live='polite'>Copy link</button>",
    css=_COPY_CSS, js=_COPY_JS,
)  # fmt: skip


_taps = st.components.v2.component(
    "open_model_tracker_taps", html="<span></span>", js=f"export default function () {{\n{pointer_panel.TAPS}}}\n"
)


def tooltips_on_tap() -> None:
    """Show the tooltips of charts on a tap too; called once by every page."""
    _taps(key="taps", width="content", height="content")


def copy_link_button() -> None:
    """Draw a button that copies the page's URL, which holds the state of all controls."""
    _copy_button(key="copy-link", width="content", height="content")


def figure(
    shown: BrowserFigure,
    on_click: Callable[[], None] | None = None,
    *,
    with_title: bool = True,
    subtitle_below: bool = False,
    under_chart: Callable[[], None] | None = None,
) -> None:
    """Draw a figure with title, subtitle, footnote and downloads; `under_chart` draws a control below the chart.

    The subtitle comes after the chart with `subtitle_below`, and without a title: the heading of the page is one.

    `on_click` is called when a mark of the chart is clicked; the session holds the mark under `picked-<name>`.
    """
    key, is_alone = share.container_key(shown), bool(st.context.is_embedded)
    is_below = (subtitle_below or not with_title) and not is_alone
    with st.container(key=key) if key else nullcontext():
        _figure(shown, on_click, under_chart, with_title=with_title or is_alone, subtitle_below=is_below)
    with st.container(horizontal=True, gap="small", key=f"downloads-{shown.name}"):
        if st.button("Table", key=f"rows-{shown.name}", type="tertiary", icon=":material/table:"):
            _rows_dialog(shown)
        _figure_downloads(shown)
        share.button(shown)


def _figure(
    shown: BrowserFigure, on_click: Callable[[], None] | None, under_chart: Callable[[], None] | None, *,
    with_title: bool, subtitle_below: bool,
) -> None:  # fmt: skip
    if with_title:
        st.subheader(format.escape_markdown(shown.title), anchor=False)
    if not subtitle_below:
        st.caption(format.escape_markdown(shown.subtitle))
    chart = shown.spec()
    if on_click is None:
        st.vega_lite_chart(spec=chart, width="stretch", alt=shown.alt_text)
    else:
        key = f"picked-{shown.name}"
        st.vega_lite_chart(spec=chart, width="stretch", alt=shown.alt_text, on_select=on_click, key=key)
    if under_chart is not None and not st.context.is_embedded:
        under_chart()
    if subtitle_below:
        st.caption(format.escape_markdown(shown.subtitle))
    st.caption(format.escape_markdown(shown.footnote))


@st.dialog("Table of the chart", width="large")
def _rows_dialog(shown: BrowserFigure) -> None:
    """Draw the data of a figure as people read them."""
    rows = export.readable(shown.figure().data)
    config = columns.of_chart(rows)
    st.markdown(f"**{format.escape_markdown(shown.title)}**")
    st.caption(format.escape_markdown(shown.subtitle))
    frame = columns.displayed(rows, config).to_arrow()
    st.dataframe(frame, column_config=config, hide_index=True, placeholder="", alt=f"Table: {shown.title}")
    if page.is_simulated():
        page.simulated_notice()


def table(
    frame: pl.DataFrame,
    config: Mapping[str, Any],
    name: str,
    alt: str,
    *,
    download: pl.DataFrame | None = None,
    height: int | None = None,
    row_height: int | None = None,
    on_row: Callable[[int], None] | None = None,
) -> None:
    """Draw a table and its CSV download, which holds `download` where that differs from what is shown.

    Long texts wrap in rows higher than one line (`row_height`, in pixels). `on_row` gets the position of a row that the
    reader ticks.
    """
    # As Arrow: Streamlit would convert a Polars frame to pandas first, which costs ten times as much.
    event: Any = st.dataframe(
        columns.displayed(frame, config).to_arrow(), column_config=dict(config), hide_index=True,
        height=height or "auto", key=f"table-{name}",
        placeholder="", alt=alt, row_height=row_height, on_select="rerun" if on_row else "ignore",
        selection_mode="single-row",
    )  # fmt: skip
    if on_row and event.selection.rows:
        on_row(event.selection.rows[0])
    rows, is_simulated = frame if download is None else download, page.is_simulated()
    _download("Table (CSV)", lambda: export.csv_bytes(export.labelled(rows, is_simulated)), name, "csv", "text/csv")


def accounts(rows: pl.DataFrame, name: str, alt: str, *, height: int | None = None) -> None:
    """Draw a table of accounts of the registry with its CSV download."""
    is_phone = page.is_phone()
    config = columns.of_accounts(rows, is_phone=is_phone)
    table(rows, config, name, alt, height=height, row_height=columns.WRAPPED if is_phone else columns.WRAPPED_ONCE)


def parquet(frame: pl.DataFrame, name: str) -> None:
    """Draw the download of a table as Parquet; unlike in CSV, its texts are not escaped for spreadsheets."""
    rows = export.labelled(frame, page.is_simulated())
    _download("Table (Parquet)", lambda: export.parquet_bytes(rows), name, "parquet", "application/vnd.apache.parquet")


def refusal(because: str) -> None:
    """Draw why a query was refused: a sentence, then the place in the query if there is one."""
    sentence, _, place = because.partition("\n")
    st.error(format.escape_markdown(sentence))
    if place.strip():
        st.code(place.strip("\n"), language=None)


def _figure_downloads(shown: BrowserFigure) -> None:
    store, build = page.current()
    is_simulated = build.is_simulated
    licence = short_licence(method.sources(store)["source"].unique().sort())
    origin = f"{licence} {share.address()}".strip()

    def csv() -> bytes:
        return export.csv_bytes(export.labelled(shown.figure().data, is_simulated))

    def spec() -> dict[str, Any]:
        return export_spec(shown.figure(), origin)

    _download("Data (CSV)", csv, shown.name, "csv", "text/csv")
    _download("Image (PNG)", lambda: export.png_bytes(spec()), shown.name, "png", "image/png")
    _download("Image (SVG)", lambda: export.svg_bytes(spec()), shown.name, "svg", "image/svg+xml")
    _download("Chart (Vega-Lite)", lambda: export.spec_bytes(spec()), shown.name, "vl.json", "application/json")


def _download(label: str, make: Callable[[], bytes], name: str, ending: str, mime: str) -> None:
    st.download_button(
        label, make, f"{name}.{ending}", mime, key=f"{name}-{ending}", on_click="ignore", type="tertiary",
        icon=":material/download:",
    )  # fmt: skip
