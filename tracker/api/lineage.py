"""What the Python API answers about descent: who goes back to whom, and what is credited to roots."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import polars as pl

from tracker.api import root_sql
from tracker.api.arguments import LAYERS, allowed, some, threshold
from tracker.api.lineage_sql import ANCESTORS, DERIVATIVES, DESCENDANTS, MEMBER_GROUPS, MEMBERS, STEPS

RELATIONS = ("finetune", "adapter", "quantized", "merge", "unknown")

Run = Callable[[str, Mapping[str, Any]], pl.DataFrame]
"""Runs SQL with its named parameters (`$name`)."""


class Descent:
    """The questions of descent to a built warehouse."""

    __slots__ = ()

    run: Run

    def members(
        self,
        family: str,
        by: str | Iterable[str] = "layer",
        layer: str | Iterable[str] | None = None,
        below_1b: bool = True,
        gguf: bool = True,
        by_maker: bool = True,
    ) -> pl.DataFrame:
        """What goes back to a family, each repository by its weight: `by`, models, downloads_30d, downloads_all_time.

        The counters are those of the last reading of each repository that is listed; the largest group comes first.
        `by` is one or several of layer, size_bucket, is_gguf, origin (of the publisher) and author. `by_maker=False`
        leaves out what the family's own lab published; the other switches are those of `adoption`.
        """
        groups = some("by", by, MEMBER_GROUPS) or []
        named = ", ".join(f"{MEMBER_GROUPS[name]} as {name}" for name in groups)
        sql = MEMBERS.format(groups=named, names=", ".join(groups))
        values = {
            "family": family,
            "layers": some("layer", layer, LAYERS),
            "below_1b": below_1b,
            "gguf": gguf,
            "by_maker": by_maker,
        }
        return self.run(sql, values)

    def descendants(
        self, hub_id: str, relation: str | Iterable[str] | None = None, steps: int = STEPS, limit: int = 100_000
    ) -> pl.DataFrame:
        """What is built on a repository, nearest first: each one once, with its weight there and its last counters.

        `base_id` and `relation` are of the shortest way to it; the counters of what is no longer listed are null.
        """
        values = {"hub_id": hub_id, "relations": some("relation", relation, RELATIONS), "steps": steps, "limit": limit}
        return self.run(DESCENDANTS, values)

    def ancestors(self, hub_id: str, steps: int = STEPS, limit: int = 1_000) -> pl.DataFrame:
        """What a repository is built from, nearest first; `hub_id` is null where it is known by name only."""
        return self.run(ANCESTORS, {"hub_id": hub_id, "steps": steps, "limit": limit})

    def derivatives(self, min_downloads: int = 5, family: str | None = None) -> pl.DataFrame:
        """New derivatives: month, root_origin, root_family, relation, derivatives (weighted), publishers.

        Counted are those with more than `min_downloads` (0, 5 or 50) downloads; all root families if `family` is None.
        """
        return self.run(DERIVATIVES, {"min_downloads": threshold(min_downloads), "family": family})

    def root_derivatives(
        self, by: str = "generation", of: str | Iterable[str] | None = None, min_downloads: int = 5
    ) -> pl.DataFrame:
        """New derivatives by root: month (of creation), `by`, derivatives; a month without any has no row.

        A derivative is a repository with a used base that is no release of a lab: finetunes, adapters, merges, copies.
        It counts for its roots alone, by weight, and for no base between; so a repository that is built on others has
        none. They are the repositories of `derivatives`: survivors, and those with more than `min_downloads` (0, 5 or
        50) downloads. A group of null holds roots without a family or a generation. By repo_id, roots known by name
        only are left out, and a name that several repositories had is that of the one listed.

        Args:
            by: family or generation of the root, or repo_id, the root itself.
            of: the families, generations or names to answer for, one or several; all if None.
            min_downloads: 0, 5 or 50.
        """
        sql = root_sql.DERIVATIVES[allowed("by", by, root_sql.DERIVATIVES)]
        return self.run(sql, {"of": some("of", of, None), "min_downloads": threshold(min_downloads)})

    def root_downloads(self, repo_ids: str | Iterable[str], metric: str = "downloads") -> pl.DataFrame:
        """Downloads credited to single repositories as roots: day, repo_id, `metric`.

        Those of the repository itself and of all its descendants, each by its weight there: of every layer and size,
        GGUF among them. Over all roots they sum to all downloads of the day. A repository that is built on others is
        no root and has no row: it is credited to its roots. Else as `counts`, the repository by itself.

        Args:
            repo_ids: names, one or several; one that no repository has gives no row.
            metric: downloads (of the day) or downloads_7d_mean.
        """
        sql = root_sql.downloads(allowed("metric", metric, root_sql.METRICS))
        return self.run(sql, {"of": some("repo_ids", repo_ids, None)})
