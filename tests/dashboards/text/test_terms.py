"""Names of origins and model types, and the size line of the table of models."""

from dashboards.data import vocabulary
from dashboards.text import models, terms


def test_unknown_codes_are_shown_as_stored() -> None:
    assert terms.origin_name(None, {}) == "Unknown"
    assert terms.origin_name("XX", {}) == "XX"
    assert vocabulary.layer_name("newly-invented") == "newly-invented"


def test_rows_shown_of_the_table_of_models() -> None:
    assert models.rows_shown(100, 8000, "Newest") == (
        "The first 100 of 8,000 models, newest first. Tick a row to open its model."
    )
    assert models.rows_shown(1, 1, "Likes") == "1 model, by likes. Tick a row to open its model."
