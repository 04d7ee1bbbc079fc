"""Release lines and repackagers from the registry. Pure."""

import re
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from tracker.errors import SettingsError
from tracker.registry.entries import Family, Generation, Registry, Role
from tracker.registry.patterns import compiled

_PIPELINES = tuple(
    (re.compile(pattern, re.IGNORECASE), pipeline)
    for pattern, pipeline in (
        (r"kimi-audio", "audio-text-to-text"),
        (r"whisper|asr|canary|parakeet|sensevoice|speech|speaker-|wav2vec", "automatic-speech-recognition"),
        (r"tts|voice|voxtral|kokoro|chatterbox|supertonic|zonos|voxcpm", "text-to-speech"),
        (r"stable-audio|-music", "text-to-audio"),
        (r"personaplex", "audio-to-audio"),
        (r"trellis|stable-fast-3d", "image-to-3d"),
        (r"gr00t|alpamayo", "robotics"),
        (r"tabpfn|sap-rpt", "tabular-classification"),
        (r"prompt-guard", "text-classification"),
        (r"esm2|ettin-encoder", "feature-extraction"),
        (r"lateon", "sentence-similarity"),
        (r"colpali", "visual-document-retrieval"),
        (r"^sam\d|segment|sam-vit|rmbg", "mask-generation"),
        (r"vit-base|vggt|tipsv2", "image-feature-extraction"),
        (r"depth-anything|dino|^detr|siglip", "image-feature-extraction"),
        (r"chronos|kronos|timesfm|time series", "time-series-forecasting"),
        (r"nllb|madlad|^opus", "translation"),
        (r"clip(?!per)", "zero-shot-image-classification"),
        (
            r"stable.?diffusion|sdxl|flux|qwen-image|hunyuanimage|cogview|hidream|kolors|krea|omnigen|z-image|^sana_",
            "text-to-image",
        ),
        (r"^wan|hunyuanvideo|ltx|cogvideo|mochi|longcat-video|joyai-video|matrix-game", "text-to-video"),
        (r"bge|jina|e5-|embed|minilm|gte", "feature-extraction"),
        (r"bert|electra|longformer|layoutlm", "fill-mask"),
        (r"(^|-)t5|bart", "text2text-generation"),
        (
            r"vl|vision|llava|pixtral|molmo|ocr|moondream|omni|^blip|donut|florence|kosmos|fuyu|idefics|cosmos-reason|gemma-[34]",
            "image-text-to-text",
        ),
    )
)
"""Pattern of names -> task; the first one that matches decides."""

