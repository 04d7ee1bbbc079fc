"""The page of rulers: names, where the rulers agree and where not, credit lines. Pure."""

from collections.abc import Mapping, Sequence

import polars as pl

from dashboards.data import format
from dashboards.data.warehouse import Build
from dashboards.text.terms import in_sentence, origin_name

TITLE = "Same lab, different rulers"
HUB = "huggingface"
NAMES = {
    HUB: "Downloads on Hugging Face",
    "openrouter": "Tokens on OpenRouter",
    "modelscope": "Downloads on ModelScope",
    "providers": "Offers of inference providers",
}
PHRASES = {
    HUB: "by downloads on Hugging Face",
    "openrouter": "by tokens on OpenRouter",
    "modelscope": "by downloads on ModelScope",
    "providers": "by offers of inference providers",
}
SHORT_NAMES = {HUB: "Hugging Face", "openrouter": "OpenRouter", "modelscope": "ModelScope", "providers": "providers"}
DAYS = {"30": "30 days", "7": "7 days"}
LABELLED_SHARE = 0.06
"""A smaller part of a bar has no label."""

OWN_PART_SHARE = 0.02
"""Countries that are smaller on every ruler are drawn together."""

MOST_LABS = 12
PER_RULER = 8
"""How many of the first labs of each ruler are drawn, at most MOST_LABS in all."""

NOT_READ = """
Downloads from one hub are one ruler. No other one has been read in this home yet. To compare:

```
tracker crawl --source openrouter
tracker build
```

The first command reads the tokens of the last 30 days by model, which OpenRouter publishes without a key.
`--source modelscope` reads downloads on ModelScope; run it on two days or more. `--source providers` reads which
inference providers serve the models of registered labs.
"""
NO_COMMON_DAY = (
    "The rulers that were read have no day in common yet. Read them again with `tracker crawl --source all`."
)
NOTE = (
    "Shares are of models with open weights whose lab is in the registry, on each ruler by itself: downloads of "
    "language models by publisher on Hugging Face, tokens of the models it lists on OpenRouter, downloads of language "
    "models on ModelScope, where the models of a mirror count for their maker, and offers: the language models that "
    "inference providers serve, once for each provider. Models without open weights are left out everywhere."
)
SCOPE = (
    "Only open weights of registered labs count here, so these shares differ from those of all downloads on other "
    "pages. Rulers are never added up."
)
ORIGIN_TITLE, LAB_TITLE = "Share by country on each ruler", "Share by lab on each ruler"
SUBJECT_TITLE = "Share of {name} {phrase}, and by downloads on Hugging Face"
SUBJECT_SUBTITLE = (
    "Share of registered labs' open-weight models on each ruler; on the Hub by publisher. "
    "Days without a count are gaps."
)
SUBJECT_NOTE = "Rulers count different things, so only shares are compared. They are never added up."
ALL_RULERS = "All labs on all rulers"
_WEIGHTS = {
    "undisclosed": "Maker undisclosed",
    "unknown": "Not in the registry",
    "open": "Publisher not in the registry",
}


def footnote(build: Build, axes: pl.DataFrame) -> str:
    """The source line of both charts, with the credit line of each ruler."""
    label = "Simulated data, not the real Hub. " if build.is_simulated else ""
    hub = "Source: Hugging Face Hub counters, read by Open Model Tracker."
    return f"{label}As of {format.day(build.last_day)}. {hub} {credit_lines(axes)}"


def credit_lines(axes: pl.DataFrame) -> str:
    """The credit line of each ruler but the Hub."""
    return " ".join(f"{text.rstrip('.')}." for text in axes["attribution"])


def ruler_name(axis: str) -> str:
    """The name of a ruler that readers see."""
    return NAMES.get(axis, axis)


def headline(origins: pl.DataFrame, labs: pl.DataFrame, names: Mapping[str, str], lab_names: Mapping[str, str]) -> str:
    """Where the rulers agree and where not: the first country and the first lab of each, and the largest difference."""
    return f"{_of_origins(origins, names)} {_of_labs(labs, lab_names)} {_most_different(labs, lab_names)}".strip()


