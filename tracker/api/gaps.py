"""Find what the registry does not know yet: accounts, bases and families, by the downloads that depend on them.

What the registry has learned since the warehouse was built is left out.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import islice
from typing import Any

from tracker.database import Connection, arrow, one
from tracker.errors import DataError, UsageError
from tracker.registry.entries import Family, Registry
from tracker.registry.patterns import compiled


class GapKind(StrEnum):
    """What is missing in the registry, or looks wrong in a card."""

    ACCOUNT = "account"
    """An account that is not registered."""
    ROOT = "root"
    """A model at the end of a chain of bases whose maker is unknown."""
    FAMILY = "family"
    """A lab's own models that match no family."""
    GENERATION = "generation"
    """Models of a family that match none of its generations."""
    HIDDEN_BASE = "hidden base"
    """A model that declares no base, but whose name says one."""
    COPY = "copy as original"
    """A copy in another precision or format that counts as an original."""
    ORIGINAL = "original as copy"
    """A lab's model that counts as a copy though its name is that of an original."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One gap, with what the warehouse and the registry know about it."""

    kind: GapKind
    name: str
    """The account, model, or first words of the models' names."""
    downloads_30d: float
    models: int
    example: str
    """The model with most downloads."""
    known: Mapping[str, Any] = field(default_factory=dict)
    """lab, family, role, parents or relation, as far as they follow from the data; examples of a family."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """The gaps of one day."""

    day: date
    models: str
    downloads_30d: int
    """Downloads of all models counted."""
    gaps: tuple[Gap, ...]
    """By kind, the largest first."""


_COUNTED = """
with counted as (
    select models.*, days.downloads_30d
    from model_days as days
    join models using (hub_id)
    where days.day = $day and days.downloads_30d > 0 and ($models = 'all' or models.task_class = $models)
)
"""
_ACCOUNTS = """
select
    author as name, sum(downloads_30d)::double as downloads, count(*) as models,
    max_by(repo_id, downloads_30d) as example,
    sum(case when layer = 'repackaged' then downloads_30d else 0 end) > sum(downloads_30d) / 2 as is_repackager
from counted
where publisher_origin = 'unaffiliated' and author is not null
group by author
order by downloads desc, name
"""
_ROOTS = """
select
    root_ref as name, sum(downloads_30d * weight) as downloads, count(*) as models,
    max_by(repo_id, downloads_30d) as example
from counted
join lineage using (hub_id)
where coalesce(lineage.root_origin, 'unaffiliated') = 'unaffiliated' and contains(root_ref, '/')
group by root_ref
order by downloads desc, name
"""
_UNNAMED = """
select repo_id, downloads_30d::double as downloads, publisher_lab as lab, family
from counted
where publisher_lab is not null and is_by_maker
and (family is null or (generation is null and family in (select family from generations)))
order by downloads desc, repo_id
"""
_BASELESS = """
select counted.repo_id, counted.downloads_30d::double as downloads
from counted
left join used_edges on used_edges.child_id = counted.hub_id
where counted.publisher_role != 'lab'
and (starts_with(parent_ref, 'architecture:') or (used_edges.child_id is null and counted.root_family is null))
order by downloads desc, repo_id
limit 2000
"""
_MISTAKABLE = """
select
    counted.repo_id, counted.layer, counted.downloads_30d::double as downloads, counted.library_name, counted.is_gguf,
    list(used_edges.parent_ref) filter (where used_edges.parent_ref is not null) as parents
