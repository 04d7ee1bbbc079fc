"""Validate registry entries: every problem with its file and line."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from tracker.registry.entries import (
    Alias,
    Base,
    Bridge,
    Family,
    Generation,
    Organization,
    Origin,
    Parameters,
    PublishedFigure,
    Role,
)
from tracker.registry.measures import BridgeStep, CountedBy, Measure, Unit
from tracker.registry.patterns import alias_problems, pattern_problems
from tracker.registry.toml_files import NESTED, Entry, Problem

if TYPE_CHECKING:
    from pydantic import TypeAdapter
    from pydantic_core import ErrorDetails

_COUNTRY, _HANDLE = re.compile("[A-Z]{2}"), re.compile(r"[\w.\-]+")
_REFERENCES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "lab": (("country", "origin"), ("other_country", "origin")),
    "organization": (
        ("country", "origin"),
        ("other_country", "origin"),
        ("lab", "lab"),
        ("successor", "organization"),
    ),
    "family": (("lab", "lab"),),
    "architecture": (("family", "family"),),
    "event": (("origin", "origin"), ("family", "family")),
    "bridge": (("figure", "published"), ("other", "published")),
    "alias": (("lab", "lab"), ("family", "family")),
}
"""Kind -> its fields that refer to an entry of another kind."""
_MEASURES_WITHOUT_SUBJECT = (Measure.SMALL_MODELS_SHARE, Measure.DERIVATIVES_SHARE)
_STEPS_OF_WHOLE_ACCOUNTS = (BridgeStep.ALL_MODELS, BridgeStep.PERIOD)
_EXPECTED = {
    "string_type": "text",
    "enum": "text",
    "literal_error": "text",
    "date_type": "a date",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
    "greater_than": "above 0",
    "tuple_type": "a list",
    "dataclass_type": "a list of tables",
}
"""Error type of pydantic -> what the value must be."""


def validate(
    entries: Sequence[Entry], matched_labs: Collection[str] | None = None
) -> tuple[list[tuple[Entry, Any]], list[Problem]]:
    """Return the merged valid entries with their dataclasses, and all problems sorted by file and line.

    `entries` are in the order of their files. References are resolved among the merged entries. Patterns are tested
    for the families of `matched_labs`, or all if it is None: this is the slow part.
    """
    problems = list(_order_problems(entries))
    values: dict[int, Any] = {}
    complete = with_lab_defaults(entries)
    for entry in complete:
        value, found = _parsed(entry)
        problems += found
        if value is not None:
            values[id(entry)] = value
    keys: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        keys[entry.kind.name].add(entry.key)
    problems += [entry.problem(text) for entry in merged(complete) for text in _reference_messages(entry, keys)]
    valid = [(entry, values[id(entry)]) for entry in merged(entry for entry in complete if id(entry) in values)]
    problems += [entry.problem(text) for entry, value in valid for text in _entry_messages(value)]
    problems += _headline_problems(valid, entries)
    figures = {value.id: value for _, value in valid if isinstance(value, PublishedFigure)}
    problems += [
        entry.problem(text)
        for entry, value in valid
        if isinstance(value, Bridge)
        for text in _bridged_figure_messages(value, figures)
    ]
    families = [(entry, value) for entry, value in valid if isinstance(value, Family)]
    if matched_labs is not None:
        families = [(entry, family) for entry, family in families if family.lab in matched_labs]
    problems += _loop_problems([(entry, value) for entry, value in valid if isinstance(value, Base)])
    lab_of = {value.handle: value.lab for _, value in valid if isinstance(value, Organization)}
    problems += pattern_problems(families, lab_of)
    problems += alias_problems([(entry, value) for entry, value in valid if isinstance(value, Alias)])
    return valid, sorted(problems, key=lambda problem: (problem.file, problem.line))


def merged(entries: Iterable[Entry]) -> list[Entry]:
    """Return the last entry of each key, sorted by kind and key: a user's entry replaces the shipped one."""
    latest = {(entry.kind.name, entry.key): entry for entry in entries}
    return sorted(latest.values(), key=lambda entry: (entry.kind.name, _rank(entry.key)))


def with_lab_defaults(entries: Sequence[Entry]) -> list[Entry]:
    """Give organisations without `country`, `contested` or `other_country` those of their lab."""
    labs = {entry.key: entry.values for entry in entries if entry.kind.name == "lab"}
    types = {"country": str, "contested": bool, "other_country": str}
    found = []
    for entry in entries:
        if entry.kind.name == "organization" and (lab := labs.get(str(entry.values.get("lab")))):
            defaults = {name: lab[name] for name, type_ in types.items() if isinstance(lab.get(name), type_)}
            entry = replace(entry, values={**defaults, **entry.values})
        found.append(entry)
    return found


