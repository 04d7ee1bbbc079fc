"""The lake of --lake: a folder, or storage that only Spark reads.

Of such storage, Spark lists all files, with their sizes, and fetches the small ones: manifests and readings of other
rulers. So this machine needs nothing for it but the configuration of Spark.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

from tracker.domain import Manifest
from tracker.errors import DataError, HomeError, UsageError
from tracker.lake import axis_days
from tracker.lake.lake import TABLES, Lake

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_MANIFESTS = "crawls"
_FETCHED = (_MANIFESTS, axis_days.MANIFESTS, axis_days.TABLE)
_FOLDERS = (*TABLES, *_FETCHED)
_CANNOT_BE_LISTED = ("http", "https", "ftp", "hf")


def folder_or_uri(text: str) -> Path | str:
    """Return the folder that the value of --lake names, or the URI itself if it is in other storage.

    Raises UsageError for a folder that does not exist, and for a URI whose files cannot be listed.
    """
    parts = urlsplit(text)
    if parts.scheme == "file":
        if parts.netloc not in ("", "localhost"):
            raise UsageError(f"--lake {text} names the host {parts.netloc}. Write file:///, with three slashes.")
        text = url2pathname(parts.path)
    elif "://" in text:
        if parts.scheme in _CANNOT_BE_LISTED:
            raise UsageError(
                f"--lake {text}: Spark cannot list files over {parts.scheme}://. Give a folder, or a URI of object "
                "storage such as s3a://bucket/lake. To read a published dataset, run `tracker pull` first."
            )
        return text.rstrip("/")
    if not Path(text).is_dir():
        raise UsageError(f"--lake {text} is not a folder. Give the folder lake of a home, or a copy of it.")
    return Path(text)


class StoredLake(Lake):
    """A lake in storage. Its folder has copies of the small files; Spark reads the others at its address."""

    def __init__(self, home: Path, folder: Path, address: str, sizes: Mapping[str, int]) -> None:
        super().__init__(home, folder)
        self._address = address
        self._sizes = sizes

    @property
    def address(self) -> str:
        """The URI."""
        return self._address

    def files(self, table: str, manifests: list[Manifest]) -> list[Path]:
        """Return nothing: DuckDB reads no file of it."""
        return []

    def unlisted_files(self, manifests: list[Manifest]) -> list[Path]:
        """Return nothing: files that no manifest lists are not looked for."""
        return []

    def file_problems(self, manifests: list[Manifest], *, by_content: bool = False) -> list[str]:
        """Return a sentence for each listed file that is missing or has a wrong size. Contents are not compared."""
        problems = []
        for manifest in manifests:
            for file in manifest.files:
                size = self._sizes.get(file.path)
                if size is None:
                    problems.append(
                        f"{self.address}/{file.path} is missing; crawl {manifest.crawl} wrote it with {file.rows} rows"
                    )
                elif size != file.bytes:
                    problems.append(
                        f"{self.address}/{file.path} has {size} bytes; crawl {manifest.crawl} wrote {file.bytes}"
                    )
        return problems


def fetch(session: "SparkSession", address: str, home: Path, folder: Path) -> StoredLake:
    """List a lake in storage, and copy its small files to a folder.

    Raises DataError if Spark cannot read the storage, and HomeError if a manifest or a reading is damaged.
    """
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        found = _files(session, address).select("path", "length").collect()
        sizes = {name: length for path, length in found if (name := _name(path))}
        for part in _FETCHED:
            if any(name.startswith(f"{part}/") for name in sizes):
                for path, content in _files(session, f"{address}/{part}").select("path", "content").collect():
                    if name := _name(path):
                        target = folder / name
                        target.parent.mkdir(parents=True, exist_ok=True)
                        target.write_bytes(content)
    except (PySparkException, Py4JError) as problem:
        raise DataError(_reason(address, str(problem))) from problem
    lake = StoredLake(home, folder, address, sizes)
    try:
        lake.check_files(lake.manifests())
        axis_days.files(lake, axis_days.manifests(lake))
    except HomeError as problem:
        raise HomeError(str(problem).replace(str(folder), address)) from problem
    return lake


def refuse_empty(lake: Lake) -> None:
    """Raise DataError if no crawl is in the lake."""
    if not lake.manifests():
        raise DataError(
            f"There is nothing to build from in --lake {lake.address}: no manifest is in {lake.address}/{_MANIFESTS}. "
            "Give the folder lake of a home, or a copy of it."
        )


def escaped(path: str) -> str:
    """Return a path in which Spark finds no pattern."""
    return "".join(f"\\{letter}" if letter in "[]{}*?\\" else letter for letter in path)


def _files(session: "SparkSession", address: str) -> "DataFrame":
    return session.read.format("binaryFile").option("recursiveFileLookup", "true").load(escaped(address))


def _name(path: str) -> str | None:
    """Return the path of a file below the address of the lake; None for other files."""
    parts = path.split("/")
    start = next((place for place in reversed(range(len(parts) - 1)) if parts[place] in _FOLDERS), None)
    return None if start is None else "/".join(parts[start:])


def _reason(address: str, problem: str) -> str:
    """Return what to do about an error of Spark, as a message."""
    scheme = urlsplit(address).scheme
    if "PATH_NOT_FOUND" in problem:
        return f"--lake {address} does not exist. Give the folder lake of a home, or a copy of it."
    if "No FileSystem for scheme" in problem or "ClassNotFoundException" in problem:
        return (
            f"--lake {address}: Spark has no connector for {scheme}://. Name its package as spark.jars.packages in the "
            "configuration of Spark (for s3a://, org.apache.hadoop:hadoop-aws of Spark's version of Hadoop)."
        )
    lines = [line.strip(" :") for line in problem.splitlines() if line.strip(" :")]
    cause = next((line for line in lines if "Exception" in line), lines[0])
    return f"Spark cannot read --lake {address}: {cause}"
