"""Examples of Hypothesis: the same eighth of them in every run, or with LAWS=whole all of them, and fresh ones."""

import os

from hypothesis import settings

IS_WHOLE = os.environ.get("LAWS") == "whole"


def examples(whole: int) -> int:
    """An eighth of `whole`, at least four; all of them with LAWS=whole."""
    return whole if IS_WHOLE else max(whole // 8, min(whole, 4))


def load_profile() -> None:
    """Set what tests without settings of their own use. How long an example takes is no property of it."""
    settings.register_profile("laws", deadline=None, derandomize=not IS_WHOLE, max_examples=examples(100))
    settings.load_profile("laws")
