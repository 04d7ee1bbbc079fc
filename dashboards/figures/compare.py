"""The chart of the page Compare."""

from datetime import date

import polars as pl

from dashboards.charts import colours, line_parts, lines
from dashboards.charts.colours import LineStyle
from dashboards.charts.figure import Figure
from dashboards.data.definition import Definition
from dashboards.data.format import file_stem
from dashboards.data.warehouse import Build, Store
from dashboards.figures.cached import cached_figure
from dashboards.figures.segments import segment_events
from dashboards.queries import compare as queries
from dashboards.queries import compare_choices, shared
from dashboards.text import compare as words
from dashboards.text import events, footnotes
from dashboards.text.comparison import Comparison
from dashboards.text.terms import label_names


@cached_figure
def compared(
    store: Store,
    build: Build,
    comparison: Comparison,
    definition: Definition,
    least: int,
    base: date | None,
    kinds: tuple[str, ...],
) -> Figure:
    """The lines of a comparison, marked with the events of `kinds`, which the footnote lists."""
    frame, base_found = queries.lines(store, comparison, definition, least, base)
    names = compare_choices.names(store, comparison.kind, comparison.codes)
    axes, view = comparison.axes, comparison.view
    happened, marked = _happened(store, comparison, definition, kinds, frame)
    styles = _styles(store, comparison, {code: names[code] for code in comparison.codes if code in set(frame["code"])})
    lens, missing = words.footnote_lens(comparison, definition), words.missing_days(comparison, frame)
    return Figure(
        name=file_stem("compare", comparison.kind, comparison.measure, comparison.scale, str(build.last_day)),
        chart=lines.lines(frame, view, styles, axes, events=happened),
        title=words.title(comparison),
        subtitle=words.subtitle(comparison, definition, least, base_found, shared.last_whole_day(store)),
        footnote=footnotes.footnote(build, shared.coverage(store), lens, missing) + events.footnote(marked),
        alt_text=lines.described(frame, view, styles, axes),
        data=words.data(frame, comparison, names),
    )  # fmt: skip


def _happened(
    store: Store, comparison: Comparison, definition: Definition, kinds: tuple[str, ...], frame: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The events of `kinds` and the rollbacks that the lines show, for the chart and for the footnote."""
    known, step = compare_choices.names(store, comparison.kind, comparison.codes), comparison.step
    names = {code: known[code] for code in comparison.codes}
    dips = queries.dips(store, comparison, definition)
    if comparison.axes.x == "age":
        placed = dips.join(frame.select("age", "code", comparison.view).drop_nulls(), on=["age", "code"])
        return events.rollbacks_by_age(placed, names, step), events.rollbacks(dips, names, step)
    shown = events.rollbacks(dips if "rollback" in kinds else dips.clear(), names, step)
    within = pl.col("event_date").is_between(*line_parts.day_range(frame))
    if comparison.has_breaks:
        counted = comparison.counted_by(definition).models
        shown = pl.concat([shown, segment_events(store, counted, comparison.metric, frame)])
    both = pl.concat([queries.events(store, kinds), shown]).filter(within).sort("event_date", maintain_order=True)
    return both, both


def _styles(store: Store, comparison: Comparison, names: dict[str, str]) -> dict[str, LineStyle]:
    """Each line in the colour of its origin."""
    if comparison.kind == "origins":
        return colours.with_labels(colours.selected_styles(names), label_names(names))
    origins = compare_choices.origins(store, comparison.kind, tuple(names))
    styles = colours.member_styles({code: (name, origins.get(code)) for code, name in names.items()})
    return colours.with_labels(styles, label_names(names))