def _rank(key: str) -> tuple[str, str]:
    return key.lower(), key


@cache
def _adapter(model: type) -> "TypeAdapter[Any]":
    from pydantic import TypeAdapter  # slow to import, and only validation needs it

    return TypeAdapter(model)


def _parsed(entry: Entry) -> tuple[Any, list[Problem]]:
    """Return the entry as its dataclass, None if it is invalid, and the problems of its fields."""
    from pydantic import ValidationError

    try:
        value = _adapter(entry.kind.model).validate_python(entry.values)
    except ValidationError as error:
        # If an organisation names a lab, a missing country is a problem of the lab's entry and reported there.
        is_reported = (("country",), "missing", "organization")
        return None, [
            _field_problem(entry, details)
            for details in error.errors(include_url=False)
            if (details["loc"], details["type"], entry.kind.name) != is_reported or "lab" not in entry.values
        ]
    return value, list(_repeated_generations(entry, value.generations)) if isinstance(value, Family) else []


def _repeated_generations(entry: Entry, generations: Iterable[Generation]) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, generation in enumerate(generations):
        if generation.id in seen:
            yield entry.problem(f"generation '{generation.id}' is in this family twice; delete one", number)
        seen.add(generation.id)


def _field_problem(entry: Entry, error: "ErrorDetails") -> Problem:
    path = error["loc"]
    if path[0] == NESTED and len(path) > 2 and isinstance(path[1], int):
        message = _field_message("generation", Generation, path[2:], error)
        return entry.problem(f"generation: {message}", path[1])
    return entry.problem(_field_message(entry.kind.name, entry.kind.model, path, error))


