"""Tools about countries, labs, families and models: adoption, ranking, rulers."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from tracker.api.arguments import as_day, one_of
from tracker.api.names import KNOWN
from tracker.api.queries import GROUPS
from tracker.api.rankings import RankingDays
from tracker.errors import UsageError
from tracker.mcp import arguments as given
from tracker.mcp.about import Warehouse, meaning, models_name, opened
from tracker.mcp.results import (
    Adoption,
    Ranked,
    Ranking,
    Ruler,
    Rulers,
    RulerShare,
    Share,
)

LOOK_BACK = timedelta(days=60)
"""The last known day of a metric is at most that long before the last day of the warehouse."""

_NONE = {"lab": "No registered lab", "family": "No known family", "generation": "No known generation"}
_PERIODS = {"7d": "7 days", "30d": "30 days", "90d": "90 days", "all_time": "all time"}
_PLURALS = {"lab": "labs", "family": "families", "model": "models", "account": "accounts"}
_HUB = {"title": "Downloads on the Hugging Face Hub", "unit": "downloads", "attribution": "Source: Hugging Face Hub"}


class GroupTools:
    """Tools over the newest warehouse of a home."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def adoption(
        self,
        by: given.By = "origin",
        metric: given.Metric = "downloads_30d",
        lens: given.Lens = "publisher",
        models: given.Models = "language",
        of: given.Names = None,
        layer: given.Layers = None,
        family: str | None = None,
        since: given.Day = None,
        until: given.Day = None,
        every: given.Every = "day",
        limit: given.Limit = 100,
    ) -> Adoption:
        """Use of open models by country, lab, family, type or size, with shares of all that is counted.

        Without `since`, only the last known day. The latest day comes first, then the largest group. `of` chooses
        groups by code or name; shares are still of all. `family` counts models of one family only.
        """
        by, every = one_of("by", by, GROUPS), one_of("every", every, given.EVERY)
        with opened(self._home) as warehouse:
            first, last = as_day("since", since), as_day("until", until)
            start = first or max(last or warehouse.build["last_day"], date.min + LOOK_BACK) - LOOK_BACK
            frame = warehouse.tracker.adoption(
                by=by, lens=lens, layer=layer, metric=metric, since=start, until=last, of=of, family=family,
                models=models, maker_copies_as_release=True,
            )  # fmt: skip
            metric = frame.columns[2]
            frame = _last_of_each(frame, every) if first else frame.filter(pl.col("day") == pl.col("day").max())
            frame = frame.sort(["day", metric], descending=True, nulls_last=True, maintain_order=True)
            names = group_names(warehouse, by)
            rows = [
                Share(
                    day=day, code=code, name=name_of(code, by.lower(), names), value=value, share=share, segment=segment
                )
                for day, code, value, share, segment in frame.head(limit).iter_rows()
            ]
            notes = _notes(frame, rows, metric)
            about = warehouse.about(meaning(metric), models_name(models), lens.lower(), notes)
        return Adoption(about=about, by=by, metric=metric, rows=rows, rows_left_out=frame.height - len(rows))

    def ranking(
        self,
        subject: given.Subject = "family",
        period: given.Period = "30d",
        order: given.Order = "downloads",
        lens: given.Lens = "publisher",
        models: given.Models = "language",
        layer: given.Layers = None,
        origin: given.Origins = None,
        size_bucket: given.Sizes = None,
        format: given.Formats = None,
        min_downloads: given.MinDownloads = 0,
        limit: given.Limit = 20,
    ) -> Ranking:
        """The most used or fastest rising labs, families, models or accounts, with changes in 30 days.

        Shares are of all models that match the filters. The attribution matters to labs and families only.
        """
        with opened(self._home) as warehouse:
            tracker = warehouse.tracker
            known = tracker.ranking_days(models)
            found = tracker.ranking(
                subject, period, order, layer, origin, size_bucket, format, lens, min_downloads, limit, models
            )
            subject, period, order = subject.lower(), period.lower(), order.lower()
            if known is None or not found.columns:
                raise UsageError(_unknown(known, period, order))
            lens = lens.lower() if subject in ("lab", "family") else "publisher"
            is_counter = period in ("30d", "all_time")
            counter = meaning("downloads_all_time" if period == "all_time" else "downloads_30d")
            definition = counter if is_counter else f"Sum over the period: {meaning('downloads')}"
            notes = ["A change is null where nothing comparable was read 30 days earlier."]
            if found.is_empty():
                notes.append("Nothing matches, or these downloads are unknown: `status` lists the known metrics.")
            ends = known.last_day if is_counter else known.known_until
            by_base = ", by base model" if lens == "root" else ""
            span = f"{models_name(models)}, {_PERIODS[period]} to {ends}{by_base}"
            return Ranking(
                about=warehouse.about(definition, models_name(models), lens, notes),
                finding=warehouse.said(_ranking_sentence(found, subject, span, order)), subject=subject, period=period,
                period_ends=ends,
                rows=[Ranked(**row) for row in found.to_dicts()],
            )  # fmt: skip

    def rulers(
        self, by: given.RulerBy = "lab", days: given.Days = 30, until: given.Day = None, limit: given.Limit = 10
    ) -> Rulers:
        """The same labs, countries or families on other rulers than Hub downloads, such as tokens on OpenRouter.

        Shares are of the open weights of registered labs on that ruler, over the same days. Never add rulers up.
        `limit` rows for each ruler.
        """
        with opened(self._home) as warehouse:
            frame = warehouse.tracker.axis_shares(by=by, days=days, until=until)
            axes = {row["axis"]: row for row in warehouse.rows("select * from axes")}
            names = group_names(warehouse, by.lower())
            rows, rulers = [], {}
            for row in frame.to_dicts():
                axis, code = row["axis"], row[by.lower()]
                about = axes.get(axis, _HUB)
                rulers[axis] = Ruler(
                    ruler=axis, title=about["title"], unit=about["unit"], first_day=row["first_day"],
                    last_day=row["last_day"], coverage=row["coverage"], credit=about["attribution"],
                )  # fmt: skip
                if row["rank"] <= limit:
                    value, share, rank = row["value"], row["share"], row["rank"]
                    name = name_of(code, by.lower(), names)
                    rows.append(RulerShare(ruler=axis, code=code, name=name, value=value, share=share, rank=rank))
            notes = ["Values of different rulers have different units: compare shares and ranks only."]
            if not rows:
                notes = ["No other ruler was read, or the rulers have no day in common: `tracker crawl --source all`."]
            definition = "Share of the open weights of registered labs on each ruler, in the unit of that ruler."
            about_all = warehouse.about(definition, "open weights of registered labs", notes=notes)
        return Rulers(about=about_all, rulers=list(rulers.values()), rows=rows)


