"""The text of a badge fits its box and is never markup."""

from xml.etree import ElementTree

import pytest

from dashboards.report.badges import Badge, svg_bytes

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", ["Qwen", "ii", "WWWWWWWW", "通义千问", "a<b>&\"'", "x" * 80])
def test_text_fits_its_box(name: str) -> None:
    root = ElementTree.fromstring(svg_bytes(Badge("a", name, "31% of downloads", f"{name}: 31%")))
    boxes = [element for element in root.iter(f"{SVG}rect")][1:]
    texts = list(root.iter(f"{SVG}text"))
    assert [element.text for element in texts] == [name, "31% of downloads"]
    for box, words in zip(boxes, texts, strict=True):
        left, width = float(box.get("x", 0)), float(box.get("width", 0))
        start, length = float(words.get("x", 0)), float(words.get("textLength", 0))
        assert left < start and start + length < left + width
    assert root.get("aria-label") == f"{name}: 31%"
