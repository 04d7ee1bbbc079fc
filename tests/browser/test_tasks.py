"""Ten questions that readers come with, answered as they would do it, with the number of clicks that each takes."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any

import duckdb
import pytest
from playwright.sync_api import Locator, Page, expect

from dashboards.data import format
from tests.browser.conftest import Window, World
from tests.support.browser_page import PHONE, open_page, settle

pytestmark = pytest.mark.browser

BUILDERS = """
select author from lineage
join models using (hub_id)
join model_formats using (hub_id)
join latest_counts using (hub_id)
where {root} and is_listed and task_class = 'language' and {where}
group by author
order by sum(downloads_30d * weight) desc, author
limit 1
"""
MOST_PACKED = """
select lineage.root_lab from lineage
join models using (hub_id)
join model_formats using (hub_id)
join latest_counts using (hub_id)
where format = 'GGUF' and task_class = 'language' and is_listed and publisher_lab is distinct from lineage.root_lab
group by all
order by max(lineage.root_lab = 'deepseek') desc, sum(downloads_30d * weight) desc
limit 1
"""
"""DeepSeek; in the simulated world, which is small, the lab whose GGUF copies by others are downloaded most."""
RISING = """
select coalesce(max(day_before) is not null, false) from comparison_days
join panel_days as now on now.task_class = 'language' and now.day = last_day
join panel_days as before on before.task_class = 'language' and before.day = day_before
where now.segment = before.segment
"""


@dataclass
class Visitor:
    """A reader with a mouse and a keyboard, whose clicks are counted."""

    page: Page
    world: World
    clicks: int = 0

    def click(self, target: Locator, **more: Any) -> None:
        """Click once, and wait until the page is whole."""
        target.click(**more)
        self.clicks += 1
        settle(self.page)

    def find(self, name: str, view: str) -> None:
        """Search in the header: a click, the name and Enter."""
        box = self.page.locator(".st-key-search input")
        self.click(box)
        box.fill(name)
        self.page.get_by_role("option").first.wait_for()
        box.press("Enter")
        self.page.wait_for_url(re.compile(f"/{view}\\?{view}="))
        settle(self.page)

    def click_bar(self, name: str) -> None:
        """Click the bar of a chart next to this name."""
        label = self.page.locator("svg.marks .role-axis-label text", has_text=name).first
        label.scroll_into_view_if_needed()
        box = label.bounding_box()
        assert box is not None
        self.page.mouse.click(box["x"] + box["width"] + 25, box["y"] + box["height"] / 2)
        self.clicks += 1
        settle(self.page)

    def ask(self, sql: str) -> Any:
        """The one value of a query to the warehouse that the pages show."""
        with duckdb.connect(str(self.world.home / "tracker.duckdb"), read_only=True) as connection:
            connection.execute("set search_path = 'main,steps'")
            [(value,)] = connection.execute(sql).fetchall()
        return value

    @property
    def main(self) -> Locator:
        """What the page says."""
        return self.page.locator("[data-testid=stMain]")


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(window: Window, world: World) -> Visit:
    """Open a page of the dashboard as a new reader, by default the first one."""

    def visit(path: str = "", width: int = 1440) -> Visitor:
        page = window(width)
        open_page(page, world.served, path)
        return Visitor(page, world)

    return visit


def test_who_leads_by_how_much_since_when_takes_no_click(visit: Visit) -> None:
    reader = visit()
    shares = r"\d+\.\d% of .*downloads .*, (Chinese|US) labs' \d+\.\d%"
    assert re.match(f"(Chinese|US) labs' models get {shares}", reader.page.locator("h1").inner_text())
    since = reader.page.locator(".tile", has_text="Last crossover")
    expect(since).to_contain_text(re.compile(r"\d{4}|None"))
    box = since.bounding_box()
    assert box is not None and box["y"] + box["height"] < 900
    assert reader.clicks == 0


def test_us_companies_that_build_on_qwen_take_three_clicks(visit: Visit) -> None:
    reader = visit()
    reader.find("Qwen", "family")
    reader.click(reader.page.get_by_role("radio", name="Who builds on it"))
    reader.click_bar("United States")
    first = reader.ask(
        BUILDERS.format(
            root="lineage.root_family = 'qwen'",
            where="publisher_origin = 'US' and publisher_lab is distinct from 'alibaba'",
        )
    )
    expect(reader.main).to_contain_text(f"on Qwen under these filters; the largest: {first}")
    reader.page.wait_for_url(re.compile(r"country=United\+States"))
    assert reader.clicks <= 3


def test_gguf_repackagers_of_a_lab_take_three_clicks(visit: Visit) -> None:
    reader = visit()
    lab = reader.ask(MOST_PACKED)
    name = reader.ask(f"select name from labs where lab = '{lab}'")
    reader.find(name, "lab")
    reader.click(reader.page.get_by_role("radio", name="Who builds on it"))
    reader.click_bar("GGUF")
    others = f"format = 'GGUF' and publisher_lab is distinct from '{lab}'"
    first = reader.ask(BUILDERS.format(root=f"lineage.root_lab = '{lab}'", where=others))
    expect(reader.main).to_contain_text(f"on {name} under these filters; the largest: {first}")
    assert reader.clicks <= 3


def test_fastest_rising_of_1b_to_5b_takes_two_choices(visit: Visit) -> None:
    reader = visit("momentum")
    size = reader.page.get_by_role("combobox", name="Size")
    reader.click(size)
    reader.click(reader.page.get_by_role("option", name="1B to 5B"))
    expect(reader.page.get_by_role("heading", name="Fastest rising, 1B to 5B")).to_be_visible()
    answer = "Fastest rising models with at least 10.0K downloads" if reader.ask(RISING) else "Changes are unknown"
    expect(reader.main).to_contain_text(re.compile(f"{re.escape(answer)}|None of the models with at least 10.0K"))
    assert reader.clicks == 2


def test_embedded_address_shows_the_chart_alone(visit: Visit, window: Window) -> None:
    reader = visit()
    reader.click(reader.page.get_by_role("button", name="Link, embed, cite").first)
    dialog = reader.page.locator("[role=dialog]")
    dialog.get_by_text("<iframe").first.wait_for()
    [address] = re.findall('src="([^"]+)"', unescape(dialog.inner_text()))
    assert "embed=true" in address and reader.world.served.url in address
    assert reader.clicks == 1, "the fields of the dialog have buttons that copy them"
    alone = window(900)
    alone.goto(address)
    chart = alone.locator(".stVegaLiteChart")
    chart.first.locator("canvas, svg").first.wait_for()
    expect(alone.locator("h1")).not_to_be_visible()
    expect(alone.locator(".st-key-controls")).not_to_be_visible()
    assert [one.is_visible() for one in chart.all()].count(True) == 1
    expect(alone.get_by_role("heading", name="Share of 30-day downloads by country of the publisher")).to_be_visible()
    if reader.world.is_simulated:
        expect(alone.get_by_text("Simulated data, not the real Hub.").filter(visible=True)).not_to_have_count(0)
    alone.evaluate("localStorage.setItem('stSidebarCollapsed-', 'false')")
    alone.set_viewport_size({"width": PHONE, "height": 844})
    for path, sentence in (
        ("model?embed=true", "no chart with these"),
        ("?chart=x&embed=true", "no chart named “x”"),
    ):
        alone.goto(f"{reader.world.served.url}/{path}")
        expect(alone.get_by_text(sentence)).to_be_visible()
        expect(alone.locator(".st-key-no-chart")).to_contain_text("Source: Hugging Face Hub counters")
        expect(alone.get_by_role("link", name="Open the full page")).to_be_visible()
        expect(alone.locator("[data-testid=stSidebar]")).not_to_be_visible()


def test_model_is_found_by_a_part_of_its_name(visit: Visit) -> None:
    reader = visit("method")
    name = reader.ask(
        "select repo_id from models join latest_counts using (hub_id) where repo_id like '%-%' and is_listed "
        "order by downloads_30d desc nulls last limit 1"
    )
    reader.find(name.partition("/")[2], "model")
    expect(reader.page.locator("h1")).to_have_text(name)
    assert reader.clicks == 1
    box = reader.page.locator(".st-key-search input")
    box.fill("no such name at all")
    box.press("Enter")
    expect(reader.page.locator("[data-testid=stToast]")).to_contain_text("has a name with “no such name at all”")


def test_chinese_labs_are_compared_in_one_click(visit: Visit) -> None:
    reader = visit("method")
    reader.page.goto(f"{reader.world.served.url}/compare")
    settle(reader.page)
    reader.click(reader.page.get_by_role("button", name="Labs of China"))
    reader.page.wait_for_url(re.compile("compare=Labs"))
    reader.page.wait_for_url(re.compile("labs=.+&labs="))
    expect(reader.main).to_contain_text(re.compile("had the most .* of the (two|three|four|five|six|seven|eight) labs"))
    assert reader.clicks == 1
    reader.page.go_back(wait_until="commit")
    expect(reader.main).to_contain_text(re.compile("of the (six|seven|eight) families compared"))
    reader.page.go_back(wait_until="commit")
    reader.page.wait_for_url("**/method")  # the page adds no entry of its own


def test_why_an_organisation_is_chinese_takes_two_clicks(visit: Visit) -> None:
    reader = visit()
    reader.find("Alibaba", "lab")
    reader.click(reader.page.get_by_role("radio", name="Where it counts, and why"))
    evidence = reader.ask("select evidence from labs where lab = 'alibaba'")
    expect(reader.main).to_contain_text(f"Alibaba counts for China: {evidence}")
    assert reader.clicks == 2


def test_published_figures_are_two_clicks_away(visit: Visit) -> None:
    reader = visit()
    reader.click(reader.page.get_by_role("button", name="How we know"))
    reader.click(reader.page.get_by_role("menuitem", name="Published figures"))
    reader.page.wait_for_url("**/reproduce")
    expect(reader.page.locator("h1")).to_contain_text("published")
    assert reader.clicks == 2


def test_chart_is_cited_in_bibtex_with_one_click(visit: Visit) -> None:
    reader = visit()
    reader.click(reader.page.get_by_role("button", name="Link, embed, cite").first)
    day = reader.ask("select last_day from build")
    dialog = reader.page.locator("[role=dialog]")
    expect(dialog).to_contain_text(f"@misc{{open-model-tracker-{day},")
    expect(dialog).to_contain_text(f"as of {format.day(day)}")
    expect(dialog).to_contain_text("Counted: language models, all model types. Attributed to: publisher.")
    assert reader.clicks == 1


def test_back_restores_what_was_chosen(visit: Visit) -> None:
    reader = visit("rankings")
    reader.click(reader.page.get_by_role("radio", name="Families"))
    reader.page.wait_for_url("**/rankings?rank=Families")
    reader.find("Qwen", "family")
    reader.page.go_back(wait_until="commit")
    reader.page.wait_for_url("**/rankings?rank=Families")
    expect(reader.page.get_by_role("radio", name="Families")).to_be_checked()
    expect(reader.main).to_contain_text("The largest families are")
    reader.click(reader.page.get_by_role("button", name="How we know"))
    reader.click(reader.page.get_by_role("menuitem", name="Method"))
    reader.page.wait_for_url("**/method")
    reader.page.go_back(wait_until="commit")
    reader.page.wait_for_url("**/rankings?rank=Families")
    expect(reader.page.get_by_role("radio", name="Families")).to_be_checked()


def test_menu_of_a_phone_closes_after_a_choice(visit: Visit) -> None:
    reader = visit("method", width=PHONE)
    opener = reader.page.locator("[data-testid=stExpandSidebarButton]")
    reader.click(opener)
    reader.page.reload()  # an open menu is not kept for the next visit
    settle(reader.page)
    reader.click(opener)
    reader.click(reader.page.locator("[data-testid=stSidebarNavLink]", has_text="Rankings"))
    reader.page.wait_for_url("**/rankings")
    menu = "document.querySelector('[data-testid=stSidebar]')"
    reader.page.wait_for_function(f"() => !{menu} || {menu}.getBoundingClientRect().right <= 0")
