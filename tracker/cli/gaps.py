"""Render the gaps of the registry: for reading, to paste into registry files, or as rows."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby

import pyarrow as pa

from tracker.api.gaps import Gap, GapKind, Gaps
from tracker.cli.terminal import plain
from tracker.registry.entries import Family, Generation, Registry

_HEADINGS = {
    GapKind.ACCOUNT: "Accounts that are not registered (organizations.toml)",
    GapKind.ROOT: "Models whose maker is unknown (bases.toml, or their accounts in organizations.toml)",
    GapKind.FAMILY: "Labs' models without a family (families.toml)",
    GapKind.GENERATION: "Models without a generation in a family that has some (families.toml)",
    GapKind.HIDDEN_BASE: "Models that declare no base, but whose name says one (bases.toml)",
    GapKind.COPY: "Labs' copies that count as originals (bases.toml)",
    GapKind.ORIGINAL: "Labs' originals that count as copies (bases.toml)",
}
_CLASSES = {"all": "models", "other": "other models", "encoder": "encoders"}


def text_lines(gaps: Gaps) -> Iterator[str]:
    """Yield a section for each kind, with downloads of 30 days and their share of all that are counted."""
    yield f"{_counted(gaps)}."
    for kind, heading in _HEADINGS.items():
        found = [gap for gap in gaps.gaps if gap.kind == kind]
        yield ""
        yield f"{heading}: {'none' if not found else ''}".rstrip()
        for gap in found:
            more = f"{gap.models:,} models, such as {gap.example}" if gap.models > 1 else gap.example
            parts = [more] if more != gap.name else []
            parts += [f"perhaps from {', '.join(gap.known['parents'])}"] if gap.known.get("parents") else []
            parts += [f"lab {gap.known['lab']}"] if gap.known.get("lab") else []
            parts += [f"family {gap.known['family']}"] if gap.known.get("family") else []
            line = f"  {gap.downloads_30d:>13,.0f}  {_share(gap, gaps):>6.2%}  {gap.name}  {'; '.join(parts)}"
            yield _line(line.rstrip())
    if gaps.gaps:
        yield ""
        yield "`--format toml` writes entries to paste, with what is known; what is not is commented out."


def toml_lines(gaps: Gaps, registry: Registry) -> Iterator[str]:
    """Yield entries to paste into the files of a registry. What is unknown is commented out."""
    yield f"# {_counted(gaps)}."
    yield "# Look up what is commented out, and give its source as evidence. Sort the entries of a file by their key."
    for heading, found in groupby(gaps.gaps, key=lambda gap: _HEADINGS[gap.kind]):
        yield from ("", f"# ---- {heading}")
        listed = list(found)
        if listed[0].kind == GapKind.GENERATION:
            yield from _generation_lines(listed, gaps, registry)
            continue
        for gap in listed:
            yield from ("", *_comment(gap, gaps), *_entry_lines(gap, registry))


def table(gaps: Gaps) -> pa.Table:
    """Return a row for each gap, with what is known about it; `share` is of all downloads counted, 0 to 1."""
    schema = pa.schema(
        [
            ("day", pa.date32()),
            ("task_class", pa.string()),
            ("gap", pa.string()),
            ("name", pa.string()),
            ("downloads_30d", pa.float64()),
            ("share", pa.float64()),
            ("models", pa.int64()),
            ("example", pa.string()),
            *((name, pa.string()) for name in ("lab", "family", "role", "relation", "parents")),
        ]
    )
    rows = [
        {
            **{name: gap.known.get(name) for name in ("lab", "family", "role", "relation")},
            **{name: value for name, value in asdict(gap).items() if name not in ("kind", "known")},
            "parents": ", ".join(gap.known.get("parents", ())) or None,
            "day": gaps.day,
            "task_class": gaps.models,
            "gap": gap.kind.value,
            "share": _share(gap, gaps),
        }
        for gap in gaps.gaps
    ]
    return pa.Table.from_pylist(rows, schema=schema)


def _counted(gaps: Gaps) -> str:
    which = _CLASSES.get(gaps.models, f"{gaps.models} models")
    return f"Of {gaps.downloads_30d:,} downloads of {which} in the 30 days to {gaps.day}"


def _share(gap: Gap, gaps: Gaps) -> float:
    return gap.downloads_30d / gaps.downloads_30d if gaps.downloads_30d else 0.0


def _comment(gap: Gap, gaps: Gaps) -> Iterator[str]:
    many = f", {gap.models:,} models, the largest {gap.example}" if gap.models > 1 else f", {gap.example}"
    example = many if gap.models > 1 or gap.example != gap.name else ""
    yield _line(f"# {gap.downloads_30d:,.0f} downloads ({_share(gap, gaps):.2%}){example}")


def _entry_lines(gap: Gap, registry: Registry) -> Iterator[str]:
    match gap.kind:
        case GapKind.ACCOUNT:
            yield "[[organization]]"
            yield f"handle = {_text(gap.name)}"
            yield '# lab = ""  # its id in labs.toml, if the role is lab'
            yield '# country = ""  # two letters, ZZ if it is not disclosed'
            yield f"role = {_text(gap.known['role'])}  # by what it publishes; lab, company, community or repackager"
            yield _line(f'# evidence = ""  # https://huggingface.co/{gap.name}')
        case GapKind.FAMILY:
            yield from _family_lines(_new_family(gap, registry))
        case _:
            parents = f"parents = [{', '.join(map(_text, gap.known['parents']))}]"
            is_sure = gap.known.get("is_sure", False)
            yield "[[base]]"
            yield f"repo_id = {_text(gap.name)}"
            yield parents if is_sure else f"# {parents}  # by its name" if gap.known["parents"] else "# parents = []"
            yield f"relation = {_text(gap.known['relation'])}"
            yield '# evidence = ""'


def _generation_lines(found: Sequence[Gap], gaps: Gaps, registry: Registry) -> Iterator[str]:
    """Yield whole families with their new generations, because an entry replaces the shipped one as a whole."""
    families = {family.id: family for family in registry.families}
    for family_id, group in groupby(
        sorted(found, key=lambda gap: gap.known["family"]), key=lambda g: g.known["family"]
    ):
        listed = list(group)
        family = families[family_id]
        new = [Generation(id=gap.name, pattern=_pattern(gap.name), examples=gap.known["examples"]) for gap in listed]
        taken = {generation.id for generation in family.generations}
        yield ""
        for gap in listed:
            yield from _comment(gap, gaps)
        yield from _family_lines(family, [generation for generation in new if generation.id not in taken])


def _new_family(gap: Gap, registry: Registry) -> Family:
    lab = next((lab.name for lab in registry.labs if lab.id == gap.known["lab"]), gap.known["lab"])
    return Family(
        id=re.sub(r"[^a-z0-9]+", "-", gap.name.lower()).strip("-"),
        name=gap.name,
        lab=gap.known["lab"],
        patterns=(_pattern(gap.name),),
        examples=tuple(gap.known["examples"]),
        evidence=f"Repository names of {lab} on the Hub",
    )


def _pattern(words: str) -> str:
    """Return the pattern of names that start with these words."""
    return "^" + re.sub(r"([.+*?()\[\]{}|^$\\])", r"\\\1", words.lower())


def _family_lines(family: Family, more: Sequence[Generation] = ()) -> Iterator[str]:
    yield "[[family]]"
    yield f"id = {_text(family.id)}"
    yield f"name = {_text(family.name)}"
    yield f"lab = {_text(family.lab)}"
    yield f"patterns = {_list(family.patterns)}"
    yield f"examples = {_list(family.examples)}"
    yield f"evidence = {_text(family.evidence)}"
    for generation in (*family.generations, *more):
        yield ""
        yield "[[family.generation]]"
        yield f"id = {_text(generation.id)}"
        yield f"pattern = {_text(generation.pattern)}"
        if generation.released_on or generation in more:
            yield f"released_on = {generation.released_on}" if generation.released_on else "# released_on ="
        yield f"examples = {_list(generation.examples)}"
        if generation.evidence:
            yield f"evidence = {_text(generation.evidence)}"


def _line(text: str) -> str:
    return plain(text).replace("\n", " ")


def _list(values: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"


def _text(value: str) -> str:
    """Return a TOML string."""
    return json.dumps(plain(value), ensure_ascii=False)
