"""Rankings of the Python API, against the public view and the tables of readings."""

from pathlib import Path

import pytest

import tracker
from tests.support.simulated_home import simulated as simulated
from tests.support.warehouse_file import read_rows
from tracker.api.rankings import PERIODS, SUBJECTS
from tracker.api.tracker import Tracker
from tracker.errors import UsageError

PERIODS_OF_VIEW = {"7d": "7 days", "30d": "30 days", "90d": "90 days", "all_time": "all time"}


@pytest.fixture(scope="module")
def api(simulated: Path) -> Tracker:
    return tracker.open(simulated)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_ranking_equals_the_public_view(api: Tracker, simulated: Path, subject: str) -> None:
    for period in PERIODS:
        expected = read_rows(
            simulated,
            "select id, name, rank, rank_change, downloads, change from rankings where downloads is not null "
            f"and subject = '{subject}' and period = '{PERIODS_OF_VIEW[period]}' order by rank, id limit 20",
        )
        found = api.ranking(subject.upper(), period, limit=20)
        columns = ("id", "name", "rank", "rank_change", "downloads", "change_30d")
        assert found.select(columns).rows() == expected if expected else found.is_empty()
    assert api.ranking(subject).height > 5


def test_ranking_counts_the_models_that_match(api: Tracker, simulated: Path) -> None:
    expected = read_rows(
        simulated,
        """
        select repo_id, downloads_30d from models join latest_counts using (hub_id)
        where is_listed and task_class = 'language' and counted_layer = 'release' and publisher_origin = 'CN'
            and size_bucket = '5-10'
        order by 2 desc, hub_id limit 5
        """,
    )
    found = api.ranking("model", layer="release", origin="china", size_bucket="5-10", limit=5)
    assert found.select("name", "downloads").rows() == expected and len(expected) > 1


def test_ranking_by_base_model_credits_labs(api: Tracker, simulated: Path) -> None:
    expected = read_rows(
        simulated,
        """
        select lab, round(sum(downloads_30d)) from family_days
        where day = '2026-11-20' and lens = 'root' and task_class = 'language' and lab is not null
        group by lab order by 2 desc limit 5
        """,
    )
    found = api.ranking("lab", lens="root", limit=5)
    assert [row[0] for row in expected] == found["id"].to_list()
    assert found["downloads"].to_list() == pytest.approx([row[1] for row in expected], rel=1e-4)


def test_risers_have_a_rise_and_reach_the_floor(api: Tracker) -> None:
    found = api.ranking("model", order="rise", floor=1000, limit=10)
    assert found["rise"].to_list() == sorted(found["rise"], reverse=True) and found.height == 10
    assert found["downloads"].min() >= 1000  # type: ignore[operator]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"subject": "country"}, "subject must be one of lab, family, model, account"),
        ({"period": "1y"}, "period must be one of 30d, 7d, 90d, all_time"),
        ({"origin": "Chna"}, "There is no origin 'Chna'. Did you mean CN"),
        ({"format": "zip"}, "format must be one of GGUF"),
        ({"limit": 0}, "limit must be 1 or more, not 0"),
    ],
)
def test_ranking_refuses_unknown_values(api: Tracker, wrong: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        api.ranking(**wrong)  # type: ignore[arg-type]
