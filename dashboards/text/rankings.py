"""The page of rankings: options, headline, captions. Pure."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import polars as pl

from dashboards.data import format
from dashboards.data.vocabulary import universe_name
from tracker.api.rankings import Order, Period, RankingDays, Subject

TITLE = "Who is used most, and who is rising?"

SUBJECTS: dict[Subject, str] = {"lab": "Labs", "family": "Families", "model": "Models", "account": "Accounts"}
PERIODS: dict[Period, str] = {"30d": "30 days", "7d": "7 days", "90d": "90 days", "all_time": "All time"}
ORDERS: dict[Order, str] = {"downloads": "Downloads", "rise": "Fastest rising"}
FLOORS = {"1000": "1K", "10000": "10K", "100000": "100K", "1000000": "1M"}
"""Downloads that a riser needs -> option."""

USUAL_FLOOR = "10000"

FORMATS = {
    "GGUF": "GGUF", "MLX": "MLX", "AWQ": "AWQ", "GPTQ": "GPTQ", "FP8": "FP8, NVFP4", "copy": "Other copy",
    "adapter": "Adapter", "merge": "Merge", "finetune": "Fine-tune", "original": "Original", "other": "Other",
}  # fmt: skip
"""Format of a repository -> its name."""

FORMAT_LABEL = "Format or method"
"""The name of that: adapters, merges and fine-tunes are no formats."""

ORDER_MEANING = (
    "**Fastest rising**: by the change over the same period 30 days earlier, in percent of the downloads then, or of "
    "the floor if they were fewer. All are measured over the same period. The last seven days may move the other way."
)
_SHARE_NOTE = "Share: of the downloads of all models that match the filters, counted for the {counted}."
_CHANGE_NOTES = (
    (
        ("rank_change", "change_30d", "change_30d_percent"),
        "Changes compare the period with the same one 30 days earlier.",
    ),
    (("change_7d_percent",), "7 days: the last seven days against the seven before."),
    (("is_new",), "New: created in the last 30 days, so all its downloads are the change."),
    (
        ("rank_change", "change_30d", "change_30d_percent", "change_7d_percent"),
        "Blank: unknown, nothing to compare with, or over 5% of it was not read 30 days earlier.",
    ),
    (("weeks",), "Weeks: downloads of the last 13 weeks, as far as they are known."),
)
"""Columns -> what the note says of them where one is shown."""

_BY_ROOT = (
    "By base model, labs and families are credited with what is built on their models, by weight, and the filter of "
    "origin is that of the base model."
)
NO_CHANGES = "Changes are unknown: no comparable reading is about 30 days older."
NOTHING = "Nothing matches these filters. Change them above."
ACCOUNTS = "An account that is not registered is unaffiliated, wherever it may be."

CHANGES = ("rank_change", "change_30d_percent", "change_30d", "change_7d_percent", "is_new", "weeks")
"""Columns that are left out where none of their values is known."""

_ROOT_SUBJECTS: tuple[Subject, ...] = ("lab", "family")
_COLUMNS: dict[Subject, str] = {"lab": "Lab", "family": "Family", "model": "Model", "account": "Account"}
_PLURALS: dict[Subject, str] = {"lab": "labs", "family": "families", "model": "models", "account": "accounts"}


def lens(subject: Subject, chosen: str) -> str:
    """The attribution of a ranking: models and accounts are publishers, so no other applies to them."""
    return chosen if subject in _ROOT_SUBJECTS else "publisher"


def switches(subject: Subject) -> frozenset[str]:
    """The parts of the definition that change a ranking."""
    return frozenset({"class", "layers"} | ({"lens"} if subject in _ROOT_SUBJECTS else set()))


def known_changes(ranking: pl.DataFrame) -> frozenset[str]:
    """The columns of changes that have a known value, or mark something new."""
    return frozenset(
        name for name in CHANGES if (ranking[name].any() if name == "is_new" else ranking[name].count() > 0)
    )


def note(lens: str, shown: Collection[str] = CHANGES) -> str:
    """How the table is read; `shown` are its columns of changes."""
    parts = [_SHARE_NOTE.format(counted="base model" if lens == "root" else "publisher")]
    parts += [sentence for columns, sentence in _CHANGE_NOTES if not {*columns}.isdisjoint(shown)]
    return " ".join([*parts, _BY_ROOT] if lens == "root" else parts)


def column(subject: Subject) -> str:
    """The heading of the column of names."""
    return _COLUMNS[subject]


def named(values: Sequence[str], names: Mapping[str, str]) -> dict[str, str]:
    """Value -> name of the options of a filter."""
    return {value: names.get(value, value) for value in values}


def period_name(period: Period, known: RankingDays) -> str:
    """The period for a sentence: "30 days to 20 Nov 2026"."""
    last: date | None = known.last_day if period in ("30d", "all_time") else known.known_until
    return f"{PERIODS[period].lower()} to {format.day(last)}"


def unknown(period: Period, known: RankingDays | None, no_daily: str = "") -> str:
    """Why a period cannot be ranked; `no_daily` says why daily downloads are unknown, where they are."""
    if known is None:
        return "No model has been read yet. Run `tracker crawl`, then `tracker build`."
    if known.known_from is None:
        return f"{no_daily} Choose 30 days or all time.".strip()
    return (
        f"Downloads of the last {PERIODS[period]} are not known: comparable days began on "
        f"{format.day(known.known_from)}. Choose a shorter period, or all time."
    )


def headline(
    subject: Subject, order: Order, found: pl.DataFrame, period: str, models: str, floor: int, lens: str = "publisher"
) -> str:
    """The first three, by share or by rise."""
    by = ", by base model" if lens == "root" else ""
    first = found.head(3).to_dicts()
    if order == "rise":
        risers = [row for row in first if (row["rise"] or 0) > 0]
        if not risers:
            return f"None of the {_PLURALS[subject]} with at least {format.compact(floor)} downloads rose ({period})."
        names = [f"{row['name']} ({_rise(row)})" for row in risers]
        return (
            f"Fastest rising {_PLURALS[subject]} with at least {format.compact(floor)} downloads of "
            f"{universe_name(models)}: {format.joined(names)} ({period}{by}, against 30 days earlier)."
        )
    names = [f"{row['name']} with {format.percent(row['share'])}" for row in first]
    are = "is" if len(names) == 1 else "are"
    noun = _COLUMNS[subject].lower() if len(names) == 1 else _PLURALS[subject]
    return f"The largest {noun} {are} {format.joined(names)} of downloads of {universe_name(models)} ({period}{by})."


def _rise(row: Mapping[str, float | None]) -> str:
    percent = row["change_30d_percent"]
    return f"{percent:+,.0f}%" if percent is not None else f"+{format.compact(row['downloads'])}, new"
