"""What other rulers show of a simulated world: tokens a day by model, with the truth known. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from tracker.demo.simulation.counters import DAYS_BEFORE
from tracker.demo.simulation.population import Ints, Kind, Population
from tracker.demo.simulation.sources import Line

_AUTHORS = {
    "alibaba": "qwen", "allen-ai": "allenai", "ant": "inclusionai", "baidu": "baidu", "cohere": "cohere",
    "deepseek": "deepseek", "google": "google", "ibm": "ibm-granite", "meta": "meta-llama", "microsoft": "microsoft",
    "minimax": "minimax", "mistral": "mistralai", "moonshot": "moonshotai", "nous": "nousresearch", "nvidia": "nvidia",
    "openai": "openai", "stepfun": "stepfun-ai", "tencent": "tencent", "upstage": "upstage", "xiaomi": "xiaomi",
    "zhipu": "z-ai",
}  # fmt: skip
"""Lab -> its name on OpenRouter."""

_ACCOUNTS = {
    "01-ai": "01ai", "alibaba": "Qwen", "ant": "inclusionAI", "baichuan": "baichuan-inc", "baidu": "PaddlePaddle",
    "deepseek": "deepseek-ai", "google": "LLM-Research", "meta": "LLM-Research", "microsoft": "LLM-Research",
    "minimax": "MiniMax", "mistral": "AI-ModelScope", "modelbest": "OpenBMB", "moonshot": "moonshotai",
    "nvidia": "nv-community", "openai": "AI-ModelScope", "openmoss": "openmoss", "stepfun": "stepfun-ai",
    "tencent": "Tencent-Hunyuan", "xiaomi": "XiaomiMiMo", "zhipu": "ZhipuAI",
}  # fmt: skip
"""Lab -> the account on ModelScope that has its models; those of American labs are mirrors."""

_PROVIDERS = (
    "together", "fireworks-ai", "novita", "nebius", "sambanova", "groq", "cerebras", "hyperbolic", "nscale",
    "featherless-ai", "hf-inference", "scaleway",
)  # fmt: skip

_ABROAD = 0.06
"""Downloads on ModelScope of models that a mirror has, relative to those on the Hub; _AT_HOME for the others."""
_AT_HOME = 0.5

_APPETITE = {
    "deepseek": 12.0, "moonshot": 9.0, "zhipu": 7.0, "minimax": 6.0, "xiaomi": 5.0, "openai": 2.0, "mistral": 1.5,
    "alibaba": 0.3, "google": 0.5, "meta": 0.2,
}  # fmt: skip
"""Lab -> how much more its models are used there than downloaded, so that the labs have another order."""

_CLOSED = {
    "anthropic/claude-sonnet-5": 0.35, "google/gemini-3-flash": 0.3, "openai/gpt-5.2": 0.2, "x-ai/grok-4.1-fast": 0.25,
}  # fmt: skip
"""Models without weights -> their tokens relative to those of all open ones."""

UNLISTED = "some-startup/unheard-of-1"
"""A model that no registry knows."""

STEALTH, _STEALTH_DAYS = "stealth/horizon-alpha", 8
_SHOWN_TASKS = ("text-generation", "image-text-to-text")
_TOKENS_PER_DOWNLOAD = 400_000
_LINES_SHOWN = 60


@dataclass(frozen=True, slots=True)
class MirroredModel:
    """A model on ModelScope."""

    lab: str
    task: str
    downloads: Ints
    """True downloads since creation, at the end of each day from `first_day` on."""


@dataclass(frozen=True, slots=True)
class SimulatedRulers:
    """The truth about a world on other rulers."""

    first_day: date
    slugs: tuple[str, ...]
    """All models on OpenRouter."""

    tokens: Ints
    """Shape (slugs, days from `first_day` on)."""

    repositories: Mapping[str, str]
    """Slug of an open model -> its repository on the Hub."""

    labs: Mapping[str, str]
    """Slug of an open model -> its lab."""

    mirrored: Mapping[str, "MirroredModel"]
    """Model on ModelScope -> its use."""

    frozen_day: date
    """Day on which the counters of ModelScope stand still."""

    fallen: str
    """A model whose counter falls for three days, three days after that, and then returns."""

    def modelscope_on(self, day: date) -> dict[str, tuple[int, int, str]]:
        """Model -> downloads since creation as shown, likes and task on that day."""
        column = (day - self.first_day).days
        shown = column - 1 if day == self.frozen_day else column
        is_fallen = 3 <= (day - self.frozen_day).days < 6
        return {
            name: (
                int(model.downloads[shown] * (0.5 if is_fallen and name == self.fallen else 1)),
                int(model.downloads[column] ** 0.5),
                model.task,
            )
            for name, model in self.mirrored.items()
        }

    def providers_on(self, day: date) -> dict[str, list[dict[str, str]]]:
        """Repository -> the providers that serve it; each of them fails on some days."""
        found = {}
        for place, slug in enumerate(self.repositories):
            found[self.repositories[slug]] = [
                {
                    "provider": name,
                    "providerId": slug,
                    "status": "error" if (day.toordinal() + 3 * place + number) % 9 == 0 else "live",
                    "task": "conversational",
                }
                for number, name in enumerate(_PROVIDERS[: max(1, len(_PROVIDERS) - place // 5)])
            ]
        return found

    @property
    def stealth_days(self) -> tuple[date, ...]:
        """Days on which a model of an undisclosed maker is used."""
        used = np.flatnonzero(self.tokens[self.slugs.index(STEALTH)]).tolist()
        return tuple(self.first_day + timedelta(days=day) for day in used)

    def tokens_on(self, day: date) -> dict[str, int]:
        """Slug -> tokens of that day, for the models that are used."""
        column = (day - self.first_day).days
        if not 0 <= column < self.tokens.shape[1]:
            return {}
        counts = self.tokens[:, column].tolist()
        return {slug: count for slug, count in zip(self.slugs, counts, strict=True) if count}


def simulated_rulers(
    population: Population, lines: Sequence[Line], daily: Ints, first_day: date, rng: np.random.Generator
) -> SimulatedRulers:
    """Derive tokens from the true downloads of the releases that write text. `first_day` is the first listed day."""
    is_shown = np.array([lines[n].pipeline in _SHOWN_TASKS and lines[n].lab in _AUTHORS for n in range(len(lines))])
    releases = np.flatnonzero((population.kinds == Kind.RELEASE) & (population.lines >= 0))
    releases = releases[is_shown[population.lines[releases]]]
    of_line: dict[int, list[int]] = {}
    for release in releases.tolist():
        of_line.setdefault(int(population.lines[release]), []).append(release)
    rows: dict[str, Ints] = {}
    repositories, labs = {}, {}
    for line, members in of_line.items():
        lab = lines[line].lab
        best = max(members, key=lambda member: int(daily[member].sum()))
        slug = f"{_AUTHORS[lab]}/{population.names[best].partition('/')[2].lower()}"
        weekly = 1 + 0.15 * np.sin(np.arange(daily.shape[1]) * 2 * np.pi / 7 + rng.uniform(0, 6))
        scale = _APPETITE.get(lab, 1.0) * rng.lognormal(0, 0.5) * _TOKENS_PER_DOWNLOAD
        rows[slug] = (daily[members].sum(axis=0) * weekly * scale).astype(np.int64)
        repositories[slug], labs[slug] = population.names[best], lab
    shown = sorted(rows, key=lambda slug: (-int(rows[slug].sum()), slug))[:_LINES_SHOWN]
    total = np.sum([rows[slug] for slug in shown], axis=0) if shown else np.zeros(daily.shape[1], dtype=np.int64)
    others = {**_CLOSED, UNLISTED: 0.03}
    rows |= {slug: (total * part * rng.uniform(0.9, 1.1, len(total))).astype(np.int64) for slug, part in others.items()}
    mirrored = _mirrored(population, lines, daily)
    burst = np.arange(len(total)) >= len(total) - _STEALTH_DAYS - 4
    burst &= np.arange(len(total)) < len(total) - 4
    rows[STEALTH] = (total * 0.5 * burst).astype(np.int64)
    slugs = (*shown, *others, STEALTH)
    return SimulatedRulers(
        first_day=first_day - timedelta(days=DAYS_BEFORE),
        slugs=slugs,
        tokens=np.array([rows[slug] for slug in slugs]),
        repositories={slug: repositories[slug] for slug in shown},
        labs={slug: labs[slug] for slug in shown},
        mirrored=mirrored,
        frozen_day=first_day + timedelta(days=max(daily.shape[1] - DAYS_BEFORE - 11, 0)),
        fallen=max(mirrored, key=lambda name: int(mirrored[name].downloads[-1]), default=""),
    )


def _mirrored(population: Population, lines: Sequence[Line], daily: Ints) -> dict[str, MirroredModel]:
    """The releases of labs with an account, or a mirror, on ModelScope."""
    found = {}
    releases = np.flatnonzero((population.kinds == Kind.RELEASE) & (population.lines >= 0)).tolist()
    for release in releases:
        line = lines[int(population.lines[release])]
        if account := _ACCOUNTS.get(line.lab):
            part = _AT_HOME if line.country == "CN" else _ABROAD
            name = f"{account}/{population.names[release].partition('/')[2]}"
            downloads = np.cumsum((daily[release] * part).astype(np.int64)) + int(daily[release].sum())
            found[name] = MirroredModel(line.lab, line.pipeline, downloads)
    return found
