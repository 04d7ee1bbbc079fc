"""The page of published figures: an uploaded list of models is counted."""

import csv
import io
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.support.browser_page import download, open_page
from tracker.dashboard import Dashboard

pytestmark = pytest.mark.browser

LISTED = """
select repo_id, downloads_all_time
from models join model_days using (hub_id)
where author = 'Qwen' and downloads_all_time is not null and day = (select last_day from build)
order by repo_id
limit 3
"""


def test_uploaded_list_is_counted(window: Window, served_simulated: Dashboard, simulated: Path, tmp_path: Path) -> None:
    with duckdb.connect(str(simulated / "tracker.duckdb"), read_only=True) as connection:
        listed = connection.execute(LISTED).fetchall()
    rows = [("org", "model", "modelId"), *(("x", "y", name) for name, _ in listed), ("x", "y", "nobody/=none()")]
    with (tmp_path / "models.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    page = window()
    open_page(page, served_simulated, "reproduce")
    page.locator("[data-testid=stFileUploader] input[type=file]").set_input_files(tmp_path / "models.csv")
    message = f"Of {len(listed) + 1} names in the list, {len(listed)} match a repository by name, 1 do not."
    expect(page.get_by_text(message)).to_be_visible()
    table = csv.DictReader(io.StringIO(download(page, "Table (CSV)", "[class*=st-key-reproductions]").decode()))
    ours = {row["title"]: row["our_value"] for row in table}
    assert float(ours["Cumulative downloads, Qwen"]) == sum(downloads for _, downloads in listed)


@pytest.mark.slow
def test_file_without_the_column_is_refused(window: Window, served_simulated: Dashboard, tmp_path: Path) -> None:
    (tmp_path / "models.csv").write_text("name,downloads\n<b>a</b>,1\n")
    page = window()
    open_page(page, served_simulated, "reproduce")
    page.locator("[data-testid=stFileUploader] input[type=file]").set_input_files(tmp_path / "models.csv")
    expect(page.get_by_role("alert").get_by_text("The file has no column modelId.")).to_be_visible()
