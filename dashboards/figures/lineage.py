"""The graph of the page Lineage."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from dashboards.charts import lineage_graph
from dashboards.charts.figure import Figure
from dashboards.data.cache import cached
from dashboards.data.format import file_stem
from dashboards.data.warehouse import Build, Store
from dashboards.figures.cached import cached_figure
from dashboards.queries import lineage as queries
from dashboards.queries import shared
from dashboards.text import footnotes
from dashboards.text import lineage as words


@dataclass(frozen=True, slots=True)
class LineageScope:
    """The selected model and the filters of its graph."""

    store: Store
    build: Build
    repo_id: str
    relations: tuple[str, ...]
    steps: str
    """The number of generations below the model, or "all"."""

    least: int
    """30-day downloads that a model needs to be drawn by name."""

    @property
    def model(self) -> dict[str, Any]:
        """The model in the centre."""
        found = queries.model(self.store, self.repo_id)
        assert found is not None, "what is offered is there"
        return found

    @property
    def descendants(self) -> pl.DataFrame:
        """All models built on it within the steps."""
        return queries.descendants(self.store, self.model["hub_id"], self.relations, self._reach)

    @property
    def filters(self) -> str:
        """A description of the filters."""
        return words.filters_text(self.relations, self.steps)

    @property
    def name(self) -> str:
        """The name of its graph."""
        return file_stem("lineage", self.repo_id, self.steps, str(self.least))

    @property
    def nodes(self) -> pl.DataFrame:
        """The nodes of the graph without labels."""
        model = self.model
        return queries.graph_nodes(
            self.store, model["hub_id"], model["downloads_30d"], self.relations, self._reach, self.least
        )

    @property
    def _reach(self) -> int | None:
        return None if self.steps == "all" else int(self.steps)


@cached(200)
def labelled_nodes(scope: LineageScope) -> pl.DataFrame:
    """The nodes of the graph with their labels."""
    model = scope.model
    above = queries.ancestors(scope.store, model["hub_id"])
    return words.node_labels(scope.nodes, above, scope.descendants, model, shared.origin_names(scope.store))


@cached_figure
def graph(scope: LineageScope) -> Figure:
    """A model with its base models above and its derivatives below."""
    nodes = labelled_nodes(scope)
    colours = words.colours(shared.origin_names(scope.store))
    return Figure(
        name=scope.name,
        chart=lineage_graph.graph(nodes, colours, words.relations_drawn()),
        title=f"Lineage of {scope.repo_id}",
        subtitle=words.subtitle(scope.filters, scope.least),
        footnote=footnotes.footnote(scope.build, shared.coverage(scope.store)),
        alt_text=lineage_graph.described(nodes, scope.repo_id),
        data=words.data(nodes),
    )
