"""`tracker report`: the warehouse of a home as a folder of static files."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from dashboards.report import folder
from tracker.errors import DataError, UsageError


def run(home: Path, out: Path, base_url: str | None, tell: Callable[[str], None]) -> None:
    """Writes the report of `home` to `out`; `tell` hears how far it is.

    Raises UsageError where `out` holds other things or `base_url` is no address, and DataError, with what to run, where
    there is no warehouse that this version can read.
    """
    address = _with_slash(base_url)
    folder.refuse_foreign(out)
    files = _files(home, address, tell)
    folder.write(out, files)
    tell(f"{len(files)} files, {sum(map(len, files.values())) / 1e6:.1f} MB")


def _files(home: Path, address: str | None, tell: Callable[[str], None]) -> dict[str, bytes]:
    """Path within the report -> content. Loads what is heavy only now that the arguments are known to be good."""
    import duckdb

    from dashboards.data.warehouse import NotReady, open_store, unreadable
    from dashboards.report import site

    found = open_store(home)
    if isinstance(found, NotReady):
        raise DataError(found.because)
    try:
        return site.files(*found, address, tell)
    except (duckdb.CatalogException, duckdb.BinderException, duckdb.IOException) as problem:
        raise DataError(unreadable(problem)) from problem


def _with_slash(base_url: str | None) -> str | None:
    if base_url is None:
        return None
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise UsageError(f"--base-url {base_url}: give the address of the site, such as https://example.org/models/")
    return base_url if base_url.endswith("/") else f"{base_url}/"
