"""core_layers: layer of a repository and the reason."""

from collections.abc import Callable
from typing import Any

ORGANIZATIONS = """
handle   | lab     | origin | role
Qwen     | alibaba | CN     | lab
AliNLP   | alibaba | CN     | lab
google   | google  | US     | lab
dealer   | -       | US     | company
mercor   | -       | US     | community
unsloth  | -       | US     | repackager
"""

CASES = """
repo_id         | library_name | gguf | bases                                   | layer      | layer_because
Qwen/base-FP8   | transformers | -    | -                                       | repackaged | its name says that it is a copy in another precision or format
Qwen/base-4-bit | transformers | -    | finetune Qwen/base                      | repackaged | its name says that it is a copy in another precision or format
Qwen/base-BF16  | transformers | -    | -                                       | release    | a lab's own weights, no base declared
Qwen/mini       | transformers | -    | quantized Qwen/base                     | release    | declared as a quantized copy, but neither its name nor its files say so: a lab's own weights, built on its own Qwen/base
Qwen/embedder   | transformers | -    | quantized nobody/base                   | derivative | declared as a quantized copy, but neither its name nor its files say so: built on nobody/base by someone else
Qwen/converted  | mlx          | -    | quantized Qwen/base                     | repackaged | declared as a quantized copy
Qwen/base_hf    | transformers | -    | quantized Qwen/base-BF16                | repackaged | declared as a quantized copy
someone/Base.Uncensored-GGUF | - | 8  | quantized Qwen/base                     | derivative | in the format of a copy, but its name says more than that of Qwen/base: uncensored
someone/base-tuned-4bit | transformers | - | quantized Qwen/base                | derivative | in the format of a copy, but its name says more than that of Qwen/base: tuned
someone/Qwen_base-8B-i1-Q4_K_M-GGUF | - | 8 | finetune Qwen/base               | repackaged | its files are GGUF
someone/x-heretic-GGUF | -     | 8    | -                                       | derivative | in the format of a copy, but its name says more than a format: heretic
someone/x-INT8  | transformers | -    | -                                       | repackaged | its name says that it is a copy in another precision or format
unsloth/base-abliterated-GGUF | - | 8 | quantized Qwen/base                     | derivative | in the format of a copy, but its name says more than that of Qwen/base: abliterated
unsloth/base-APEX2-GGUF | -    | 8    | quantized Qwen/base                     | repackaged | declared as a quantized copy
Qwen/base       | transformers | -    | -                                       | release    | a lab's own weights, no base declared
Qwen/instruct   | transformers | -    | finetune Qwen/base                      | release    | a lab's own weights, built on its own Qwen/base
Qwen/sister     | transformers | -    | finetune AliNLP/base                    | release    | a lab's own weights, built on its own AliNLP/base
Qwen/merged     | transformers | -    | merge Qwen/base, merge Qwen/instruct    | release    | a lab's own weights, built on its own Qwen/base
Qwen/distilled  | transformers | -    | finetune google/gemma                   | derivative | built on google/gemma by someone else
Qwen/half       | transformers | -    | merge Qwen/base, merge google/gemma     | derivative | built on google/gemma by someone else
Qwen/second     | transformers | -    | finetune Qwen/distilled                 | derivative | built on its own Qwen/distilled, which goes back to another maker
Qwen/nameless   | transformers | -    | finetune gpt2                           | derivative | built on gpt2 by someone else
Qwen/itself     | transformers | -    | finetune Qwen/itself                    | release    | a lab's own weights, no base declared
Qwen/base-AWQ   | transformers | -    | quantized Qwen/base                     | repackaged | declared as a quantized copy
Qwen/base-GGUF  | -            | 8    | -                                       | repackaged | its files are GGUF
Qwen/base-MLX   | mlx          | -    | finetune Qwen/base                      | repackaged | its files are converted for mlx
Qwen/own-onnx   | onnx         | -    | -                                       | release    | a lab's own weights, no base declared
someone/tuned   | transformers | -    | finetune Qwen/base                      | derivative | built on Qwen/base by someone else
someone/lora    | peft         | -    | adapter Qwen/base                       | derivative | built on Qwen/base by someone else
someone/unclear | transformers | -    | - Qwen/base                             | derivative | built on Qwen/base by someone else
someone/mlx     | mlx          | -    | - Qwen/base                             | repackaged | its files are converted for mlx
someone/mlxlora | mlx          | -    | adapter Qwen/base                       | derivative | built on Qwen/base by someone else
someone/gguf    | gguf         | -    | finetune Qwen/base                      | repackaged | its files are GGUF
someone/4bit    | transformers | -    | quantized Qwen/base                     | repackaged | declared as a quantized copy
someone/scratch | transformers | -    | -                                       | other      | no base declared, and its publisher is not a registered lab
someone/itself  | transformers | -    | finetune someone/itself                 | other      | no base declared, and its publisher is not a registered lab
nameless        | transformers | -    | -                                       | other      | no base declared, and its publisher is not a registered lab
dealer/tuned    | transformers | -    | finetune Qwen/base                      | derivative | built on Qwen/base by someone else
dealer/own      | transformers | -    | finetune dealer/base                    | derivative | built on its own dealer/base, and its publisher is not a registered lab
mercor/scratch  | transformers | -    | -                                       | other      | no base declared, and its publisher is not a registered lab
unsloth/copy    | transformers | -    | -                                       | repackaged | its publisher repackages models of others
unsloth/tuned   | transformers | -    | finetune Qwen/base                      | repackaged | its publisher repackages models of others
unsloth/lora    | peft         | -    | adapter Qwen/base                       | derivative | built on Qwen/base by someone else
"""  # noqa: E501 - one case a line


