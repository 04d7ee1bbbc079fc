"""Rows of the pages' tables: the figures of a query under the names that `columns` declares, with links and labels."""

from collections.abc import Mapping
from urllib.parse import quote

import polars as pl

from dashboards.data import format, vocabulary
from dashboards.text import builders, contributors, cross_origin, lineage, momentum, rankings, terms
from dashboards.text import models as models_text

HUB = "https://huggingface.co/"


def hub_url(repo_id: str) -> str:
    """The page of a repository on the Hub; a name of any form leads to the Hub and nowhere else."""
    return HUB + quote(repo_id, safe="/").lstrip("/")


def model_rows(models: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """Rows of the table of models; `names` are those of countries. Downloads come first, in view on a phone too."""
    return models.select(
        "downloads_30d", "repo_id", _url(models["repo_id"]), "rank_30d", "change_30d_percent", "change_7d_percent",
        _origin("publisher_origin", names), "lab", _model_type(), "likes",
        "downloads_all_time", "family", "released_on", "params_total", "license", "read_on",
    )  # fmt: skip


def ranking_rows(
    found: pl.DataFrame, names: Mapping[str, str], *, has_hub: bool, first: tuple[str, ...] = ()
) -> pl.DataFrame:
    """Rows of a ranking; models and accounts have a page on the Hub. `first` come first, in view on a phone too."""
    hub = [_url(found["name"])] if has_hub else []
    rows = found.select(
        "rank", "name", "share", "downloads", "rank_change", "change_30d_percent", "change_30d", "change_7d_percent",
        "is_new", "weeks", _origin("origin", names), *hub,
    )  # fmt: skip
    return rows.select(*first, pl.exclude(first))


def unknown_changes(ranking: pl.DataFrame) -> dict[str, None]:
    """The columns of changes to hide, because none of their values is known: name -> None."""
    known = rankings.known_changes(ranking)
    return {name: None for name in rankings.CHANGES if name not in known}


def mixed_origin_rows(models: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    """Rows of models whose publisher and base model are of different countries."""
    roots = [cross_origin.roots_text(roots, names) for roots in models["roots"].to_list()]
    return models.select(
        "repo_id", _url(models["repo_id"]), "downloads_30d", _known_origin("publisher_origin", names),
        pl.Series("roots", roots, dtype=pl.String), _model_type(), "lab", "downloads_all_time",
    )  # fmt: skip


def momentum_rows(releases: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """Rows of new releases with their momentum and its baseline, which may be tiny; RAM is in view on a phone too."""
    downloads = pl.col("downloads_all_time")
    baseline = pl.when(pl.col("ram_median") > 0).then(downloads / pl.col("ram_median")).round().cast(pl.Int64)
    return releases.select(
        "ram_median", "repo_id", _url(releases["repo_id"]), baseline.alias("baseline_median"), "downloads_all_time",
        "ram_tenth", "age_days", "bucket_models",
        format.text_column(releases["size_bucket"], momentum.size_name, "size"), "released_on",
        _known_origin("publisher_origin", names), "lab", "ram_median_before", "ram_tenth_before", "age_before",
    )  # fmt: skip


def contributor_rows(models: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """Rows of the models that moved the shares most."""
    whole = (pl.col(name).round().cast(pl.Int64) for name in ("earlier", "later", "difference"))
    moved = models.with_columns(pl.col("effect") * 100, pl.col("reason").replace(contributors.REASONS))
    origin = pl.col("code").replace_strict(names, return_dtype=pl.String).alias("origin")
    return moved.rename({"change": "difference"}).select(
        "repo_id", _url(models["repo_id"]), "effect", "reason", origin, *whole
    )


def largest_rows(largest: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """Rows of the largest labs or families."""
    return largest.select("name", "share", pl.col("downloads").round().cast(pl.Int64), "lab", _origin("origin", names))


def descendant_rows(descendants: pl.DataFrame, names: Mapping[str, str], most: int) -> pl.DataFrame:
    """Rows of the most downloaded descendants of a model, at most `most`."""
    first = descendants.sort("downloads_30d", "hub_id", descending=[True, False], nulls_last=True).head(most)
    repo_ids = dict(descendants.select("hub_id", "repo_id").iter_rows())
    base = pl.col("base_id").replace_strict(repo_ids, default=None, return_dtype=pl.String).alias("base")
    return first.select(
        "repo_id", _url(first["repo_id"]), _relation(), "steps", "downloads_30d", "weight", "credited_30d",
        _origin("publisher_origin", names), _model_type(), base,
    )  # fmt: skip


def root_rows(roots: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """Rows of the base models of a model; one that is known by name only has no link."""
    url = pl.when(pl.col("is_name_only").not_()).then(_url(roots["root_ref"])).alias("url")
    return roots.select("root_ref", url, "weight", "depth", _origin("root_origin", names), "lab", "family")


def link_rows(links: pl.DataFrame) -> pl.DataFrame:
    """Rows of the links that a model declares."""
    used = pl.when(pl.col("is_used")).then(pl.lit("Used")).otherwise(pl.lit("Not used"))
    return links.select(
        "child", "parent_ref", _relation(), used.alias("used"), "not_used_because", "parent", "resolved_by",
        "declared_in",
    )  # fmt: skip


def family_rows(models: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """Rows of the most downloaded models of a family."""
    return models.select(
        "repo_id", _url(models["repo_id"]), "credited_30d", "weight", "downloads_30d", "downloads_all_time",
        _origin("publisher_origin", names), _model_type(), "size_bucket", "released_on",
    )  # fmt: skip


def builder_rows(accounts: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """Rows of the accounts that build on a family or lab."""
    types = format.text_column(accounts["layers"], lambda codes: builders.joined(codes, builders.type_names()), "layer")
    formats = format.text_column(accounts["formats"], lambda codes: builders.joined(codes, rankings.FORMATS), "format")
    role = format.text_column(accounts["role"], lambda code: models_text.ROLES.get(code, code), "role")
    return accounts.select(
        "author", _url(accounts["author"]).alias("account"), "share", "credited_30d", "lab", role,
        _origin("origin", names), types, formats, "models",
    )  # fmt: skip


def release_rows(releases: pl.DataFrame) -> pl.DataFrame:
    """Rows of the releases of a lab."""
    return releases.select(
        "repo_id", _url(releases["repo_id"]), "released_on", "downloads_30d", "downloads_all_time", "likes", "family",
        "params_total", "license",
    )  # fmt: skip


def account_model_rows(models: pl.DataFrame) -> pl.DataFrame:
    """Rows of the models of an account."""
    return models.select(
        "repo_id", _url(models["repo_id"]), "downloads_30d", _model_type(),
        format.text_column(models["format"], lambda code: rankings.FORMATS[code], "format"), "family", "released_on",
        "downloads_all_time", "likes", "params_total",
    )  # fmt: skip


def base_rows(bases: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """Rows of the families that an account builds on."""
    return bases.select("family", "lab", _known_origin("origin", names), "models", "credited_30d", "share")


def organisation_rows(organisations: pl.DataFrame) -> pl.DataFrame:
    """Rows of accounts of the registry, with why each counts where it does; a lab's name where there is one.

    The account and the evidence come first: both are in view on a phone.
    """
    lab = [name for name in ("lab",) if name in organisations.columns]
    return organisations.select(
        "author", "evidence", _url(organisations["author"]).alias("account"), "origin", *lab, "contested", "role",
        "since", "until", "successor", "models", "note",
    )  # fmt: skip


def event_rows(events: pl.DataFrame) -> pl.DataFrame:
    """Rows of data issues, with a link to the repository where they are about one."""
    return events.select("day", "kind", "repo_id", _url(events["repo_id"]), "detail", "handling")


def _url(names: pl.Series) -> pl.Series:
    return format.text_column(names, hub_url, "url")


def _origin(column: str, names: Mapping[str, str]) -> pl.Expr:
    return pl.col(column).replace(terms.all_origin_names(dict(names))).alias("origin")


def _known_origin(column: str, names: Mapping[str, str]) -> pl.Expr:
    return _origin(column, names).fill_null(terms.UNKNOWN_ORIGIN)


def _model_type() -> pl.Expr:
    return pl.col("layer").replace(vocabulary.layer_names())


def _relation() -> pl.Expr:
    return pl.col("relation").replace(lineage.RELATIONS)