def subtitle(shares: pl.DataFrame) -> str:
    """Which days, how much of each ruler is known, and on how many days if fewer than on another."""
    first, last = shares["first_day"].min(), shares["last_day"].max()
    covered = shares.group_by("axis", maintain_order=True).agg(pl.col("coverage").first(), pl.col("days").max()).rows()
    most = max(days for *_, days in covered)
    known = "; ".join(
        f"{ruler_name(axis)}: {format.percent(part)}" + (f" ({format.count(days, 'day')} only)" if days < most else "")
        for axis, part, days in covered
    )
    return (
        f"Open weights of registered labs, {format.count(most, 'day')} from {format.day(first)} to "  # type: ignore[arg-type]
        f"{format.day(last)}. "  # type: ignore[arg-type]
        f"Known part of each total: {known}."
    )


def part_of_all(origins: pl.DataFrame, of_labs: float | None, names: Mapping[str, str]) -> str:
    """How the largest share on the Hub compares with those of all its downloads; empty if the Hub is no ruler here.

    `of_labs` is the part of all downloads of language models that registered labs have.
    """
    hub = origins.filter((pl.col("axis") == HUB) & (pl.col("rank") == 1))
    if hub.is_empty() or of_labs is None:
        return ""
    code, share = hub.select("code", "share").row(0)
    return (
        f"On Hugging Face, {in_sentence(origin_name(code, names))} has {format.percent(share)} of the downloads of "
        f"registered labs, which is {format.percent(share * of_labs)} of all downloads of language models. "
        "Accounts that are no labs count on Overview."
    )


def origin_parts(shares: pl.DataFrame, drawn: Sequence[str], names: Mapping[str, str]) -> pl.DataFrame:
    """Rows of the bars: group (ruler), part (country; those without their own colour together), share."""
    code = pl.when(pl.col("code").is_in(list(drawn))).then(pl.col("code")).otherwise(pl.lit("other"))
    summed = shares.with_columns(code=code).group_by("axis", "code", maintain_order=True).agg(pl.col("share").sum())
    return summed.select(
        format.text_column(summed["axis"], ruler_name, "group"),
        format.text_column(summed["code"], lambda found: part_name(found, names), "part"),
        "share",
    )


def part_name(code: str, names: Mapping[str, str]) -> str:
    """The name of a part of a bar."""
    return "Other countries" if code == "other" else origin_name(code, names)


def chosen_labs(shares: pl.DataFrame) -> list[str]:
    """The labs to draw: the first of each ruler, by their mean share."""
    first = shares.filter(pl.col("rank") <= PER_RULER)["code"].unique()
    rulers = max(shares["axis"].n_unique(), 1)
    means = shares.filter(pl.col("code").is_in(first.to_list())).group_by("code").agg(pl.col("share").sum() / rulers)
    return means.sort("share", "code", descending=[True, False])["code"].head(MOST_LABS).to_list()


def lab_points(shares: pl.DataFrame, labs: Sequence[str], lab_names: Mapping[str, str]) -> pl.DataFrame:
    """Rows of the dots: lab, ruler, share, rank; a lab without a count on a ruler has no dot there."""
    found = shares.filter(pl.col("code").is_in(list(labs)))
    return found.select(
        format.text_column(found["code"], lambda code: lab_names.get(code, code), "lab"),
        format.text_column(found["axis"], ruler_name, "ruler"),
        "share",
        "rank",
    )


def lab_rows(shares: pl.DataFrame, lab_names: Mapping[str, str]) -> pl.DataFrame:
    """A row per lab: its share and rank on each ruler, and its ranks on the Hub less those on the others."""
    axes = shares["axis"].unique(maintain_order=True).to_list()
    found = shares.select("code").unique(maintain_order=True)
    for axis in axes:
        of_axis = shares.filter(pl.col("axis") == axis)
        columns = {"share": f"share_{axis}", "rank": f"rank_{axis}"}
        found = found.join(of_axis.select("code", *columns).rename(columns), on="code", how="left")
    for axis in axes[1:]:
        found = found.with_columns(
            (pl.col(f"rank_{axes[0]}").cast(pl.Int64) - pl.col(f"rank_{axis}").cast(pl.Int64)).alias(f"places_{axis}")
        )
    best = pl.min_horizontal(f"rank_{axis}" for axis in axes)
    ordered = found.sort(best, "code", nulls_last=True)
    others = [name for name in found.columns if name != "code"]
    named = format.text_column(ordered["code"], lambda code: lab_names.get(code, code), "lab")
    return ordered.select(named, *others)


