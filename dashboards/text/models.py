"""The models page: filters and the size of the table. Pure."""

from collections.abc import Iterable, Mapping

from dashboards.data import format
from dashboards.data.vocabulary import NOT_KNOWN, universe_name

NOTE = (
    "Counters are from each model's last reading; blank: unknown. "
    "Origin: the country of the publishing organisation; accounts outside the registry are unaffiliated. "
    "GGUF repositories count every fetched file, others one file per load: do not compare the two."
)

_OPEN = "Tick a row to open its model."

CHOICES = {
    "origin": ("Origin", "All origins"),
    "lab": ("Lab", "All labs"),
    "layer": ("Model type", "All model types"),
    "family": ("Family", "All families"),
    "size": ("Size, billion parameters", "All sizes"),
    "task": ("Task", "All tasks"),
    "role": ("Role of the publisher", "All roles"),
    "generation": ("Generation", "All generations"),
    "root_origin": ("Origin of the base model", "All origins"),
    "root_family": ("Family of the base model", "All families"),
    "params_source": ("Size known from", "All sources"),
    "library": ("Library", "All libraries"),
    "licence": ("Licence", "All licences"),
    "gated": ("Access", "Any access"),
}
"""Filter by values -> its label and placeholder."""

FLAGS = {
    "listed": ("Still listed", "listed", "Whether the last complete listing that covers the model has it."),
    "mixed": ("Mixed origin", "mixed", "Whether the known countries of the publisher and of a base model differ."),
    "gguf_repo": ("GGUF repository", "gguf_repo", "The Hub counts each file of a GGUF repository."),
    "disabled": ("Disabled", "disabled", "Whether the Hub has disabled the repository."),
}
"""Filter by yes or no -> its label, URL parameter and meaning."""

SPANS = {
    "released": "Released between",
    "created": "Created between",
    "modified": "Last modified between",
    "first_seen": "First read between",
    "last_seen": "Last read between",
}
"""Filter by a date range -> its label."""

ROLES = {
    "lab": "Lab",
    "company": "Company",
    "community": "Community",
    "repackager": "Repackager",
    "unknown": "Not registered",
}
GATED = {"no": "Open", "auto": "Gated, granted automatically", "manual": "Gated, granted manually"}
PARAMS_SOURCES = {
    "curated": "Registry",
    "safetensors": "Safetensors files",
    "gguf": "GGUF files",
    "name": "Its name",
}


def options(key: str, values: Iterable[str], names: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Value -> name of the options of a filter; names are unique, because addresses contain them."""
    named: dict[str, str] = {}
    taken: set[str] = set()
    for value in values:
        name = "Not known" if value == NOT_KNOWN else names.get(key, {}).get(value, value)
        named[value] = f"{name} ({value})" if name in taken else name
        taken.add(named[value])
    return named


def none_matches(task_class: str, others: int) -> str:
    """Why the table is empty: the filters, or the class of models, of which `others` match in all classes."""
    if task_class == "all" or not others:
        return "No model matches. Change the search or remove a filter."
    are = "is" if others == 1 else "are"
    return (
        f"None of the {universe_name(task_class)} matches, but there {are} {format.count(others, 'match', 'matches')} "
        "of other classes: choose All under Models."
    )


def rows_shown(shown: int, total: int, order: str) -> str:
    """How many of the matching models the table shows, and in which order."""
    ordered = {"Newest": "newest first", "Name": "by name"}.get(order, f"by {order.lower()}")
    if shown == total:
        return f"{format.count(total, 'model')}, {ordered}. {_OPEN}"
    return f"The first {shown:,} of {format.count(total, 'model')}, {ordered}. {_OPEN}"