from counted
left join used_edges on used_edges.child_id = counted.hub_id
where counted.publisher_role = 'lab' and counted.layer in ('release', 'repackaged')
group by all
order by downloads desc, counted.repo_id
"""
_FORMAT_WORD = re.compile(
    r"(?:gguf|ggml|fp4|fp8|fp16|bf16|nf4|nvfp4|mxfp[48]|awq|gptq|exl[23]|bnb|mlx|onnx|openvino|coreml|executorch|pte|"
    r"int[48]|[2-8]-?bits?|w[48]a(?:4|8|16)|i?q[2-8]|quantized|autoround|imatrix)",
    re.IGNORECASE,
)
_QUANTIZATION = re.compile(r"[-_ ]i?q[2-8](?:_[0-9a-z]{1,3})*(?=$|[-. ])", re.IGNORECASE)
_PRECISE = re.compile(r"(?:fp16|bf16)", re.IGNORECASE)
"""Full precision: a name with it is that of an original."""
_CONVERTERS = frozenset({"mlx", "llama.cpp", "exllamav2", "onnx", "openvino", "ctranslate2", "executorch", "coreml"})
_SIZE = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?[bmk]|[a-z]?[0-9]+(?:\.[0-9]+)*[a-z]?)", re.IGNORECASE)


def find_gaps(connection: Connection, registry: Registry, day: date | None, models: str, limit: int) -> Gaps:
    """Find the `limit` largest gaps of each kind on a day, the last one if None, among `models` (a task class or all).

    Raises DataError if the warehouse has no day, UsageError if nothing was read on `day`.
    """
    chosen = _day(connection, day)
    values = {"day": chosen, "models": models}
    total = one(connection, f"{_COUNTED} select coalesce(sum(downloads_30d), 0)::bigint from counted", values)
    hidden = list(_hidden_bases(_records(connection, _BASELESS, values), registry))
    unnamed = _records(connection, _UNNAMED, values)
    mistakable = _records(connection, _MISTAKABLE, values)
    kinds = (
        _accounts(_records(connection, _ACCOUNTS, values), registry),
        _roots(_records(connection, _ROOTS, values), registry, {gap.name for gap in hidden}),
        _families(unnamed, registry),
        _generations(unnamed, registry),
        iter(hidden),
        _copies(mistakable, registry),
        _originals(mistakable, registry),
    )
    return Gaps(chosen, models, total, tuple(gap for gaps in kinds for gap in islice(gaps, limit)))


def stem(name: str, others: Collection[str] = ()) -> str:
    """Return the first one or two words of a model's name, and more until it differs from `others`."""
    ends = [found.end() for found in re.finditer(r"[^-_ ]+", name)]
    words = [name[start:end] for start, end in zip([0, *(end + 1 for end in ends)], ends, strict=False)]
    place = 0
    if len(words) > 1 and not _SIZE.fullmatch(words[1]) and not _FORMAT_WORD.fullmatch(words[1]):
        place = 1
    while place < len(ends) - 1 and any(other.lower().startswith(name[: ends[place]].lower()) for other in others):
        place += 1
    return name[: ends[place]]


def _day(connection: Connection, day: date | None) -> date:
    last: date | None = one(connection, "select last_day from build")
    if last is None:
        raise DataError("The warehouse has no day yet, so nothing can be missing. Run `tracker up` first.")
    if day is None:
        return last
    if not one(connection, "select count(*) from model_days where day = $day", {"day": day}):
        near = one(connection, "select arg_min(day, abs(day - $day::date)) from model_days", {"day": day})
        raise UsageError(f"--day {day}: no model was read on this day; the nearest day is {near}.")
    return day


