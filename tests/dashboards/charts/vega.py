"""Evaluate Vega expressions as a browser does."""

import re
from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any

import vl_convert


def evaluate(expression: str, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The text that an expression gives for each row of data."""
    chart = {
        "data": {"values": [{**row, "place": place} for place, row in enumerate(rows)]},
        "transform": [{"calculate": f"datum.place + '[' + ({expression}) + ']'", "as": "text"}],
        "mark": "text",
        "encoding": {"text": {"field": "text", "type": "nominal"}, "y": {"field": "place"}},
    }
    found = re.findall(r"<text[^>]*>(\d+)\[(.*?)\]</text>", vl_convert.vegalite_to_svg(chart))
    texts = {int(place): unescape(text) for place, text in found}
    return [texts[place] for place in range(len(rows))]