def _field_message(kind: str, model: type, path: Sequence[str | int], error: "ErrorDetails") -> str:
    """Say what is wrong with a field. `path` is the field, and for an item of a list its index."""
    name, value, problem = path[0], error["input"], error["type"]
    is_text = isinstance(value, str)
    if problem == "unexpected_keyword_argument":
        return f"unknown key '{name}'; a {kind} has {', '.join(field.name for field in fields(model))}"
    if problem == "missing":
        if (kind, name) == ("organization", "country"):
            return "'country' is missing; only an organization with a lab may leave it to the lab"
        return f"'{name}' is missing"
    if problem == "too_short":
        return f"'{name}' is an empty list"
    if is_text and not value.strip():
        return f"'{name}' is empty; leave an optional key out, and fill a required one"
    if is_text and problem in ("enum", "literal_error"):
        choices = error["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
        return f"{name} '{value}' is none of {choices}"
    expected = _EXPECTED.get(problem, "a repository id (owner/name)")
    shown = f"'{value}'" if is_text else f"{value}"
    if len(path) > 1 and problem != "dataclass_type":
        return f"each item of '{name}' must be {expected}, not {shown}"
    return f"'{name}' must be {expected}, not {shown}"


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
            yield entry.problem(f"{name} is in this file twice, first in line {first}; delete one")
        elif before is not None and _rank(entry.key) < _rank(before.key):
            yield entry.problem(f"{name} comes after '{before.key}'; sort the file by {', '.join(entry.kind.key)}")
        last[place] = entry


def _reference_messages(entry: Entry, keys: Mapping[str, set[str]]) -> Iterator[str]:
    for field, kind in _REFERENCES.get(entry.kind.name, ()):
        name = entry.values.get(field)
        if isinstance(name, str) and name.strip() and name not in keys[kind]:
            yield f"{field} '{name}' is not in the registry; add it as [[{kind}]] first"


def _loop_problems(bases: Sequence[tuple[Entry, Base]]) -> Iterator[Problem]:
    """Yield a problem for each repository whose bases lead back to it. Names are compared in any case."""
    parents: defaultdict[str, set[str]] = defaultdict(set)
    for _, base in bases:
        parents[base.repo_id.lower()].update(parent.lower() for parent in base.parents)
    for entry, base in bases:
        name, pending = base.repo_id.lower(), {parent.lower() for parent in base.parents} - {base.repo_id.lower()}
        seen: set[str] = set()
        while pending:
            seen |= pending
            pending = {parent for one in pending for parent in parents[one]} - seen
        if name in seen:
            yield entry.problem(f"the bases of '{base.repo_id}' lead back to it; correct one of them")


def _entry_messages(value: Any) -> Iterator[str]:
    """Check the fields of one entry against each other."""
    match value:
        case Origin() if not _COUNTRY.fullmatch(value.code):
            yield f"code '{value.code}' is not two capital letters (ISO 3166-1 alpha-2, or ZZ)"
        case Organization():
            yield from _organization_messages(value)
        case PublishedFigure():
            yield from _published_messages(value)
        case Bridge():
            yield from _bridge_messages(value)
        case Base() if value.repo_id in value.parents:
            yield f"'{value.repo_id}' is among its own parents; name the model it comes from"
        case Parameters() if (value.params_active or 0) > value.params_total:
            active, total = value.params_active, value.params_total
            yield f"params_active {active} is above params_total {total}; are they swapped?"


def _headline_problems(valid: Iterable[tuple[Entry, Any]], entries: Sequence[Entry]) -> Iterator[Problem]:
    """Headlines compare one pair: either no country is marked, or one with 1 and one with 2.

    The problem is that of the marked entry that was read last.
    """
    marked = [(entry, value) for entry, value in valid if isinstance(value, Origin) and value.headline]
    places = sorted(value.headline or 0 for _, value in marked)
    if marked and places != [1, 2]:
        given = ", ".join(f"{value.code} = {value.headline}" for _, value in marked)
        yield max((entry for entry, _ in marked), key=entries.index).problem(
            f"headlines compare two countries, but these are marked: {given}; "
            "write 'headline = 1' in one entry and 'headline = 2' in one other, none elsewhere"
        )


def _organization_messages(entry: Organization) -> Iterator[str]:
    if not _HANDLE.fullmatch(entry.handle):
        yield f"handle '{entry.handle}' is not the name of an account; write it without owner or URL"
    if entry.since is not None and entry.until is not None and entry.until < entry.since:
        yield f"until {entry.until} is before since {entry.since}"
    if entry.role == Role.LAB and entry.lab is None:
        yield "role 'lab' needs the key 'lab': the id of the maker in labs.toml"
    if entry.successor == entry.handle:
        yield f"'{entry.handle}' cannot be its own successor"


def _published_messages(figure: PublishedFigure) -> Iterator[str]:
    if figure.until < figure.since:
        yield f"until {figure.until} is before since {figure.since}"
    if (figure.measure is None) == (figure.not_computable is None):
        yield "give either 'measure' or 'not_computable': how we compute it, or why we cannot"
    if (figure.value is None) != (figure.unit == Unit.DAY):
        yield "'value' is required for every unit but day; a day is given in 'as_published' only"
    if figure.unit == Unit.SHARE and figure.value is not None and figure.value > 1:
        yield f"value {figure.value} is not a share; write 17.1% as 0.171"
    if figure.measure is not None and figure.measure not in _MEASURES_WITHOUT_SUBJECT and figure.subject is None:
        yield f"measure '{figure.measure}' needs the key 'subject': whom the figure is about"


def _bridge_messages(bridge: Bridge) -> Iterator[str]:
    steps = bridge.steps
    if len(set(steps)) < len(steps):
        yield f"steps has '{next(step for step in steps if steps.count(step) > 1)}' twice; delete one"
    if bridge.other == bridge.figure:
        yield f"'{bridge.figure}' is compared with itself; name another figure in 'other', or leave it out"
    is_of_whole_accounts = bridge.counted_by == CountedBy.ACCOUNT and steps == _STEPS_OF_WHOLE_ACCOUNTS
    if (
        BridgeStep.PERIOD in steps
        and not is_of_whole_accounts
        and (bridge.counted_by != CountedBy.COUNTRY or {BridgeStep.LIST, BridgeStep.TEXT_TAGS} & set(steps))
    ):
        yield (
            "the step 'period' is computed by country, and not with 'list' or 'text_tags', or by account with the "
            "steps all_models, period"
        )
    if BridgeStep.BASE_MODEL in steps and bridge.counted_by in (CountedBy.ACCOUNT, CountedBy.LAYER):
        yield "the step 'base_model' needs counted_by country or family: an account has no base models"
    if BridgeStep.OWN_COPIES in steps and bridge.counted_by != CountedBy.LAYER:
        yield "the step 'own_copies' needs counted_by layer"
    if bridge.counted_by == CountedBy.LAYER and bridge.other is not None:
        yield "counted_by layer is a share of all downloads; leave 'other' out"


def _bridged_figure_messages(bridge: Bridge, figures: Mapping[str, PublishedFigure]) -> Iterator[str]:
    """Check that the figures of a bridge make a share of a subject."""
    found = [figures[name] for name in (bridge.figure, bridge.other) if name is not None and name in figures]
    for figure in found:
        is_of_layer = bridge.counted_by == CountedBy.LAYER and figure.measure == Measure.DERIVATIVES_SHARE
        if (figure.subject is None and not is_of_layer) or figure.value is None:
            yield f"figure '{figure.id}' has no subject or no value, which a bridge needs"
    if bridge.other is None and any(figure.unit != Unit.SHARE for figure in found):
        yield f"figure '{bridge.figure}' is no share; name the figure it is compared with in 'other'"
    if len({figure.unit for figure in found}) > 1:
        yield f"figures '{bridge.figure}' and '{bridge.other}' have different units"
