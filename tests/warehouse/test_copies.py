"""core_used_edges: which declared copies are copies, by name, tags, library and publisher."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.database import in_memory
from tests.support.examples import examples

MODEL_WORDS = ["Qwen3", "Coder", "VL", "Instruct", "8B", "A3B", "2507", "Ministral"]
FORMAT_WORDS = [
    "GGUF",
    "i1",
    "Q4_K_M",
    "IQ3_XXS",
    "4bit",
    "8-bit",
    "NVFP4",
    "W4A16",
    "MLX",
    "awq",
    "MTP",
    "3.5bpw",
    "BF16",
]
PRECISIONS = {"GGUF", "Q4_K_M", "IQ3_XXS", "4bit", "8-bit", "NVFP4", "W4A16", "MLX", "awq", "3.5bpw"}
CHANGES = ["uncensored", "Abliterated", "heretic", "Distilled", "Zebra"]

separators = st.sampled_from(["-", "_", "."])


@st.composite
def names(draw: st.DrawFn, words: list[str]) -> str:
    """Words joined by separators, in any order and case."""
    shuffled = draw(st.permutations(words))
    name = shuffled[0] + "".join(draw(separators) + word for word in shuffled[1:])
    return name.upper() if draw(st.booleans()) else name


@st.composite
def copies(draw: st.DrawFn) -> tuple[str, str, list[str], list[str]]:
    """Name of a base and of what is declared as its quantized copy, with the words of formats and of changes."""
    words = draw(st.lists(st.sampled_from(MODEL_WORDS), min_size=2, max_size=4, unique=True))
    formats = draw(st.lists(st.sampled_from(FORMAT_WORDS), max_size=3, unique=True))
    changes = draw(st.lists(st.sampled_from(CHANGES), max_size=2, unique=True))
    return draw(names(words)), draw(names([*words, *formats, *changes])), formats, changes


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases=st.lists(copies(), min_size=5, max_size=15))
def test_copies_match_plain_python(make_small: Any, cases: list[tuple[str, str, list[str], list[str]]]) -> None:
    """Anyone's copy is none if its name says more than a format; a lab's is one only if its name says a precision."""
    expected = {}
    with in_memory() as connection:
        small = make_small(connection)
        small.fill("registry_organizations", [{"handle": "lab", "lab": "lab", "origin": "US", "role": "lab"}])
        for number, (base, name, formats, changes) in enumerate(cases):
            for owner in ("someone", "lab"):
                child = f"{owner}{number}"
                small.fill("lake_models", [{"hub_id": child, "repo_id": f"{owner}/{name}"}])
                edge = {"hub_id": child, "parent_ref": f"maker/{base}", "relation": "quantized"}
                small.fill("lake_edges", [edge])
            has_sign = bool(PRECISIONS.intersection(formats)) or stem_of(base) == stem_of(name, formats)
            expected[f"someone{number}"] = "finetune" if changes else "quantized"
            expected[f"lab{number}"] = "quantized" if has_sign else "finetune"
        small.make("core_used_edges")
        found = dict(small.text("core_used_edges", ["child_id", "relation"]))
    assert found == expected


def stem_of(name: str, formats: list[str] | tuple[str, ...] = ("BF16", "i1", "MTP")) -> list[str]:
    """The words of a name without those of formats, in their order."""
    left = name.lower().replace("_", "-").replace(".", "-").replace(" ", "-").split("-")
    drop = [part for one in formats for part in one.lower().replace("_", "-").replace(".", "-").split("-")]
    return [word for word in left if word not in drop]


@pytest.mark.parametrize(
    ("tags", "relation"),
    [
        ("[safetensors, gptq, 4-bit]", "quantized"),
        ("[safetensors, bitsandbytes]", "quantized"),
        ("[safetensors, fp8]", "finetune"),
        ("[safetensors, onnx, openvino]", "finetune"),
        ("[gguf]", "quantized"),
        ("[gguf, safetensors]", "finetune"),
    ],
)
def test_lab_copy_needs_a_second_sign(becomes: Callable[..., None], tags: str, relation: str) -> None:
    becomes(
        "core_used_edges",
        f"child_id | relation\n1 | {relation}",
        lake_models=f"hub_id | repo_id | tags\n1 | lab/Model-Chat | {tags}\n2 | lab/Model | -",
        lake_edges="hub_id | parent_ref | relation\n1 | lab/Model | quantized",
        registry_organizations="handle | lab\nlab | lab",
    )
