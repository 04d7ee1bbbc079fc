"""What is counted, and for whom: the lens and the switches that every page of adoption shares. Pure."""

from dataclasses import dataclass
from typing import Any

from dashboards.words.terms import LAYERS, layer_name


@dataclass(frozen=True, slots=True)
class Definition:
    """One way to count; part of the key of every cache, and of the words of every chart."""

    lens: str = "publisher"
    layers: tuple[str, ...] = LAYERS
    below_1b: bool = True
    """False leaves out models known to have fewer than a billion parameters."""

    gguf: bool = True
    """False leaves out GGUF repositories, whose downloads the Hub counts per file."""

    @property
    def switches(self) -> dict[str, Any]:
        """The arguments of `tracker.api.Tracker.adoption` that it stands for."""
        return {"lens": self.lens, "layer": self.layers, "below_1b": self.below_1b, "gguf": self.gguf}

    def counted(self) -> str:
        """What is counted, in words: "all layers", "only release; without models below 1B"."""
        chosen = ", ".join(layer_name(layer).lower() for layer in self.layers)
        parts = ["all layers" if set(self.layers) == set(LAYERS) else f"only {chosen or 'no layer'}"]
        parts += [] if self.below_1b else ["without models below 1B"]
        parts += [] if self.gguf else ["without GGUF"]
        return ", ".join(parts)
