"""Every number of the data files equals the warehouse, checked with separate SQL."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from dashboards.text.report import COLUMNS
from tests.dashboards.report.conftest import Ask
from tests.support.app_page import LANGUAGE, LAYER

SLUGS = (
    "downloads-by-publisher", "downloads-by-root", "crossovers", "robustness", "families", "derivatives-by-root",
    "cross-origin", "concentration", "likes-by-publisher", "coverage", *(f"bridge-{figure}" for figure in (
        "atom-cumulative-china", "economies-share-china", "hf-downloads-qwen", "hf-gguf-qwen",
        "model-pulse-derivatives-2026-09", "model-pulse-qwen-text-2026-09",
    )),
)  # fmt: skip
EXACT = 1e-12
"""Sums of fractions in another order differ in the last bits."""

Key = tuple[str, ...]


def rows(site: Path, slug: str) -> list[dict[str, str]]:
    with (site / "data" / f"{slug}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read(site: Path, slug: str, keys: Key, figure: str) -> dict[Key, float | None]:
    """Key -> figure of a data file; an empty cell is None."""
    found = {tuple(row[key] for key in keys): number(row[figure]) for row in rows(site, slug)}
    assert len(found) == len(rows(site, slug)) > 0
    return found


def number(cell: str) -> float | None:
    return float(cell) if cell else None


def figures(found: list[tuple[Any, ...]]) -> dict[Key, Any]:
    """Key -> figure of rows whose last column is the figure."""
    return {tuple("" if part is None else str(part) for part in row[:-1]): row[-1] for row in found}


def same(ours: Mapping[Key, float | None], theirs: Mapping[Key, Any]) -> None:
    assert set(ours) == set(theirs)
    assert ours == {key: None if value is None else pytest.approx(float(value), EXACT) for key, value in theirs.items()}


def test_bridge_leads_from_the_headline_to_the_figure(reported: Path, ask: Ask) -> None:
    steps = rows(reported, "bridge-atom-cumulative-china")
    sums = dict(
        ask(
            "select origin, sum(downloads_30d) from origin_days where lens = 'publisher' and day = '2026-11-20' "
            f"and {LANGUAGE} group by all"
        )
    )
    assert [row["kind"] for row in steps] == ["end", "step", "step", "unknown", "unknown", "rest", "end"]
    first, *_, last = (number(row["share"]) for row in steps)
    assert first == pytest.approx(sums["CN"] / (sums["CN"] + sums["US"]), EXACT)
    assert last == pytest.approx(1150 / 1873)
    moved = sum(number(row["effect"]) or 0.0 for row in steps)
    assert first is not None and last is not None and moved == pytest.approx(last - first)


@pytest.mark.parametrize(
    ("slug", "lens", "metric"),
    [
        ("downloads-by-publisher", "publisher", "downloads_30d"),
        ("downloads-by-root", "root", "downloads_30d"),
        ("likes-by-publisher", "publisher", "likes"),
    ],
)
def test_lines_are_sums_of_adoption_days(reported: Path, ask: Ask, slug: str, lens: str, metric: str) -> None:
    ours = read(reported, slug, ("day", "code"), "value")
    own = sorted({code for _, code in ours} - {"other"})
    sums = ask(
        f"""
        select day, if(list_contains($1, coalesce(origin, 'not_known')), coalesce(origin, 'not_known'), 'other'),
            sum({metric})
        from adoption_days where lens = $2 and {LANGUAGE} group by all having count({metric}) > 0
        """,
        own,
        lens,
    )
    same(ours, figures(sums))
    total = f"select day::varchar, sum({metric}) from adoption_days where lens = $1 and {LANGUAGE} group by all"
    totals = dict(ask(total, lens))
    shares = read(reported, slug, ("day", "code"), "share")
    same(shares, {key: value / float(totals[key[0]]) for key, value in ours.items() if value is not None})


def test_new_derivatives_equal_derivatives_months(reported: Path, ask: Ask) -> None:
    ours = read(reported, "derivatives-by-root", ("day", "code"), "value")
    own = sorted({code for _, code in ours} - {"other"})
    sums = ask(
        f"""
        select month, if(list_contains($1, coalesce(root_origin, 'not_known')), coalesce(root_origin, 'not_known'),
            'other'), sum(derivatives)
        from derivatives_months where min_downloads = 0 and month::varchar between $2 and $3 and {LANGUAGE}
        group by all
        """,
        own,
        min(day for day, _ in ours),
        max(day for day, _ in ours),
    )
    nothing = dict.fromkeys(ours, 0.0)
    same(ours, nothing | figures(sums))


def test_families_are_the_largest_by_root(reported: Path, ask: Ask) -> None:
    sums = ask(
        f"""
        with of_day as (
            select * replace ({LAYER} as layer) from adoption_days
            where lens = 'root' and {LANGUAGE} and day = (select max(day) from adoption_days where models is not null)
        ),
        largest as (
            select family from of_day where family is not null group by family
            order by sum(downloads_30d) desc limit 15
        )
        select family, layer, sum(downloads_30d), sum(downloads_30d) / (select sum(downloads_30d) from of_day)
        from of_day join largest using (family) group by all having sum(downloads_30d) > 0
        """
    )
    same(read(reported, "families", ("family", "layer"), "value"), figures([row[:3] for row in sums]))
    same(read(reported, "families", ("family", "layer"), "share"), figures([(*row[:2], row[3]) for row in sums]))


def test_cells_are_flows_of_the_last_month(reported: Path, ask: Ask) -> None:
    ours = read(reported, "cross-origin", ("publisher", "root"), "value")
    own = sorted({code for pair in ours for code in pair} - {"other"})
    sums = ask(
        f"""
        select if(list_contains($1, publisher), publisher, 'other'), if(list_contains($1, root), root, 'other'),
            sum(downloads)
        from (
            select coalesce(publisher_origin, 'not_known') as publisher, coalesce(root_origin, 'not_known') as root,
                downloads
            from origin_flows where month = (select max(month) from origin_flows) and {LANGUAGE}
        ) group by all
        """,
        own,
    )
    same(ours, figures(sums))


def test_other_files_equal_their_tables(reported: Path, ask: Ask) -> None:
    labs = f"where \"of\" = 'lab' and {LANGUAGE}"
    same(
        read(reported, "concentration", ("day", "lens"), "effective_number"),
        figures(ask(f"select day, lens, effective_number from concentration_days {labs}")),
    )
    same(
        read(reported, "concentration", ("day", "lens"), "effective_number_7d_mean"),
        figures(ask(f"select day, lens, effective_number_7d_mean from concentration_means {labs}")),
    )
    same(
        read(reported, "robustness", ("headline", "definition"), "value"),
        figures(ask(f"select headline, definition, value from robustness where headline like '%less%' and {LANGUAGE}")),
    )
    same(
        read(reported, "coverage", ("day", "state"), "models"),
        figures(
            ask(
                """
                select day, if(state = 'complete' and day in (
                    select day from quality_events where hub_id is null and kind in ('rollback', 'stall')
                ), 'aside', state), models
                from coverage_days where scope = 'hub'
                """
            )
        ),
    )
    crossed = {row["definition"]: row["crossed_on"] for row in rows(reported, "crossovers")}
    days = ask(f"select definition, crossed_on from robustness where headline like '%less%' and {LANGUAGE}")
    assert crossed == {definition: str(day or "") for definition, day in days}
    [interval] = [
        (row["crossed_on"], row["low"], row["high"])
        for row in rows(reported, "crossovers")
        if row["definition"] == "baseline"
    ]
    known = ask(
        f"""
        select crossed_on, low, high from crossovers
        where {LANGUAGE} and metric = 'downloads' and lens = 'publisher' and layer = 'all'
            and a in ('CN', 'US') and b in ('CN', 'US')
        """
    )
    assert interval in [tuple(str(day or "") for day in row) for row in known]


@pytest.mark.parametrize("slug", SLUGS)
def test_json_equals_csv(reported: Path, slug: str) -> None:
    content = json.loads((reported / "data" / f"{slug}.json").read_text(encoding="utf-8"))
    assert content["is_simulated"] is True
    found = rows(reported, slug)
    assert {row.pop("is_simulated") for row in found} == {"true"}
    if "lines" in content:
        cells = {
            (day, code, name): line[name][place]
            for code, line in content["lines"].items()
            for place, day in enumerate(content["days"])
            for name in ("value", "share")
        }
        theirs = {(row["day"], row["code"], name): number(row[name]) for row in found for name in ("value", "share")}
        assert {key: cell for key, cell in cells.items() if cell is not None or key in theirs} == theirs
        assert {row["name"] for row in found} == {line["name"] for line in content["lines"].values()}
    else:
        text = [["" if cell is None else cell for cell in column] for column in content["columns"].values()]
        theirs_text = [[row[name] for row in found] for name in content["columns"]]
        assert [[_alike(cell) for cell in column] for column in text] == [
            [_alike(cell) for cell in column] for column in theirs_text
        ]


def _alike(cell: Any) -> Any:
    try:
        return float(cell)
    except ValueError:
        return cell


@pytest.mark.parametrize("slug", SLUGS)
def test_metadata_describes_figures_and_columns(reported: Path, slug: str) -> None:
    content = json.loads((reported / "data" / f"{slug}.metadata.json").read_text(encoding="utf-8"))
    needed = ("title", "unit", "definition", "scope", "lens", "day", "source", "licence", "coverage", "built_at")
    assert [name for name in needed if not content[name]] == []
    found = rows(reported, slug)
    assert content["rows"] == len(found) and list(content["columns"]) == list(found[0])
    assert {name: column["meaning"] for name, column in content["columns"].items()} == {
        name: COLUMNS[name] for name in found[0]
    }
    assert content["is_simulated"] is True and "not the real Hub" in content["warning"]
    assert content["scope"] == "all public models of the Hub" and "2026" in content["day"]
