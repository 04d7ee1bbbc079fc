"""Credit to roots, new derivatives and downloads, compared with plain Python over single repositories."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import tracker
from tests.support.simulated_home import simulated as simulated
from tracker.api.tracker import Tracker
from tracker.errors import UsageError


@pytest.fixture(scope="module")
def api(simulated: Path) -> Tracker:
    """The API over the simulated home."""
    return tracker.open(simulated)


def roots_by_repository(api: Tracker) -> dict[str, dict[str, Fraction]]:
    """Return repository -> its roots (hub_id or name) with weights, by following the used links upwards."""
    parents: dict[str, list[str]] = defaultdict(list)
    for child, parent, ref in api.sql("select child_id, parent_id, parent_ref from used_edges").iter_rows():
        parents[child].append(parent or ref)

    def roots_of(here: str) -> dict[str, Fraction]:
        found: dict[str, Fraction] = defaultdict(Fraction)
        for parent in parents.get(here, []):
            for root, weight in roots_of(parent).items():
                found[root] += weight / len(parents[here])
        return found or {here: Fraction(1)}

    return {hub_id: roots_of(hub_id) for (hub_id,) in api.sql("select hub_id from models").iter_rows()}


@pytest.fixture(scope="module")
def rooted(api: Tracker) -> dict[str, dict[str, Fraction]]:
    return roots_by_repository(api)


@pytest.fixture(scope="module")
def names(api: Tracker) -> dict[str, str]:
    """hub_id -> name, for names that only one repository has."""
    found = dict(api.sql("select hub_id, repo_id from models").iter_rows())
    often = Counter(found.values())
    return {hub_id: name for hub_id, name in found.items() if often[name] == 1}


def credited(api: Tracker, rooted: dict[str, dict[str, Fraction]]) -> dict[str, dict[date, float]]:
    """Return root -> day -> downloads of the root and its descendants, by weight."""
    weights = {here: {root: float(weight) for root, weight in roots.items()} for here, roots in rooted.items()}
    found: dict[str, dict[date, float]] = defaultdict(lambda: defaultdict(float))
    for hub_id, day, downloads in api.sql("select hub_id, day, downloads from model_flows").iter_rows():
        for root, weight in weights[hub_id].items():
            found[root][day] += downloads * weight
    return found


def test_root_downloads_equal_plain_python(
    api: Tracker, rooted: dict[str, dict[str, Fraction]], names: dict[str, str]
) -> None:
    expected = {names[root]: days for root, days in credited(api, rooted).items() if root in names}
    found: dict[str, dict[date, float]] = defaultdict(dict)
    for day, name, downloads in api.root_downloads(list(names.values())).iter_rows():
        found[name][day] = downloads
    assert found.keys() == expected.keys() and len(found) > 100
    for name, days in expected.items():
        assert found[name] == pytest.approx(days, rel=1e-9, abs=1e-6)
    own = api.counts(list(expected)).group_by("repo_id").agg(pl.col("downloads").sum())
    more = sum(sum(found[name].values()) > downloads + 1 for name, downloads in own.iter_rows())
    assert more > 10, "too few roots have descendants"


def test_all_roots_together_have_all_downloads(api: Tracker, names: dict[str, str]) -> None:
    every = api.root_downloads(list(api.sql("select distinct repo_id from models")["repo_id"]))
    assert len(names) == api.sql("select count(*) from models").item(), "some names belong to two repositories"
    by_name = api.sql("select day, sum(downloads) as downloads from root_days where root_id is null group by day")
    found = pl.concat([every.select("day", "downloads"), by_name]).group_by("day").agg(pl.col("downloads").sum())
    expected = api.sql("select day, sum(downloads)::double as downloads from model_flows group by day order by day")
    assert found.sort("day")["downloads"].to_list() == pytest.approx(expected["downloads"].to_list())
    assert found.sort("day")["day"].to_list() == expected["day"].to_list()
    assert by_name.height, "the simulation has no bases known only by name"


def test_mean_of_a_root_is_over_known_days(api: Tracker) -> None:
    root = api.sql(
        "select root_ref from root_days where root_id is not null group by all "
        "order by count(*) desc, sum(downloads) desc limit 1"
    ).item()
    days = dict(api.root_downloads(root).select("day", "downloads").iter_rows())
    weeks = {day: [days[near] for near in days if abs((near - day).days) <= 3] for day in days}
    expected = {day: pytest.approx(sum(week) / len(week)) for day, week in weeks.items() if len(week) >= 4}
    found = api.root_downloads(root, "downloads_7d_mean").select("day", "downloads_7d_mean")
    assert dict(found.iter_rows()) == expected and expected


def test_repository_built_on_others_has_no_root_rows(api: Tracker) -> None:
    built = api.sql("""
        select repo_id from models join model_flows using (hub_id) where hub_id in (select child_id from used_edges)
        group by repo_id order by sum(downloads) desc limit 1
    """).item()
    assert api.counts(built)["downloads"].sum() > 0
    assert api.root_downloads(built).is_empty() and api.root_derivatives("repo_id", built, 0).is_empty()


COUNTED = """
    select hub_id, date_trunc('month', created_at)::date as month
    from models join latest_counts using (hub_id)
    where layer != 'release' and created_at is not null and hub_id in (select child_id from used_edges)
        and coalesce(downloads_all_time, latest_counts.downloads_30d) > {least} and {condition}
