"""What the page of models asks."""

from datetime import date

import polars as pl
import streamlit as st

from dashboards.store import Store, rows

ORDERS = {
    "30-day downloads": "downloads_30d desc nulls last",
    "All-time downloads": "downloads_all_time desc nulls last",
    "Likes": "likes desc nulls last",
    "Newest": "released_on desc nulls last",
    "Name": "lower(repo_id)",
}
"""Order shown to the reader -> order by clause of the table of models."""

_MODELS = """
with latest as (
    select hub_id, downloads_30d, downloads_all_time, likes
    from model_days
    where day = $day
)
select
    m.hub_id, m.repo_id, m.publisher_origin, l2.name as lab, m.layer, m.family,
    m.released_on, m.params_total, m.license, l.downloads_30d, l.downloads_all_time, l.likes
from models as m
left join latest as l using (hub_id)
left join labs as l2 on l2.lab = m.publisher_lab
where {where}
order by {order}, m.hub_id
limit $most
"""

_WHERE = """
($search = '' or contains(lower(m.repo_id), lower($search)))
and ($origins::varchar[] is null or m.publisher_origin in (select unnest($origins::varchar[])))
and ($labs::varchar[] is null or m.publisher_lab in (select unnest($labs::varchar[])))
and ($layers::varchar[] is null or m.layer in (select unnest($layers::varchar[])))
"""

_RECENT = """
select hub_id, list(downloads_30d order by day) as recent
from model_days
where hub_id in (select unnest($ids::varchar[]))
    and day > $day::date - interval 30 day and day <= $day
    and downloads_30d is not null
group by hub_id
"""


@st.cache_data(show_spinner=False, max_entries=500)
def models(
    store: Store,
    search: str,
    origins: tuple[str, ...],
    labs: tuple[str, ...],
    layers: tuple[str, ...],
    order: str,
    most: int,
    day: date,
) -> pl.DataFrame:
    """The first `most` models that match, with their counters of `day` and `recent`.

    Empty filters let everything through. `recent` lists the 30-day downloads of the 30 days up to `day`,
    oldest first, without the days that were not read.
    """
    parameters = _filters(search, origins, labs, layers)
    sql = _MODELS.format(where=_WHERE, order=ORDERS[order])
    found = rows(store, sql, {**parameters, "most": most, "day": day})
    recent = rows(store, _RECENT, {"ids": found["hub_id"].to_list(), "day": day})
    return found.join(recent, on="hub_id", how="left", maintain_order="left")


@st.cache_data(show_spinner=False, max_entries=500)
def models_count(
    store: Store, search: str, origins: tuple[str, ...], labs: tuple[str, ...], layers: tuple[str, ...]
) -> int:
    """How many models match, before any limit."""
    sql = f"select count(*) as models from models as m where {_WHERE}"
    return int(rows(store, sql, _filters(search, origins, labs, layers))["models"][0])


def _filters(
    search: str, origins: tuple[str, ...], labs: tuple[str, ...], layers: tuple[str, ...]
) -> dict[str, str | list[str] | None]:
    return {
        "search": search.strip(),
        "origins": list(origins) or None,
        "labs": list(labs) or None,
        "layers": list(layers) or None,
    }
