"""core_task_classes: what a repository is for, and the reason; is_by_maker."""

import re
from collections.abc import Callable
from typing import Any

from tracker.database import rows
from tracker.registry.entries import TaskClass
from tracker.registry.load import load

TASKS = """
pipeline_tag        | task_class | modality
text-generation     | language   | text
sentence-similarity | encoder    | -
text-to-image       | vision     | -
"""
LIBRARIES = """
library_name | task_class
diffusers    | vision
speechbrain  | audio
"""
MODELS = """
hub_id | repo_id       | pipeline_tag        | library_name | gguf_total
1      | a/chat        | text-generation     | transformers | -
2      | a/embedding   | sentence-similarity | transformers | -
3      | b/copy        | -                   | transformers | -
4      | b/copy-gguf   | -                   | diffusers    | 8
5      | b/merge       | -                   | -            | -
6      | b/second-hand | -                   | -            | -
7      | b/own-task    | text-to-image       | -            | -
8      | b/voice       | -                   | speechbrain  | -
9      | b/gguf        | -                   | -            | 8
10     | b/unknown     | -                   | transformers | -
11     | b/new-task    | any-to-smell        | transformers | -
12     | b/on-voice    | -                   | -            | -
13     | b/on-nothing  | -                   | -            | 8
14     | b/even        | -                   | -            | -
15     | b/by-name     | -                   | diffusers    | -
"""
EDGES = """
hub_id | parent_ref
3      | a/chat
4      | a/embedding
5      | a/chat
5      | a/embedding
5      | b/copy
6      | b/copy
7      | a/chat
12     | b/voice
13     | b/unknown
14     | a/chat
14     | a/embedding
15     | nobody/gone
"""
EXPECTED = """
hub_id | task_class | task_class_because
1      | language   | its task is text-generation
2      | encoder    | its task is sentence-similarity
3      | language   | no known task; the models it is built on are of the class language
4      | encoder    | no known task; the models it is built on are of the class encoder
5      | language   | no known task; the models it is built on are of the class language
6      | language   | no known task; the models it is built on are of the class language
7      | vision     | its task is text-to-image
8      | audio      | no known task; its library is speechbrain
9      | language   | no known task; its files are GGUF
10     | -          | no known task, and its library and files do not decide
11     | -          | no known task, and its library and files do not decide
12     | audio      | no known task; the models it is built on are of the class audio
13     | language   | no known task; its files are GGUF
14     | encoder    | no known task; the models it is built on are of the class encoder
15     | vision     | no known task; its library is diffusers
"""


def test_task_class_comes_from_task_roots_or_library(becomes: Callable[..., None]) -> None:
    becomes(
        "core_task_classes",
        EXPECTED,
        registry_tasks=TASKS,
        registry_libraries=LIBRARIES,
        lake_models=MODELS,
        lake_edges=EDGES,
    )


def test_task_classes_of_the_registry_are_closed() -> None:
    registry = load()
    tasks = {task.id: task.task_class for task in registry.tasks}
    language = {
        "text-generation", "image-text-to-text", "any-to-any", "video-text-to-text", "audio-text-to-text",
        "text2text-generation", "conversational",
    }  # fmt: skip
    assert {task for task, task_class in tasks.items() if task_class is TaskClass.LANGUAGE} == language
    assert set(tasks.values()) == set(TaskClass)
    seen = "image|video|visual|object|mask-|depth|keypoint|3d"
    for words, expected in ((seen, TaskClass.VISION), ("audio|speech|voice", TaskClass.AUDIO)):
        named = {task: task_class for task, task_class in tasks.items() if re.search(words, task)}
        assert {task for task, task_class in named.items() if task_class is not expected} <= language and named
    assert {library.task_class for library in registry.libraries} <= set(TaskClass) and registry.libraries


COPIES = "select hub_id, layer || ' ' || is_by_maker || ' ' || counted_layer from core_classification"


def test_copies_are_by_maker_only_from_the_makers_lab(small: Any, read_cells: Callable[..., Any]) -> None:
    small.fill("registry_organizations", read_cells("handle | lab | origin\nQwen | alibaba | CN\ngoogle | google | US"))
    names = ("Qwen/base", "Qwen/base-FP8", "someone/base-GGUF", "Qwen/on-gemma", "google/gemma", "Qwen/half")
    for number, name in enumerate(names, start=1):
        small.fill("lake_models", [{"hub_id": str(number), "repo_id": name}])
    for child, relation, parent in (
        (2, "quantized", "Qwen/base"), (3, "quantized", "Qwen/base"), (4, "finetune", "google/gemma"),
        (6, "merge", "Qwen/base"), (6, "merge", "google/gemma"),
    ):  # fmt: skip
        small.fill("lake_edges", [{"hub_id": str(child), "parent_ref": parent, "relation": relation}])
    small.make("core_classification")
    found = dict(rows(small.connection, COPIES))
    assert [found[str(number)] for number in range(1, 7)] == [
        "release true release", "repackaged true release", "repackaged false repackaged",
        "derivative false derivative", "release true release", "derivative false derivative",
    ]  # fmt: skip
