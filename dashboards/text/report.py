"""What the report says beside what the pages say: units, definitions, columns, licences. Pure."""

from collections.abc import Iterable, Mapping

TITLE = "Who is ahead in open-weight AI?"
SIMULATED = "Simulated data, made up by the program to show how it works; not the real Hub."
SOURCE = "Counters of the Hugging Face Hub, read by Open Model Tracker."
NO_LENS = "none: not counted by origin"

LICENCE = "Apache-2.0, as the program. Derived from public counters of the Hugging Face Hub: cite day, scope and lens."
_OTHER_LICENCES = {
    "model-pulse": "Days imported from model-pulse are under Apache-2.0.",
    "hub-stats": "Days imported from hub-stats are under Apache-2.0.",
    "hub-weekly": "Days imported from hub-weekly are under ODbL-1.0.",
    "file": "Days imported from the user's files are under the licence of those.",
}

COLUMNS: Mapping[str, str] = {
    "day": "Day of the reading, UTC; of derivatives the first day of the month of creation.",
    "code": (
        "Country (ISO 3166-1 alpha-2), ZZ (international or undisclosed), unaffiliated (not registered), other (all "
        "that have no line of their own), not_known (no origin known)."
    ),
    "name": "The code in words.",
    "value": "The figure, in the unit named above.",
    "share": "Share of all that is counted, 0 to 1; empty where unknown.",
    "family": "Family of models, by the registry.",
    "layer": "release, derivative, repackaged or other.",
    "publisher": "Country of the publishing organisation, as a code.",
    "publisher_name": "The publisher's country in words.",
    "root": "Country of the lab that made the root model, as a code.",
    "root_name": "The root's country in words.",
    "row_share": "Share of all that the publisher's country published, 0 to 1.",
    "column_share": "Share of all that goes back to the root's country, 0 to 1.",
    "lens": "publisher (who published it) or root (who made what it is built on).",
    "of": "What the downloads are divided over.",
    "members": "Labs with known downloads on the day.",
    "effective_number": "As many equal labs would be as concentrated; 1 over the sum of squared shares.",
    "effective_number_7d_mean": "Centred 7-day mean of effective_number.",
    "headline": "What is measured.",
    "definition": "Which switch of the definition is moved from the baseline.",
    "said": "The crossover in words.",
    "crossed_on": "First day of a lead of 14 days or more; empty if there is none.",
    "low": "Lower end of the 95% interval; empty where none was computed.",
    "high": "Upper end of the 95% interval; empty where none was computed or the days known do not reach it.",
    "state": "complete, aside (read whole, counters set aside), partial or missing.",
    "models": "Models read.",
    "refused": "Rows set aside.",
    "incomplete_because": "Why the listing was not read to its end.",
    "kinds": "Why the counters of the day were set aside.",
    "is_simulated": "True: made up by the program, not the real Hub.",
}
"""Column of a data file -> what it means."""

HEADINGS = {
    "name": "Name",
    "share": "Share",
    "share_change": "Change in 30 days",
    "downloads_30d": "30-day downloads",
    "likes": "Likes",
    "value": "Derivatives",
    "what": "What happened",
    "crossed_on": "On",
    "interval": "95% interval",
    "measure": "Measured by",
    "of": "Over",
    "lens": "Lens",
    "members": "Members",
    "effective_number": "Effective number",
    "hhi": "HHI",
    "top1_share": "Largest",
    "top10_share": "Ten largest",
    "gini": "Gini",
    "definition": "Definition",
    "china": "Share of China",
    "united_states": "Share of the United States",
    "difference": "Difference",
    "crossover": "China passed",
    "publisher": "Published in",
    "state": "State",
    "days": "Days",
}
"""Column of a table on the page -> its heading; a column without one is its own."""


def licence(sources: Iterable[str]) -> str:
    """Under which licence the figures are, given who read the days."""
    return " ".join([LICENCE, *(_OTHER_LICENCES[source] for source in sources if source in _OTHER_LICENCES)])
