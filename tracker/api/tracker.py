"""The class `Tracker`: a built warehouse, queried into Polars frames, such as `tracker.open(home).adoption()`.

All numbers come from the public tables (warehouse/README.md), which define them; the methods only filter and group. An
argument that is not allowed raises UsageError, which lists the allowed values. Origins, labs, families and repositories
may be given by code or name, in any case: 'CN', 'cn' or 'China'. An unknown name raises UsageError with the nearest
ones.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import polars as pl

from tracker.api import adoption_sql, queries
from tracker.api.arguments import LAYERS, LENSES, MODELS, as_day, as_list, one_of
from tracker.api.lineage import LineageQueries
from tracker.api.names import QueryRunner
from tracker.api.rankings import RankingQueries
from tracker.database import Values, arrow, one
from tracker.errors import UsageError
from tracker.sql.query import open_warehouse, run_statement
from tracker.warehouse.build import FILE

COUNTERS = ("downloads_30d", "downloads_all_time", "likes")
"""Metrics of which every repository has its own reading."""
METRICS = ("downloads", "downloads_7d_mean", "downloads_30d", "downloads_all_time", "likes", "models")


@dataclass(frozen=True, slots=True)
class Tracker(LineageQueries, RankingQueries):
    """A built warehouse.

    Made by `of_home`, it opens the file for each call, so the next call after a build sees the new data.
    """

    warehouse: Path
    run: QueryRunner
    """Runs the queries of this class. `sql` does not use it: text of the caller always gets a sealed connection."""

    checks_names: bool = False
    """Whether names are looked up, in any case. Pages give codes and save the queries."""

    @classmethod
    def of_home(cls, home: str | Path) -> "Tracker":
        """Open the warehouse of a home, or a warehouse file by its path.

        Raises DataError, with the command to run, if there is no readable one.
        """
        warehouse = Path(home).expanduser()
        if not warehouse.is_file() and warehouse.suffix != Path(FILE).suffix:
            warehouse /= FILE
        with open_warehouse(warehouse) as connection:
            one(connection, "select count(*) from build")
        return cls(warehouse, partial(_run, warehouse), checks_names=True)

    @property
    def pandas(self) -> "PandasTracker":
        """The same methods with pandas frames: `data.pandas.adoption(by="lab")`. Raises UsageError without pandas."""
        if find_spec("pandas") is None:
            raise UsageError("pandas is not installed. Install it (`pip install pandas`), or use the Polars frames.")
        return PandasTracker(self)

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
        models: str = "language",
        maker_copies_as_release: bool = False,
        as_read: bool = False,
    ) -> pl.DataFrame:
        """Adoption day by day: day, `by`, `metric`, share (0 to 1, of all groups that day), segment.

        With several metrics, each has a column and a share, `<metric>_share`. Within a day the largest group by the
        first metric comes first. Days on which none of the metrics is known have no row. The null group holds models
        without a known origin, lab, family or size; 'unaffiliated' is an origin and a region.

        Compare only days of one `segment`: another segment is a sum over other models, because another scope was read,
        or models with more than 5% of the downloads arrived or left. The table `segments` has the reasons. If the last
        days have registered accounts only (scope labs), wider days are cut to them and belong to the same segment;
        `series_days.is_cut` marks them. The segment is that of the first metric; the downloads of days before a reading
        belong to the segment of that reading. Days on which only a part was read have no counters.

        Args:
            by: origin, region, lab, family, generation, layer or size_bucket.
            lens: publisher (who published the model) or root (who made the model it is built on, by weight).
            layer: one or several of release, derivative, repackaged, other; all if None.
            metric: one or several of downloads (of the day), downloads_7d_mean, downloads_30d, downloads_all_time,
                likes and models.
            since: first day, as a date or as 2026-08-19.
            until: last day, likewise.
            below_1b: False leaves out models known to have fewer than a billion parameters.
            gguf: False leaves out GGUF repositories, whose downloads are counted per file. Not allowed by size_bucket.
            of: one or several groups; all if None. Shares are still of all groups.
            family: restricts to models of this family. Shares are then of the family.
            models: the models counted, by task class: language, encoder, vision, audio or other; or all, which includes
                those of unknown class. Shares are of these models.
            maker_copies_as_release: True counts a lab's own quantized or converted copies as release, not repackaged.
            as_read: False adds up downloads_all_time within a segment: the counters of its first day plus the downloads
                of each day since, so that a counter that restarts, or a model that leaves or arrives, moves no share.
                True gives the sums of the counters as they were read.
        """
        by = one_of("by", by, queries.GROUPS)
        family = self.code("family", family)
        if by == "size_bucket" and not gguf:
            raise UsageError("By size_bucket, GGUF repositories cannot be left out: choose another grouping.")
        metrics = as_list("metric", metric, METRICS)
        if not metrics:
            raise UsageError("metric must name one metric or more.")
        adds_up = "downloads_all_time" in metrics and not as_read
        sql = adoption_sql.adoption(by, metrics, chooses_groups=of is not None, in_family=bool(family), adds_up=adds_up)
        values: dict[str, Any] = {
            **({"family": family} if family else {}),
            "below_1b": below_1b,
            "gguf": gguf,
            "lens": one_of("lens", lens, LENSES),
            "layers": as_list("layer", layer, LAYERS),
            "since": as_day("since", since),
            "until": as_day("until", until),
            "of": self.codes(by, of),
            "models": one_of("models", models, MODELS),
            "maker_copies_as_release": maker_copies_as_release,
        }
        return self.run(sql, values)

    def same_models(
        self,
        by: str = "origin",
        lens: str = "publisher",
        layer: str | Iterable[str] | None = None,
        metric: str = "downloads_30d",
        before: str | date | None = None,
        day: str | date | None = None,
        below_1b: bool = True,
        gguf: bool = True,
        models: str = "language",
        maker_copies_as_release: bool = False,
    ) -> pl.DataFrame:
        """Two days like for like: only the repositories read on both, as on both sides of a break of the series.

        Columns: `by`, models (the repositories, by weight), `metric`_before, `metric`, share_before, share (0 to 1),
        before and day, the largest first. No rows if there is no break and no day is given, or if no repository is in
        both.

        Args:
            by: origin or region.
            lens: publisher or root, as in `adoption`.
            layer: one or several of release, derivative, repackaged, other; all if None.
            metric: downloads_30d, downloads_all_time or likes, as read on the two days.
            before: the earlier day; if None, the last day of the segment before the last one.
            day: the later day; if None, the last day of the last segment.
            below_1b: False leaves out models known to have fewer than a billion parameters.
            gguf: False leaves out GGUF repositories.
            models: the models counted, as in `adoption`.
            maker_copies_as_release: as in `adoption`.
        """
        by, metric = one_of("by", by, ("origin", "region")), one_of("metric", metric, COUNTERS)
        counted = one_of("models", models, MODELS)
        days = {"before": as_day("before", before), "day": as_day("day", day)}
        [compared] = self.run(adoption_sql.COMPARED_DAYS, {**days, "models": counted}).to_dicts()
        values: dict[str, Any] = {
            **compared,
            "models": counted,
            "layers": as_list("layer", layer, LAYERS),
            "below_1b": below_1b,
            "gguf": gguf,
            "maker_copies_as_release": maker_copies_as_release,
        }
        return self.run(adoption_sql.same_models(by, one_of("lens", lens, LENSES), metric), values)

    def counts(self, repo_ids: str | Iterable[str], metric: str = "downloads") -> pl.DataFrame:
        """Single repositories day by day: day, repo_id, `metric`. Days without a known value have no row.

        A name shared by several repositories means the listed one. The 7-day mean is over the known days of the seven,
        if there are at least four.

        Args:
            repo_ids: one or several names, in any case.
            metric: downloads (of the day), downloads_7d_mean, downloads_30d, downloads_all_time or likes.
        """
        sql = queries.repository_counts(one_of("metric", metric, queries.REPOSITORY_METRICS))
        return self.run(sql, {"of": self.repositories(repo_ids)})

    def first_releases(self, by: str = "family") -> pl.DataFrame:
        """First release of each lab, family or generation: `by`, released_on.

        The earliest model in the lake. For a generation, the registry's day if it has one.
        """
        return self.run(queries.FIRST_RELEASES[one_of("by", by, queries.FIRST_RELEASES)], {})

    def models(
        self,
        search: str = "",
        origin: str | Iterable[str] | None = None,
        lab: str | Iterable[str] | None = None,
        layer: str | Iterable[str] | None = None,
        limit: int = 1000,
        models: str = "all",
    ) -> pl.DataFrame:
        """Repositories with `search` in their name, by 30-day downloads: classification and last counters.

        `origin` and `lab` are the publisher's; `models` is a task class (language, encoder, vision, audio, other) or
        all. At most `limit` rows.
        """
        if limit < 1:
            raise UsageError(f"limit must be 1 or more, not {limit}.")
        values = {
            "search": search,
            "origins": self.codes("origin", origin),
            "labs": self.codes("lab", lab),
            "layers": as_list("layer", layer, LAYERS),
            "limit": limit,
            "models": one_of("models", models, MODELS),
        }
        return self.run(queries.MODELS, values)

    def momentum(self, models: str = "language") -> pl.DataFrame:
        """The table `momentum` with names: releases at 7 to 365 days of age against the leaders of their size.

        `models` is a task class (language, encoder, vision, audio, other) or all.
        """
        return self.run(queries.MOMENTUM, {"models": one_of("models", models, MODELS)})

    def axis_shares(self, by: str = "lab", days: int = 30, until: str | date | None = None) -> pl.DataFrame:
        """Open weights on each ruler (Hub downloads, tokens, ...), over the same days: axis, `by`, value, share, rank.

        The days are the last `days` that all rulers have, up to `until`; offers of inference providers have the week
        before each reading. Shares (0 to 1) are of the open weights of registered labs on that ruler; coverage is the
        part of its total that is known. value is in the unit of the ruler (table `axes`), so never add rulers up. No
        rows if no other ruler was read or they have no day in common.

        Args:
            by: origin, lab or family. The null family holds models that no name pattern of their lab matches.
            days: number of days.
            until: last day, as a date or as 2026-08-19.
        """
        if days < 1:
            raise UsageError(f"days must be 1 or more, not {days}.")
        sql = queries.AXIS_SHARES.format(by=one_of("by", by, ("origin", "lab", "family")))
        return self.run(sql, {"days": days, "until": as_day("until", until)})

    def origin_flows(self, models: str = "language") -> pl.DataFrame:
        """The table `origin_flows`: downloads of a month by country of the publisher and of the roots, and by type.

        `models` is a task class (language, encoder, vision, audio, other) or all.
        """
        sql = "select * from origin_flows where $models = 'all' or task_class = $models order by all"
        return self.run(sql, {"models": one_of("models", models, MODELS)})

    def crossovers(self, models: str = "language") -> pl.DataFrame:
        """The table `crossovers`: when downloads of country a overtake those of b, with an interval.

        `models` is a task class (language, encoder, vision, audio, other) or all, counted together.
        """
        sql = "select * from crossovers where task_class = $models order by all"
        return self.run(sql, {"models": one_of("models", models, MODELS)})

    def robustness(self, models: str = "language") -> pl.DataFrame:
        """The table `robustness`: China against the United States under each definition, the baseline first.

        `models` as in `crossovers`.
        """
        sql = "select * from robustness where task_class = $models order by number, headline"
        return self.run(sql, {"models": one_of("models", models, MODELS)})

    def reproductions(self) -> pl.DataFrame:
        """Published figures with ours: the tables `published_figures` and `reproductions`, joined."""
        return self.run(queries.REPRODUCTIONS, {})

    def list_downloads(self, names: Iterable[str]) -> pl.DataFrame:
        """Published figures that count the models of a list, with our values for the list `names`.

        Names must match current repository names exactly. Our value sums the all-time counters of one day: the last day
        of the published time on which as much was read as now, else the last day of the series. Models that were not
        read on that day are left out. Columns: figure, our_value, our_since and our_until (the day), is_same_time, gap,
        matched (names found), read_on_day (of those, read on the day), counted (of those, with a known counter),
        unmatched. Empty if no name is found.
        """
        return self.run(queries.LIST_DOWNLOADS, {"names": sorted(set(names))})

    def sql(self, query: str, parameters: Values = None) -> pl.DataFrame:
        """Run one read-only statement. Raises UsageError for any other statement and for SQL that fails.

        `parameters` are the values of `?` (a list) or of `$name` (a dict): never build SQL from text of others.
        """
        with open_warehouse(self.warehouse) as connection:
            return pl.DataFrame(run_statement(connection, query, parameters=parameters))


@dataclass(frozen=True, slots=True)
class PandasTracker:
    """The methods of a `Tracker`, which return pandas frames."""

    tracker: Tracker

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Return the method `name`, converting its frame."""
        method = getattr(self.tracker, name)
        return lambda *values, **named: method(*values, **named).to_pandas()


def _run(warehouse: Path, sql: str, values: Mapping[str, Any]) -> pl.DataFrame:
    with open_warehouse(warehouse) as connection:
        return pl.DataFrame(arrow(connection, sql, values or None))