_OLD_PIPELINES = ("fill-mask", "text2text-generation", "zero-shot-image-classification")
_DEFAULT_FIRST_DAY = date(2023, 3, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Line:
    """One generation of a family, released by a lab."""

    lab: str
    country: str
    family: str
    generation: str
    handle: str
    examples: tuple[str, ...]
    """Names without the owner."""

    released: int
    """Day number since 1970-01-01; drawn at random if the registry has no date."""

    pipeline: str
    params: int | None
    """Curated number of parameters of one repository of the line."""

    required: tuple[re.Pattern[str], ...]
    excluded: tuple[re.Pattern[str], ...]

    def accepts(self, name: str) -> bool:
        """Whether the registry assigns a repository of that name to this line only."""
        return all(p.search(name) for p in self.required) and not any(p.search(name) for p in self.excluded)


def release_lines(registry: Registry, last_day: date, rng: np.random.Generator) -> tuple[Line, ...]:
    """Every generation that was released by `last_day`, ordered by family and generation.

    Raises:
        SettingsError: no generation is released by `last_day` with an example in its lab's organization.
    """
    lines = []
    for family in sorted(registry.families, key=lambda family: family.id):
        generations = family.generations or (_only_generation(family),)
        days = _release_days(generations, last_day, rng)
        for generation, released in zip(generations, days, strict=True):
            line = _line(registry, family, generation, released)
            if line is not None and released <= last_day.toordinal():
                lines.append(_with_curated_names(line, registry))
    if not lines:
        raise SettingsError(
            f"the registry has no generation released by {last_day} whose examples name a lab's organization; "
            "the simulated world needs at least one"
        )
    return tuple(lines)


def repackagers(registry: Registry) -> tuple[str, ...]:
    """Handles of the registered repackagers, in the registry's order."""
    return tuple(org.handle for org in registry.organizations if org.role is Role.REPACKAGER)


def _only_generation(family: Family) -> Generation:
    """A family without generations as a single generation; older pipelines are dated 2021."""
    is_old = _pipeline(family.id, *family.examples) in _OLD_PIPELINES
    return Generation(
        id=family.id, pattern=".", released_on=date(2021, 6, 1) if is_old else None, examples=family.examples
    )


def _line(registry: Registry, family: Family, generation: Generation, released: int) -> Line | None:
    handles = {org.handle: org for org in registry.organizations if org.lab == family.lab and org.role is Role.LAB}
    known = [example for example in generation.examples if example.partition("/")[0] in handles]
    if not known:
        return None
    owner = known[0].partition("/")[0]
    names = [name for handle, _, name in (example.partition("/") for example in known) if handle == owner]
    successor = handles[owner].successor
    siblings = [other.pattern for other in family.generations if other.id != generation.id]
    other_families = [
        p for other in registry.families if other.lab == family.lab and other is not family for p in other.patterns
    ]
    return Line(
        lab=family.lab,
        country=next(lab.country for lab in registry.labs if lab.id == family.lab),
        family=family.id,
        generation=generation.id,
        handle=successor if successor in handles else owner,
        examples=tuple(names),
        released=released - date(1970, 1, 1).toordinal(),
        pipeline=_pipeline(family.id, generation.id, known[0]),
        params=next((item.params_total for item in registry.parameters if item.repo_id in known), None),
        required=(compiled("|".join(f"(?:{pattern})" for pattern in family.patterns)), compiled(generation.pattern)),
        excluded=tuple(map(compiled, siblings + other_families)),
    )


def _with_curated_names(line: Line, registry: Registry) -> Line:
    """The line with the curated models and parents of the registry as additional examples."""
    known = [name for base in registry.bases for name in (base.repo_id, *base.parents)]
    names = [name for owner, _, name in (repo_id.partition("/") for repo_id in known) if owner == line.handle]
    return replace(line, examples=tuple(dict.fromkeys([*line.examples, *filter(line.accepts, names)])))


def _pipeline(*names: str) -> str:
    for name in names:
        for pattern, pipeline in _PIPELINES:
            if pattern.search(name.rpartition("/")[2]):
                return pipeline
    return "text-generation"


def _release_days(generations: tuple[Generation, ...], last_day: date, rng: np.random.Generator) -> list[int]:
    """Ordinals of the curated days; missing ones are drawn between their neighbours by version number."""
    order = sorted(range(len(generations)), key=lambda i: _version(generations[i].id))
    known = [(i, generations[k].released_on) for i, k in enumerate(order)]
    days = [0] * len(generations)
    earliest = _DEFAULT_FIRST_DAY
    for place, k in enumerate(order):
        stated = generations[k].released_on
        if stated is None:
            later = [day.toordinal() for i, day in known if i > place and day is not None]
            latest = min([*later, last_day.toordinal() - 60])
            low, high = min(earliest, latest), max(earliest, latest)
            days[k] = low + int(rng.integers(1, max((high - low) // 2, 2)))
        else:
            days[k] = stated.toordinal()
        earliest = max(earliest, days[k])
    return days


def _version(generation: str) -> list[tuple[int, float, str]]:
    parts = re.findall(r"\d+(?:\.\d+)?|\D+", generation)
    return [(1, float(part), "") if part[0].isdigit() else (0, 0.0, part) for part in parts]
