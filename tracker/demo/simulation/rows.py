"""Rows in the Hub's JSON shape without counters, and the fields that edits change. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tracker.demo.simulation.declarations import Declaration
from tracker.demo.simulation.known_models import Format, KnownModel
from tracker.demo.simulation.population import DAY_SECONDS, Ints, Kind, Population, Window
from tracker.demo.simulation.sources import Line

Fields = dict[str, Any]

_LICENSES = ("apache-2.0", "apache-2.0", "apache-2.0", "mit", "mit", "other", "cc-by-nc-4.0", "openrail")
_LANGUAGES = (("en",), ("en",), ("en", "zh"), ("zh",), ("en", "de", "fr"), ("ja",), ("multilingual",), ("ko",), ())
_LIBRARIES = {Format.MLX: "mlx", Format.PEFT: "peft", Format.GGUF: "gguf"}
_DTYPES = {
    Format.AWQ: ("I32", 0.17),
    Format.GPTQ: ("I32", 0.17),
    Format.MLX: ("U32", 0.156),
    Format.FP8: ("F8_E4M3", 1.0),
    Format.BNB: ("U8", 0.55),
}
"""Format -> tensor type, and stored values per true parameter (below 1 for packed weights)."""

_EDITED_PER_DAY, _EDITED_AT_MOST = 0.004, 0.3


@dataclass(frozen=True, slots=True)
class Traits:
    """Random properties of each model."""

    license: list[int]
    languages: list[int]
    draws: list[float]
    """Uniform in [0, 1); decides which optional fields are present."""

    edit_day: list[int]
    """Day of the card's edit as a position in the window; -1 for most models."""


def draw_traits(rng: np.random.Generator, population: Population, window: Window) -> Traits:
    """Draw the traits of a population. Most models inherit their line's licence."""
    count, days = len(population), window.last - window.first + 1
    of_line = rng.integers(0, len(_LICENSES), int(population.lines.max(initial=0)) + 2)
    own = rng.integers(0, len(_LICENSES), count)
    is_edited = rng.random(count) < min(_EDITED_PER_DAY * days, _EDITED_AT_MOST)
    days_drawn = rng.integers(0, days, count)
    is_edited &= days_drawn > population.created // DAY_SECONDS - window.first
    return Traits(
        license=np.where(rng.random(count) < 0.85, of_line[population.lines], own).tolist(),
        languages=rng.integers(0, len(_LANGUAGES), count).tolist(),
        draws=rng.random(count).tolist(),
        edit_day=np.where(is_edited, days_drawn, -1).tolist(),
    )


def initial_rows(
    population: Population,
    hub_ids: Sequence[str],
    names: Iterable[str],
    lines: tuple[Line, ...],
    declared: Sequence[Declaration],
    linked: Mapping[int, Fields],
    traits: Traits,
    window: Window,
) -> list[Fields]:
    """Rows without counters, as of the first day of the window or of the model. Missing values have no key."""
    created, modified = timestamps(population.created), timestamps(_modified(population, traits, window))
    line_tags = [_line_tags(line) for line in lines]
    rows = []
    for i, name in enumerate(names):
        line = int(population.lines[i])
        row: Fields = {"_id": hub_ids[i], "id": name, "author": name.partition("/")[0]}
        row |= {"createdAt": created[i], "lastModified": modified[i], "private": False, "disabled": False}
        facts, of_line = population.known[i], line_tags[line] if line >= 0 else _NO_LINE
        if facts is None:
            row["gated"] = _gated(int(population.kinds[i]), line, traits.draws[i])
            row |= _model_info(population, i, of_line, traits.draws[i])
            row["tags"] = _tags(row, population.formats[i], of_line, traits, i)
        else:
            row |= _known_fields(facts, _LICENSES[traits.license[i]])
        row["tags"][-2:-2] = _parent_tags(declared[i], population.relations[i])
        if i in linked:
            row["baseModels"] = linked[i]
        rows.append(row)
    return rows


def base_models(
    model: int, declared: Declaration, population: Population, hub_ids: Sequence[str], names: Mapping[int, str]
) -> Fields:
    """The Hub's `baseModels` field. `names` are the day's names by position, "" for a deleted model."""
    relation = population.relations[model]
    models = [{"_id": hub_ids[parent], "id": names[parent]} for parent in declared.linked if names[parent]]
    return {"relation": str(relation), "models": models} if models else {}


def timestamps(seconds: Ints) -> list[str]:
    """Format seconds since 1970 as the Hub does: `2022-03-02T23:29:04.000Z`."""
    texts: list[str] = np.datetime_as_string(seconds.astype("datetime64[s]")).tolist()
    return [f"{text}.000Z" for text in texts]


