"""What lasts as long as the process is not looked through for garbage after each page."""

import gc
import sys

from dashboards import startup


def test_the_modules_of_all_pages_are_set_apart() -> None:
    startup.set_apart()
    assert {"pandas", "pyarrow", "dashboards.charts.lines", "dashboards.queries.momentum"} <= set(sys.modules)
    assert gc.get_freeze_count() > 100_000
