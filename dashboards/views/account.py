"""Account: where it counts and why, what it publishes, what that is built on, and its share over time."""

import streamlit as st

from dashboards.data import format
from dashboards.figures import account as figures
from dashboards.figures.account import AccountScope
from dashboards.queries import account as queries
from dashboards.queries import shared
from dashboards.text import account as words
from dashboards.text import lab as lab_words
from dashboards.text import overview
from dashboards.ui import columns, controls, definition_bar, display, page, table_rows

MOST_MODELS = 200

store, build = page.current()


def show_published(scope: AccountScope) -> None:
    """What it publishes, by type and format, and its most downloaded models."""
    found = queries.top_models(store, scope.account, scope.models, MOST_MODELS)
    if found.is_empty():
        st.info(words.NONE_OF["publishes"])
        return
    if found["downloads_30d"].count() == 0:
        st.info(words.NONE_OF["downloads"])
    else:
        for column, part in zip(st.columns(2), words.PARTS, strict=True):
            with column:
                display.figure(figures.parts(scope, part))
    st.subheader("Its most downloaded models", anchor=False)
    st.caption(words.shown(found.height, int(found["models"][0])))
    rows = table_rows.account_model_rows(found)
    height = 520 if rows.height > 14 else None
    display.table(rows, columns.of(rows), scope.stem("models"), "Table of the account's models", height=height)


def show_bases(scope: AccountScope) -> None:
    """The families that its models are built on."""
    found = queries.bases(store, scope.account, scope.models)
    if found.is_empty():
        st.info(words.NONE_OF["bases"])
        return
    if found["credited_30d"].count():
        display.figure(figures.bases(scope))
    rows = table_rows.base_rows(found, shared.origin_names(store))
    config = columns.of(rows, models=columns.MODELS_BY_WEIGHT, origin="Origin of the base model")
    display.table(rows, config, scope.stem("families"), "Table of families that the account builds on")
    st.caption(words.BASES_NOTE)


def show_use(scope: AccountScope) -> None:
    """Its downloads over time."""
    view = controls.segments("View", "view", overview.VIEWS)
    if queries.days(store, scope.account, scope.models).is_empty():
        st.info(words.NONE_OF["use"])
    else:
        display.figure(figures.use(scope, view))


def show_evidence(scope: AccountScope) -> None:
    """Where it counts and why."""
    found, names = queries.organisation(store, scope.account), shared.origin_names(store)
    if found.is_empty():
        st.markdown(words.UNREGISTERED)
    else:
        said = lab_words.counted_because({"name": scope.account, **found.row(0, named=True)}, names)
        st.markdown(format.escape_markdown(said))
        rows = table_rows.organisation_rows(lab_words.account_rows(found, names))
        display.accounts(rows, scope.stem("registry"), "The account in the registry")
    st.markdown(lab_words.DISAGREE)
    page.link("organisations", "Who counts as Chinese?")


SECTIONS = {"publishes": show_published, "bases": show_bases, "use": show_use, "evidence": show_evidence}

page.title("Account")
with st.container(horizontal=True, vertical_alignment="bottom", key="controls"):
    name = controls.search("Name of an account", "account", "for example unsloth")
    section = controls.segments("Show", "show", words.SECTIONS)
account = queries.account(store, name) if name else None
if account is None:
    reason = f"No account named {name} has been read." if name else "No account is selected."
    st.info(f"{format.escape_markdown(reason)} Enter a name, or choose one of the Accounts on the page Rankings.")
    page.link("rankings", "Rankings")
    st.stop()
page.title(format.escape_markdown(account))

scope = AccountScope(store, build, definition_bar.current().models, account)
facts, day = queries.facts(store, account, scope.models), shared.last_whole_day(store)
of_all = shared.downloads_of_all(store, scope.models)
share = facts["downloads_30d"] / of_all if of_all and facts["downloads_30d"] is not None else None
said = words.headline(account, facts, share, format.day(day), scope.models, shared.origin_names(store))
page.finding(said)
st.link_button("Open on the Hub", table_rows.hub_url(account), icon=":material/open_in_new:")
SECTIONS[section](scope)
