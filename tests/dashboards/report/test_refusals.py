"""What cannot be reported is refused in a sentence, before anything is written."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dashboards.report.command import run
from tracker.errors import DataError, UsageError


def silent(said: str) -> None:
    pass


@pytest.mark.parametrize("address", ["example.org", "https://", "ftp://example.org/", "https://example.org/?page=1"])
def test_an_address_must_be_one_that_files_can_stand_below(simulated: Path, tmp_path: Path, address: str) -> None:
    with pytest.raises(UsageError, match="give the address of the site, such as https://example"):
        run(simulated, tmp_path / "site", address, silent)
    assert not (tmp_path / "site").exists()


def test_without_a_warehouse_it_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"There is no warehouse yet .* `tracker up` reads the Hub"):
        run(tmp_path / "nothing", tmp_path / "site", None, silent)


def test_an_old_warehouse_is_to_be_built_anew(home: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="Run `tracker build` to make it anew from the lake"):
        run(home, tmp_path / "site", None, silent)
    assert not (tmp_path / "site").exists()


def test_an_empty_warehouse_says_what_to_run(write_warehouse: Callable[..., Path], tmp_path: Path) -> None:
    write_warehouse(tmp_path, "delete from build")
    with pytest.raises(DataError, match="The warehouse is empty: no day has been crawled"):
        run(tmp_path, tmp_path / "site", None, silent)
