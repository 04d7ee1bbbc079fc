"""Model: what one model is and why, how much it is used, what it was made from and what was made from it."""

import streamlit as st

from dashboards.data import format
from dashboards.figures import model as figures
from dashboards.queries import model, shared
from dashboards.text import model as words
from dashboards.ui import columns, controls, display, page, table_rows

MODELS_LINK = "All models"

store, build = page.current()
page.title("Model")
name = controls.search("Name of a model", "model", "owner/name, for example Qwen/Qwen3-8B")
facts = model.facts(store, name) if name else None
if facts is None:
    reason = f"No model named {name} has been read." if name else "No model is selected."
    st.info(f"{format.escape_markdown(reason)} Enter a name, or tick a row on the page Models.")
    page.link("models", MODELS_LINK)
    st.stop()
hub_id, repo_id = facts["hub_id"], facts["repo_id"]
page.title(format.escape_markdown(repo_id))
with st.container(horizontal=True, vertical_alignment="center", key="ways"):
    st.link_button("Open on the Hub", table_rows.hub_url(repo_id), icon=":material/open_in_new:")
    page.link("models", MODELS_LINK)
page.finding(words.counters(facts))

origins = shared.origin_names(store)
days = (facts["first_seen"], facts["last_seen"], build.last_day)
known = (one for one in words.HISTORIES if figures.points(store, hub_id, one, days)["value"].count())
history = controls.segments("Show", "history", words.HISTORIES, default=next(known, "downloads"))
if figures.points(store, hub_id, history, days)["value"].count() == 0:
    st.info(f"{words.HISTORIES[history]} of this model are not known for any day.")
else:
    display.figure(figures.history(store, build, hub_id, repo_id, history, days))

st.subheader("Classification, and why", anchor=False)
attributes = words.attributes(facts, origins, shared.family_names(store))
config = columns.of(attributes, what=columns.ATTRIBUTE, value=columns.ATTRIBUTE_VALUE)
display.table(attributes, config, "attributes", "Table of what is known of the model", height=420)

st.subheader("Built from", anchor=False)
parents, roots = words.parent_rows(model.parents(store, hub_id)), words.placed(model.roots(store, hub_id), origins)
if parents.is_empty():
    st.caption("No base is declared, so the model is its own base model.")
else:
    config = columns.of(parents, repo_id="Repository")
    display.table(parents, config, "parents", "Table of declared bases")
    display.table(roots, columns.of(roots), "roots", "Table of base models with their weights")

st.subheader("Built on it", anchor=False)
children = model.children(store, hub_id)
total = int(children["children"][0]) if children.height else 0
st.caption(format.escape_markdown(words.children_shown(children.height, total)))
if total:
    rows = words.placed(children.drop("children"), origins)
    display.table(
        rows, columns.of(rows), "children", "Table of models made from it",
        on_row=lambda row: page.open_model(children["repo_id"][row]),
    )  # fmt: skip

st.subheader("Data issues", anchor=False)
events = model.events(store, hub_id)
if events.is_empty():
    st.caption("None for this model alone. Issues with the counters of a whole day are listed under Data quality.")
else:
    display.table(events, columns.of(events), "events", "Table of data issues")
