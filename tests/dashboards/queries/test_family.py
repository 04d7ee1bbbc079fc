"""The largest members of a family equal SQL under each switch of the definition."""

from pathlib import Path

import pytest

from dashboards.data.definition import Definition
from dashboards.data.warehouse import NotReady, open_store
from dashboards.queries import family
from tests.support.app_page import LANGUAGE, LAYER
from tests.support.warehouse_file import read_rows

SWITCHES = [
    (Definition(models="all"), "true"),
    (Definition(models="all", gguf=False), "not is_gguf"),
    (Definition(models="all", below_1b=False), "is_below_1b is distinct from true"),
    (Definition(models="all", layers=("release",)), f"{LAYER} = 'release'"),
    (Definition(), LANGUAGE),
]


@pytest.mark.parametrize(("definition", "condition"), SWITCHES, ids=[condition for _, condition in SWITCHES])
def test_top_models_equal_sql(simulated: Path, definition: Definition, condition: str) -> None:
    found = open_store(simulated)
    assert not isinstance(found, NotReady)
    models = (
        "select hub_id from family_members where family = 'qwen' and {} order by credited_30d desc nulls last, hub_id"
    )
    every, some = (read_rows(simulated, models.format(one)) for one in ("true", condition))
    assert [(hub_id,) for hub_id in family.top_models(found[0], definition, "qwen", 1000)["hub_id"]] == some
    assert 0 < len(some) < len(every) or (condition in ("true", LANGUAGE) and some)
