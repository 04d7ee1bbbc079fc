"""On how many examples a law is tried: some in each run of the tests, as many as its test names with LAWS=whole."""

import os

_PART = 1 if os.environ.get("LAWS") == "whole" else 3


def examples(whole: int) -> int:
    """A third of `whole`, five or more; each run draws others."""
    return max(whole // _PART, min(whole, 5))
