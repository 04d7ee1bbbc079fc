"""Each check of a warehouse: it finds nothing in sound tables, and a row for each kind of damage."""

from dataclasses import dataclass

import pytest

from tests.support.database import in_memory
from tracker.database import rows
from tracker.warehouse.sql_files import checks


@dataclass(frozen=True, slots=True)
class Case:
    """Sound tables of a check, and statements that each break its claim."""

    tables: tuple[str, ...]
    damages: tuple[str, ...]


CASES = {
    "adoption_days__loses_no_download": Case(
        (
            "stg_model_days as select hub_id, date '2026-08-19' as day, 'hub' as scope, 7 as downloads_30d "
            "from range(3) as ids (hub_id)",
            "core_usable_crawls as select date '2026-08-19' as day, 'hub' as scope",
            "core_uncounted_repositories as select 2 as hub_id",
            "model_flows as select hub_id, date '2026-08-19' as day, 1.5 as downloads from range(3) as ids (hub_id)",
            "adoption_days as select date '2026-08-19' as day, lens, 2.0 as models, 14.0 as downloads_30d, "
            "3.0 as downloads from (values ('publisher'), ('root')) as lenses (lens)",
        ),
        (
            "delete from adoption_days where lens = 'root'",
            "update adoption_days set models = 1.9 where lens = 'root'",
            "update adoption_days set downloads_30d = 13 where lens = 'publisher'",
            "update adoption_days set downloads = null",
            "delete from model_flows",
            "delete from core_uncounted_repositories",
            "insert into adoption_days values ('2026-08-20', 'root', 1, 1, 1)",
        ),
    ),
    "axis_shares__add_up_to_one": Case(
        (
            "axis_shares as select 'openrouter' as axis, date '2026-08-19' as day, lab, 5.0 as value, "
            "0.5::double as share, 0.9::double as coverage from (values ('alibaba'), ('meta')) as labs (lab)",
        ),
        (
            "update axis_shares set share = 0.6 where lab = 'meta'",
            "update axis_shares set value = -1 where lab = 'meta'",
            "update axis_shares set coverage = -0.1",
            "update axis_shares set coverage = 1.1",
            "delete from axis_shares where lab = 'meta'",
        ),
    ),
    "concentration_days__are_shares": Case(
        (
            "concentration_days as select date '2026-08-19' as day, 'root' as lens, 'lab' as of, 4 as members, "
            "0.25::double as hhi, 0::double as gini, 0.25::double as top1_share, 1::double as top10_share",
        ),
        (
            "update concentration_days set hhi = 1.01",
            "update concentration_days set hhi = 0.24",
            "update concentration_days set gini = -0.01",
            "update concentration_days set gini = 1.01",
            "update concentration_days set top1_share = 0.24",
            "update concentration_days set top1_share = 1.0, top10_share = 0.9",
            "update concentration_days set top10_share = 1.01",
        ),
    ),
    "coverage_days__have_no_gap": Case(
        ("coverage_days as select date '2026-08-19' as day, 'hub' as scope, 'complete' as state",),
        ("update coverage_days set state = 'missing'",),
    ),
    "crawls__read_whole_listings": Case(
        (
            "crawls as select 'a' as crawl, 7 as models, 'it shrank' as incomplete_because, "
            "source = 'crawl' as is_complete, source from (values ('crawl'), ('file')) as sources (source)",
        ),
        ("update crawls set is_complete = false",),
    ),
    "crossovers__are_within_the_days_known": Case(
        (
            "crossover_series as select day::date as day, 'downloads' as metric, 'language' as task_class, "
            "'root' as lens, 'all' as layer, 'baseline' as definition "
            "from (values ('2026-08-01'), ('2026-08-20')) as days (day)",
            "crossovers as select 'downloads' as metric, 'language' as task_class, 'root' as lens, 'all' as layer, "
            "'CN' as a, 'US' as b, "
            "date '2026-08-10' as crossed_on, date '2026-08-09' as low, date '2026-08-12' as high",
        ),
        (
            "update crossovers set crossed_on = '2026-07-31'",
            "update crossovers set crossed_on = '2026-08-21'",
            "update crossovers set low = '2026-08-13'",
            "update crossovers set low = '2026-07-31'",
            "update crossovers set high = '2026-08-21'",
            "update crossovers set layer = 'release'",
            "update crossovers set task_class = 'vision'",
        ),
    ),
    "crawls__refuse_few_rows": Case(
        ("crawls as select 'a' as crawl, 200 as rows_read, 2 as refused, 'no id: 2' as refused_because",),
        ("update crawls set refused = 3",),
    ),
    "model_days__are_not_negative": Case(
        (
            "stg_model_days as select 'a' as hub_id, date '2026-08-19' as day, 0 as downloads_30d, "
            "0 as downloads_all_time, 0 as likes",
        ),
        tuple(
            f"update stg_model_days set {column} = -1" for column in ("downloads_30d", "downloads_all_time", "likes")
        ),
    ),
    "models__have_known_origins": Case(
        (
            "models as select unnest(['CN', 'unaffiliated', null]) as publisher_origin",
            "origins as select 'CN' as code",
        ),
        ("insert into models values ('XX')",),
    ),
    "origin_flows__agree_with_adoption_days": Case(
        (
            "origin_flows as select date '2026-08-01' as month, origin as publisher_origin, origin as root_origin, "
            "7.0 as downloads from (values ('FR'), ('CN'), (null)) as origins (origin)",
            "panel_days as select day::date as day, 'all' as task_class, segment as flow_segment "
            "from (values ('2026-08-18', 1), ('2026-08-19', 2), ('2026-08-20', 2)) as days (day, segment)",
            "adoption_days as select day::date as day, null::varchar as task_class, lens, origin, 3.5 as downloads "
            "from (values ('2026-08-18'), ('2026-08-19'), ('2026-08-20')) as days (day), "
            "(values ('publisher'), ('root')) as lenses (lens), (values ('FR'), ('CN'), (null)) as origins (origin)",
        ),
        (
            "delete from origin_flows where publisher_origin = 'FR'",
            "delete from origin_flows where publisher_origin is null",
            "delete from adoption_days where lens = 'root' and origin = 'CN'",
            "update origin_flows set downloads = 8 where root_origin = 'CN'",
            "update adoption_days set downloads = null where origin is null",
            "update panel_days set flow_segment = 2",
        ),
    ),
}


def test_every_check_has_a_case() -> None:
    with in_memory() as connection:
        assert {check.name for check in checks(connection)} == CASES.keys()


@pytest.mark.parametrize("name", CASES)
def test_check_finds_each_damage_and_nothing_in_sound_tables(name: str) -> None:
    with in_memory() as connection:
        [check] = [check for check in checks(connection) if check.name == name]
        for table in CASES[name].tables:
            connection.execute(f"create table {table}")
        assert rows(connection, check.sql) == []
        for damage in CASES[name].damages:
            connection.begin()
            connection.execute(damage)
            assert rows(connection, check.sql), damage
            connection.rollback()
