"""Links, embeds and citations of charts."""

from datetime import date

from dashboards.text import citation

DAY = date(2026, 11, 20)
PAGE = "https://tracker.example/compare"


def test_name_of_a_figure_is_stable() -> None:
    assert citation.stable_name("origins-publisher-downloads-30d-share-country-2026-11-20") == (
        "origins-publisher-downloads-30d-share-country"
    )
    assert citation.stable_name("compared-2026-01-01-2026-11-20") == "compared"
    assert citation.stable_name("origins") == "origins"


def test_link_has_the_state_of_the_page() -> None:
    assert citation.link(PAGE, {}) == PAGE
    assert citation.link(PAGE, {"lens": ["Base model"], "origin": ["China", "a&b"]}) == (
        f"{PAGE}?lens=Base+model&origin=China&origin=a%26b"
    )


def test_embed_shows_the_chart_alone_and_stays_current() -> None:
    html = citation.embed(PAGE, {"lens": ['"><b>']}, "origins-2026-11-20", 'A "title"')
    assert "chart=origins&amp;embed=true" in html and "2026-11-20" not in html
    assert "<b>" not in html and 'title="A &quot;title&quot;"' in html


def test_citation_says_if_data_are_simulated() -> None:
    assert citation.text("Share of downloads", DAY, PAGE, is_simulated=True) == (
        f"Open Model Tracker. “Share of downloads.” Simulated data of 20 Nov 2026. {PAGE}"
    )
    real = citation.bibtex("100% & more", DAY, PAGE, is_simulated=False)
    assert r"title = {100\% \& more}" in real and "year = {2026}" in real and "imulated" not in real
    assert "Simulated data, not the real Hub." in citation.bibtex("a", DAY, PAGE, is_simulated=True)
