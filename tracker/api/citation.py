"""What figures come from, as one sentence that can be cited."""

from datetime import date

SCOPES = {
    "labs": "models of the registered organisations",
    "families": "registered organisations and derivatives of chosen families",
    "hub": "all public models of the Hub",
    "recorded": "recorded listings, a selection of the public models of the Hub",
}
"""Scope of a crawl -> its name for readers."""

ATTRIBUTIONS = {"publisher": "publisher", "root": "base model"}
"""Lens -> its name within a sentence."""


def source(
    program_version: str | None,
    registry_version: str | None,
    last_day: date,
    scope: str,
    counted: str | None,
    lens: str | None,
    *,
    is_simulated: bool,
) -> str:
    """Return versions, day and scope, and the models `counted` and the attribution where they matter."""
    return (
        f"Open Model Tracker {program_version or 'of unknown version'} "
        f"(registry {registry_version or 'of unknown version'}), from counters of the Hugging Face Hub "
        f"as of {last_day.day} {last_day:%b %Y}. Scope: {scope}."
        + (f" Counted: {counted}." if counted else "")
        + (f" Attributed to: {ATTRIBUTIONS[lens]}." if lens else "")
        + (" Simulated data." if is_simulated else "")
    )
