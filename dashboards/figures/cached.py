"""Figures prepared for the browser, cached by the arguments that they depend on.

Building a chart and turning its data into bytes is most of the cost of a page. The arguments of a cached figure are all
that it may depend on: the store (each build is another store) and what the reader selected.
"""

import json
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVarTuple

from dashboards.charts.figure import Figure, browser_spec
from dashboards.data import export
from dashboards.data.cache import cached

MOST_FIGURES = 200
"""How many figures are cached, each 10 KB to 1 MB."""

Arguments = TypeVarTuple("Arguments")


@dataclass(frozen=True, slots=True)
class BrowserFigure:
    """A figure as texts and bytes, which add nothing to garbage collection."""

    name: str
    title: str
    subtitle: str
    footnote: str
    alt_text: str

    spec_json: str
    """The Vega-Lite specification without its data."""

    datasets: dict[str, bytes]
    """Name in the specification -> Arrow stream."""

    figure: Callable[[], Figure]
    """Build the figure again, for downloads."""

    def spec(self) -> dict[str, Any]:
        """The Vega-Lite specification with its data."""
        spec: dict[str, Any] = json.loads(self.spec_json)
        return spec | {"datasets": self.datasets}


def cached_figure(build: Callable[[*Arguments], Figure]) -> Callable[[*Arguments], BrowserFigure]:
    """Prepare the figures of a function of hashable arguments, each once."""

    def prepared(*arguments: *Arguments) -> BrowserFigure:
        return _prepared(build, arguments)

    return prepared


def for_browser(build: Callable[[], Figure]) -> BrowserFigure:
    """Prepare one figure without caching it.

    Text without its own colour gets the text colour of the page, light or dark.
    """
    figure = build()
    spec = browser_spec(figure.chart)
    spec.setdefault("config", {}).setdefault("text", {})["color"] = "currentColor"
    datasets = {name: export.arrow_bytes(frame) for name, frame in spec.pop("datasets").items()}
    texts = (figure.name, figure.title, figure.subtitle, figure.footnote, figure.alt_text)
    return BrowserFigure(*texts, json.dumps(spec), datasets, build)


@cached(MOST_FIGURES)
def _prepared(build: Callable[..., Figure], arguments: tuple[Hashable, ...]) -> BrowserFigure:
    return for_browser(lambda: build(*arguments))
