"""core_sizes: precedence of sources, sizes in names, borders of size buckets."""

from collections.abc import Callable
from typing import Any

SIZE = ["hub_id", "params_total", "params_source"]
NAMES = [
    ("Llama-3-8B", 8_000_000_000),
    ("qwen2-0.5b", 500_000_000),
    ("7b", 7_000_000_000),
    ("Mixtral-8x7B-v0.1", 56_000_000_000),
    ("mixtral-8x22b", 176_000_000_000),
    ("tiny-4x0.5B", 2_000_000_000),
    ("SmolLM-350M", 350_000_000),
    ("bert_110m_uncased", 110_000_000),
    ("Llama-3.2-1B-Instruct", 1_000_000_000),
    ("gemma 2b it", 2_000_000_000),
    ("Qwen3-30B-A3B", 30_000_000_000),
    ("draft-0.6B-for-8B", 600_000_000),
    ("chat-9b-1m", 9_000_000_000),
    ("Kimi-K2-1000B", 1_000_000_000_000),
    ("Qwen-08b", None),
    ("Llama-3-8Bit", None),
    ("rb7bx", None),
    ("v7beta", None),
    ("model7b", None),
    ("A3B", None),
    ("x8b-large", None),
    ("8x7", None),
    ("bge-m3", None),
    ("model", None),
    ("empty-0b", None),
    ("empty-0.0B", None),
    ("empty-0x7b", None),
    ("99999b", None),
    ("big-10000b", None),
    ("big-9999b", 9_999_000_000_000),
    ("12345678b", None),
    ("999x9999999b", None),
    ("1234x7b", None),
    ("9" * 400 + "b", None),
    ("9" * 400 + "m", None),
    ("1x" + "9" * 400 + "b", None),
]


def test_size_in_a_name_must_be_separated_and_plausible(small: Any) -> None:
    small.fill("lake_models", [{"hub_id": name, "repo_id": f"7b/{name}"} for name, _ in NAMES])
    small.make("core_sizes")
    found = {name: (params, source) for name, params, source in small.text("core_sizes", SIZE)}
    assert found == {name: (None, None) if params is None else (str(params), "name") for name, params in NAMES}


def test_curated_size_precedes_files_and_files_precede_name(becomes: Callable[..., None]) -> None:
    becomes(
        "core_sizes",
        """
        hub_id | params_total | params_active | params_source
        1      | 30500000000  | 3300000000    | curated
        2      | 8190735360   | -             | safetensors
        3      | 8190735361   | -             | gguf
        4      | 8000000000   | -             | name
        5      | -            | -             | -
        """,
        lake_models="""
        hub_id | repo_id       | safetensors_total | gguf_total
        1      | Qwen/Qwen3-8B | 8190735360        | 8190735361
        2      | a/Qwen3-8B    | 8190735360        | 8190735361
        3      | b/Qwen3-8B    | -                 | 8190735361
        4      | c/Qwen3-8B    | -                 | -
        5      | d/Qwen3       | -                 | -
        """,
        registry_parameters="""
        repo_id       | params_total | params_active | evidence
        Qwen/Qwen3-8B | 30500000000  | 3300000000    | its card
        """,
    )


BORDERS = [1, 5, 10, 50, 100, 250]
BUCKETS = ["<1", "1-5", "5-10", "10-50", "50-100", "100-250", "250+"]


def test_size_buckets_are_right_open(small: Any) -> None:
    sizes = {}
    for border, below, above in zip(BORDERS, BUCKETS, BUCKETS[1:], strict=False):
        sizes |= {border * 10**9 - 1: below, border * 10**9: above}
    for params in sizes:
        small.fill("lake_models", [{"hub_id": str(params), "repo_id": "a/b", "safetensors_total": str(params)}])
    small.fill("lake_models", [{"hub_id": "unknown", "repo_id": "a/b"}])
    small.make("core_sizes")
    found = dict(small.text("core_sizes", ["hub_id", "size_bucket"]))
    assert found == {**{str(params): bucket for params, bucket in sizes.items()}, "unknown": None}


