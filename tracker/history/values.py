"""The one parser of names, days and counters of an import: SQL expressions, alike for CSV and Parquet.

A value that is no whole number or day by its type is parsed from its text. A cast by DuckDB would guess: 26-08-05 is a
day of the year 26, 1.5 is 2, and whether NaN is a number depends on the statistics of a Parquet file.
"""

import re
from dataclasses import dataclass
from datetime import date

from tracker.database import literal
from tracker.errors import UsageError
from tracker.lake.bounds import FIRST_DAY, MAX_NAME_CHARS, NAME_PATTERN

COUNTERS = ("downloads_30d", "downloads_all_time", "likes")

LARGEST_COUNT = 10**12
"""A larger counter is a mistake: a thousand times the downloads of the most popular models, and exact as a double."""

_UNKNOWN = "('', 'nan', 'null', 'none', 'na', 'n/a')"
"""How programs write a missing number, in lower case."""

_WHOLE = r"[0-9]{1,16}(\.0)?"
"""pandas writes whole numbers with .0 where one of the column is missing. 1.000 may be a thousand, so it is refused."""

_ISO_DAY = (
    r"[0-9]{4}([-/])[0-9]{1,2}[-/][0-9]{1,2}"
    r"([ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)? ?(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?)?)?"
)
_DAY_IN_OTHER_ORDER = r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}.*"
_INTEGER = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?")


_SHOWN_CHARS = 60


@dataclass(frozen=True, slots=True)
class Parsed:
    """A column of an import: the SQL of its value, and why a value is refused."""

    value: str
    """SQL expression; null where the value is unknown or refused."""

    problems: tuple[tuple[str, str], ...]
    """SQL condition -> reason, with what would be right. The first that holds applies."""

    shown: str
    """SQL expression: the refused value as it is in the file."""


def parsed_name(column: str) -> Parsed:
    """A repository name; Hub names have no blanks, so those around it are dropped."""
    name = _trimmed(column)
    is_name = f"regexp_full_match({name}, {literal(NAME_PATTERN)}) and length({name}) <= {MAX_NAME_CHARS}"
    refused = f"{column} is null or not ({is_name})"
    return Parsed(name, ((refused, "no repository name such as Qwen/Qwen3-8B"),), column)


def parsed_counter(column: str, sql_type: str) -> Parsed:
    """A counter: a whole number from 0 to LARGEST_COUNT, or unknown."""
    negative = f"{column} is negative: counters begin at 0"
    too_large = f"{column} is more than {LARGEST_COUNT:,}: no repository has so many"
    if _INTEGER.fullmatch(sql_type):
        bounds = ((f"{column} < 0", negative), (f"{column} > {LARGEST_COUNT}", too_large))
        return Parsed(f"try_cast({column} as bigint)", bounds, f"{column}::varchar")
    shown = f"{column}::varchar" if sql_type == "VARCHAR" else f"{column}::double::varchar"
    text = f"lower({_trimmed(shown)})"
    is_whole = f"regexp_full_match({text}, {literal(_WHOLE)})"
    number = f"try_cast(split_part({text}, '.', 1) as bigint)"
    problems = (
        (rf"regexp_full_match({text}, '-[0-9]+(\.0)?')", negative),
        (rf"regexp_full_match({text}, '[0-9]{{17,}}(\.0)?')", too_large),
        (
            f"{column} is not null and not {is_whole} and {text} not in {_UNKNOWN}",
            f"{column} is not a whole number: write digits only, such as 12345",
        ),
        (f"{is_whole} and {number} > {LARGEST_COUNT}", too_large),
    )
    return Parsed(f"case when {is_whole} then {number} end", problems, shown)


def parsed_day(column: str, sql_type: str, today: date, date_format: str | None) -> Parsed:
    """A time as a timestamp in UTC: of the day alone, its midnight. A time without a zone is UTC."""
    shown = f"{column}::varchar"
    text = _trimmed(shown)
    unknown: tuple[tuple[str, str], ...]
    if sql_type == "DATE" or (sql_type.startswith("TIMESTAMP") and "TIME ZONE" not in sql_type):
        moment, unknown = f"{column}::timestamp", ((f"{column} is null", "no day: write one such as 2026-08-05"),)
    elif sql_type.startswith("TIMESTAMP"):
        moment = f"({column} at time zone 'UTC')"
        unknown = ((f"{column} is null", "no day: write one such as 2026-08-05"),)
    elif date_format is not None:
        moment = f"try_strptime({text}, {literal(date_format)})"
        if "%z" in date_format:
            moment = f"({moment} at time zone 'UTC')"
        unknown = ((f"{moment} is null", f"the day does not fit --date-format {date_format}"),)
    else:
        is_iso = f"regexp_full_match({text}, {literal(_ISO_DAY)})"
        moment = f"(case when {is_iso} then try_cast({text} as timestamptz) end at time zone 'UTC')"
        unknown = (
            (
                f"coalesce(regexp_full_match({text}, {literal(_DAY_IN_OTHER_ORDER)}), false)",
                "the order of day and month is not known: add --date-format %d/%m/%Y (day first) or %m/%d/%Y "
                "(month first), with the signs between them as in the file",
            ),
            (f"{moment} is null", "no valid day: write days such as 2026-08-05, or add --date-format"),
        )
    bounds = (
        (f"{moment} < timestamp '{FIRST_DAY}'", f"the day is before {FIRST_DAY}: the Hub had no counters then"),
        (f"{moment}::date > date '{today}'", f"the day is in the future: the last one is today, {today} in UTC"),
    )
    return Parsed(moment, (*unknown, *bounds), shown)


_WORDS = (("yyyy", "%Y"), ("yy", "%y"), ("mmm", "%b"), ("mm", "%m"), ("dd", "%d"), ("m", "%m"), ("d", "%d"))


def date_format(text: str) -> str:
    """The format in strptime's directives; DD/MM/YYYY is understood too. Raises UsageError if it gives no day."""
    found = text.strip()
    if "%" not in found:
        known = dict(_WORDS)
        found = re.sub("|".join(word for word, _ in _WORDS), lambda word: known[word[0].lower()], found, flags=re.I)
    found = found.replace("%-", "%")
    directives = set(re.findall(r"%(.)", found))
    if not ("d" in directives and directives & {"m", "b", "B"} and directives & {"Y", "y"}):
        raise UsageError(f"--date-format {text!r} must have day, month and year, such as %d/%m/%Y or %m/%d/%Y.")
    if unknown := directives - set("YymbBdHMSfpIzaAjT%"):
        names = ", ".join(f"%{name}" for name in sorted(unknown))
        raise UsageError(f"--date-format {text!r}: {names} is not understood. Use %Y, %m, %d, %H, %M, %S, %z.")
    return found


def printable(text: str) -> str:
    """Shorten a text of a file for a message, without characters that would control a terminal."""
    cut = f"{text[:_SHOWN_CHARS]}..." if len(text) > _SHOWN_CHARS else text
    return "".join(character if character.isprintable() else "?" for character in cut)


def _trimmed(text: str) -> str:
    """SQL: a text without blanks, tabs and line ends around it."""
    return f"trim({text}, ' ' || chr(9) || chr(10) || chr(13) || chr(160))"
