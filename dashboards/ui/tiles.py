"""Tiles of figures under a heading."""

from collections.abc import Iterable
from html import escape

import streamlit as st

from dashboards.text.first_screen import Tile

_UNIT = "Changes of shares are in percentage points. Same models: without those first read since then."


def show(tiles: Iterable[Tile]) -> None:
    """Draw tiles side by side."""
    st.html(f'<div class="tiles">{"".join(_tile(tile) for tile in tiles)}</div>')


def _tile(tile: Tile) -> str:
    figures = "".join(
        f'<span class="tile-figure" style="border-color: {colour or "transparent"}">{escape(name)} '
        f"<b>{escape(figure)}</b></span>"
        for name, figure, colour in tile.figures
    )
    note = f'<div class="tile-note" title="{_UNIT}">{escape(tile.note)}</div>'
    label = f'<div class="tile-label">{escape(tile.label)}</div>'
    return f'<div class="tile">{label}<div class="tile-figures">{figures}</div>{note}</div>'