TOTALS = [
    ("Ornith-1.0-35B", "", 664_944, "name"),
    ("Qwen3-8B", "", 2_000_000_000, "safetensors"),
    ("Qwen3-8B", "", 1_999_999_999, "name"),
    ("Qwen3-8B", "", 8_190_735_360, "safetensors"),
    ("Nemotron-120B-NVFP4", "", 67_228_556_288, "name"),
    ("Nemotron-120B-BF16", "", 67_228_556_288, "safetensors"),
    ("Nemotron-120B-fp8", "", 120_600_000_000, "safetensors"),
    ("Laguna-120B", "compressed-tensors", 67_228_556_288, "name"),
    ("Laguna-120B", "", 71_000_000_000, "safetensors"),
    ("Bonsai-27B-mlx-1bit", "", 1_724_001_520, "name"),
    ("Llama-3-8B-lora", "", 40_000_000, "safetensors"),
    ("EAGLE3-Llama-3-70B", "", 1_000_000_000, "safetensors"),
    ("MoE-200M-160B", "", 202_731_072, "safetensors"),
    ("model", "", 1, "safetensors"),
]
"""Name, tag, total in the files, and which of the two counts."""


def test_too_small_total_is_refused_for_the_name(small: Any) -> None:
    for number, (name, tag, total, _) in enumerate(TOTALS):
        row = {"hub_id": str(number), "repo_id": f"a/{name}", "safetensors_total": str(total), "tags": f"[{tag}]"}
        small.fill("lake_models", [row])
    small.make("core_declared_sizes")
    found = dict(small.text("core_declared_sizes", ["hub_id", "params_source"]))
    assert found == {str(number): source for number, (*_, source) in enumerate(TOTALS)}


def test_copy_has_the_measured_size_of_its_base(becomes: Callable[..., None]) -> None:
    """A name is only as good as the words in it: 46.7 billion are measured, 8x7B says 56."""
    becomes(
        "core_sizes",
        """
        hub_id | params_total | params_source
        1      | 46702792704  | safetensors
        2      | 46702792704  | safetensors
        3      | 56000000000  | name
        """,
        lake_models="""
        hub_id | repo_id                 | safetensors_total
        1      | mistralai/Mixtral-8x7B  | 46702792704
        2      | a/Mixtral-8x7B-AWQ      | 6500000000
        3      | b/Mixtral-8x7B-AWQ      | 6500000000
        """,
        lake_edges="hub_id | parent_ref | relation\n2 | mistralai/Mixtral-8x7B | quantized",
    )


def test_release_date_is_that_of_the_generation(becomes: Callable[..., None]) -> None:
    """Created up to 45 days before the release of its generation."""
    becomes(
        "core_classification",
        """
        hub_id | released_on
        1      | 2025-04-28
        2      | 2025-04-28
        3      | 2025-03-13
        4      | 2025-04-29
        5      | 2025-05-05
        6      | 2025-04-27
        """,
        lake_models="""
        hub_id | repo_id            | created_at
        1      | Qwen/Qwen3-8B      | 2025-04-27
        2      | Qwen/Qwen3-4B      | 2025-03-14
        3      | Qwen/Qwen3-0.6B    | 2025-03-13
        4      | Qwen/Qwen3-32B     | 2025-04-29
        5      | Qwen/Qwen3-235B    | 2025-04-20
        6      | someone/Qwen3-8B   | 2025-04-27
        """,
        lake_model_days="hub_id\n1\n2\n3\n4\n5\n6",
        registry_organizations="handle | lab | origin\nQwen | alibaba | CN",
        registry_family_patterns="family | lab | pattern\nqwen | alibaba | (?i)^qwen",
        registry_generations="family | generation | lab | pattern | released_on\n"
        "qwen | Qwen3 | alibaba | (?i)^qwen3- | 2025-04-28",
        registry_releases="repo_id | released_on | evidence\nQwen/Qwen3-235B | 2025-05-05 | its page",
    )