def edited_fields(row: Fields, second: int, draw: float) -> Fields:
    """Fields that an edit of the card at `second` changes; some edits add a tag."""
    changed: Fields = {"lastModified": timestamps(np.array([second]))[0]}
    if draw < 0.4:
        changed["tags"] = [*row["tags"][:-1], "eval-results", row["tags"][-1]]
    return changed


_NO_LINE = ("", "", "")


def _line_tags(line: Line) -> tuple[str, str, str]:
    """Tags for architecture, pipeline and chat models."""
    architecture = re.sub(r"[^a-z0-9]+", "_", line.generation.lower()).strip("_")
    is_chat = line.pipeline in ("text-generation", "image-text-to-text")
    return architecture, line.pipeline, "conversational" if is_chat else ""


def _modified(population: Population, traits: Traits, window: Window) -> Ints:
    """Up to 60 days after creation if that is before the window, else 200 seconds after it."""
    later = population.created + (np.array(traits.draws) * 60 * DAY_SECONDS).astype(np.int64)
    return np.where(later < window.first * DAY_SECONDS, later, population.created + 200)


def _gated(kind: int, line: int, draw: float) -> bool | str:
    if kind == Kind.RELEASE and line % 7 == 3:
        return "manual"
    if kind == Kind.RELEASE and line % 11 == 5:
        return "auto"
    return "auto" if draw > 0.985 else False


def _model_info(population: Population, i: int, line_tags: tuple[str, str, str], draw: float) -> Fields:
    """Pipeline, library and sizes, where the Hub could detect them."""
    kind, format_, params = int(population.kinds[i]), population.formats[i], int(population.params[i])
    fields: Fields = {}
    is_unlabelled = format_ in (Format.GGUF, Format.PEFT) or kind == Kind.OTHER
    if line_tags[1] and draw > (0.4 if is_unlabelled else 0.12):
        fields["pipeline_tag"] = line_tags[1]
    if format_ is not Format.GGUF or draw > 0.7:
        fields["library_name"] = _LIBRARIES.get(format_, "transformers")
    if format_ is Format.GGUF:
        fields["gguf"] = {
            "total": params,
            "architecture": line_tags[0] or "llama",
            "context_length": 32_768 if draw > 0.3 else 131_072,
        }
    elif (format_ is Format.PEFT or kind == Kind.OTHER) and draw < 0.5:
        return fields
    else:
        dtype, share = _DTYPES.get(format_, ("BF16", 0.01 if format_ is Format.PEFT else 1.0))
        total = max(int(params * share), 1)
        fields["safetensors"] = {"parameters": {dtype: total}, "total": total}
    return fields


def _known_fields(facts: KnownModel, license_drawn: str) -> Fields:
    """Task, library, size, licence and tags of a real repository; its licence is drawn where it is not known."""
    fields: Fields = {"gated": "manual" if facts.is_gated else False}
    if facts.task:
        fields["pipeline_tag"] = facts.task
    if facts.library:
        fields["library_name"] = facts.library
    is_gguf = facts.format is Format.GGUF
    if facts.params and is_gguf:
        fields["gguf"] = {"total": facts.params}
    elif facts.params:
        fields["safetensors"] = {"parameters": {"BF16": facts.params}, "total": facts.params}
    tags = [facts.library, "" if is_gguf or not facts.params else "safetensors", *facts.tags, facts.task]
    fields["tags"] = [*filter(None, dict.fromkeys(tags)), f"license:{facts.license or license_drawn}", "region:us"]
    return fields


def _tags(row: Fields, format_: Format, line_tags: tuple[str, str, str], traits: Traits, i: int) -> list[str]:
    tags = [row["library_name"]] if "library_name" in row else []
    if "safetensors" in row:
        tags.append("safetensors")
    if format_ not in (Format.SAFETENSORS, Format.PEFT, Format.FP8) and str(format_) not in tags:
        tags.append(str(format_))
    tags += [tag for tag in (line_tags[0], row.get("pipeline_tag"), line_tags[2]) if tag]
    if format_ is Format.PEFT:
        tags.append("lora")
    tags += [*_LANGUAGES[traits.languages[i]]]
    return [*tags, f"license:{_LICENSES[traits.license[i]]}", "region:us"]


def _parent_tags(declared: Declaration, relation: object) -> list[str]:
    return [tag for ref in declared.refs for tag in (f"base_model:{ref}", f"base_model:{relation}:{ref}")]
