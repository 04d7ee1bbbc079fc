"""The panel under the pointer: all lines at the nearest step, the largest value first; lines far from it are dimmed.

Vega's own tooltip has neither colours nor an order by value. This panel is made of marks of the chart itself, in the
browser only: files for download keep the tooltip.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.charts.colours import GREY
from dashboards.charts.line_parts import LABEL_SPACE, POINTED

_ROW, _EDGE, _APART = 17, 8, 14
"""Pixels: height of a row, space inside the panel, and between it and the rule."""

_LETTER = 6.6
"""Pixels of an average letter of 12 pixels."""

_MOST_LETTERS = 28
"""Letters of a name that are shown."""

_KEY_SPACE = 16
"""Pixels for the coloured square before a name."""

_NEAR = 28
"""Pixels from the pointer within which a line is the one pointed at."""

_DIM = 0.3
"""Opacity of the other lines."""

_AT, _DISTANCES, _NEAREST, _NAMED, FOCUS = "at", "distances", "nearest", "named", "focus"

# A tap is followed by "pointerout": it does not close the panel.
_LEAVES = "pointerout[event.pointerType !== 'touch']"

TAPS = """(() => {
  if (window.tooltipsOnTap) return;
  window.tooltipsOnTap = true;
  let isTouch = false;
  document.addEventListener("pointerdown", (event) => {
    isTouch = event.pointerType === "touch";
    if (isTouch) document.getElementById("vg-tooltip-element")?.classList.remove("visible");
  }, true);
  document.addEventListener("click", (event) => {
    if (!isTouch || !event.target.closest("svg.marks")) return;
    const { clientX, clientY } = event;
    const moved = { bubbles: true, pointerType: "touch", clientX, clientY };
    event.target.dispatchEvent(new PointerEvent("pointermove", moved));
  });
})();
"""
"""Script that shows the tooltip of what is tapped until the next tap. Vega shows one when the pointer moves, which a
tap does not do, and hides it with the "pointerout" after the tap."""


@dataclass(frozen=True, slots=True)
class Panel:
    """What the panel of a line chart shows."""

    lines: Mapping[str, str]
    """Name of the column of each line -> its name for readers."""

    colours: Mapping[str, str]
    """Name of the column of each line -> its colour."""

    pointer: int
    """Which layer has the rule under the pointer."""

    labels: int
    """Which layer has the names at the ends of the lines."""

    letters: int
    """Characters of the longest figure."""

    @property
    def width(self) -> float:
        """Pixels of the panel."""
        longest = min(max(map(len, self.lines.values()), default=0), _MOST_LETTERS)
        return 2 * _EDGE + _KEY_SPACE + (longest + self.letters + 2) * _LETTER

    @property
    def height(self) -> float:
        """Pixels of the panel."""
        return _ROW * (len(self.lines) + 1) + 2 * _EDGE


def with_panel(layers: list[dict[str, Any]], panel: Panel) -> list[dict[str, Any]]:
    """The specifications of the layers with the panel instead of the tooltip.

    The selections and values that the panel needs are under `params` of the layers.
    """
    rule = layers[panel.pointer]
    tips, x = rule["encoding"]["tooltip"], rule["encoding"]["x"]["field"]
    [pointed] = rule["params"]
    pointed["select"] |= {"fields": [x, *panel.lines], "clear": _LEAVES}
    rule["params"] += _params(panel, x)
    names = layers[panel.labels]
    names["params"] = [_selection(_NAMED, ["line"], on="pointerover")]
    for layer in (rule, names):
        layer["encoding"].pop("tooltip", None)
        layer["mark"] |= {"tooltip": False}  # otherwise Streamlit's theme gives it one of all encodings
    if len(panel.lines) > 1:
        _dim(layers)
    computed = rule.pop("transform")
    shown = [{"filter": {"param": POINTED, "empty": False}}, *computed, *_places(panel, x)]
    step = {"data": rule["data"], "transform": shown}
    return [*layers, *_marks(step, panel, tips[0].get("title", ""))]


def _selection(name: str, fields: Sequence[str], **select: Any) -> dict[str, Any]:
    return {"name": name, "select": {"type": "point", "fields": list(fields), "clear": _LEAVES, **select}}


def _params(panel: Panel, x: str) -> list[dict[str, Any]]:
    """The height of the pointer, and the line that is nearest to it or whose name is under it."""
    # `toggle` is the one expression of a selection that knows where the pointer is; what is toggled does not matter.
    height = _selection(_AT, [x], on="pointermove, pointerover", toggle="y()")
    levels = [f"{POINTED}['{line}'][0]" for line in panel.lines]
    apart = [f"(isValid({level}) ? abs(scale('y', {level}) - {_AT}_toggle) : 1e9)" for level in levels]
    least = f"extent({_DISTANCES})[0]"
    near = f"length({_DISTANCES}) && {least} < {_NEAR} ? {list(panel.lines)}[indexof({_DISTANCES}, {least})] : ''"
    return [
        height,
        {"name": _DISTANCES, "expr": f"{POINTED}['{x}'] ? [{', '.join(apart)}] : []"},
        {"name": _NEAREST, "expr": near},
        {"name": FOCUS, "expr": f"{_NAMED}['line'] ? ({_NAMED}['line'][0] || {_NEAREST}) : {_NEAREST}"},
    ]


def _dim(layers: list[dict[str, Any]]) -> None:
    """Make the marks of all lines but the one in focus fainter."""
    test = f"{FOCUS} === '' || datum.line === {FOCUS}"
    for layer in layers:
        encoding = layer["encoding"]
        if encoding.get("color", {}).get("field") == "line" or encoding.get("text", {}).get("field") == "label":
            encoding["opacity"] = {"condition": {"test": test, "value": 1}, "value": _DIM}


def _places(panel: Panel, x: str) -> list[dict[str, Any]]:
    """Where the panel is: on the side of the rule with more room, at the height of the pointer."""
    at, right = f"scale('x', datum['{x}'])", f"width + {LABEL_SPACE} - {panel.width}"
    left = f"{at} < width / 2 ? min({at} + {_APART}, {right}) : max({at} - {_APART + panel.width}, -30)"
    top = f"clamp({_AT}_toggle - {panel.height / 2}, 0, max(height - {panel.height}, 0))"
    return [
        {"calculate": left, "as": "left"},
        {"calculate": top, "as": "top"},
        {"calculate": f"datum.left + {panel.width}", "as": "right"},
        {"calculate": f"datum.top + {panel.height}", "as": "bottom"},
    ]


def _marks(step: dict[str, Any], panel: Panel, title: str) -> list[dict[str, Any]]:
    """A box, the day in its first row, and a coloured square, name and figure for each line."""
    lines = list(panel.lines)
    rows = [
        {"fold": lines, "as": ["line", "level"]},
        {"calculate": "datum[datum.line + ' text']", "as": "figure"},
        {"calculate": f"{json.dumps(list(panel.lines.values()))}[indexof({lines}, datum.line)]", "as": "name"},
        {"calculate": "isValid(datum.level) ? +datum.level : -1e300", "as": "order"},
        {"window": [{"op": "row_number", "as": "rank"}], "sort": [{"field": "order", "order": "descending"}]},
        {"calculate": f"datum.top + {_EDGE} + {_ROW} * (datum.rank + 0.5)", "as": "middle"},
    ]
    each = step | {"transform": [*step["transform"], *rows]}
    colour = {"domain": lines, "range": [panel.colours[line] for line in lines]}
    box: dict[str, Any] = {
        "type": "rect", "fill": "Canvas", "fillOpacity": 0.96, "stroke": GREY, "strokeOpacity": 0.5, "cornerRadius": 4,
    }  # fmt: skip
    text: dict[str, Any] = {"type": "text", "fontSize": 12, "baseline": "middle"}
    place = {"Week of": "'Week of ' + datum.place", "Days since release": "datum.place + ' days since release'"}
    heading = {"calculate": place.get(title, "datum.place"), "as": "heading"}
    top = step | {"transform": [*step["transform"], heading]}
    left, middle, keys = _pixel("left"), _pixel("middle"), {"field": "line", "legend": None, "scale": colour}
    start, bold = {**text, "align": "left"}, {"fontWeight": 600}
    marks: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
        "box": (top, box, {"x": left, "x2": {"field": "right"}, "y": _pixel("top"), "y2": {"field": "bottom"}}),
        "step": (
            top, {**start, **bold, "dx": _EDGE, "dy": _EDGE + _ROW / 2},
            {"x": left, "y": _pixel("top"), "text": {"field": "heading"}},
        ),
        "key": (
            each, {"type": "square", "filled": True, "size": 90, "opacity": 1, "xOffset": _EDGE + 5},
            {"x": left, "y": middle, "color": keys},
        ),
        "name": (
            each, {**start, "dx": _EDGE + _KEY_SPACE, "limit": _MOST_LETTERS * _LETTER},
            {"x": left, "y": middle, "text": {"field": "name"}},
        ),
        "figure": (
            each, {**text, **bold, "align": "right", "dx": -_EDGE},
            {"x": _pixel("right"), "y": middle, "text": {"field": "figure"}},
        ),
    }  # fmt: skip
    return [
        rows | {"name": f"panel_{name}", "mark": mark, "encoding": encoding}
        for name, (rows, mark, encoding) in marks.items()
    ]


def _pixel(field: str) -> dict[str, Any]:
    return {"field": field, "type": "quantitative", "scale": None}