def test_layer_and_reason(small: Any, read_cells: Callable[..., Any]) -> None:
    cases = {str(number): case for number, case in enumerate(read_cells(CASES))}
    small.fill("registry_organizations", read_cells(ORGANIZATIONS))
    for number, case in cases.items():
        attributes = {"repo_id": case["repo_id"], "library_name": case["library_name"], "gguf_total": case["gguf"]}
        small.fill("lake_models", [{"hub_id": number, **attributes}])
        for declared in (case["bases"] or "").split(", ") if case["bases"] else []:
            relation, parent = declared.split()
            edge = {"hub_id": number, "parent_ref": parent, "relation": None if relation == "-" else relation}
            small.fill("lake_edges", [edge])
    small.make("core_layers")
    found = {number: values for number, *values in small.text("core_layers", ["hub_id", "layer", "layer_because"])}
    by_name = {case["repo_id"]: found[number] for number, case in cases.items()}
    assert by_name == {case["repo_id"]: [case["layer"], case["layer_because"]] for case in cases.values()}


def test_gguf_is_a_repository_without_other_weights(becomes: Callable[..., None]) -> None:
    """Tags name formats, but authors add them too: 6 and 7 are copies that quote the tags of their base."""
    becomes(
        "core_latest_models",
        """
        hub_id | is_gguf
        1      | false
        2      | false
        3      | false
        4      | false
        5      | true
        6      | true
        7      | true
        """,
        lake_models="""
        hub_id | repo_id          | gguf_total | safetensors_total | library_name | tags
        1      | lab/asr-0.6b     | -          | 600000000         | nemo         | [nemo, safetensors, gguf]
        2      | lab/tts          | 224208263  | -                 | nemo         | [nemo, gguf]
        3      | a/both           | 1000       | 1000              | transformers | [gguf]
        4      | a/assets         | -          | -                 | -            | [onnx, gguf]
        5      | a/total          | -          | 1000              | transformers | [gguf]
        6      | a/Llama-3-8B-GGUF | 1000      | -                 | transformers | [gguf, pytorch]
        7      | a/x.i1.gguf      | 1000       | -                 | -            | [gguf, safetensors, mlx]
        """,
    )


def test_gguf_is_detected_by_file_library_or_tag(becomes: Callable[..., None]) -> None:
    becomes(
        "core_latest_models",
        """
        hub_id | is_gguf
        1      | true
        2      | true
        3      | true
        4      | false
        5      | false
        """,
        lake_models="""
        hub_id | repo_id | gguf_total | library_name | tags
        1      | a/one   | 7          | -            | -
        2      | a/two   | -          | gguf         | -
        3      | a/three | -          | -            | [region:us, gguf]
        4      | a/four  | -          | transformers | [region:us]
        5      | a/gguf  | -          | -            | -
        """,
    )


def test_only_the_latest_declared_bases_count(becomes: Callable[..., None]) -> None:
    becomes(
        "core_layers",
        """
        hub_id | layer
        1      | derivative
        2      | other
        """,
        lake_models="""
        hub_id | day        | repo_id
        1      | 2026-08-19 | someone/corrected
        1      | 2026-08-20 | someone/corrected
        2      | 2026-08-19 | someone/withdrawn
        2      | 2026-08-20 | someone/withdrawn
        """,
        lake_edges="""
        hub_id | day        | parent_ref | relation
        1      | 2026-08-19 | Qwen/base  | quantized
        1      | 2026-08-20 | Qwen/base  | finetune
        2      | 2026-08-19 | Qwen/base  | finetune
        """,
    )
