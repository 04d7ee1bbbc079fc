"""Which days in the lake belong to a file of a user."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.history.conftest import MANIFEST
from tracker.history.file_identity import scope_of


def scopes(*paths: str) -> list[str]:
    """The scopes of files that are imported one after the other."""
    owners: dict[str, Path | None] = {}
    manifests = []
    for path in map(Path, paths):
        scope = scope_of(path, owners, manifests)
        owners[scope] = path
        manifests.append(replace(MANIFEST, scope=scope, endpoint=f"file/{path.name}@0123"))
    return list(owners)


@pytest.mark.parametrize(
    "names",
    [
        ("/d/models.2026-08-05.csv", "/d/models.2026-08-06.csv"),
        ("/d/qwen2.csv", "/d/qwen2.5.csv"),
        ("/d/下载.csv", "/d/点赞.csv"),
        ("/d/q1 a.csv", "/d/q1-a.csv"),
        ("/d/Mine.csv", "/d/mine.csv"),
        ("/d/é.csv", "/d/è.csv"),
        ("/a/models.csv", "/b/models.csv"),
        ("/d/models.csv", "/d/models.parquet"),
        ("/d/models.csv", "/d/models.csv.gz"),
        ("/d/" + "long" * 30 + "1.csv", "/d/" + "long" * 30 + "2.csv"),
    ],
)
def test_files_at_two_paths_have_two_scopes(names: tuple[str, str]) -> None:
    both = scopes(*names)
    assert len(both) == 2
    assert all(scope.startswith("file-") and len(scope) < 80 for scope in both)
    assert scopes(*names, *names) == both


def test_scope_is_the_name_of_the_file_where_it_is_free() -> None:
    assert scopes("/d/mine.csv", "/e/Mine.2026-08-05.csv.gz", "/e/点赞.csv") == [
        "file-mine",
        "file-mine-2026-08-05",
        "file-unnamed",
    ]


def test_days_of_an_earlier_version_belong_to_their_file() -> None:
    older = replace(MANIFEST, scope="file-models", endpoint="file/models.2026-08-06.csv@0123")
    assert scope_of(Path("/d/models.2026-08-06.csv"), {"file-models": None}, [older]) == "file-models"
    assert scope_of(Path("/d/models.2026-08-05.csv"), {"file-models": None}, [older]) == "file-models-2026-08-05"
    other = scope_of(Path("/d/models.csv"), {"file-models": None}, [older])
    assert other.startswith("file-models-") and other != "file-models"


def test_pulled_days_belong_to_the_file_that_published_them() -> None:
    first, second = scopes("/a/models.csv", "/b/models.csv")
    pulled = [replace(MANIFEST, scope=scope, endpoint="file/models.csv@0123") for scope in (first, second)]
    assert [scope_of(Path(f"/{folder}/models.csv"), {}, pulled) for folder in "ba"] == [second, first]
