"""The page of a lab: headline, sections, why it counts where it does. Pure."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboards.charts.axes import View
from dashboards.data import format
from dashboards.data.definition import Definition
from dashboards.data.vocabulary import METRIC_NAMES, universe_name
from dashboards.text.models import ROLES
from dashboards.text.terms import MEAN_ENDS, in_sentence, origin_name

SECTIONS = {
    "use": "Use over time",
    "releases": "Releases",
    "derivatives": "New derivatives",
    "builders": "Who builds on it",
    "evidence": "Where it counts, and why",
}
LENS_LINES = {"publisher": "By publisher", "root": "By base model"}
NONE_OF = {
    "use": "No day with these downloads is known for the lab.",
    "releases": "No models of the lab match these filters. Change them above.",
    "families": "The registry has no family of the lab.",
    "derivatives": "No derivative of the lab's families with that many downloads is known.",
    "accounts": "The registry has no account of the lab.",
}
NOTE = (
    "By publisher, a lab is credited with what it publishes itself. By base model, it is credited with its own models "
    "and all that goes back to them, by weight."
)
DISAGREE = (
    "Country and lab of an account come from the registry. To count it elsewhere, put your own entry into a folder, "
    "check it with `tracker registry check --registry FOLDER` and run `tracker build --registry FOLDER`."
)


def headline(lab: Mapping[str, Any], shares: Mapping[str, float | None], day: str, models: str, names: Any) -> str:
    """The lab's country, downloads and shares under both attributions."""
    where = in_sentence(origin_name(lab["origin"], names))
    if not lab["models"]:
        return f"{lab['name']} is counted for {where}. None of its listed models match these filters."
    by = [
        f"{format.percent(share)} by {'publisher' if lens == 'publisher' else 'base model'}"
        for lens, share in shares.items()
        if share is not None
    ]
    of_all = f": {format.joined(by)}" if by else ""
    return (
        f"{lab['name']} ({where}) publishes {format.count(lab['models'], 'listed model')} with "
        f"{format.compact(lab['downloads_30d'])} downloads of {universe_name(models)} in 30 days to {day}. "
        f"Share of all{of_all or ' is unknown'}."
    )


def use_title(metric: str, view: View, name: str) -> str:
    """Title of the chart of use over time."""
    what = METRIC_NAMES[metric]
    return f"{'Share of ' + what if view == 'share' else what[0].upper() + what[1:]}: {name}"


def use_subtitle(definition: Definition, metric: str) -> str:
    """Definition of the chart of use over time."""
    mean = f" Centred 7-day mean of estimated downloads. {MEAN_ENDS}" if metric == "downloads_7d_mean" else ""
    return f"What the lab publishes, and all that goes back to its models, by weight; {definition.counted()}.{mean}"


def counted_because(lab: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Where a lab or account counts and why, and whether that is contested."""
    sentence = f"{lab['name']} counts for {in_sentence(origin_name(lab['origin'], names))}: {lab['evidence']}."
    if lab["is_contested"]:
        other = f" ({in_sentence(origin_name(lab['other_origin'], names))} instead)" if lab["other_origin"] else ""
        sentence += f" This is contested{other}; the page Robustness shows what that changes."
    return sentence


def account_rows(accounts: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """The accounts as rows of a table: roles, countries and contested marks as readers see them."""
    contested = [
        f"Yes{f', or {origin_name(other, names)}' if other else ''}" if is_contested else ""
        for is_contested, other in accounts.select("is_contested", "other_origin").iter_rows()
    ]
    return accounts.with_columns(
        format.text_column(accounts["role"], lambda code: ROLES.get(code, code), "role"),
        format.text_column(accounts["origin"], lambda code: origin_name(code, names), "origin"),
        pl.Series("contested", contested, dtype=pl.String),
    )
