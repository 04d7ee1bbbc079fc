"""Number of Hypothesis examples: a third by default, all of them with LAWS=whole."""

import os

_PART = 1 if os.environ.get("LAWS") == "whole" else 3


def examples(whole: int) -> int:
    """A third of `whole`, at least five; all of them with LAWS=whole. Each run draws different examples."""
    return max(whole // _PART, min(whole, 5))