def group_names(warehouse: Warehouse, by: str) -> dict[str, str]:
    """Return the names of the codes of a grouping."""
    return dict(warehouse.tracker.run(KNOWN[by], {}).iter_rows())


def name_of(code: str | None, by: str, names: Mapping[str, str]) -> str:
    """Return the name of a group."""
    return _NONE.get(by, "Unknown") if code is None else names.get(code, code)


def _last_of_each(frame: pl.DataFrame, every: str) -> pl.DataFrame:
    if every == "day":
        return frame
    period = pl.col("day").dt.truncate("1w" if every == "week" else "1mo")
    return frame.filter(pl.col("day") == pl.col("day").max().over(period))


def _notes(frame: pl.DataFrame, rows: list[Share], metric: str) -> list[str]:
    notes = []
    if not rows:
        notes.append(f"No value of {metric} is known for these models and days. `status` lists the known metrics.")
    if frame.height > len(rows):
        notes.append(f"{frame.height - len(rows)} more rows: choose groups with `of`, set `every`, or raise `limit`.")
    if frame["segment"].n_unique() > 1:
        notes.append("The rows have several segments, which count other models: compare days of one segment only.")
    if metric in ("downloads_30d", "downloads_all_time", "likes", "models"):
        notes.append("Never add this metric over days.")
    return notes


def _unknown(known: RankingDays | None, period: str, order: str) -> str:
    if known is None:
        return "No model has been read yet. Run `tracker crawl`, then `tracker build`."
    if known.knows(period):  # type: ignore[arg-type]  # checked by the ranking
        return f"Changes of {_PERIODS[period]} are unknown: no comparable reading is 30 days older. Order by downloads."
    if known.known_from is None:
        return "Daily downloads are unknown in these data, so choose the period 30d."
    return (
        f"Downloads of {_PERIODS[period]} are not known: comparable days are from {known.known_from} to "
        f"{known.known_until}. Choose a shorter period, or all_time."
    )


def _ranking_sentence(found: pl.DataFrame, subject: str, span: str, order: str) -> str:
    if found.is_empty():
        return f"No {_PLURALS[subject]} match ({span})."
    first = found.head(3).to_dicts()
    if order == "rise":
        parts = [f"{row['name']} ({_rise(row)})" for row in first]
        return f"Fastest rising {_PLURALS[subject]} against 30 days earlier: {', '.join(parts)} ({span})."
    parts = [f"{row['name']} {row['share']:.1%}" for row in first if row["share"] is not None]
    return f"Largest {_PLURALS[subject]} by share of downloads: {', '.join(parts)} ({span})."


def _rise(row: Mapping[str, float | None]) -> str:
    percent = row["change_30d_percent"]
    return "new" if percent is None else f"{percent:+,.0f}%"
