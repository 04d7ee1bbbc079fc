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