def _records(connection: Connection, query: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = arrow(connection, _COUNTED + query, values).to_pylist()
    return found


def _accounts(rows: Sequence[dict[str, Any]], registry: Registry) -> Iterator[Gap]:
    registered = {organization.handle for organization in registry.organizations}
    for row in rows:
        if row["name"] not in registered:
            role = "repackager" if row["is_repackager"] else "community"
            known = {"role": role}
            yield Gap(GapKind.ACCOUNT, row["name"], row["downloads"], row["models"], row["example"], known)


def _roots(rows: Sequence[dict[str, Any]], registry: Registry, hidden: Collection[str]) -> Iterator[Gap]:
    registered = {organization.handle for organization in registry.organizations}
    based = {base.repo_id for base in registry.bases}
    suggest = _Suggestions(registry)
    for row in rows:
        name = row["name"]
        if name not in based and name not in hidden and name.partition("/")[0] not in registered:
            known = {"parents": suggest.closest(name), "relation": "finetune"}
            yield Gap(GapKind.ROOT, name, row["downloads"], row["models"], row["example"], known)


def _families(rows: Sequence[dict[str, Any]], registry: Registry) -> Iterator[Gap]:
    by_lab: dict[str, list[Family]] = {}
    for family in registry.families:
        by_lab.setdefault(family.lab, []).append(family)
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        name = _name(row["repo_id"])
        if row["family"] is None and not any(_is_of(family, name) for family in by_lab.get(row["lab"], [])):
            known_names = [_name(example) for family in by_lab.get(row["lab"], []) for example in _examples(family)]
            groups.setdefault((row["lab"], stem(name, known_names)), []).append(row)
    for (lab, words), group in _largest_first(groups):
        known = {"lab": lab, "examples": [row["repo_id"] for row in group[:3]]}
        yield Gap(GapKind.FAMILY, words, _sum(group), len(group), group[0]["repo_id"], known)


def _generations(rows: Sequence[dict[str, Any]], registry: Registry) -> Iterator[Gap]:
    families = {family.id: family for family in registry.families}
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        name, family = _name(row["repo_id"]), families.get(row["family"])
        if family is None or any(compiled(generation.pattern).search(name) for generation in family.generations):
            continue
        known_names = [_name(example) for generation in family.generations for example in generation.examples]
        groups.setdefault((family.id, stem(name, known_names)), []).append(row)
    for (family_id, words), group in _largest_first(groups):
        known = {"family": family_id, "examples": [row["repo_id"] for row in group[:3]]}
        yield Gap(GapKind.GENERATION, words, _sum(group), len(group), group[0]["repo_id"], known)


def _hidden_bases(rows: Sequence[dict[str, Any]], registry: Registry) -> Iterator[Gap]:
    based = {base.repo_id for base in registry.bases}
    suggest = _Suggestions(registry)
    for row in rows:
        parents = suggest.closest(row["repo_id"]) if row["repo_id"] not in based else []
        if parents:
            known = {"parents": parents, "relation": "finetune"}
            yield Gap(GapKind.HIDDEN_BASE, row["repo_id"], row["downloads"], 1, row["repo_id"], known)


def _copies(rows: Sequence[dict[str, Any]], registry: Registry) -> Iterator[Gap]:
    based = {base.repo_id for base in registry.bases}
    by_name = {row["repo_id"].lower(): row["repo_id"] for row in rows}
    for row in rows:
        repo_id = row["repo_id"]
        plain = without_formats(repo_id)
        if row["layer"] == "release" and plain != repo_id and repo_id not in based:
            original = by_name.get(plain.lower())
            known = {"parents": [original] if original else [], "relation": "quantized", "is_sure": bool(original)}
            yield Gap(GapKind.COPY, repo_id, row["downloads"], 1, repo_id, known)


def _originals(rows: Sequence[dict[str, Any]], registry: Registry) -> Iterator[Gap]:
    based = {base.repo_id for base in registry.bases}
    for row in rows:
        repo_id = row["repo_id"]
        is_converted = row["is_gguf"] or row["library_name"] in _CONVERTERS
        is_plain = not is_converted and without_formats(repo_id) == repo_id
        if row["layer"] == "repackaged" and is_plain and repo_id not in based:
            known = {"parents": row["parents"] or [], "relation": "finetune", "is_sure": bool(row["parents"])}
            yield Gap(GapKind.ORIGINAL, repo_id, row["downloads"], 1, repo_id, known)


def without_formats(repo_id: str) -> str:
    """Return a model's name without the words for formats and low precision."""
    owner, _, name = repo_id.partition("/")
    words = re.split(r"([-_ ])", _QUANTIZATION.sub("", name))
    kept = [(words[0], "")] + [(words[place + 1], words[place]) for place in range(1, len(words) - 1, 2)]
    plain = [mark + word for word, mark in kept if _PRECISE.fullmatch(word) or not _FORMAT_WORD.fullmatch(word)]
    return f"{owner}/{''.join(plain).lstrip('-_ ')}"


class _Suggestions:
    """Models of labs that a name may be built on, from the examples of the registry."""

    def __init__(self, registry: Registry) -> None:
        labs = {o.lab for o in registry.organizations if o.role == "lab"}
        self._families = [
            (family, [*map(compiled, family.patterns)]) for family in registry.families if family.lab in labs
        ]

    def closest(self, repo_id: str) -> list[str]:
        """Return the example of the family that the name contains which has most words in common, or nothing."""
        name = _name(repo_id).lower()
        starts = [name[place:] for place in _word_starts(name)]
        words = set(re.split(r"[-_ ]", name))
        best: tuple[int, str] | None = None
        for family, patterns in self._families:
            lengths = [len(found[0]) for p in patterns for start in starts if (found := p.search(start))]
            if max(lengths, default=0) < _SHORTEST or not any(character.isalpha() for character in name):
                continue
            for example in _examples(family):
                common = len(words & set(re.split(r"[-_ ]", _name(example).lower())))
                if common and (best is None or common > best[0]):
                    best = common, example
        return [best[1]] if best else []


_SHORTEST = 4
"""Characters of a name that a pattern must match, so that short patterns such as `^k2` do not suggest families."""


def _name(repo_id: str) -> str:
    return repo_id.partition("/")[2]


def _examples(family: Family) -> list[str]:
    """Return the examples of a family and of its generations."""
    return [*family.examples, *(example for generation in family.generations for example in generation.examples)]


def _word_starts(name: str) -> list[int]:
    return [0, *(found.end() for found in re.finditer(r"[-_. ]", name))]


def _is_of(family: Family, name: str) -> bool:
    return any(compiled(pattern).search(name) for pattern in family.patterns)


def _largest_first(
    groups: Mapping[tuple[str, str], list[dict[str, Any]]],
) -> list[tuple[tuple[str, str], list[dict[str, Any]]]]:
    return sorted(groups.items(), key=lambda item: (-_sum(item[1]), item[0]))


def _sum(rows: Sequence[dict[str, Any]]) -> float:
    return float(sum(row["downloads"] for row in rows))
