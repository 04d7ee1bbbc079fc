"""The pages of the dashboard: their place in the menu and the controls of the definition bar that apply to them."""

from dataclasses import dataclass

from dashboards.data.definition import ALL_SWITCHES


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the dashboard."""

    section: str
    title: str
    """The name in the menu."""

    view: str
    """The name of the file in views/ without its ending; with hyphens, the path of the page."""

    uses: frozenset[str] | None = frozenset()
    """Parts of the definition that change the page's figures: class, lens, layers, small, gguf.

    None if they depend on what is selected there: the page then draws the definition bar itself.
    """

    is_hidden: bool = False
    """True for a page that other pages link to but the menu does not list."""

    @property
    def url_path(self) -> str:
        """The path of the page; empty for the first one."""
        return "" if self == ENTRIES[0] else self.view.replace("_", "-")


ENTRIES = (
    Entry("Who is ahead", "Overview", "overview", None),
    Entry("Who is ahead", "Rankings", "rankings", None),
    Entry("Who is ahead", "Compare", "compare", None),
    Entry("Who is ahead", "Other rulers", "rulers"),
    Entry("Who is ahead", "Concentration", "concentration", frozenset({"class", "lens"})),
    Entry("Who is ahead", "Robustness", "robustness", frozenset({"class"})),
    Entry("Who builds on whom", "Family", "family", ALL_SWITCHES - {"lens"}),
    Entry("Who builds on whom", "Lab", "lab", ALL_SWITCHES - {"lens"}, is_hidden=True),
    Entry("Who builds on whom", "Account", "account", frozenset({"class"}), is_hidden=True),
    Entry("Who builds on whom", "Lineage", "lineage"),
    Entry("Who builds on whom", "Country to country", "cross_origin", frozenset({"class", "layers"})),
    Entry("Models", "Models", "models", frozenset({"class"})),
    Entry("Models", "Model", "model", is_hidden=True),
    Entry("Models", "Momentum", "momentum", frozenset({"class"})),
    Entry("How we know", "Published figures", "reproduce"),
    Entry("How we know", "Who counts as Chinese?", "organisations"),
    Entry("How we know", "Data quality", "data_quality"),
    Entry("How we know", "Method", "method"),
    Entry("How we know", "SQL", "sql"),
)

WITH_HISTORY = frozenset({"account", "compare", "model", "reproduce"})
"""Views of pages that show single models over time."""
