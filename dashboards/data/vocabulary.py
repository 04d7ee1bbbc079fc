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
    "release": "Release",
    "derivative": "Derivative",
    "repackaged": "Repackaged",
    "other": "Other",
}

LAYERS = tuple(_LAYERS)


def layer_name(layer: str) -> str:
    """The name of a layer; an unknown code stands for itself."""
    return _LAYERS.get(layer, layer)


def layer_names() -> dict[str, str]:
    """Code -> name of all layers."""
    return dict(_LAYERS)
