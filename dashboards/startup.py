"""Freeze long-lived modules so that the garbage collector skips them.

Streamlit collects garbage after every run of a page. Modules are most of what the collector then traverses, in 40 to
100 ms during which no other page can run, and they never become garbage.
"""

import gc
import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module

import dashboards

_IMPORTED_LATE = ("pandas", "pyarrow", "streamlit.dataframe_util", "streamlit.elements.lib.column_config_utils")
"""Modules that Streamlit imports with the first table or chart."""


@cache
def freeze_modules() -> None:
    """Import all modules that the pages need and freeze them; done once per process."""
    for name in (*_IMPORTED_LATE, *_modules()):
        import_module(name)
    gc.collect()
    gc.freeze()


def _modules() -> Iterator[str]:
    """The modules of the dashboard without the scripts that Streamlit runs."""
    scripts = ("dashboards.app", "dashboards.cloud.", "dashboards.views.")
    for module in pkgutil.walk_packages(dashboards.__path__, "dashboards."):
        if not module.name.startswith(scripts):
            yield module.name
