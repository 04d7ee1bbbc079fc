"""Questions to a built warehouse, answered as Polars frames: `tracker.open(home).adoption(by="origin")`.

Every number is one of the public tables (warehouse/README.md); here they are chosen and grouped, never defined. An
argument outside its allowed values raises UsageError, which names them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from tracker.api import adoption_sql, queries
from tracker.api.arguments import LAYERS, allowed, day, some
from tracker.api.lineage import Descent, Run
from tracker.api.published import LISTED, REPRODUCTIONS
from tracker.database import arrow, one
from tracker.errors import UsageError
from tracker.sql.query import answer, opened
from tracker.warehouse.build import FILE

LENSES = ("publisher", "root")
METRICS = ("downloads", "downloads_7d_mean", "downloads_30d", "downloads_all_time", "likes", "models")

GROUPS = {
    "origin": "adoption.origin",
    "region": """
        case
            when adoption.origin is null or adoption.origin = 'unaffiliated' then adoption.origin
            else coalesce(origins.region, 'Unknown')
        end
    """,
    "lab": "adoption.lab",
    "family": "adoption.family",
    "generation": "adoption.generation",
    "layer": "adoption.layer",
    "size_bucket": "adoption.size_bucket",
}
"""What adoption may be grouped by -> its expression."""

_TABLES = {"lab": "family_days", "family": "family_days", "generation": "family_days", "size_bucket": "adoption_days"}
"""What adoption is grouped by -> the table that has it; `origin_days`, the smallest, has the others."""

_SPLIT = {"is_below_1b": "adoption.is_below_1b", "is_gguf": "adoption.is_gguf"}
_SWITCHED = {
    "origin_days": _SPLIT,
    "family_days": _SPLIT,
    "adoption_days": {"is_below_1b": "(adoption.size_bucket = '<1')", "is_gguf": "false"},
}
"""Table -> how it tells small models and GGUF repositories apart."""

_MODELS = """
select
    models.hub_id, models.repo_id, models.publisher_lab, models.publisher_origin, models.root_origin,
    models.root_family, models.is_mixed_origin, models.layer, models.family, models.generation, models.released_on,
    models.params_total, models.size_bucket, models.license, models.is_gguf, models.is_listed,
    days.downloads_30d, days.downloads_all_time, days.likes
from models
left join model_days as days on days.hub_id = models.hub_id and days.day = models.last_seen
where contains(lower(models.repo_id), lower($search))
    and ($origins::varchar[] is null or list_contains($origins::varchar[], models.publisher_origin))
    and ($labs::varchar[] is null or list_contains($labs::varchar[], models.publisher_lab))
    and ($layers::varchar[] is null or list_contains($layers::varchar[], models.layer))
order by days.downloads_30d desc nulls last, models.hub_id
limit $limit
"""

_MOMENTUM = """
select
    models.repo_id, models.publisher_lab, models.publisher_origin, momentum.*
