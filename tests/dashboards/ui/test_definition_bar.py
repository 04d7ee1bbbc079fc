"""The button of the definition bar states what is counted, and links restore it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

Opener = Callable[..., AppTest]


def label(app: AppTest) -> str:
    """The text on the button of the definition bar."""
    [button] = [block.proto.popover.label for block in blocks(app) if block.proto.HasField("popover")]
    return str(button)


def blocks(app: AppTest) -> list[object]:
    """All containers of a page."""
    found, pending = [], [app._tree[0]]
    while pending:
        block = pending.pop()
        if hasattr(block, "children"):
            found += [block] if hasattr(getattr(block, "proto", None), "popover") else []
            pending += list(block.children.values())
    return found


@pytest.mark.parametrize(
    ("link", "text"),
    [
        ({}, "Counted: all model types"),
        ({"layers": ["Original", "Other"]}, "Counted: only original, other"),
        ({"small": "without models below 1B"}, "Counted: all model types, without models below 1B"),
        ({"gguf": "without GGUF", "layers": "Original"}, "Counted: only original, without GGUF"),
        ({"layers": ["Release", "Derivative"], "lens": "Root"}, "Counted: only original, fine-tune"),
        ({"gguf": "sideways", "layers": "Nothing", "small": ""}, "Counted: all model types"),
    ],
)
def test_button_states_the_definition_of_a_link(
    open_page: Opener, simulated: Path, link: dict[str, str | list[str]], text: str
) -> None:
    app = open_page(simulated, "views/overview.py", **link)
    assert not app.exception
    assert label(app) == text
    assert label(app.run()) == text


def test_former_labels_in_links_still_work(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated, "views/overview.py", lens="Root", layers=["Release", "Derivative"], view="Level")
    now = open_page(
        simulated, "views/overview.py", lens="Base model", layers=["Original", "Fine-tune"], view="Total"
    )  # fmt: skip
    assert not app.exception
    assert [caption.value for caption in app.caption] == [caption.value for caption in now.caption]
