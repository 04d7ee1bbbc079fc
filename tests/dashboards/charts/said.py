"""What Vega, as in a browser, makes of an expression."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import vl_convert


def of(expression: str, row: Mapping[str, Any]) -> str:
    """The words that an expression gives for one row of data."""
    drawn = {
        "data": {"values": [dict(row)]},
        "transform": [{"calculate": f"'[' + ({expression}) + ']'", "as": "said"}],
        "mark": "text",
        "encoding": {"text": {"field": "said", "type": "nominal"}},
    }
    [found] = re.findall(r"<text[^>]*>\[(.*?)\]</text>", vl_convert.vegalite_to_svg(drawn))
    return unescape(found)
