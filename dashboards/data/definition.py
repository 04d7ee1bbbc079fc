"""The definition of what is counted: the lens and the switches shared by all pages about adoption."""

from dataclasses import dataclass, replace
from typing import Any

from dashboards.data.vocabulary import LANGUAGE, LAYERS, layer_name, universe_name

ALL_SWITCHES = frozenset({"class", "lens", "layers", "small", "gguf"})
"""The controls of a definition, by their URL parameters."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One way to count; part of every cache key and every subtitle."""

    lens: str = "publisher"
    models: str = LANGUAGE
    """The task class counted, or "all"."""

    layers: tuple[str, ...] = LAYERS
    below_1b: bool = True
    """False excludes models known to have fewer than a billion parameters."""

    gguf: bool = True
    """False excludes GGUF repositories, whose downloads the Hub counts per file."""

    @property
    def switches(self) -> dict[str, Any]:
        """The corresponding arguments of `tracker.api.Tracker.adoption`."""
        return {
            "lens": self.lens,
            "models": self.models,
            "layer": self.layers,
            "maker_copies_as_release": True,
            "below_1b": self.below_1b,
            "gguf": self.gguf,
        }

    @property
    def parameters(self) -> dict[str, Any]:
        """The switches but the lens as parameters of a query; the layers are a list."""
        others = {name: value for name, value in self.switches.items() if name not in ("lens", "layer")}
        return others | {"layers": list(self.layers)}

    def counted(self) -> str:
        """A description: "language models, all model types", "vision models, only original, without GGUF"."""
        return f"{universe_name(self.models)}, {self.filters()}"

    def filters(self) -> str:
        """The filters among the models counted: "all model types", "only original, without models below 1B"."""
        chosen = ", ".join(layer_name(layer).lower() for layer in self.layers)
        parts = ["all model types" if set(self.layers) == set(LAYERS) else f"only {chosen or 'no model type'}"]
        parts += [] if self.below_1b else ["without models below 1B"]
        parts += [] if self.gguf else ["without GGUF"]
        return ", ".join(parts)

    def moved(self) -> dict[str, "Definition"]:
        """The definitions with one switch changed: lens, models below 1B, GGUF, quantized copies."""
        others = tuple(layer for layer in self.layers if layer != "repackaged")
        copies = others if "repackaged" in self.layers else (*self.layers, "repackaged")
        found = {
            "lens": replace(self, lens="root" if self.lens == "publisher" else "publisher"),
            "below_1b": replace(self, below_1b=not self.below_1b),
            "gguf": replace(self, gguf=not self.gguf),
        }
        return found | ({"repackaged": replace(self, layers=copies)} if others else {})

    @property
    def crossover_layer(self) -> str | None:
        """The value of `crossovers.layer` for this definition: all, a single layer, or None."""
        if not (self.below_1b and self.gguf) or not self.layers:
            return None
        if set(self.layers) == set(LAYERS):
            return "all"
        return self.layers[0] if len(self.layers) == 1 else None

    @property
    def robustness_name(self) -> str | None:
        """The name of this definition in the table `robustness`; None if it is not there."""
        return next((name for name, one in _ROBUSTNESS.items() if replace(one, models=self.models) == self), None)


_ROBUSTNESS = {
    "without models below 1B": Definition(below_1b=False),
    "without GGUF": Definition(gguf=False),
    "without quantized copies": Definition(layers=tuple(layer for layer in LAYERS if layer != "repackaged")),
}
"""Definitions whose crossover is only in `robustness`; the others are also in `crossovers`."""
