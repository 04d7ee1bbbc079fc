"""The dashboard on a host that starts it from this repository, such as Streamlit Community Cloud.

`TRACKER_DATASET`, among the app's secrets or in the environment, names a dataset on the Hub. Its tables are fetched
when the app starts and when a new day is published. `TRACKER_REFRESH_MINUTES` says how often to ask (default 15).
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:  # the program is not installed there
    sys.path.insert(0, str(ROOT))

import streamlit as st  # noqa: E402

from dashboards.cloud import published  # noqa: E402
from dashboards.data import format  # noqa: E402
from dashboards.data.warehouse import FILE_NAME  # noqa: E402

_SECONDS_SHOWN = 600.0
_RETRY_SECONDS = 20


@st.cache_resource(show_spinner=False)
def followed() -> published.PublishedTables | None:
    """The tables that this process follows, started by its first reader."""
    return published.start(os.environ)


@st.fragment(run_every=_RETRY_SECONDS)
def show_once_there(file: Path) -> None:
    """Rerun once the tables are there."""
    if file.exists():
        st.rerun(scope="app")


tables = followed()
if tables is None:
    st.info(
        "Which dataset? Set `TRACKER_DATASET` to its `owner/name` in the secrets of the app (on Streamlit Community "
        "Cloud: *Settings, Secrets*) or in the environment, then restart it. `tracker publish` makes such a dataset.",
        icon=":material/info:",
    )
    st.stop()
warehouse = tables.home / FILE_NAME
if not warehouse.exists():
    with st.spinner(f"Fetching the tables of {tables.dataset}. The first start takes a minute."):
        tables.wait(_SECONDS_SHOWN)
if not warehouse.exists():
    st.error(
        f"The tables of {tables.dataset} could not be fetched. "
        f"{format.escape_markdown(tables.problem or 'They are still being fetched.')} "
        f"This app asks again every {tables.minutes:g} minutes.",
        icon=":material/cloud_off:",
    )
    show_once_there(warehouse)
    st.stop()
app = ROOT / "dashboards" / "app.py"
exec(compile(app.read_text(encoding="utf-8"), str(app), "exec"), {"__name__": "__main__", "__file__": str(app)})
