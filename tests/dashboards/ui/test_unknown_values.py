"""An address with unknown values: the page says in one sentence which, and what it shows instead."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.data import format

Opener = Callable[..., AppTest]


@pytest.mark.parametrize(
    ("page", "link", "sentence"),
    [
        ("rankings", {"origin": ["ZZZ", "China"]}, "Origin “ZZZ”. Shown instead: China."),
        ("rankings", {"rank": "Cars", "origin": "ZZZ"}, "Rank “Cars”, Origin “ZZZ”. Shown instead: Labs, All origins."),
        (
            "models",
            {"released": "never", "task": "x"},
            "Task “x”, Released between “never”. Shown instead: All tasks, all days.",
        ),
        ("momentum", {"class": "cars"}, "Models “cars”. Shown instead: Language models."),
        ("cross_origin", {"layers": ["Original", "Car"]}, "Model type “Car”. Shown instead: Original."),
        ("method", {"chapter": "x"}, "Chapter “x”. Shown instead: Tables and columns."),
        ("compare", {"compare": "Labs", "labs": ["Meta", "Nobody"]}, "Labs “Nobody”. Shown instead: Meta."),
    ],
    ids=lambda value: value if isinstance(value, str) and value.islower() else "",
)  # fmt: skip
def test_page_names_unknown_values_and_what_it_shows(
    view_page: Opener, simulated: Path, page: str, link: dict[str, str | list[str]], sentence: str
) -> None:
    app = view_page(simulated, f"views/{page}.py", **link)
    assert not app.exception
    said = [format.escape_markdown(f"Unknown in the address: {sentence}")]
    assert [warning.value for warning in app.warning] == said


def test_codes_and_former_labels_are_known(view_page: Opener, simulated: Path) -> None:
    assert not view_page(simulated, "views/cross_origin.py", layers="Derivative", cells="Level", count="").warning


def test_sentence_goes_once_the_reader_chooses(open_page: Opener, simulated: Path) -> None:
    app = open_page(simulated, "views/rankings.py", period="5 days")
    assert app.warning
    period = next(group for group in app.button_group if group.key == "period")
    assert not period.set_value("90d").run().warning
