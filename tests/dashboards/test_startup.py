"""Long-lived modules are frozen, so that the garbage collector skips them."""

import gc
import sys

from dashboards import startup


def test_modules_of_all_pages_are_frozen() -> None:
    startup.freeze_modules()
    names = ("pandas", "pyarrow", "dashboards.charts.lines", "dashboards.queries.momentum")
    collected = {id(one) for one in gc.get_objects()}  # without the frozen ones
    assert [name for name in names if id(vars(sys.modules[name])) in collected] == []
