"""Settings: the only module that reads the environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

DEFAULT_ENDPOINT = "https://huggingface.co"
DEFAULT_OPENROUTER = "https://openrouter.ai"
DEFAULT_MODELSCOPE = "https://modelscope.cn"
DEFAULT_HOME = "data"
DEFAULT_REFRESH_MINUTES = 15.0
_TOKENS = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_OIDC_RESOURCE")
_TRUE = {"1", "ON", "YES", "TRUE"}


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment decides; each has a default that works."""

    home: Path
    """Folder of the lake and the warehouse (`TRACKER_HOME`, else `./data`)."""

    registry: Path | None
    """The user's own registry files, added to the shipped ones (`TRACKER_REGISTRY`)."""

    endpoint: str
    """The Hub (`HF_ENDPOINT`), without a trailing slash."""

    is_offline: bool
    """`HF_HUB_OFFLINE` is set: no request may be sent to the Hub."""

    names_token: bool = False
    """The environment names a token, or says how to have one (`HF_TOKEN`, `HF_OIDC_RESOURCE`)."""

    openrouter_endpoint: str = DEFAULT_OPENROUTER
    """OpenRouter (`OPENROUTER_ENDPOINT`), without a trailing slash."""

    openrouter_key: str | None = None
    """A key of OpenRouter (`OPENROUTER_API_KEY`). Only its history before the newest export needs one."""

    modelscope_endpoint: str = DEFAULT_MODELSCOPE
    """ModelScope (`MODELSCOPE_ENDPOINT`), without a trailing slash."""

    webhook: str | None = field(default=None, repr=False)
    """Address of a webhook for alerts (`TRACKER_WEBHOOK`), a secret."""

    dataset: str | None = None
    """The dataset whose tables a hosted dashboard shows (`TRACKER_DATASET`)."""

    refresh_minutes: float = DEFAULT_REFRESH_MINUTES
    """How often a hosted dashboard asks for newer tables (`TRACKER_REFRESH_MINUTES`)."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Settings as the environment has them; empty variables count as unset."""
        registry = environ.get("TRACKER_REGISTRY")
        return cls(
            home=Path(environ.get("TRACKER_HOME") or DEFAULT_HOME),
            registry=Path(registry) if registry else None,
            endpoint=(environ.get("HF_ENDPOINT") or DEFAULT_ENDPOINT).rstrip("/"),
            is_offline=environ.get("HF_HUB_OFFLINE", "").upper() in _TRUE,
            names_token=any(environ.get(name) for name in _TOKENS),
            openrouter_endpoint=(environ.get("OPENROUTER_ENDPOINT") or DEFAULT_OPENROUTER).rstrip("/"),
            openrouter_key=environ.get("OPENROUTER_API_KEY") or None,
            webhook=environ.get("TRACKER_WEBHOOK") or None,
            dataset=environ.get("TRACKER_DATASET") or None,
            refresh_minutes=_minutes(environ.get("TRACKER_REFRESH_MINUTES", "")),
            modelscope_endpoint=(environ.get("MODELSCOPE_ENDPOINT") or DEFAULT_MODELSCOPE).rstrip("/"),
        )


def _minutes(text: str) -> float:
    """At least one minute; the default for anything but a number."""
    return max(1.0, float(text)) if re.fullmatch(r"\d{1,6}(\.\d+)?", text.strip()) else DEFAULT_REFRESH_MINUTES
