"""The page of organisations: headline and how to disagree. Pure."""

from collections.abc import Mapping

import polars as pl

from dashboards.data import format
from dashboards.text.terms import in_sentence, origin_name

TITLE = "Who counts as Chinese?"
NOTHING = "No organisation of the registry matches. Change the search or the country."
NOTE = (
    "An account counts for the country of its organisation, or of its lab: its primary base, not the nationality of "
    "its people. Accounts outside the registry are unaffiliated and belong to no country. Contested: sources disagree; "
    "the page Robustness counts those the other way. Until: what the account published later counts for its next owner."
)
DISAGREE = """
Put your own entries into a folder, in files of the same form as the registry's, then rebuild:

```toml
# my-registry/organizations.toml
[[organization]]
handle = "some-account"
country = "SG"
role = "company"
evidence = "Why, with an address"
```

`tracker registry check --registry my-registry` says what your entries change, and finds mistakes in them.
`tracker build --registry my-registry` counts by your entries, which replace those of the same handle.
"""


def countries(counts: Mapping[str, int], names: Mapping[str, str], first: str | None) -> dict[str, str]:
    """Country -> its name, the `first` one before all others; then all countries."""
    ordered = sorted(counts, key=lambda code: code != first)
    return {code: origin_name(code, names) for code in ordered} | {"all": "All countries"}


def headline(found: pl.DataFrame, origin: str, names: Mapping[str, str]) -> str:
    """How many organisations and labs count for the country, and how many are contested."""
    labs = found["lab"].drop_nulls().n_unique()
    where = "all countries" if origin == "all" else in_sentence(origin_name(origin, names))
    contested = int(found["is_contested"].sum())
    verb = "counts" if found.height == 1 else "count"
    disputed = f"{contested} {'is' if contested == 1 else 'are'} contested" if contested else "none is contested"
    return (
        f"{format.count(found.height, 'organisation')} {verb} for {where}; they include accounts of "
        f"{format.count(labs, 'lab')}, and {disputed}."
    )
