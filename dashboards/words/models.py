"""What the page of models says. Pure."""

from datetime import date

from dashboards import format

NOTE = (
    "Origin is the country of the publishing organisation; accounts outside the registry are unaffiliated. "
    "GGUF repositories count every file fetched, others one file per load: do not compare the two."
)


def rows_shown(shown: int, total: int, order: str, day: date) -> str:
    """How much of the matching models the table holds, and of which day the counters are."""
    counters = f"Counters of {format.long_day(day)}; blank means unknown."
    if shown == total:
        return f"{format.counted(total, 'model')} by {order.lower()}. {counters}"
    ordered = {"Newest": "newest first", "Name": "by name"}.get(order, f"by {order.lower()}")
    return f"The first {shown:,} of {format.counted(total, 'model')}, {ordered}. {counters}"
