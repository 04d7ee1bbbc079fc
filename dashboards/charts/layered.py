"""Charts laid over each other on the same axes, composed without Altair's own copies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt


@dataclass(frozen=True, slots=True)
class Layered:
    """Layers, the first at the back; none has a size of its own.

    Altair copies and checks every layer three times to lay one over the other, which is most of what drawing a chart
    costs. A page puts their specifications side by side instead (`spec.unchecked`).
    """

    layers: Sequence[alt.Chart]
    height: int
    """Pixels; the width follows the screen."""

    def whole(self) -> alt.LayerChart:
        """The chart as Altair has it: to lay out with others, or to check."""
        return alt.LayerChart(layer=list(self.layers), height=self.height)

    def to_dict(self, **options: Any) -> dict[str, Any]:
        """The specification as Altair makes and checks it."""
        return dict(self.whole().to_dict(**options))
