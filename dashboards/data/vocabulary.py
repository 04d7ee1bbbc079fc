"""Codes that the warehouse uses, with the names that readers see: layers, metrics, special origins."""

OTHER = "other"
"""Code of the origins that are drawn together."""

NOT_KNOWN = "not_known"
"""Code of what has no known origin; the warehouse has NULL there."""

UNAFFILIATED = "unaffiliated"
"""Code of accounts outside the registry."""

METRIC_NAMES = {
    "downloads_30d": "30-day downloads",
    "downloads_7d_mean": "daily downloads",
    "downloads_all_time": "all-time downloads",
    "likes": "likes",
    "models": "models",
}

LANGUAGE = "language"
"""Task class that is counted by default."""

UNIVERSES = {
    LANGUAGE: "Language models",
    "vision": "Vision",
    "audio": "Audio",
    "encoder": "Encoders",
    "all": "All",
}
"""What a page counts: a task class, or all models -> the option that readers see."""


def universe_name(models: str) -> str:
    """The models that a definition counts, within a sentence: "language models", "encoders", "models of all kinds"."""
    return {
        LANGUAGE: "language models",
        "vision": "vision models",
        "audio": "audio models",
        "encoder": "encoders",
        "all": "models of all kinds",
    }[models]


_LAYERS = {
    "release": "Original",
    "derivative": "Fine-tune",
    "repackaged": "Quantized copy",
    "other": "Other",
}

LAYERS = tuple(_LAYERS)


def layer_name(layer: str) -> str:
    """The model type that readers see for a layer; an unknown code is returned as it is."""
    return _LAYERS.get(layer, layer)


def layer_names() -> dict[str, str]:
    """Layer -> the model type that readers see, for all layers."""
    return dict(_LAYERS)
