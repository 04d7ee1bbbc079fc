"""The pages: where they stand in the menu, and whether the definition of what is counted moves them."""

from dataclasses import dataclass

from dashboards.data.definition import ALL_SWITCHES


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the app."""

    section: str
    title: str
    """Its name in the menu."""

    view: str
    """Its file in views/, without the ending; with hyphens it is the page's address."""

    uses: frozenset[str] | None = frozenset()
    """The parts of the definition that move it: lens, layers, small, gguf. None: they depend on what is chosen there,
    and the page shows their switches itself.
    """

    is_hidden: bool = False
    """True for a page that others lead to and the menu does not list."""

    @property
    def url_path(self) -> str:
        """The page's address below the app's; the first page has none."""
        return "" if self == ENTRIES[0] else self.view.replace("_", "-")


ENTRIES = (
    Entry("Who is ahead", "Overview", "overview", ALL_SWITCHES),
    Entry("Who is ahead", "Compare", "compare", None),
    Entry("Who is ahead", "Concentration", "concentration", frozenset({"lens"})),
    Entry("Who is ahead", "Robustness", "robustness"),
    Entry("Who builds on whom", "Family", "family", ALL_SWITCHES - {"lens"}),
    Entry("Who builds on whom", "Lineage", "lineage"),
    Entry("Who builds on whom", "Cross-origin", "cross_origin", frozenset({"layers"})),
    Entry("Models", "Models", "models"),
    Entry("Models", "Model", "model", is_hidden=True),
    Entry("Models", "Momentum", "momentum"),
    Entry("How we know", "Reproduce", "reproduce"),
    Entry("How we know", "Data quality", "data_quality"),
    Entry("How we know", "Method", "method"),
    Entry("How we know", "SQL", "sql"),
)
