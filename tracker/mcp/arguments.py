"""Types of the tools' arguments. Their values are checked by the Python API, whose messages list what is allowed."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from tracker.api.arguments import LAYERS, LENSES, MODELS
from tracker.api.lineage import RELATIONS
from tracker.api.lineage_sql import MEMBER_GROUPS
from tracker.api.queries import GROUPS
from tracker.api.rankings import FORMATS, ORDERS, PERIODS, SUBJECTS
from tracker.api.tracker import METRICS


def _choice(choices: Sequence[str], description: str | None = None) -> Any:
    """Describe an argument with these values. The schema lists them; they are accepted in any case."""
    return Field(description=description, json_schema_extra={"enum": list(choices)})


Names = list[str] | str | None
COMPARED = ("family", "origin", "lab", "generation", "region", "model")
EVERY = ("day", "week", "month")

By = Annotated[str, _choice(tuple(GROUPS))]
ComparedBy = Annotated[str | None, _choice(COMPARED)]
MemberBy = Annotated[Names, Field(description=f"One or several of {', '.join(MEMBER_GROUPS)}.")]
RulerBy = Annotated[str, _choice(("lab", "origin", "family"))]
Metric = Annotated[str, _choice(METRICS)]
Lens = Annotated[
    str,
    _choice(LENSES, "publisher: who published a model. root: who made its base model. Each counts everything once."),
]
Models = Annotated[str, _choice(MODELS, "Task class that is counted.")]
Layers = Annotated[
    Names,
    Field(
        description=f"Model types: one or several of {', '.join(LAYERS)}. release: a lab's own weights and copies of "
        "them; derivative: fine-tunes; repackaged: quantized copies by others."
    ),
]
Origins = Annotated[Names, Field(description="Countries by code or name, or unaffiliated.")]
Sizes = Annotated[Names, Field(description="Billions of parameters: <1, 1-5, 5-10, 10-50, 50-100, 100-250, 250+.")]
Formats = Annotated[Names, Field(description=f"One or several of {', '.join(FORMATS)}.")]
Day = Annotated[str | None, Field(description="YYYY-MM-DD")]
Every = Annotated[str, _choice(EVERY, "Every day, or the last known day of each week or month.")]
Subject = Annotated[str, _choice(SUBJECTS)]
Period = Annotated[str, _choice(PERIODS)]
Order = Annotated[str, _choice(ORDERS, "rise: the change relative to the downloads before.")]
Relation = Annotated[Names, Field(description=f"One or several of {', '.join(RELATIONS)}; all if not given.")]
Repository = Annotated[str, Field(description="owner/name on the Hub, in any case.")]
Limit = Annotated[int, Field(ge=1, le=1000, description="Rows at most.")]
MinDownloads = Annotated[int, Field(ge=0, le=10**12)]
Days = Annotated[int, Field(ge=1, le=3650)]
