"""Figures ready for the browser: each drawn once for what a reader chose, and shared by all who choose the same.

Building a chart and turning its data into bytes is most of what a page costs. The arguments of a kept function are all
that its figure may depend on: the store (another build is another store), and what is chosen.
"""

import json
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVarTuple

from dashboards.charts.figure import Figure, browser_spec
from dashboards.data import export
from dashboards.data.cache import remembered

MOST_FIGURES = 200
"""How many are kept, the least used going first; one has 10 KB to 1 MB."""

Arguments = TypeVarTuple("Arguments")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure as it is sent: in texts and bytes, which cost the search for garbage nothing."""

    name: str
    title: str
    subtitle: str
    footnote: str
    alt_text: str

    spec: str
    """The Vega-Lite specification as JSON, without its data."""

    datasets: dict[str, bytes]
    """Name in the specification -> its rows (Arrow)."""

    make: Callable[[], Figure]
    """The figure itself, drawn anew: for what a reader takes away."""

    def chart(self) -> dict[str, Any]:
        """The specification with its data."""
        chart: dict[str, Any] = json.loads(self.spec)
        return chart | {"datasets": self.datasets}


def kept(make: Callable[[*Arguments], Figure]) -> Callable[[*Arguments], Drawn]:
    """Makes a function of hashable arguments draw each figure once."""

    def found(*arguments: *Arguments) -> Drawn:
        return _kept(make, arguments)

    return found


def drawn(make: Callable[[], Figure]) -> Drawn:
    """A figure ready for the browser that is drawn for this run alone.

    Words without a colour of their own take the ink of the page around them, light or dark.
    """
    figure = make()
    chart = browser_spec(figure.chart)
    chart.setdefault("config", {}).setdefault("text", {})["color"] = "currentColor"
    datasets = {name: export.arrow_bytes(frame) for name, frame in chart.pop("datasets").items()}
    return Drawn(
        figure.name, figure.title, figure.subtitle, figure.footnote, figure.alt_text, json.dumps(chart), datasets, make
    )


@remembered(MOST_FIGURES)
def _kept(make: Callable[..., Figure], arguments: tuple[Hashable, ...]) -> Drawn:
    return drawn(lambda: make(*arguments))