def left_out_rows(found: pl.DataFrame) -> pl.DataFrame:
    """Rows of the table of entries without a share: ruler, name, why, share of the ruler's total."""
    return found.select(
        format.text_column(found["axis"], ruler_name, "ruler"),
        "name",
        format.text_column(found["weights"], lambda weights: _WEIGHTS[weights], "reason"),
        "share",
    )


def credits(axes: pl.DataFrame) -> str:
    """One line per ruler with its licence and credit line (Markdown)."""
    lines = [
        f"- **{format.escape_markdown(ruler_name(row['axis']))}**, {format.day(row['first_day'])} to "
        f"{format.day(row['last_day'])}: {format.escape_markdown(row['attribution'])} "
        f"([{format.escape_markdown(row['licence'])}]({row['licence_url']}))."
        for row in axes.iter_rows(named=True)
    ]
    hub = f"- **{NAMES[HUB]}**: counters of the Hugging Face Hub, read by Open Model Tracker."
    return "\n".join([hub, *lines])


def described_points(points: pl.DataFrame) -> str:
    """The alternative text of the dots: the shares of each lab."""
    parts = []
    for (lab,), rows in points.group_by("lab", maintain_order=True):
        values = ", ".join(
            f"{format.percent(share)} ({ruler})" for ruler, share in rows.select("ruler", "share").iter_rows()
        )
        parts.append(f"{lab} {values}")
    return f"Shares by lab: {'; '.join(parts)}."


def described_parts(parts: pl.DataFrame) -> str:
    """The alternative text of the bars: the shares of each ruler."""
    texts = []
    for (group,), rows in parts.group_by("group", maintain_order=True):
        values = ", ".join(
            f"{part} {format.percent(share)}" for part, share in rows.select("part", "share").iter_rows()
        )
        texts.append(f"{group}: {values}")
    return f"Bars of shares by country. {'; '.join(texts)}."


def _of_origins(origins: pl.DataFrame, names: Mapping[str, str]) -> str:
    first = _first(origins)
    if len(first) > 1:
        parts = [
            f"{in_sentence(origin_name(code, names))} is first with {_each(found)}" for code, found in first.items()
        ]
        return f"The rulers disagree on the first country: {format.joined(parts)}."
    [(code, found)] = first.items()
    every = "Both" if len(found) == 2 else "All"
    return f"{every} rulers put {in_sentence(origin_name(code, names))} first: {_each(found)}."


def _of_labs(labs: pl.DataFrame, lab_names: Mapping[str, str]) -> str:
    first = _first(labs)
    if len(first) == 1:
        [code] = first
        return f"They agree on the first lab, {lab_names.get(code, code)}."
    parts = [
        f"{lab_names.get(code, code)} {format.joined([phrase(axis) for axis in found])}"
        for code, found in first.items()
    ]
    return f"They disagree on the first lab: {format.joined(parts, 'but')}."


def _first(shares: pl.DataFrame) -> dict[str, dict[str, float]]:
    """The first of each ruler: code -> ruler -> share."""
    found: dict[str, dict[str, float]] = {}
    first = shares.filter(pl.col("rank") == 1).unique("axis", maintain_order=True)
    for axis, code, share in first.select("axis", "code", "share").iter_rows():
        found.setdefault(code, {})[axis] = share
    return found


def _each(found: Mapping[str, float]) -> str:
    return format.joined([f"{format.percent(share)} {phrase(axis)}" for axis, share in found.items()])


def _most_different(labs: pl.DataFrame, lab_names: Mapping[str, str]) -> str:
    """The lab whose shares differ most between two rulers; empty if no lab is on two."""
    ends = labs.group_by("code").agg(
        pl.len(),
        gap=pl.col("share").max() - pl.col("share").min(),
        most=pl.struct("axis", "share").sort_by("share").last(),
        least=pl.struct("axis", "share").sort_by("share").first(),
    )
    compared = ends.filter(pl.col("len") > 1).sort("gap", "code", descending=[True, False])
    if compared.is_empty():
        return ""
    found = compared.row(0, named=True)
    most, least = found["most"], found["least"]
    return (
        f"The largest difference is {lab_names.get(found['code'], found['code'])}: {format.percent(most['share'])} "
        f"{phrase(most['axis'])}, {format.percent(least['share'])} {phrase(least['axis'])}."
    )


def phrase(axis: str) -> str:
    """How a share is measured, as in "by tokens on OpenRouter"."""
    return PHRASES.get(axis, f"by {axis}")
