"""One model: what it is and why, how much it is used, what it was made from and what was made from it."""

import streamlit as st

from dashboards.data import format
from dashboards.figures import model as figures
from dashboards.queries import model, shared
from dashboards.text import model as words
from dashboards.ui import controls, display, page, tables

store, build = page.current()
title = st.empty()
title.title("Model", anchor=False)
name = controls.search("Name of a model", "model", "owner/name, for example Qwen/Qwen3-8B")
facts = model.facts(store, name) if name else None
if facts is None:
    said = f"No model of the name {name} has been read." if name else "No model is chosen."
    st.info(f"{format.escape_markdown(said)} Give a name, or choose a row on the page Models.")
    page.show_link("models", "To the table of models")
    st.stop()
hub_id, repo_id = facts["hub_id"], facts["repo_id"]
title.title(format.escape_markdown(repo_id), anchor=False)
with st.container(horizontal=True, vertical_alignment="center", key="ways"):
    st.link_button("Open on the Hub", tables.hub_url(repo_id), icon=":material/open_in_new:")
    page.show_link("models", "To the table of models")
st.markdown(format.escape_markdown(words.counters(facts)))

origins = shared.origin_names(store)
shown = controls.one("Show", "history", words.HISTORIES)
days = (facts["first_seen"], facts["last_seen"], build.last_day)
if figures.points(store, hub_id, shown, days)["value"].count() == 0:
    st.info(f"{words.HISTORIES[shown]} of this model are not known on any day.")
else:
    display.figure(figures.history(store, build, hub_id, repo_id, shown, days))

st.subheader("What it is, and why", anchor=False)
display.table(
    words.attributes(facts, origins, shared.family_names(store)), tables.attribute_columns(), "attributes",
    "Table of what is known of the model", height=420,
)  # fmt: skip
st.subheader("What it was made from", anchor=False)
parents, roots = model.parents(store, hub_id), model.roots(store, hub_id)
if parents.is_empty():
    st.caption("No base is declared: the model is its own root.")
else:
    display.table(words.parent_rows(parents), tables.parent_columns(), "parents", "Table of declared bases")
    display.table(words.placed(roots, origins), tables.root_columns(), "roots", "Table of roots with their weights")
st.subheader("What was made from it", anchor=False)
children = model.children(store, hub_id)
total = int(children["children"][0]) if children.height else 0
st.caption(format.escape_markdown(words.children_shown(children.height, total)))
if total:
    display.table(
        words.placed(children.drop("children"), origins), tables.child_columns(), "children",
        "Table of models made from it", on_row=lambda row: page.open_model(children["repo_id"][row]),
    )  # fmt: skip
st.subheader("Oddities in its readings", anchor=False)
events = model.events(store, hub_id)
if events.is_empty():
    st.caption("None of this model alone. What touched the counters of a whole day stands under Data quality.")
else:
    display.table(events, tables.event_columns(), "events", "Table of events of data quality")
