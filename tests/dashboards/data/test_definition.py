"""Definitions: the crossovers computed for them, and one changed switch each."""

import pytest

from dashboards.data.definition import Definition
from dashboards.data.vocabulary import LAYERS

NO_COPIES = ("release", "derivative", "other")


@pytest.mark.parametrize(
    ("definition", "layer", "robustness"),
    [
        (Definition(), "all", None),
        (Definition(models="vision"), "all", None),
        (Definition(lens="root"), "all", None),
        (Definition(layers=("release",)), "release", None),
        (Definition(layers=("release", "other")), None, None),
        (Definition(layers=()), None, None),
        (Definition(below_1b=False), None, "without models below 1B"),
        (Definition(gguf=False), None, "without GGUF"),
        (Definition(models="all", gguf=False), None, "without GGUF"),
        (Definition(layers=NO_COPIES), None, "without quantized copies"),
        (Definition(lens="root", gguf=False), None, None),
        (Definition(below_1b=False, gguf=False), None, None),
    ],
)
def test_definition_names_its_crossovers(definition: Definition, layer: str | None, robustness: str | None) -> None:
    assert (definition.crossover_layer, definition.robustness_name) == (layer, robustness)


def test_one_switch_changes_at_a_time() -> None:
    assert Definition().moved() == {
        "lens": Definition(lens="root"),
        "below_1b": Definition(below_1b=False),
        "gguf": Definition(gguf=False),
        "repackaged": Definition(layers=NO_COPIES),
    }
    back = Definition(lens="root", layers=NO_COPIES, below_1b=False, gguf=False).moved()
    assert back["lens"].lens == "publisher" and back["gguf"].gguf and back["below_1b"].below_1b
    assert set(back["repackaged"].layers) == set(LAYERS)
    assert "repackaged" not in Definition(layers=("repackaged",)).moved(), "nothing would be left"
