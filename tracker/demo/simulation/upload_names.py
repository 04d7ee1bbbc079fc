"""Fictitious names of accounts and of their derivatives and merges. Pure."""

import numpy as np

from tracker.demo.simulation.known_models import Format
from tracker.demo.simulation.release_names import SIZE


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FIRST = _split(
    "amber brisk calm coral cosmic delta dusky eager early ember fabled fern gentle hazel hidden humble icy "
    "indigo jolly keen late lucid lunar mellow misty modest nimble noble north opal pale polar quiet rapid "
    "ruby sandy silent silver sly solar spare still sunny swift tidal urban velvet vivid warm wild winter "
)
_SECOND = _split(
    "acorn anchor badger beacon birch bison brook canyon cedar cinder comet crane creek dune falcon fjord "
    "forge fox garnet glade harbor heron ibis iris juniper kestrel kiln lagoon lantern larch lynx maple marten "
    "meadow mill nebula nettle orchard osprey otter owl pebble pine plover quarry quill raven reef ridge robin "
    "sparrow spruce tern thistle willow wren "
)
_SUBJECTS = _split(
    "medical legal math code chat roleplay story sql function-calling reasoning finance summarizer translator "
    "german japanese korean arabic hindi french polish vietnamese persona dpo sft grpo orpo r1-distill heretic "
    "uncensored agent tools vision support classifier science physics bio news poetry tutor "
)


class UsedNames:
    """Names in use, compared without regard to case."""

    def __init__(self) -> None:
        """Create an empty set of names."""
        self._names: set[str] = set()

    def claim(self, name: str, separator: str = "-v") -> str:
        """Claim `name`, with `separator` and a number appended if it is in use; returns the claimed name."""
        unique, number = name, 1
        while unique.lower() in self._names:
            number += 1
            unique = f"{name}{separator}{number}"
        self._names.add(unique.lower())
        return unique

    def is_free(self, name: str) -> bool:
        """Whether the name is unclaimed in any case."""
        return name.lower() not in self._names


def account_names(rng: np.random.Generator, count: int, reserved: frozenset[str]) -> list[str]:
    """Draw unique account names, none of them in `reserved` (lower case)."""
    names: list[str] = []
    used_names = UsedNames()
    draws = rng.integers(0, 1 << 30, (count, 2)).tolist()
    for number, style in draws:
        first, second = _FIRST[number % len(_FIRST)], _SECOND[number // 64 % len(_SECOND)]
        name = (f"{first}-{second}", f"{first}{second}", f"{first.title()}{second.title()}", f"{second}{style % 997}")[
            style % 4
        ]
        names.append(used_names.claim(f"{name}-lab" if name.lower() in reserved else name, separator=""))
    return names


def derived_name(parent: str, format_: Format, draw: int) -> str:
    """Name of a derivative of `parent`, both without owner; a suffix describes the change."""
    stem = parent if len(parent) < 60 else parent[:48].rstrip("-._")
    if format_ is Format.SAFETENSORS:
        subject = _SUBJECTS[draw % len(_SUBJECTS)]
        return f"{stem}-{subject}" if draw // 64 % 3 else f"{stem.lower()}-{subject}-v{draw // 256 % 4 + 1}"
    endings = {
        Format.PEFT: (f"-{_SUBJECTS[draw % len(_SUBJECTS)]}-lora", f"-lora-{draw % 977}", "-adapter", "-qlora"),
        Format.GGUF: ("-GGUF", "-GGUF", "-i1-GGUF", "-Q4_K_M-GGUF"),
        Format.MLX: ("-4bit", "-8bit", "-mlx-4Bit", "-6bit"),
        Format.AWQ: ("-AWQ", "-AWQ-INT4", "-AWQ", "-awq"),
        Format.GPTQ: ("-GPTQ", "-GPTQ-Int4", "-GPTQ-Int8", "-gptq-4bit"),
        Format.FP8: ("-FP8", "-FP8-dynamic", "-FP8", "-fp8"),
        Format.BNB: ("-bnb-4bit", "-unsloth-bnb-4bit", "-bnb-4bit", "-nf4"),
    }
    return stem + endings[format_][draw // 1024 % 4]


def merged_name(parent: str, draw: int) -> str:
    """Name of a merge, without owner: two words and the size of its first parent."""
    size = SIZE.search(parent)
    word = f"{_FIRST[draw % len(_FIRST)].title()}{_SECOND[draw // 64 % len(_SECOND)].title()}"
    return f"{word}-{size.group(0)}-v{draw // 8192 % 5}" if size else f"{word}-merge-v{draw // 8192 % 5}"