"""


@pytest.mark.parametrize("least", [5, *(pytest.param(least, marks=pytest.mark.slow) for least in (0, 50))])
def test_root_derivatives_equal_plain_python(
    api: Tracker, rooted: dict[str, dict[str, Fraction]], names: dict[str, str], least: int
) -> None:
    expected: dict[tuple[date, str], Fraction] = defaultdict(Fraction)
    for hub_id, month in api.sql(COUNTED.format(least=least, condition="task_class = 'language'")).iter_rows():
        for root, weight in rooted[hub_id].items():
            if root in names:
                expected[month, names[root]] += weight
    found = {row[:2]: row[2] for row in api.root_derivatives("repo_id", None, least).iter_rows()}
    assert found == {key: pytest.approx(float(weight)) for key, weight in expected.items()} and found
    one = max(expected, key=lambda key: expected[key])[1]
    some = api.root_derivatives("repo_id", [one], least)
    assert {row[:2]: row[2] for row in some.iter_rows()} == {key: found[key] for key in found if key[1] == one}


@pytest.mark.parametrize("least", [5, *(pytest.param(least, marks=pytest.mark.slow) for least in (0, 50))])
def test_generations_sum_to_their_family(api: Tracker, least: int) -> None:
    found = api.root_derivatives("generation", None, least)
    of = dict(api.sql("select generation, family from generations").iter_rows())
    whole = api.derivatives(least).group_by("month", "root_family").agg(pl.col("derivatives").sum())
    family = api.root_derivatives("family", None, least)
    both = family.join(
        whole, left_on=["month", "family"], right_on=["month", "root_family"], nulls_equal=True, suffix="_of"
    )
    assert both.height == family.height == whole.height > 0
    assert both["derivatives"].to_list() == pytest.approx(both["derivatives_of"].to_list())
    sums: dict[str, float] = defaultdict(float)
    for name, derivatives in found.drop_nulls("generation").select("generation", "derivatives").iter_rows():
        sums[of[name]] += derivatives
    without = api.sql(f"""
        select root_family, sum(derivatives) as derivatives from root_derivatives_months
        where root_generation is null and root_family is not null and min_downloads = {least}
            and task_class = 'language'
        group by root_family
    """)
    for name, derivatives in without.iter_rows():
        sums[name] += derivatives
    totals = family.drop_nulls("family").group_by("family").agg(pl.col("derivatives").sum())
    assert sums == {name: pytest.approx(derivatives) for name, derivatives in totals.iter_rows()}
    assert found["generation"].n_unique() > 5


def test_generation_derivatives_are_those_of_its_roots(api: Tracker, rooted: dict[str, dict[str, Fraction]]) -> None:
    generation = dict(api.sql("select hub_id, generation from models where generation is not null").iter_rows())
    expected: dict[tuple[date, str], Fraction] = defaultdict(Fraction)
    for hub_id, month in api.sql(COUNTED.format(least=5, condition="true")).iter_rows():
        for root, weight in rooted[hub_id].items():
            if root in generation:
                expected[month, generation[root]] += weight
    stored = api.sql("""
        select month, root_generation, sum(derivatives) from root_derivatives_months
        where root_id is not null and root_generation is not null and min_downloads = 5 group by all
    """)
    assert {row[:2]: row[2] for row in stored.iter_rows()} == {
        key: pytest.approx(float(w)) for key, w in expected.items()
    }
    assert expected


Call = Callable[[Tracker], Any]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda t: t.root_downloads("a/b", "likes"), "metric must be one of downloads, downloads_7d_mean, not 'likes'"),
        (lambda t: t.root_derivatives("lab"), "by must be one of family, generation, repo_id, not 'lab'"),
        (lambda t: t.root_derivatives(min_downloads=6), "min_downloads must be one of 0, 5, 50, not 6"),
    ],
)
def test_argument_error_lists_the_allowed_values(api: Tracker, call: Call, message: str) -> None:
    with pytest.raises(UsageError) as raised:
        call(api)
    assert message in str(raised.value)
