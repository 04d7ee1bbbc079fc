"""Names of simulated releases: the registry's examples, with other sizes and variants. Pure."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tracker.demo.simulation.known_models import Format
from tracker.demo.simulation.sources import Line

SIZE = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)([BMTbmt])((?:-A\d+(?:\.\d+)?B)?)(?![A-Za-z0-9])")
_TUNED = re.compile(r"-(Instruct|it|Chat|chat-hf|chat|Thinking)(?=$|-)")
_ENDING = re.compile(r"-(Instruct|it|Chat|chat-hf|chat|Thinking|Base|base|pt|FP8|AWQ|GGUF|GPTQ-Int[48])$")
_DENSE = ("7B", "14B", "1.5B", "3B", "32B", "0.5B", "72B", "4B", "8B", "1B", "12B", "24B", "2B", "9B", "0.6B", "70B")
_MIXED = ("30B-A3B", "235B-A22B", "80B-A3B", "106B-A12B", "16B-A2B", "400B-A17B", "1000B-A32B", "57B-A14B")
_REVISION = re.compile(r"-(\d\d)(0[1-9]|1[0-2])(?=$|-)")
_EPOCH = date(1970, 1, 1).toordinal()
_FIRST_REVISION = date(2023, 6, 1).toordinal() - _EPOCH
_PLAIN = ("",)
_PACKED = {"-FP8": Format.FP8, "-AWQ": Format.AWQ, "-GPTQ-Int4": Format.GPTQ, "-GGUF": Format.GGUF}


@dataclass(frozen=True, slots=True)
class ReleaseName:
    """A possible name of a release, and the facts it states."""

    name: str
    group: str
    """Name without variant, shared by the base, instruct and quantized forms of a model."""

    stage: int
    """0 base, 1 plain, 2 tuned, 3 quantized. A later stage derives from an earlier one of its group."""

    format: Format
    params: int | None
    month: int | None
    """Months since year 0 of the revision that the name states, if any."""


def release_names(line: Line, last: int) -> Iterator[ReleaseName]:
    """Yield unique names that the registry assigns to the line: its examples, then other sizes and variants.

    Args:
        line: the release line.
        last: day number since 1970-01-01; no generated name states a later month.
    """
    seen: set[str] = set()
    for candidate in itertools.chain(map(described, line.examples), _candidates(line, last)):
        if candidate.name.lower() not in seen and line.accepts(candidate.name):
            seen.add(candidate.name.lower())
            yield candidate


def params_in(name: str) -> int | None:
    """Number of parameters that a name states, as in "8B" or "350M"; None without one."""
    size = SIZE.search(name)
    if size is None:
        return None
    return int(float(size.group(1)) * {"M": 1e6, "B": 1e9, "T": 1e12}[size.group(2).upper()])


def described(name: str) -> ReleaseName:
    """The facts that a name states."""
    stem, packed, ending = name, Format.SAFETENSORS, ""
    while match := _ENDING.search(stem):
        packed = _PACKED.get(match.group(0), packed)
        ending = ending or match.group(0)
        stem = stem[: match.start()]
    stage = 3 if packed is not Format.SAFETENSORS else {"": 1, "-Base": 0, "-base": 0, "-pt": 0}.get(ending, 2)
    revised = _REVISION.search(stem)
    month = (2000 + int(revised.group(1))) * 12 + int(revised.group(2)) - 1 if revised else None
    return ReleaseName(name, stem, stage, packed, params_in(name), month)


def _candidates(line: Line, last: int) -> Iterator[ReleaseName]:
    stems = dict.fromkeys(described(example).group for example in line.examples)
    for revision, variant, stem in itertools.product(_revisions(line, last), _variants(line), stems):
        for name in _sized(stem):
            yield described(f"{name}{revision}{variant}")


def _revisions(line: Line, last: int) -> list[str]:
    """No suffix, then one suffix per month ("-2507") from two months after the release on."""
    first = max(line.released, _FIRST_REVISION) + 60
    months = dict.fromkeys(date.fromordinal(day + _EPOCH).strftime("-%y%m") for day in range(first, last + 1, 28))
    return ["", *months]


def _variants(line: Line) -> tuple[str, ...]:
    if line.pipeline not in ("text-generation", "image-text-to-text"):
        return _PLAIN
    styles = [match.group(0) for example in line.examples if (match := _TUNED.search(example))]
    tuned = styles[0] if styles else "-Instruct"
    packed = tuple(f"{start}{ending}" for ending in _PACKED for start in (tuned, ""))
    return ("", tuned, "-Base", *packed, "-Thinking")


def _sized(stem: str) -> Iterator[str]:
    size = SIZE.search(stem)
    yield stem
    if size:
        others = _MIXED if size.group(3) else _DENSE
        yield from (f"{stem[: size.start()]}{other}{stem[size.end() :]}" for other in others)
