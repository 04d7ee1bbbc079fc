"""The charts of the page of rulers."""

import polars as pl

from dashboards.charts import lines
from dashboards.charts import rulers as charts
from dashboards.charts.colours import NEUTRALS, ORIGINS, SECOND, pair_styles
from dashboards.charts.figure import Figure
from dashboards.data.format import file_stem
from dashboards.data.vocabulary import OTHER
from dashboards.data.warehouse import Build, Store
from dashboards.figures.cached import cached_figure
from dashboards.queries import rulers as queries
from dashboards.queries import shared
from dashboards.queries.rulers import Subject
from dashboards.text import rulers as words

_RULER_COLOURS = (*NEUTRALS, SECOND)


@cached_figure
def origins(store: Store, build: Build, days: int) -> Figure:
    """Shares by country, a bar per ruler. There must be some."""
    found, names = queries.shares(store, "origin", days), shared.origin_names(store)
    large = set(found.filter(found["share"] >= words.OWN_PART_SHARE)["code"])
    drawn = [code for code in ORIGINS if code in large and code != OTHER]
    parts = words.origin_parts(found, drawn, names)
    colours = {words.part_name(code, names): ORIGINS[code] for code in (*drawn, OTHER)}
    shown = set(parts["part"])
    order = parts["group"].unique(maintain_order=True).to_list()
    used = {part: colour for part, colour in colours.items() if part in shown}
    return Figure(
        name=file_stem("rulers", "countries", str(days), str(build.last_day)),
        chart=charts.whole_bars(parts, order, used, words.LABELLED_SHARE),
        title=words.ORIGIN_TITLE,
        subtitle=words.subtitle(found),
        footnote=words.footnote(build, queries.axes(store)),
        alt_text=words.described_parts(parts),
        data=parts.rename({"group": "ruler", "part": "country"}),
        credit=words.credit_lines(queries.axes(store)),
    )


@cached_figure
def labs(store: Store, build: Build, days: int) -> Figure:
    """Shares by lab, a dot per ruler. There must be some."""
    found, names = queries.shares(store, "lab", days), shared.lab_names(store)
    chosen = words.chosen_labs(found)
    points = words.lab_points(found, chosen, names)
    rulers = points["ruler"].unique(maintain_order=True).to_list()
    colours = dict(zip(rulers, _RULER_COLOURS, strict=False))
    return Figure(
        name=file_stem("rulers", "labs", str(days), str(build.last_day)),
        chart=charts.dots(points, [names.get(code, code) for code in chosen], colours),
        title=words.LAB_TITLE,
        subtitle=words.subtitle(found),
        footnote=words.footnote(build, queries.axes(store)),
        alt_text=words.described_points(points),
        data=points,
        credit=words.credit_lines(queries.axes(store)),
    )


@cached_figure
def subject(store: Store, build: Build, by: Subject, code: str, name: str, axis: str) -> Figure:
    """Shares of a lab or family by day, on another ruler and on the Hub. There must be some."""
    days = queries.shares_of(store, by, code, axis)
    styles = pair_styles({ruler: words.SHORT_NAMES.get(ruler, ruler) for ruler in (axis, words.HUB)})
    axes = queries.axes(store).filter(pl.col("axis") == axis)
    return Figure(
        name=file_stem(by, code, axis, str(build.last_day)),
        chart=lines.lines(days, "share", styles),
        title=words.SUBJECT_TITLE.format(name=name, phrase=words.phrase(axis)),
        subtitle=words.SUBJECT_SUBTITLE,
        footnote=words.footnote(build, axes),
        alt_text=lines.described(days, "share", styles),
        data=days.rename({"code": "ruler"}),
        credit=words.credit_lines(axes),
    )
