"""Let a process that can open no file read the day files of a slim warehouse, which it opened before.

DuckDB opens a Parquet file whenever a query reads it. The process for untrusted queries cannot open files, so it opens
all day files at its start, and DuckDB reads them through a file system that knows only these.
"""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tracker.database import Connection
from tracker.warehouse.day_files import FOLDER, day_files

OPEN_FILES = "open:/"
"""The home of the views in such a process: they read `open://days/...`."""


def open_day_files(connection: Connection, home: Path) -> None:
    """Open the day files of a warehouse for this connection, and forbid all other files.

    Queries that need a missing file fail, others do not.
    """
    known, files = day_files(connection), {}
    for file in known or ():
        if (home / file.file).is_file():
            files[f"{OPEN_FILES}/{file.file}"] = os.open(home / file.file, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    if known is not None:
        connection.register_filesystem(_file_system(files))
    connection.execute(f"set allowed_directories = ['{OPEN_FILES}/{FOLDER}/']; set enable_external_access = false")


class _OpenFile:
    """A file that is read by position, as DuckDB's file systems in Python expect it."""

    closed = False

    def __init__(self, number: int) -> None:
        self._number, self._position, self.size = number, 0, os.fstat(number).st_size

    def read(self, size: int = -1) -> bytes:
        os.lseek(self._number, self._position, os.SEEK_SET)
        found = os.read(self._number, self.size - self._position if size < 0 else size)
        self._position += len(found)
        return found

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.size}[whence]
        self._position = start + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def close(self) -> None:
        """Leave the file open for the next query."""


def _file_system(files: dict[str, int]) -> Any:
    """Return a file system of these paths. The import takes a few tenths of a second, so only slim warehouses pay."""
    from fsspec import AbstractFileSystem  # type: ignore[import-untyped]

    class OpenFiles(AbstractFileSystem):  # type: ignore[misc]
        protocol = OPEN_FILES.split(":")[0]
        cachable = False

        def open(self, path: str, mode: str = "rb", **options: Any) -> _OpenFile:
            return _OpenFile(files[path])

        def glob(self, path: str, **options: Any) -> list[str]:
            return [path] if path in files else []

        def exists(self, path: str, **options: Any) -> bool:
            return path in files

        def isfile(self, path: str) -> bool:
            return path in files

        def info(self, path: str, **options: Any) -> dict[str, Any]:
            return {"name": path, "size": os.fstat(files[path]).st_size, "type": "file"}

        def modified(self, path: str) -> datetime:
            return datetime.fromtimestamp(os.fstat(files[path]).st_mtime, UTC)

    return OpenFiles()
