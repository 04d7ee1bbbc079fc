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
