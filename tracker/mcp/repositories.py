"""Tools about single repositories and what is built on them: model, lineage, family."""

from pathlib import Path
from typing import Any

import polars as pl

from tracker.api import names
from tracker.api.arguments import as_list
from tracker.api.explain import paragraph_of
from tracker.api.lineage_sql import MEMBER_GROUPS
from tracker.mcp import arguments as given
from tracker.mcp.about import Warehouse, meaning, models_name, opened
from tracker.mcp.groups import group_names
from tracker.mcp.results import Family, Lineage, Member, Model, Relative, Root

_ALL = 100_000
"""Descendants that are counted at most."""

_MODEL = """
select
    models.repo_id, models.author, models.publisher_origin as origin, labs.name as lab, families.name as family,
    models.generation, models.counted_layer as model_type, models.task_class, models.params_total, models.size_bucket,
    models.license, models.is_gguf, models.is_listed, models.released_on, counts.day as read_on, counts.downloads_30d,
    models_now.downloads_30d_change_percent, counts.downloads_all_time, counts.likes, models_now.rank_30d,
    models_now.rank_30d_in_class
from models
left join latest_counts as counts using (hub_id)
left join models_now using (hub_id)
left join labs on labs.lab = models.publisher_lab
left join families on families.family = models.family
where models.hub_id = $hub_id
"""
_ROOTS = """
select
    lineage.root_ref as name, labs.name as lab, families.name as family, lineage.root_origin as origin,
    lineage.weight::double as weight
from lineage
left join labs on labs.lab = lineage.root_lab
left join families on families.family = lineage.root_family
where lineage.hub_id = $hub_id
order by lineage.weight desc, lineage.root_ref
limit 20
"""
_WEIGHT = "weight: the part of a repository that goes back to a base; each of p bases counts 1/p, step by step."


class RepositoryTools:
    """Tools over the newest warehouse of a home."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def model(self, name: given.Repository) -> Model:
        """One repository: who made it, what it is, its base models, its downloads and ranks, and why it counts so."""
        with opened(self._home) as warehouse:
            [(hub_id, repo_id)] = names.repositories(warehouse.tracker.run, [name])
            [found] = warehouse.rows(_MODEL, {"hub_id": hub_id})
            means = warehouse.tracker.counts(repo_id, "downloads_7d_mean")["downloads_7d_mean"]
            notes = (
                () if found["is_listed"] else ("The repository is no longer listed: its counters are the last read.",)
            )
            return Model(
                about=warehouse.about(meaning("downloads_30d"), "this repository", notes=notes),
                url=f"https://huggingface.co/{repo_id}",
                explanation=paragraph_of(warehouse.connection, repo_id, is_in_warehouse=True) or "",
                downloads_7d_mean=means[-1] if len(means) else None,
                roots=[Root(**row) for row in warehouse.rows(_ROOTS, {"hub_id": hub_id})],
                **found,
            )

    def lineage(self, name: given.Repository, relation: given.Relation = None, limit: given.Limit = 20) -> Lineage:
        """What a repository is built on (bases, nearest first), and what is built on it (most downloaded first)."""
        with opened(self._home) as warehouse:
            [(hub_id, repo_id)] = names.repositories(warehouse.tracker.run, [name])
            bases = warehouse.tracker.ancestors(hub_id, limit=limit)
            below = warehouse.tracker.descendants(hub_id, relation, limit=_ALL)
            largest = below.sort("downloads_30d", descending=True, nulls_last=True, maintain_order=True).head(limit)
            left = below.height - largest.height
            notes = (_WEIGHT, *((f"{left:,} more descendants: raise `limit`, or use SQL.",) if left else ()))
            known = below["credited_30d"].drop_nulls().to_list()
            return Lineage(
                about=warehouse.about(meaning("downloads_30d"), "this repository and its relatives", notes=notes),
                repo_id=repo_id, bases=_relatives(bases), descendants=_relatives(largest),
                descendants_found=below.height, descendants_downloads_30d=sum(known) if known else None,
            )  # fmt: skip

    def family(
        self,
        family: str,
        by: given.MemberBy = "layer",
        layer: given.Layers = None,
        models: given.Models = "language",
        gguf: bool = True,
        by_maker: bool = True,
        limit: given.Limit = 20,
    ) -> Family:
        """Who builds on a family, such as qwen: repositories whose base models are in it, grouped, by weight.

        `gguf=false` leaves out GGUF repositories, `by_maker=false` the family's own lab. by=author with
        layer=repackaged ranks who quantizes it.
        """
        with opened(self._home) as warehouse:
            code = warehouse.tracker.code("family", family) or family
            groups = as_list("by", by, MEMBER_GROUPS) or ["layer"]
            frame = warehouse.tracker.members(
                code, groups, layer, gguf=gguf, by_maker=by_maker, models=models, maker_copies_as_release=True
            )
            total = sum(frame["downloads_30d"].drop_nulls().to_list())
            rows = [_member(row, groups, total) for row in frame.head(limit).to_dicts()]
            left = frame.height - len(rows)
            more = (f"{left:,} more rows: raise `limit`.",) if left else ()
            notes = (_WEIGHT, "share: of the 30-day downloads of all groups of this answer.", *more)
            return Family(
                about=warehouse.about(meaning("downloads_30d"), models_name(models), "root", notes),
                family=code, name=_family_name(warehouse, code), rows=rows, rows_left_out=left,
            )  # fmt: skip


def _relatives(frame: pl.DataFrame) -> list[Relative]:
    return [
        Relative(
            name=row["repo_id"], relation=row["relation"], steps=row["steps"], weight=row["weight"],
            origin=row["publisher_origin"], model_type=row["layer"], downloads_30d=row["downloads_30d"],
        )
        for row in frame.to_dicts()
    ]  # fmt: skip


def _member(row: dict[str, Any], groups: list[str], total: float) -> Member:
    downloads = row["downloads_30d"]
    return Member(
        group={name: row[name] for name in groups}, models=row["models"], downloads_30d=downloads,
        downloads_all_time=row["downloads_all_time"],
        share=downloads / total if total and downloads is not None else None,
    )  # fmt: skip


def _family_name(warehouse: Warehouse, code: str) -> str:
    return group_names(warehouse, "family").get(code, code)
