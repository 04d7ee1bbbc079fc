"""Lineage methods of the Python API: families, descendants, ancestors, and credit to roots."""

from collections.abc import Iterable

import polars as pl

from tracker.api import lineage_sql
from tracker.api.arguments import LAYERS, MODELS, as_list, checked_min_downloads, one_of
from tracker.api.lineage_sql import MAX_STEPS
from tracker.api.names import NamedQueries

RELATIONS = ("finetune", "adapter", "quantized", "merge", "unknown")


class LineageQueries(NamedQueries):
    """The lineage methods of `Tracker`."""

    __slots__ = ()

    def members(
        self,
        family: str,
        by: str | Iterable[str] = "layer",
        layer: str | Iterable[str] | None = None,
        below_1b: bool = True,
        gguf: bool = True,
        by_maker: bool = True,
        models: str = "language",
        maker_copies_as_release: bool = False,
    ) -> pl.DataFrame:
        """Repositories whose root is in a family, weighted: `by`, models, downloads_30d, downloads_all_time.

        Only listed repositories count, with the counters of their last reading. The largest group comes first.

        Args:
            family: id or name of the family.
            by: one or several of layer, size_bucket, is_gguf, origin (of the publisher) and author.
            layer: as in `adoption`.
            below_1b: as in `adoption`.
            gguf: as in `adoption`.
            by_maker: False leaves out repositories of the family's own lab.
            models: as in `adoption`.
            maker_copies_as_release: as in `adoption`.
        """
        groups = as_list("by", by, lineage_sql.MEMBER_GROUPS) or []
        expressions = ", ".join(f"{lineage_sql.MEMBER_GROUPS[name]} as {name}" for name in groups)
        sql = lineage_sql.MEMBERS.format(
            groups=expressions, names=", ".join(groups), layer=lineage_sql.MEMBER_GROUPS["layer"]
        )
        values = {
            "family": self.code("family", family),
            "layers": as_list("layer", layer, LAYERS),
            "below_1b": below_1b,
            "gguf": gguf,
            "by_maker": by_maker,
            "models": one_of("models", models, MODELS),
            "maker_copies_as_release": maker_copies_as_release,
        }
        return self.run(sql, values)

    def descendants(
        self, hub_id: str, relation: str | Iterable[str] | None = None, steps: int = MAX_STEPS, limit: int = 100_000
    ) -> pl.DataFrame:
        """Repositories built on `hub_id`, nearest first: one row each, with the weight and the last counters.

        `hub_id` may also be the name of a repository. `base_id` and `relation` belong to the shortest path. Counters of
        repositories that are no longer listed are null.
        """
        values = {
            "hub_id": self.hub_id(hub_id),
            "relations": as_list("relation", relation, RELATIONS),
            "steps": steps,
            "limit": limit,
        }
        return self.run(lineage_sql.DESCENDANTS, values)

    def ancestors(self, hub_id: str, steps: int = MAX_STEPS, limit: int = 1_000) -> pl.DataFrame:
        """Repositories that `hub_id` is built on, nearest first. `hub_id` is null if only the name is known.

        The argument may also be the name of a repository.
        """
        return self.run(lineage_sql.ANCESTORS, {"hub_id": self.hub_id(hub_id), "steps": steps, "limit": limit})

    def derivatives(self, min_downloads: int = 5, family: str | None = None, models: str = "language") -> pl.DataFrame:
        """New derivatives: month, root_origin, root_family, relation, task_class, derivatives (weighted), publishers.

        Args:
            min_downloads: 0, 5 or 50; only repositories with more downloads count.
            family: a root family; all if None.
            models: the task class of the derivatives: language, encoder, vision, audio or other; or all.
        """
        values = {
            "min_downloads": checked_min_downloads(min_downloads),
            "family": self.code("family", family),
            "models": one_of("models", models, MODELS),
        }
        return self.run(lineage_sql.DERIVATIVES, values)

    def root_derivatives(
        self,
        by: str = "generation",
        of: str | Iterable[str] | None = None,
        min_downloads: int = 5,
        models: str = "language",
    ) -> pl.DataFrame:
        """New derivatives by root: month (of creation), `by`, derivatives. Months without any have no row.

        A derivative is a repository with a used base that is not a lab's release: a finetune, adapter, merge or copy.
        It counts by weight for its roots only, not for the bases between. So a repository that is built on others has
        no rows. The repositories are those of `derivatives`. A null group holds roots without a family or generation.
        By repo_id, roots known only by name are left out, and a name shared by several repositories means the listed
        one.

        Args:
            by: family or generation of the root, or repo_id for the root itself.
            of: one or several families, generations or names; all if None.
            min_downloads: 0, 5 or 50; only repositories with more downloads count.
            models: as in `derivatives`.
        """
        by = one_of("by", by, lineage_sql.ROOT_DERIVATIVES)
        sql = lineage_sql.ROOT_DERIVATIVES[by]
        values = {
            "of": self.repositories(of) if by == "repo_id" else self.codes(by, of),
            "min_downloads": checked_min_downloads(min_downloads),
            "models": one_of("models", models, MODELS),
        }
        return self.run(sql, values)

    def root_downloads(self, repo_ids: str | Iterable[str], metric: str = "downloads") -> pl.DataFrame:
        """Downloads credited to single repositories as roots: day, repo_id, `metric`.

        The repository's own downloads and those of all its descendants by weight, in every layer and size, GGUF
        included. Over all roots they sum to all downloads of the day. A repository that is built on others has no
        rows: its downloads are credited to its roots. Otherwise as `counts`.

        Args:
            repo_ids: one or several names, in any case.
            metric: downloads (of the day) or downloads_7d_mean.
        """
        sql = lineage_sql.root_downloads(one_of("metric", metric, lineage_sql.ROOT_METRICS))
        return self.run(sql, {"of": self.repositories(repo_ids)})
