"""Colours can be distinguished under every colour vision, on light and dark; lines have fixed styles."""

import tomllib
from itertools import combinations
from pathlib import Path

import pytest

from dashboards.charts import colours
from dashboards.charts.colour_vision import VISIONS, contrast, distance, nearest
from dashboards.data.vocabulary import NOT_KNOWN, OTHER
from dashboards.text import data_quality

LEAST_DISTANCE = {"normal": 28.0, "protanopia": 18.0, "deuteranopia": 18.0, "tritanopia": 12.0}
"""CIE76 delta E; 2.3 is just noticeable side by side, so these leave room for thin lines."""

LEAST_CONTRAST = 3.0
"""WCAG 2.2, 1.4.11, for graphical objects."""

BACKGROUNDS = (colours.LIGHT_BACKGROUND, colours.DARK_BACKGROUND)
THEMES = list(zip(("light", "dark"), BACKGROUNDS, strict=True))
CONFIG = Path(colours.__file__).parents[1] / ".streamlit" / "config.toml"
PALETTES = {
    "origins": list(colours.ORIGINS.values()),
    "members": [*colours.MEMBERS, colours.ORIGINS["CN"], colours.ORIGINS["US"]],
    "series": [*colours.SERIES, *colours.SERIES_REST.values()],
}
NEUTRAL_PALETTES = {"states of a day": data_quality.COLOURS, "lines": dict(enumerate(colours.NEUTRALS))}


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_any_two_colours_of_a_palette_differ(vision: str, palette: list[str]) -> None:
    near = {(one, other): round(distance(one, other, vision), 1) for one, other in combinations(palette, 2)}
    assert {pair: delta for pair, delta in near.items() if delta < LEAST_DISTANCE[vision]} == {}


@pytest.mark.parametrize("background", BACKGROUNDS)
def test_every_colour_contrasts_with_the_background(background: str) -> None:
    ratios = {colour: round(contrast(colour, background), 2) for palette in PALETTES.values() for colour in palette}
    assert {colour: ratio for colour, ratio in ratios.items() if ratio < LEAST_CONTRAST} == {}


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("name", NEUTRAL_PALETTES)
def test_neutral_colours_differ_and_contrast_with_the_background(name: str, vision: str) -> None:
    *_, apart = nearest(NEUTRAL_PALETTES[name], vision)
    assert apart >= min(LEAST_DISTANCE[vision], 18.0)
    for colour in NEUTRAL_PALETTES[name].values():
        assert min(contrast(colour, background) for background in BACKGROUNDS) >= LEAST_CONTRAST


def test_states_of_a_day_also_have_letters() -> None:
    assert len(set(data_quality.LETTERS.values())) == len(data_quality.STATES) == len(data_quality.COLOURS)


@pytest.mark.parametrize(("theme", "background"), THEMES)
def test_text_has_the_colours_of_the_theme_and_is_readable(theme: str, background: str) -> None:
    config = tomllib.loads(CONFIG.read_text())["theme"][theme]
    assert (config["textColor"], config["backgroundColor"]) == (colours.INK[theme], background)
    assert contrast(colours.INK[theme], background) > 7


@pytest.mark.parametrize("background", BACKGROUNDS)
def test_text_and_bars_inside_charts_are_readable(background: str) -> None:
    for colour in (colours.GREY, colours.FIRST, colours.SECOND):
        assert contrast(colour, background) >= 4.0


@pytest.mark.parametrize(("theme", "background"), THEMES)
def test_text_on_heat_is_readable_and_low_heat_is_near_the_page(theme: str, background: str) -> None:
    cells = [blended(colours.HEAT, background, colours.MOST_HEAT * part / 10) for part in range(11)]
    assert all(contrast(cell, colours.INK[theme]) >= 4.5 for cell in cells)
    away = [contrast(cell, background) for cell in cells]
    assert away == sorted(away) and away[0] == 1 and away[-1] > 1.9


def blended(colour: str, background: str, opacity: float) -> str:
    """A colour of this opacity over a background."""
    pairs = [(int(colour[at : at + 2], 16), int(background[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(opacity * over + (1 - opacity) * under):02x}" for over, under in pairs)


def test_series_take_colours_in_order_and_the_rest_has_its_own() -> None:
    found = colours.series_colours(["b", OTHER, "a", NOT_KNOWN])
    assert found == {"b": colours.SERIES[0], "a": colours.SERIES[1], **colours.SERIES_REST}


def test_country_has_the_same_colour_on_every_chart() -> None:
    with_us, with_fr = (colours.group_colours("country", codes) for codes in (("US", "CN"), ("CN", "FR", "JP")))
    assert with_us["CN"] == with_fr["CN"]
    assert colours.group_colours("region", ("China", "Europe"))["China"] == colours.ORIGINS["CN"]


def test_known_regions_have_different_colours() -> None:
    regions = ("China", "United States", "Europe", "Other", "Unknown", "unaffiliated", NOT_KNOWN)
    assert len(set(colours.group_colours("region", regions).values())) == len(regions)


def test_members_differ_by_colour_and_are_marked_with_their_country() -> None:
    members = {"x": ("X", "CN"), "y": ("Y", "CN"), "z": ("Z", "US"), "u": ("U", None), "i": ("I", "ZZ")}
    styles = colours.member_styles(members)
    assert len({style.colour for style in styles.values()}) == 5
    assert {tuple(style.dash) for style in styles.values()} == {colours.SOLID}
    assert (styles["x"].colour, styles["z"].colour) == (colours.ORIGINS["CN"], colours.ORIGINS["US"])
    assert [style.short_name for style in styles.values()] == ["X · CN", "Y · CN", "Z · US", "U", "I"]


@pytest.mark.parametrize("origin", ["CN", "US", "FR"])
def test_eight_members_of_one_origin_have_eight_styles(origin: str) -> None:
    styles = colours.member_styles({code: (code, origin) for code in "abcdefgh"})
    assert len({(style.colour, tuple(style.dash)) for style in styles.values()}) == 8
    assert len({style.colour for style in styles.values()}) >= 7


def test_long_name_is_cut_before_its_mark() -> None:
    style = colours.LineStyle("Qwen3-Coder-480B-A35B", "#000000", mark="CN")
    assert style.fitted(10) == "Qwen3-Cod… · CN" and style.fitted(30) == style.short_name


def test_countries_keep_the_fixed_order_and_pairs_differ_in_dash() -> None:
    assert list(colours.group_styles("country", {"US": "United States", "CN": "China"})) == ["CN", "US"]
    one, other = colours.pair_styles({"publisher": "By publisher", "root": "By root"}).values()
    assert one.colour != other.colour and one.dash != other.dash


def test_origins_without_a_colour_share_that_of_the_rest() -> None:
    selected = ["PL", "CN", "ZZ", "JP", "other", "unaffiliated"]
    styles = colours.selected_styles({code: code for code in selected})
    assert list(styles) == selected
    assert styles["CN"].colour == colours.ORIGINS["CN"] and styles["ZZ"].dash == colours.origin_dash("ZZ")
    assert styles["PL"].colour == styles["JP"].colour == colours.ORIGINS["other"]
    assert len({(style.colour, tuple(style.dash)) for style in styles.values()}) == len(styles)
