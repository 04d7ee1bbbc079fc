"""The chart of the page that compares."""

from datetime import date

from dashboards import palette
from dashboards.charts import lines, series
from dashboards.charts.figure import Figure
from dashboards.comparison import Comparison
from dashboards.definition import Definition
from dashboards.kept import kept
from dashboards.page import file_stem
from dashboards.queries import compare as queries
from dashboards.queries import shared
from dashboards.store import Build, Store
from dashboards.words import compare as words
from dashboards.words import standing
from dashboards.words.terms import label_names


@kept
def compared(
    store: Store,
    build: Build,
    comparison: Comparison,
    definition: Definition,
    least: int,
    base: date | None,
    kinds: tuple[str, ...],
) -> Figure:
    """The lines of a comparison with events of some kinds, which the footnote names."""
    frame, base_found = queries.lines(store, comparison, definition, least, base)
    names = queries.names(store, comparison.kind, comparison.codes)
    axes, view = comparison.axes, comparison.view
    events = queries.events(store, kinds)
    styles = palette.styles(tuple(frame["code"].unique().sort()), comparison.kind == "origins")
    told = words.happened(events, *series.day_range(frame)) if axes.x == "day" else ""
    lens, missing = words.lens_told(comparison, definition), words.missing_days(comparison, frame)
    return Figure(
        name=file_stem("compare", comparison.kind, comparison.measure, comparison.scale, str(build.last_day)),
        chart=lines.lines(
            frame, view, label_names(names), {code: style.colour for code, style in styles.items()}, axes,
            {code: style.dash for code, style in styles.items()}, events,
        ),
        title=words.title(comparison),
        subtitle=words.subtitle(comparison, definition, least, base_found),
        footnote=standing.footnote(build, shared.coverage(store), lens, missing) + told,
        alt_text=lines.described(frame, view, names, axes),
        data=words.taken(frame, comparison, names),
    )  # fmt: skip
