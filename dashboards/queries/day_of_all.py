"""One day under every definition at once, so that a page need not ask once for each switch it tries."""

from datetime import date
from typing import Any

from dashboards.data.cache import remembered
from dashboards.data.definition import Definition
from dashboards.data.vocabulary import METRIC_NAMES, NOT_KNOWN
from dashboards.data.warehouse import Store, rows
from tracker.api.queries import GROUPS

Part = dict[str, Any]
"""What a group has under one lens, in one layer, of one size and format: those, and every metric."""

_PARTS = """
select
    adoption.lens,
    adoption.layer,
    coalesce(adoption.is_below_1b, false) as is_below_1b,
    adoption.is_gguf,
    coalesce({group}, $not_known) as code,
    {metrics}
from origin_days as adoption
left join origins on origins.code = adoption.origin
where adoption.day = $day
group by all
"""


@remembered(20)
def parts(store: Store, group: str, day: date) -> list[Part]:
    """All parts of a day by country or region, a few hundred; whoever asks leaves them as they are."""
    metrics = ", ".join(f"sum(adoption.{metric})::double as {metric}" for metric in METRIC_NAMES)
    sql = _PARTS.format(group=GROUPS["origin" if group == "country" else "region"], metrics=metrics)
    return rows(store, sql, {"day": day, "not_known": NOT_KNOWN}).to_dicts()


def values(store: Store, definition: Definition, metric: str, group: str, day: date) -> dict[str, float | None]:
    """Code -> what it has of a metric on a day under a definition, None if that is unknown of all that it has."""
    found: dict[str, float | None] = {}
    for part in parts(store, group, day):
        if _is_counted(part, definition):
            before, more = found.get(part["code"]), part[metric]
            found[part["code"]] = before if more is None else more + (before or 0.0)
    return found


def shares(store: Store, definition: Definition, metric: str, group: str, day: date) -> dict[str, float]:
    """Code -> its share (0 to 1) of all of a metric on a day under a definition, where that is known."""
    found = values(store, definition, metric, group, day)
    known = {code: value for code, value in found.items() if value is not None}
    whole = sum(known.values())
    return {code: value / whole for code, value in known.items()} if whole else {}


def _is_counted(part: Part, definition: Definition) -> bool:
    return (
        part["lens"] == definition.lens
        and part["layer"] in definition.layers
        and (definition.below_1b or not part["is_below_1b"])
        and (definition.gguf or not part["is_gguf"])
    )
