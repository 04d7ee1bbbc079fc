"""Long-lived modules are frozen, so that the garbage collector skips them."""

import gc
import sys

from dashboards import startup


def test_modules_of_all_pages_are_frozen() -> None:
    startup.freeze_modules()
    assert {"pandas", "pyarrow", "dashboards.charts.lines", "dashboards.queries.momentum"} <= set(sys.modules)
    assert gc.get_freeze_count() > 100_000
