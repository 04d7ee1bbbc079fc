"""Messages for webhooks: complete, escaped, labelled, and short enough."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from dashboards.report.alerts import Alert, payload
from dashboards.text.news import Event, Kind, News

DAY = date(2026, 11, 20)
EVENT = Event(
    "top-ten-1", Kind.TOP_TEN, DAY, "lab/a_b*c enters the top ten", "It is <!channel> & @everyone.", "lab/a_b*c"
)
URL = "https://example.org/news.html#2026-11-20"


def written(form: str, events: Sequence[Event] = (EVENT,), *, is_simulated: bool = False, url: str | None = URL) -> Any:
    news = News(DAY, "China leads", None, "", tuple(events))
    return json.loads(payload(Alert(news, is_simulated, url), form))


def test_slack_message_has_events_finding_and_link() -> None:
    found = written("slack")
    assert found["text"] == (
        "*Open Model Tracker, 20 Nov 2026*\n"
        "\N{BULLET} *lab/a_b*c enters the top ten.* It is &lt;!channel&gt; &amp; @everyone.\n"
        "China leads.\n"
        f"<{URL}|The day in full>"
    )


def test_discord_message_has_no_mentions() -> None:
    found = written("discord", url=None)
    assert found["allowed_mentions"] == {"parse": []}
    assert found["content"] == (
        "**Open Model Tracker, 20 Nov 2026**\n"
        "- **lab/a\\_b\\*c enters the top ten.** It is \\<!channel\\> & @everyone.\n"
        "China leads."
    )


@pytest.mark.parametrize("number", [1, 60])
def test_discord_message_is_short_enough(number: int) -> None:
    content = written("discord", [EVENT] * number)["content"]
    shown = content.count("enters the top ten")
    assert len(content) <= 2000 and shown >= 1 and content.endswith(f"(<{URL}>)")
    assert (f"and {number - shown} more events" in content) == (number > shown)


def test_plain_message_has_events_as_data() -> None:
    found = written("json", is_simulated=True)
    assert found["title"] == "Simulated data: lab/a_b*c enters the top ten. China leads."
    assert (found["day"], found["finding"], found["url"]) == ("2026-11-20", "China leads", URL)
    assert found["events"] == [
        {
            "id": "top-ten-1", "kind": "top-ten", "day": "2026-11-20", "title": EVENT.title, "text": EVENT.sentence,
            "model": "lab/a_b*c", "is_simulated": True,
        }
    ]  # fmt: skip


@pytest.mark.parametrize(("form", "text"), [("slack", "text"), ("discord", "content"), ("json", "title")])
def test_simulated_data_are_labelled(form: str, text: str) -> None:
    assert "Simulated data: " in written(form, is_simulated=True)[text]
    assert "Simulated" not in written(form)[text]
