"""How concentrated a day's downloads are."""

from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.examples import examples

COLUMNS = "members, hhi, effective_number, gini, top1_share, top10_share"
QUERY = f"select day, lens, of, {COLUMNS} from concentration_days"


def members(world: Any) -> dict[Any, dict[str, float]]:
    """(day, lens, of) -> downloads of each lab, family or model."""
    table: dict[Any, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for (number, day), downloads in world.flows.items():
        _, lab, family = world.publisher(number)
        places = [("publisher", lab, family, str(number), 1.0)]
        places += [("root", root.lab, root.family, root.key, root.weight) for root in world.roots(number)]
        for lens, lab, family, model, weight in places:
            for of, member in (("lab", lab), ("family", family), ("model", model)):
                if member is not None:
                    table[day, lens, of][member] += downloads * weight
    return table


def judged(downloads: list[float]) -> tuple[float | None, ...]:
    """metrics.md: HHI, 1/HHI, Gini as the mean difference of all pairs, top-1 and top-10 share."""
    total, count = sum(downloads), len(downloads)
    if not total:
        return (count, None, None, None, None, None)
    hhi = sum((value / total) ** 2 for value in downloads)
    gini = sum(abs(x - y) for x in downloads for y in downloads) / (2 * count * total)
    top = sorted(downloads, reverse=True)
    return (count, hhi, 1 / hhi, gini, top[0] / total, sum(top[:10]) / total)


@settings(max_examples=examples(25), deadline=None)
@given(data=st.data())
def test_concentration_matches_plain_python(ask: Any, worlds: Any, on_day: Any, data: Any) -> None:
    world = data.draw(worlds())
    found = {row[:3]: row[3:] for row in ask(world, "concentration_days", QUERY)}
    wanted = {(on_day(day), lens, of): judged(list(m.values())) for (day, lens, of), m in members(world).items()}
    assert found.keys() == wanted.keys()
    for key, row in wanted.items():
        assert found[key] == tuple(None if v is None else pytest.approx(v, rel=1e-5, abs=1e-6) for v in row)


@pytest.mark.parametrize(
    ("downloads", "wanted"),
    [
        ([5], (1, 1, 1, 0, 1, 1)),
        ([5, 5, 5, 5], (4, 0.25, 4, 0, 0.25, 1)),
        ([0, 0, 0, 8], (4, 1, 1, 0.75, 1, 1)),
        ([0, 0], (2, None, None, None, None, None)),
        ([1] * 20, (20, 0.05, 20, 0, 0.05, 0.5)),
        ([1] * 12 + [88], (13, 0.7756, 1 / 0.7756, judged([1] * 12 + [88])[3], 0.88, 0.97)),
    ],
    ids=["one", "four equal", "one of four", "nothing", "twenty equal", "one of thirteen"],
)
@pytest.mark.parametrize("lens", ["publisher", "root"])
def test_equal_members_and_a_single_one_are_the_ends_of_the_scale(
    ask: Any, make_world: Any, make_model: Any, downloads: list[int], wanted: tuple[Any, ...], lens: str
) -> None:
    world = make_world([make_model()] * len(downloads), flows={(n, 0): value for n, value in enumerate(downloads)})
    [found] = ask(world, "concentration_days", f"select {COLUMNS} from concentration_days where lens = '{lens}'")
    assert found == tuple(None if value is None else pytest.approx(value, abs=1e-6) for value in wanted)


def test_root_lens_credits_descendants_to_a_model(ask: Any, make_world: Any, make_model: Any) -> None:
    models = [make_model("Qwen"), make_model(bases=(0,)), make_model(bases=(0, "gone")), make_model("google")]
    world = make_world(models, flows={(0, 0): 10, (1, 0): 20, (2, 0): 20, (3, 0): 50})
    [found] = ask(
        world, "concentration_days", f"select {COLUMNS} from concentration_days where lens = 'root' and of = 'model'"
    )
    assert found == tuple(pytest.approx(value, abs=1e-6) for value in judged([40, 10, 50]))
