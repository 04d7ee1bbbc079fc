"""Load the shipped registry, with a user's own files merged into it."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from tracker.errors import SettingsError
from tracker.registry.entries import KINDS, Registry
from tracker.registry.toml_files import Entry, Problem, parse
from tracker.registry.validate import merged, validate, with_lab_defaults

SHIPPED = Path(__file__).parent
"""The folder of the files that come with the program."""

_SHIPPED_FILES = [SHIPPED / kind.file for kind in KINDS.values()]
_VERSION_LENGTH = 12


def load(extra: Path | None = None) -> Registry:
    """Load the shipped registry, with the files of the folder `extra` merged into it.

    A file there has the name of a shipped one. Its entries are added; an entry with the key of a shipped one replaces
    the whole entry. The shipped files alone are not validated: the tests do that.

    Raises:
        SettingsError: every problem found, one per line, as `file:line: message`. Patterns are tested only for labs
            that `extra` changes; `problems_in` tests all.
    """
    entries, problems = _read(extra)
    values = None if extra or problems else _construct_all(entries)
    if values is None and not problems:
        own = [entry for entry in entries if Path(entry.file).parent != SHIPPED]
        values, problems = validate(entries, matched_labs=_labs_of(own))
    if values is None or problems:
        raise SettingsError("\n".join(str(problem) for problem in problems))
    return _registry(values, _version([*_SHIPPED_FILES, *_own_files(extra)]))


def problems_in(extra: Path | None = None) -> list[Problem]:
    """Find all problems of the shipped files and those of the folder `extra`.

    Entries are validated once every file can be parsed, because an unreadable file would make references fail.

    Raises:
        SettingsError: `extra` is not a folder.
    """
    entries, problems = _read(extra)
    return problems or validate(entries)[1]


def overrides_in(extra: Path | None = None) -> list[str]:
    """Describe what each entry of the folder `extra` does to the shipped ones, as `file:line: message`."""
    shipped, _ = _shipped()
    own, _ = _parse(_own_files(extra))
    before = {(entry.kind.name, entry.key): entry for entry in with_lab_defaults(shipped)}
    after = with_lab_defaults([*shipped, *own])[len(shipped) :]
    return [str(entry.problem(_override(entry, before.get((entry.kind.name, entry.key)), shipped))) for entry in after]


def own_entries(extra: Path | None = None) -> list[tuple[Entry, Any]]:
    """Return the valid entries of the folder `extra` with their dataclasses."""
    own, _ = _parse(_own_files(extra))
    complete = with_lab_defaults([*_shipped()[0], *own])[-len(own) :] if own else []
    return [(entry, _construct(entry.kind.model, entry.values)) for entry in complete]


def _override(entry: Entry, before: Entry | None, shipped: Sequence[Entry]) -> str:
    name = f"{entry.kind.name} '{entry.key}'"
    if before is None:
        return f"adds {name}"
    fields = [field for field in (*entry.values, *before.values) if before.values.get(field) != entry.values.get(field)]
    if not fields:
        return f"repeats the shipped {name} without a change; delete it"
    changes = ", ".join(_change(field, before.values, entry.values) for field in dict.fromkeys(fields))
    accounts = [
        other.values for other in shipped if other.kind.name == "organization" and "country" not in other.values
    ]
    followers = sum(entry.kind.name == "lab" and values.get("lab") == entry.key for values in accounts)
    follow = f"; {followers} shipped accounts follow" if followers and "country" in fields else ""
    return f"replaces the shipped {name}: {changes}{follow}"


def _change(field: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Describe the change of a field: both values if they are short."""
    if field not in after:
        return f"{field} left out"
    short = [value for value in (before.get(field), after[field]) if isinstance(value, str | bool | int | date)]
    if field in ("evidence", "note", "detail") or len(short) < 2 - (field not in before):
        return field
    return f"{field} {_shown(after[field])}" + (f" instead of {_shown(before[field])}" if field in before else "")


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read(extra: Path | None) -> tuple[list[Entry], list[Problem]]:
    shipped, own = _shipped(), _parse(_own_files(extra))
    return [*shipped[0], *own[0]], [*shipped[1], *own[1]]


@cache
def _shipped() -> tuple[list[Entry], list[Problem]]:
    return _parse(_SHIPPED_FILES)


def _parse(paths: Iterable[Path]) -> tuple[list[Entry], list[Problem]]:
    entries: list[Entry] = []
    problems: list[Problem] = []
    by_file = {kind.file: kind for kind in KINDS.values()}
    for path in paths:
        kind = by_file.get(path.name)
        if kind is None:
            problems.append(Problem(str(path), 1, f"not a registry file; the names are {', '.join(by_file)}"))
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Problem(str(path), 1, f"cannot be read as UTF-8 text: {error}"))
            continue
        parsed, wrong = parse(kind, str(path), text)
        entries += parsed
        problems += wrong
    return entries, problems


def _own_files(extra: Path | None) -> list[Path]:
    if extra is None:
        return []
    if not extra.is_dir():
        raise SettingsError(f"{extra}: no such folder; give the folder that holds your registry files")
    return sorted(extra.glob("*.toml"))


def _labs_of(own: Iterable[Entry]) -> set[str]:
    """Return the labs whose patterns or handles a user's entries may change."""
    return {str(entry.values.get("lab")) for entry in own if entry.kind.name in ("family", "organization")}


def _version(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        text = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path.name} {len(text)}\n".encode())
        digest.update(text)
    return digest.hexdigest()[:_VERSION_LENGTH]


def _registry(values: Iterable[tuple[Entry, Any]], version: str) -> Registry:
    by_kind: dict[str, list[Any]] = {kind: [] for kind in KINDS}
    for entry, value in values:
        by_kind[entry.kind.name].append(value)
    collections = {Path(kind.file).stem: tuple(by_kind[name]) for name, kind in KINDS.items()}
    return Registry(version=version, **collections)


def _construct_all(entries: Sequence[Entry]) -> list[tuple[Entry, Any]] | None:
    """Build all entries without validation; None if one of them does not even have the right keys."""
    try:
        return [(entry, _construct(entry.kind.model, entry.values)) for entry in merged(with_lab_defaults(entries))]
    except (TypeError, ValueError):
        return None


def _construct(model: Any, values: Mapping[str, Any]) -> Any:
    """Build a dataclass from values known to be valid: lists become tuples, texts enums, tables dataclasses."""
    converters = _converters(model)
    return model(**{name: converters[name](value) if name in converters else value for name, value in values.items()})


@cache
def _converters(model: type) -> dict[str, Callable[[Any], Any]]:
    found: dict[str, Callable[[Any], Any]] = {}
    for name, hint in get_type_hints(model).items():
        item = get_args(hint)[0] if get_args(hint) else hint
        if get_origin(hint) is tuple:
            found[name] = tuple if item is str else _converter_of_items(item)
        elif isinstance(item, type) and issubclass(item, StrEnum):
            found[name] = item
    return found


def _converter_of_items(item: type) -> Callable[[Any], Any]:
    if issubclass(item, StrEnum):
        return lambda texts: tuple(item(text) for text in texts)
    return lambda tables: tuple(_construct(item, table) for table in tables)