from momentum
join models using (hub_id)
order by momentum.age_days, momentum.ram_median desc nulls last, momentum.hub_id
"""


@dataclass(frozen=True, slots=True)
class Tracker(Descent):
    """A built warehouse. From `of_home`, each call reads the file as it is then: the next call sees a new build."""

    warehouse: Path
    run: Run
    """How the questions of this class are asked; `sql`, which takes anybody's text, always opens the file sealed."""

    @classmethod
    def of_home(cls, home: str | Path) -> "Tracker":
        """The warehouse of a home. Raises DataError, with what to run, if there is none or it cannot be read."""
        warehouse = Path(home) / FILE
        with opened(warehouse) as connection:
            one(connection, "select count(*) from build")
        return cls(warehouse, partial(_read, warehouse))

    def adoption(
        self,
        by: str = "origin",
        lens: str = "publisher",
        layer: str | Iterable[str] | None = None,
        metric: str | Iterable[str] = "downloads",
        since: str | date | None = None,
        until: str | date | None = None,
        below_1b: bool = True,
        gguf: bool = True,
        of: str | Iterable[str] | None = None,
        family: str | None = None,
    ) -> pl.DataFrame:
        """Who is used how much, day by day: day, `by`, `metric`, share (0 to 1, of all groups that day).

        Of several metrics each has a column and its share, `<metric>_share`. The largest group of a day, by the first
        metric, comes first. Days on which none of the metrics is known have no row. A group of null holds what no
        origin, lab, family or size is known of; 'unaffiliated' is an origin and a region of its own.

        Args:
            by: origin, region, lab, family, generation, layer or size_bucket.
            lens: publisher (who published it) or root (who made what it is built on, by weight).
            layer: one or several of release, derivative, repackaged, other; all if None.
            metric: one or several of downloads (of the day), downloads_7d_mean, downloads_30d, downloads_all_time,
                likes and models.
            since: the first day, as a date or as 2026-08-19.
            until: the last day, likewise.
            below_1b: False leaves out models known to have fewer than a billion parameters.
            gguf: False leaves out GGUF repositories, whose downloads are counted per file; not by size_bucket.
            of: the groups to answer for, one or several; all if None. Shares stay those of all.
            family: only what counts for this family; shares are then of the family's whole.
        """
        group = GROUPS[allowed("by", by, GROUPS)]
        table = _TABLES.get(by, "family_days" if family else "origin_days")
        if table == "adoption_days" and not gguf:
            raise UsageError("By size_bucket, GGUF repositories cannot be left out: choose another grouping.")
        counted = adoption_sql.COUNTED.format(
            **_SWITCHED[table], of_family="and adoption.family = $family" if family else ""
        )
        metrics = some("metric", metric, METRICS)
        if not metrics:
            raise UsageError("metric must name one metric or more.")
        every = table if family or table == "adoption_days" else "origin_days"
        whole = adoption_sql.OF_ALL if of is None else adoption_sql.OF_SOME.format(table=every, counted=counted)
        sql = adoption_sql.ADOPTION.format(
            group=group, by=by, table=table, counted=counted, whole=whole, **adoption_sql.of_metrics(metrics)
        )
        values: dict[str, Any] = {
            **({"family": family} if family else {}),
            "below_1b": below_1b,
            "gguf": gguf,
            "lens": allowed("lens", lens, LENSES),
            "layers": some("layer", layer, LAYERS),
            "since": day("since", since),
            "until": day("until", until),
            "of": some("of", of, None),
        }
        return self.run(sql, values)

    def counts(self, repo_ids: str | Iterable[str], metric: str = "downloads") -> pl.DataFrame:
        """Single repositories day by day: day, repo_id, `metric`; days on which it is not known have no row.

        A name that several repositories had is that of the one listed. The 7-day mean is over the known days of the
        seven, where four or more are.

        Args:
            repo_ids: names, one or several; one that no repository has gives no row.
            metric: downloads (of the day), downloads_7d_mean, downloads_30d, downloads_all_time or likes.
        """
        sql = queries.counts(allowed("metric", metric, queries.METRICS))
        return self.run(sql, {"of": some("repo_ids", repo_ids, None)})

    def first_releases(self, by: str = "family") -> pl.DataFrame:
        """When each lab, family or generation first released a model: `by`, released_on.

        Of the models the lake holds; a generation's day is the registry's where that has one.
        """
        return self.run(queries.FIRST_RELEASES[allowed("by", by, queries.FIRST_RELEASES)], {})

    def models(
        self,
        search: str = "",
        origin: str | Iterable[str] | None = None,
        lab: str | Iterable[str] | None = None,
        layer: str | Iterable[str] | None = None,
        limit: int = 1000,
    ) -> pl.DataFrame:
        """Repositories whose name contains `search`, by 30-day downloads: where they count, and their last counters.

        `origin` and `lab` are those of the publisher. At most `limit` rows.
        """
        if limit < 1:
            raise UsageError(f"limit must be 1 or more, not {limit}.")
        values = {
            "search": search,
            "origins": some("origin", origin, None),
            "labs": some("lab", lab, None),
            "layers": some("layer", layer, LAYERS),
            "limit": limit,
        }
        return self.run(_MODELS, values)

    def momentum(self) -> pl.DataFrame:
        """Releases at 7 to 365 days of age against the leaders of their size: the table `momentum`, with names."""
        return self.run(_MOMENTUM, {})

    def origin_flows(self) -> pl.DataFrame:
        """The table `origin_flows`: month, publisher_origin, root_origin, layer, models, downloads."""
        return self.run("select * from origin_flows order by all", {})

    def crossovers(self) -> pl.DataFrame:
        """The table `crossovers`: when the downloads of country a pass those of b, with an interval."""
        return self.run("select * from crossovers order by all", {})

    def robustness(self) -> pl.DataFrame:
        """The table `robustness`: China against the United States under each definition, the baseline first."""
        return self.run("select * from robustness order by number, headline", {})

    def reproductions(self) -> pl.DataFrame:
        """Figures that others published beside ours: the tables `published_figures` and `reproductions`."""
        return self.run(REPRODUCTIONS, {})

    def list_downloads(self, names: Iterable[str]) -> pl.DataFrame:
        """The published figures that count the models of a list, with ours for the list `names`.

        Names are matched exactly, as repositories are called now; ours sums the all-time downloads of their last
        readings. Columns: figure, our_value, our_since, our_until, is_same_time, gap, matched (names that are here),
        counted (of those, with a known counter), unmatched. No row if none is here.
        """
        return self.run(LISTED, {"names": sorted(set(names))})

    def sql(self, query: str) -> pl.DataFrame:
        """What one reading statement gives. Raises UsageError for anything else, and for SQL that does not run."""
        with opened(self.warehouse) as connection:
            return pl.DataFrame(answer(connection, query))


def _read(warehouse: Path, sql: str, values: Mapping[str, Any]) -> pl.DataFrame:
    with opened(warehouse) as connection:
        return pl.DataFrame(arrow(connection, sql, values or None))
