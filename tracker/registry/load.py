"""Reads the shipped registry, and a user's own files over it."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from tracker.errors import SettingsError
from tracker.registry.entries import (
    Base,
    Event,
    EventKind,
    Family,
    Generation,
    Lab,
    Measure,
    Organization,
    Origin,
    Parameters,
    Published,
    Registry,
    Relation,
    Release,
    Role,
    Unit,
)
from tracker.registry.schema import KINDS
from tracker.registry.toml_files import Entry, Problem, entries
from tracker.registry.validate import problems, replaced

SHIPPED = Path(__file__).parent
"""The folder of the files that come with the program."""

_VERSION_LENGTH = 12
_T = TypeVar("_T")


def load(extra: Path | None = None) -> Registry:
    """The shipped registry, with the files of the folder `extra` added to it.

    A file there has the name of a shipped one. Its entries are added; one with the key of a
    shipped entry replaces it whole.

    Raises:
        SettingsError: every problem found, one a line, as `file:line: message`. Patterns are
            tried on their examples only where `extra` has a say; `problems_in` tries all.
    """
    sources, found = _read(extra)
    own = [entry for entry in sources if Path(entry.file).parent != SHIPPED]
    found = found or problems(sources, matched_labs=_labs_touched(own))
    if found:
        raise SettingsError("\n".join(str(problem) for problem in found))
    return _registry(replaced(sources), _version(_files(extra)))


def problems_in(extra: Path | None = None) -> list[Problem]:
    """Everything wrong with the shipped files and those of the folder `extra`, in full.

    Entries are checked once every file can be read: before that, what is missing would be blamed.

    Raises:
        SettingsError: `extra` is not a folder.
    """
    sources, found = _read(extra)
    return found or problems(sources)


def _read(extra: Path | None) -> tuple[list[Entry], list[Problem]]:
    sources: list[Entry] = []
    found: list[Problem] = []
    by_file = {kind.file: kind for kind in KINDS.values()}
    for path in _files(extra):
        kind = by_file.get(path.name)
        if kind is None:
            found.append(Problem(str(path), 1, f"not a registry file; the names are {', '.join(by_file)}"))
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            found.append(Problem(str(path), 1, f"cannot be read as UTF-8 text: {error}"))
            continue
        read, wrong = entries(kind, str(path), text)
        sources += read
        found += wrong
    return sources, found


def _files(extra: Path | None) -> list[Path]:
    shipped = [SHIPPED / kind.file for kind in KINDS.values()]
    if extra is None:
        return shipped
    if not extra.is_dir():
        raise SettingsError(f"{extra}: no such folder; give the folder that holds your registry files")
    return shipped + sorted(extra.glob("*.toml"))


def _labs_touched(own: Iterable[Entry]) -> set[str]:
    """The labs whose names a user's own entries may have changed."""
    return {str(entry.values.get("lab")) for entry in own if entry.kind.name in ("family", "organization")}


def _version(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        text = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path.name} {len(text)}\n".encode())
        digest.update(text)
    return digest.hexdigest()[:_VERSION_LENGTH]


def _registry(sources: Sequence[Entry], version: str) -> Registry:
    def all_of(kind: str, build: Callable[[Mapping[str, Any]], _T]) -> tuple[_T, ...]:
        return tuple(build(entry.values) for entry in sources if entry.kind.name == kind)

    labs = all_of("lab", _lab)
    by_id = {lab.id: lab for lab in labs}
    return Registry(
        origins=all_of("origin", lambda values: Origin(**values)),
        labs=labs,
        organizations=all_of("organization", lambda values: _organization(values, by_id)),
        families=all_of("family", _family),
        releases=all_of("release", lambda values: Release(**values)),
        parameters=all_of("parameters", lambda values: Parameters(**{"params_active": None, **values})),
        bases=all_of("base", _base),
        events=all_of("event", _event),
        version=version,
        published=all_of("published", _published),
    )


def _lab(values: Mapping[str, Any]) -> Lab:
    return Lab(**{"contested": False, "note": None, **values})


def _organization(values: Mapping[str, Any], labs: Mapping[str, Lab]) -> Organization:
    blank = {"lab": None, "since": None, "until": None, "successor": None, "contested": False, "note": None}
    lab = labs.get(values.get("lab", ""))
    inherited = {"country": lab.country, "contested": lab.contested} if lab else {}
    return Organization(**{**blank, **inherited, **values, "role": Role(values["role"])})


def _family(values: Mapping[str, Any]) -> Family:
    generations = tuple(
        Generation(part["id"], part["pattern"], part.get("released_on"), tuple(part["examples"]))
        for part in values.get("generation", [])
    )
    return Family(
        values["id"],
        values["name"],
        values["lab"],
        tuple(values["patterns"]),
        tuple(values["examples"]),
        values["evidence"],
        generations,
    )


def _base(values: Mapping[str, Any]) -> Base:
    return Base(values["repo_id"], tuple(values["parents"]), Relation(values["relation"]), values["evidence"])


def _event(values: Mapping[str, Any]) -> Event:
    blank = {"detail": None, "origin": None, "family": None}
    return Event(**{**blank, **values, "kind": EventKind(values["kind"])})


def _published(values: Mapping[str, Any]) -> Published:
    blank = {"value": None, "measure": None, "subject": None, "not_computable": None}
    measure = Measure(values["measure"]) if "measure" in values else None
    return Published(**{**blank, **values, "unit": Unit(values["unit"]), "measure": measure})
