"""Who builds on a family or on a lab's models: accounts outside its lab, by country, model type and format."""

from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from dashboards.data.cache import cached
from dashboards.data.definition import Definition
from dashboards.data.vocabulary import NOT_KNOWN
from dashboards.data.warehouse import Store, rows
from dashboards.queries.shared import IS_COUNTED

_ROOTS = {"family": "root_family", "lab": "root_lab"}

# A repository with several roots counts by weight. Shares are of all that is built on it, whatever the filters.
_BUILT = """
with weights as (
    select hub_id, sum(weight) as weight
    from lineage
    where {root} = $code
    group by hub_id
),
built as (
    select
        models.author, models.publisher_lab, models.publisher_role, models.publisher_origin as origin,
        models.counted_layer as layer, formats.format, weights.weight,
        counts.downloads_30d * weights.weight as downloads
    from weights
    join models using (hub_id)
    join model_formats as formats using (hub_id)
    left join latest_counts as counts using (hub_id)
    where models.is_listed and models.publisher_lab is distinct from $lab and {counted}
        and list_contains($layers::varchar[], models.counted_layer)
        and ($below_1b or models.size_bucket is distinct from '<1')
        and ($gguf or not models.is_gguf)
)
"""
_PARTS = """
select origin, layer, format, sum(weight) as models, sum(downloads)::double as downloads_30d
from built
group by all
order by downloads_30d desc nulls last, origin, layer, format
"""
# Layers and formats are listed from rows by account, layer and format: a fraction of the repositories.
_ACCOUNTS = """
, chosen as (
    select
        author, layer, format, max(publisher_lab) as publisher_lab, max(publisher_role) as role, max(origin) as origin,
        sum(weight) as weight, sum(downloads) as downloads
    from built
    where {where}
    group by author, layer, format
),
largest as (
    select
        author, max(publisher_lab) as publisher_lab, max(role) as role, max(origin) as origin, sum(weight) as models,
        sum(downloads)::double as credited_30d, count(*) over () as accounts
    from chosen
    group by author
    order by credited_30d desc nulls last, author
    limit $most
),
kinds as (
    select author, list(distinct layer) as layers, list(distinct format) as formats
    from chosen
    where coalesce(author, '') in (select coalesce(author, '') from largest)
    group by author
)
select
    largest.author, labs.name as lab, largest.role, largest.origin, kinds.layers, kinds.formats, largest.models,
    largest.credited_30d, largest.credited_30d / nullif((select sum(downloads) from built), 0) as share,
    largest.accounts
from largest
join kinds on kinds.author is not distinct from largest.author
left join labs on labs.lab = largest.publisher_lab
order by largest.credited_30d desc nulls last, largest.author
"""


@dataclass(frozen=True, slots=True)
class Built:
    """What is built on: a family, or all models of a lab; with the lab that makes it, whose own models do not count."""

    of: Literal["family", "lab"]
    code: str
    lab: str | None


@dataclass(frozen=True, slots=True)
class Filters:
    """The builders shown; empty parts match all."""

    origins: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()

    @property
    def chosen(self) -> dict[str, tuple[str, ...]]:
        """Column -> the values to match."""
        return {"origin": self.origins, "layer": self.types, "format": self.formats}

    def matching(self, parts: pl.DataFrame, *, but: str = "") -> pl.DataFrame:
        """The rows of `parts` that match, whatever their column `but`."""
        for column, values in self.chosen.items():
            if values and column != but:
                parts = parts.filter(pl.col(column).is_in(values))
        return parts


@cached(200)
def parts(store: Store, built: Built, definition: Definition) -> pl.DataFrame:
    """What others built, by origin, layer and format: also models (by weight) and downloads_30d (credited)."""
    sql, values = _of(built, definition)
    return rows(store, sql + _PARTS, values)


@cached(300)
def accounts(store: Store, built: Built, definition: Definition, filters: Filters, most: int) -> pl.DataFrame:
    """The accounts with most credited downloads; the column `accounts` has the number of all that match."""
    sql, values = _of(built, definition)
    conditions = ["true"]
    for column, wanted in filters.chosen.items():
        if wanted:
            conditions.append(f"list_contains($chosen_{column}::varchar[], coalesce(built.{column}, '{NOT_KNOWN}'))")
            values[f"chosen_{column}"] = list(wanted)
    return rows(store, sql + _ACCOUNTS.format(where=" and ".join(conditions)), {**values, "most": most})


def _of(built: Built, definition: Definition) -> tuple[str, dict[str, Any]]:
    counted = IS_COUNTED.replace("task_class", "models.task_class")
    sql = _BUILT.format(root=_ROOTS[built.of], counted=counted)
    return sql, {
        "code": built.code, "lab": built.lab, "models": definition.models, "layers": list(definition.layers),
        "below_1b": definition.below_1b, "gguf": definition.gguf,
    }  # fmt: skip
