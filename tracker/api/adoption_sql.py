"""What the Python API asks of adoption: of all groups, or of some with their shares of all."""

from collections.abc import Sequence

COUNTED = """
    where adoption.lens = $lens
        and ($layers::varchar[] is null or list_contains($layers::varchar[], adoption.layer))
        and ($below_1b or {is_below_1b} is distinct from true)
        and ($gguf or not {is_gguf})
        and adoption.day >= coalesce($since::date, adoption.day)
        and adoption.day <= coalesce($until::date, adoption.day)
        {of_family}
"""
"""Which rows of a table count; the switches stand in the table's own words."""

ADOPTION = """
with summed as (
    select adoption.day, {group} as {by}, {sums}
    from {table} as adoption
    left join origins on origins.code = adoption.origin
    {counted}
        and ($of::varchar[] is null or list_contains($of::varchar[], {group}))
    group by all
),
totals as (
    select adoption.day, {sums}
    from {whole}
    group by all
)
select day, {by}, {figures}
from summed
join totals using (day)
where {is_known}
order by day, {largest} desc, {by}
"""
"""The groups `$of`, all if it is null, each with its share of `whole`."""

OF_ALL = "summed as adoption"
OF_SOME = "{table} as adoption {counted}"
"""What shares are of: the sum of all groups, or where some are chosen, all rows that count."""


def of_metrics(metrics: Sequence[str]) -> dict[str, str]:
    """What the templates say of metrics: the sums, each with its share, what must be known, what orders a day."""
    shares = ["share"] if len(metrics) == 1 else [f"{metric}_share" for metric in metrics]
    figures = (
        f"summed.{metric}, summed.{metric} / nullif(totals.{metric}, 0) as {share}"
        for metric, share in zip(metrics, shares, strict=True)
    )
    return {
        "sums": ", ".join(f"sum(adoption.{metric})::double as {metric}" for metric in metrics),
        "figures": ", ".join(figures),
        "is_known": f"coalesce({', '.join(f'summed.{metric}' for metric in metrics)}) is not null",
        "largest": f"summed.{metrics[0]}",
    }
