"""Links, embeds and citations of charts."""

from datetime import date

import polars as pl

from dashboards.data.definition import Definition
from dashboards.data.warehouse import Build
from dashboards.text import citation
from tracker.api.citation import SCOPES

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


def test_citation_names_version_models_scope_and_lens() -> None:
    coverage = pl.DataFrame({"scope": ["labs"]})
    made = Build("2026-11-20", "0.3.0", DAY, is_simulated=False)
    filtered = Definition("root", "vision", gguf=False)
    source = citation.source(made, "7", coverage, filtered)
    assert source == (
        "Open Model Tracker 0.3.0 (registry 7), from counters of the Hugging Face Hub as of 20 Nov 2026. "
        f"Scope: {SCOPES['labs']}. Counted: vision models, all model types, without GGUF. Attributed to: base model."
    )
    assert citation.text("Share of downloads", source, PAGE) == f"“Share of downloads.” {source} {PAGE}"
    bibtex = citation.bibtex("100% & more", DAY, source, PAGE)
    assert r"title = {100\% \& more}" in bibtex and f"note = {{{source}}}" in bibtex and "year = {2026}" in bibtex


def test_citation_leaves_out_what_a_page_does_not_use() -> None:
    made = Build("2026-11-20", "0.3.0", DAY, is_simulated=True)
    source = citation.source(made, "7", pl.DataFrame({"scope": ["labs"]}), Definition(gguf=False), frozenset({"class"}))
    assert source.endswith("Counted: language models. Simulated data.")


def test_unknown_chart_is_named_with_those_of_the_page() -> None:
    text = citation.no_chart("a*b", {"origins": "Share of [all]"}, PAGE, {"lens": ["Base model"]})
    assert text == (
        r"This page has no chart named “a\*b”. Its charts: "
        rf"[Share of \[all\]]({PAGE}?lens=Base+model&chart=origins&embed=true). "
        f"[Open the full page]({PAGE}?lens=Base+model)"
    )
    assert "“" + "x" * 60 + "…”" in citation.no_chart("x" * 5000, {"origins": "Share"}, "", {})


def test_page_without_charts_says_so_and_links_to_itself() -> None:
    for wanted in (None, "nope"):
        text = citation.no_chart(wanted, {}, PAGE, {})
        assert text == f"This page has no chart with these data and filters. [Open the full page]({PAGE})"
