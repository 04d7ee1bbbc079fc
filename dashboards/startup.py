"""What lasts as long as the process is set apart from what is looked through for garbage.

Streamlit has Python look for garbage after every run of a page. Modules are most of what it then looks through, for 40
to 100 ms in which no other page can run, and they never become garbage.
"""

import gc
import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module

import dashboards

_AS_NEEDED = ("pandas", "pyarrow", "streamlit.dataframe_util", "streamlit.elements.lib.column_config_utils")
"""What Streamlit imports at the first table or chart."""


@cache
def set_apart() -> None:
    """Imports all that the pages need and sets it apart; done once a process."""
    for name in (*_AS_NEEDED, *_modules()):
        import_module(name)
    gc.collect()
    gc.freeze()


def _modules() -> Iterator[str]:
    """The modules of the app, less the scripts that Streamlit runs."""
    scripts = ("dashboards.app", "dashboards.views.")
    for found in pkgutil.walk_packages(dashboards.__path__, "dashboards."):
        if not found.name.startswith(scripts):
            yield found.name
