"""The layers below the pages work without Streamlit."""

import subprocess
import sys

IMPORT_ALL = """
import importlib, pkgutil, sys

sys.modules["streamlit"] = None  # importing it now fails
names = [
    found.name
    for layer in ("data", "charts", "text", "queries", "figures", "report")
    for found in pkgutil.walk_packages(importlib.import_module(f"dashboards.{layer}").__path__, f"dashboards.{layer}.")
]
for name in names:
    importlib.import_module(name)
print(len(names))
"""


def test_layers_below_the_pages_import_without_streamlit() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORT_ALL], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 60
