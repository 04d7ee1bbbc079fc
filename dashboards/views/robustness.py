"""How the headline and the crossover move with the definition."""

import streamlit as st

from dashboards import controls, format, metric_tables, page, show
from dashboards.charts import crossings, tornado
from dashboards.charts.figure import Figure
from dashboards.queries import robustness, shared
from dashboards.words import robustness as words
from dashboards.words import standing

store, build = page.current()
st.title("Does the answer depend on the definition?", anchor=False)
headline = controls.one("Headline", "headline", words.HEADLINES)

found, days = robustness.headlines(store), robustness.days(store)
baseline = words.baseline_value(found, headline)
if days is None or baseline is None:
    st.info(words.NOTHING)
    st.stop()
bars = words.bars(found, headline)
st.markdown(format.plain(words.verdict(found, headline)))

footnote = standing.footnote(build, shared.coverage(store))
left, right = st.columns(2, gap="large")
with left:
    show.figure(
        Figure(
            name=page.file_stem("robustness", headline, str(build.last_day)),
            chart=tornado.tornado(bars, baseline, is_signed=headline == words.DIFFERENCE),
            title=words.title(headline),
            subtitle=words.subtitle(baseline, headline, days[1]),
            footnote=footnote,
            alt_text=words.described_bars(bars, baseline, headline),
            data=words.data(found, headline),
        )
    )
with right:
    rows = words.rows(found, robustness.interval(store), bars, days[0])
    show.figure(
        Figure(
            name=page.file_stem("crossovers", str(build.last_day)),
            chart=crossings.crossings(rows, *days),
            title="When China passed the United States",
            subtitle=words.crossings_subtitle(*days),
            footnote=footnote,
            alt_text=words.described_rows(rows),
            data=rows.select("told", "said", "crossed_on", "low", "high").rename({"told": "definition"}),
        )
    )
st.subheader("All headlines under each definition", anchor=False)
show.table(
    words.table(found), metric_tables.robustness_columns(), f"robustness-{build.last_day}",
    "Table of the three headlines and the crossover under each definition",
)  # fmt: skip
st.caption(format.plain(words.NOTE))
