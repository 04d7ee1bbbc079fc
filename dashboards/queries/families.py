"""What the report asks of families: which are used most, by root."""

from datetime import date

import polars as pl

from dashboards.data.cache import remembered
from dashboards.data.warehouse import Store, rows

# Sums are of decimals, so that their last bit does not depend on the order of the rows.
_LARGEST = """
with summed as (
    select family, layer, sum(downloads_30d::decimal(38, 15)) as value
    from family_days
    where day = $day and lens = 'root' and downloads_30d is not null
    group by all
),
parts as (
    select
        family, layer, value::double as value,
        value::double / nullif(sum(value) over (), 0)::double as share,
        sum(value) over (partition by family) as family_value
    from summed
),
ranked as (
    select *, dense_rank() over (order by family_value desc, family) as place
    from parts
    where family is not null
)
select ranked.family, coalesce(families.name, ranked.family) as name, ranked.layer, ranked.value, ranked.share
from ranked
left join families using (family)
where ranked.place <= $most and ranked.value > 0
order by ranked.place, ranked.layer
"""


@remembered(20)
def largest(store: Store, day: date, most: int) -> pl.DataFrame:
    """The families credited with most 30-day downloads on a day: family, name, layer, value, share (of all).

    Under the root lens, by weight; the largest family first, a row for each of its layers.
    """
    return rows(store, _LARGEST, {"day": day, "most": most})
