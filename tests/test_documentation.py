"""Links, folders and pages that the documentation names exist, and the documentation stays short."""

import re
from pathlib import Path

import pytest

from dashboards.navigation import ENTRIES
from tracker.version import VERSION

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    page
    for pattern in ("*.md", ".github/**/*.md", "tracker/*.md", "dashboards/*.md", "warehouse/*.md", "tests/*/*.md")
    for page in ROOT.glob(pattern)
)
MOST_LINES = {"README.md": 135, ".github/CONTRIBUTING.md": 100}
_FENCE = re.compile(r"```.*?```", re.DOTALL)


def heading_ids(page: Path) -> set[str]:
    """The anchors that GitHub gives to the headings of a page."""
    titles = re.findall(r"^#+ (.+)$", _FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_documentation_links_resolve(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", _FENCE.sub("", page.read_text(encoding="utf-8"))):
        if link.startswith(("http:", "https:", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in heading_ids(target), link


@pytest.mark.parametrize("name", MOST_LINES)
def test_documentation_stays_short(name: str) -> None:
    assert len((ROOT / name).read_text(encoding="utf-8").splitlines()) <= MOST_LINES[name]


def test_contributing_names_folders_that_exist() -> None:
    text = (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
    folders = re.findall(r"^\| `([a-z/]+)` \|", text, re.MULTILINE)
    assert len(folders) >= 12
    assert [folder for folder in folders if not (ROOT / folder).is_dir()] == []


def test_dashboard_readme_lists_every_page() -> None:
    text = (ROOT / "dashboards" / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| ([A-Z][\w ?-]+) \|", text, re.MULTILINE)
    assert listed and set(listed) == {entry.title for entry in ENTRIES if not entry.is_hidden}


def test_citation_has_the_version_of_the_program() -> None:
    assert f"\nversion: {VERSION}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
