"""What is wrong with registry entries: one list of problems, each with its file and line."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from tracker.registry.entries import Measure, Unit
from tracker.registry.patterns import pattern_problems
from tracker.registry.schema import GENERATION, Field, Kind, Shape
from tracker.registry.toml_files import Entry, Problem


def problems(entries: Sequence[Entry], matched_labs: Collection[str] | None = None) -> list[Problem]:
    """Everything wrong with `entries`, which stand in the order of their files; sorted by file and line.

    An entry of a later file replaces one of an earlier file with the same key, so references
    are looked up in what remains. Patterns are tried on their examples for the families of
    `matched_labs` (all when None): the costly part, which a caller that trusts some files may narrow.
    """
    found = [problem for entry in entries for problem in _shape_problems(entry)]
    sound = [entry for entry in entries if not any(_shape_problems(entry))] if found else list(entries)
    found += _order_problems(entries)
    merged = replaced(sound)
    keys = _keys(entries)
    found += [problem for entry in merged for problem in _reference_problems(entry, keys)]
    families = [entry for entry in merged if entry.kind.name == "family"]
    if matched_labs is not None:
        families = [entry for entry in families if entry.values["lab"] in matched_labs]
    handles = {entry.key: entry.values.get("lab") for entry in merged if entry.kind.name == "organization"}
    found += pattern_problems(families, handles)
    return sorted(found, key=lambda problem: (problem.file, problem.line))


def replaced(entries: Iterable[Entry]) -> list[Entry]:
    """The entries that count: of several with one key, the last; sorted by kind and key."""
    latest = {(entry.kind.name, entry.key): entry for entry in entries}
    return sorted(latest.values(), key=lambda entry: (entry.kind.name, _rank(entry.key)))


def _rank(key: str) -> tuple[str, str]:
    return key.lower(), key


def _keys(entries: Iterable[Entry]) -> Mapping[str, set[str]]:
    keys: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        keys[entry.kind.name].add(entry.key)
    return keys


def _shape_problems(entry: Entry) -> Iterator[Problem]:
    for message in _table_messages(entry.values, entry.kind):
        yield entry.problem(message)
    nested = entry.values.get(GENERATION.name, [])
    if entry.kind.name != "family" or not _IS_SHAPE[Shape.TABLES](nested):
        return
    seen: set[str] = set()
    for number, table in enumerate(nested):
        for message in _table_messages(table, GENERATION):
            yield entry.problem(f"generation: {message}", number)
        name = str(table.get("id"))
        if "id" in table and name in seen:
            yield entry.problem(f"generation '{name}' stands in this family twice; drop one", number)
        seen.add(name)


def _table_messages(values: Mapping[str, Any], kind: Kind) -> Iterator[str]:
    for name in values:
        if name not in kind.fields:
            yield f"unknown key '{name}'; a {kind.name} has {', '.join(kind.fields)}"
    for name, field in kind.fields.items():
        if name not in values:
            if field.is_required:
                yield f"'{name}' is missing"
        else:
            yield from _value_messages(name, values[name], field)


def _value_messages(name: str, value: object, field: Field) -> Iterator[str]:
    if not _IS_SHAPE[field.shape](value):
        yield f"'{name}' must be {field.shape}, not {_shown(value)}"
    elif field.shape == Shape.TEXT and not str(value).strip():
        yield f"'{name}' is empty; leave an optional key out, and fill a required one"
    elif field.shape in (Shape.TEXTS, Shape.REPOS) and not value:
        yield f"'{name}' is an empty list"
    elif field.choices and value not in field.choices:
        yield f"{name} '{value}' is none of {', '.join(field.choices)}"


def _shown(value: object) -> str:
    return f"'{value}'" if isinstance(value, str) else f"{value}"


def _is_repo(value: object) -> bool:
    return isinstance(value, str) and value.count("/") == 1 and all(value.split("/")) and " " not in value


_IS_SHAPE: Mapping[Shape, Callable[[Any], bool]] = {
    Shape.TEXT: lambda value: isinstance(value, str),
    Shape.TEXTS: lambda value: isinstance(value, list) and all(isinstance(part, str) and part for part in value),
    Shape.DATE: lambda value: isinstance(value, date) and not isinstance(value, datetime),
    Shape.COUNT: lambda value: isinstance(value, int) and not isinstance(value, bool) and value > 0,
    Shape.NUMBER: lambda value: isinstance(value, int | float) and not isinstance(value, bool) and value > 0,
    Shape.FLAG: lambda value: isinstance(value, bool),
    Shape.REPO: _is_repo,
    Shape.REPOS: lambda value: isinstance(value, list) and all(_is_repo(part) for part in value),
    Shape.TABLES: lambda value: isinstance(value, list) and all(isinstance(part, dict) for part in value),
}


def _order_problems(entries: Iterable[Entry]) -> Iterator[Problem]:
    seen: dict[tuple[str, str, str], int] = {}
    last: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        if not all(part in entry.values for part in entry.kind.key):
            continue
        place = (entry.kind.name, entry.file)
        name = f"{entry.kind.name} '{entry.key}'"
        first = seen.setdefault((*place, entry.key), entry.line)
        before = last.get(place)
        if first != entry.line:
            yield entry.problem(f"{name} stands here twice, first in line {first}; drop one")
        elif before is not None and _rank(entry.key) < _rank(before.key):
            yield entry.problem(f"{name} stands after '{before.key}'; sort the file by {', '.join(entry.kind.key)}")
        last[place] = entry


def _reference_problems(entry: Entry, keys: Mapping[str, set[str]]) -> Iterator[Problem]:
    values = entry.values
    for field, kind in _REFERENCES.get(entry.kind.name, ()):
        if field in values and values[field] not in keys[kind]:
            yield entry.problem(f"{field} '{values[field]}' is not in the registry; add it as [[{kind}]] first")
    if entry.kind.name == "origin" and not _COUNTRY.fullmatch(values["code"]):
        yield entry.problem(f"code '{values['code']}' is not two capital letters (ISO 3166-1 alpha-2, or ZZ)")
    if entry.kind.name == "organization":
        yield from _organization_problems(entry)
    if entry.kind.name == "published":
        yield from _published_problems(entry)
    if entry.kind.name == "base" and values["repo_id"] in values["parents"]:
        yield entry.problem(f"'{values['repo_id']}' is among its own parents; name the model it comes from")
    if entry.kind.name == "parameters" and values.get("params_active", 0) > values["params_total"]:
        yield entry.problem(
            f"params_active {values['params_active']} is above params_total {values['params_total']}; are they swapped?"
        )


_HANDLE = re.compile(r"[\w.\-]+")
_COUNTRY = re.compile("[A-Z]{2}")
_REFERENCES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "lab": (("country", "origin"),),
    "organization": (("country", "origin"), ("lab", "lab"), ("successor", "organization")),
    "family": (("lab", "lab"),),
    "event": (("origin", "origin"), ("family", "family")),
}


def _organization_problems(entry: Entry) -> Iterator[Problem]:
    values = entry.values
    if not _HANDLE.fullmatch(values["handle"]):
        yield entry.problem(f"handle '{values['handle']}' is not the name of an account; write it without owner or URL")
    since, until = values.get("since"), values.get("until")
    if since is not None and until is not None and until < since:
        yield entry.problem(f"until {until} is before since {since}")
    if values["role"] == "lab" and "lab" not in values:
        yield entry.problem("role 'lab' needs the key 'lab': the id of the maker in labs.toml")
    if "country" not in values and "lab" not in values:
        yield entry.problem("'country' is missing; only an organization with a lab may leave it to the lab")
    if values.get("successor") == values["handle"]:
        yield entry.problem(f"'{values['handle']}' cannot be its own successor")


def _published_problems(entry: Entry) -> Iterator[Problem]:
    values = entry.values
    if values["until"] < values["since"]:
        yield entry.problem(f"until {values['until']} is before since {values['since']}")
    if ("measure" in values) == ("not_computable" in values):
        yield entry.problem("give either 'measure' or 'not_computable': how ours is computed, or why it cannot be")
    if ("value" in values) == (values["unit"] == Unit.DAY):
        yield entry.problem("'value' belongs to every unit but day, which says it in as_published alone")
    if values["unit"] == Unit.SHARE and values.get("value", 0) > 1:
        yield entry.problem(f"value {values['value']} is no share; write 17.1% as 0.171")
    if "measure" in values and values["measure"] not in _WITHOUT_SUBJECT and "subject" not in values:
        yield entry.problem(f"measure '{values['measure']}' needs the key 'subject': whose figure it is")


_WITHOUT_SUBJECT = (Measure.SMALL_MODELS_SHARE, Measure.DERIVATIVES_SHARE)
