"""`tracker alert`: the events of a day to a webhook."""

import json
from datetime import datetime
from typing import Annotated

import typer

from tracker.cli.environment import now, print_note, reading_settings
from tracker.cli.options import BaseUrl, Home
from tracker.errors import SettingsError
from tracker.webhook import SETTING, Webhook, WebhookFormat, post

EventDay = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="Day of the events [the last day of the warehouse].", show_default=False),
]
Format = Annotated[
    WebhookFormat | None,
    typer.Option(
        "--format", help="How the message is written [as the address suggests, else json].", show_default=False
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Print what would be sent, and send nothing.")]


def alert(
    form: Format = None, day: EventDay = None, base_url: BaseUrl = None, dry_run: DryRun = False, home: Home = None
) -> None:
    """Post the events of a day to a webhook: Slack, Discord or plain JSON. A day without events posts nothing.

    Events are crossovers, models that enter the top ten, releases whose RAM is above 1 for the first time, and
    rollbacks of counters, as in the feeds of `tracker report`. TRACKER_WEBHOOK has the address, which is never printed.
    Nothing is remembered: run it once a day, after `tracker build`.
    """
    settings = reading_settings(home)
    webhook = Webhook.parse(settings.webhook) if settings.webhook else None
    if webhook is None and not dry_run:
        raise SettingsError(
            f"{SETTING} is not set, so nothing was sent. Set it to the address of a webhook, or use --dry-run."
        )
    from dashboards.report import alerts

    chosen, found = alerts.of_day(settings.home, day.date() if day else None, base_url)
    if found is None:
        print(f"No events on {chosen}; nothing was sent.")
        return
    written = form or (webhook.format if webhook else WebhookFormat.JSON)
    body, count = alerts.payload(found, written), len(found.news.events)
    if dry_run or webhook is None:
        print(json.dumps(json.loads(body), ensure_ascii=False, indent=1))
        print_note("Nothing was sent, because of --dry-run.")
        return
    post(webhook, body, written, now)
    print(f"{count} {'event' if count == 1 else 'events'} of {chosen} sent to {webhook.host} as {written}.")
