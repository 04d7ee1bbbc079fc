"""`tracker publish` and `tracker pull` as processes: exit codes and messages."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tracker.demo.hub.server import EmbeddedHub

Run = Callable[..., Any]
REPO = "ada/data"


@pytest.fixture
def environ(hub_of: Callable[..., EmbeddedHub]) -> dict[str, str]:
    """Environment variables with a Hub's address and a token."""
    return {"HF_ENDPOINT": hub_of([]).url, "HF_TOKEN": "hf_aaaa", "HF_HUB_DISABLE_XET": "1"}


@pytest.mark.slow
def test_published_home_is_pulled_into_another(
    tracker: Run, own: Path, tmp_path: Path, environ: dict[str, str]
) -> None:
    missing = tracker("publish", REPO, "--home", own, **environ)
    assert (missing.code, missing.out) == (10, "")
    assert missing.err.endswith(
        f"does not exist, or you have no access to it. `tracker publish {REPO} --create` creates it.\n"
    )
    planned = tracker("publish", REPO, "--create", "--dry-run", "--home", own, **environ)
    assert planned.code == 10 and planned.err.endswith(
        " Without --dry-run it is created, and gets all that the home holds.\n"
    )
    sent = tracker("publish", REPO, "--create", "--private", "--home", own, **environ)
    assert (sent.code, sent.out[:31]) == (0, f"{REPO}: 2 crawls in 49 files,")
    assert sent.err.startswith("Sending 49 files, ")
    planned = tracker("publish", REPO, "--dry-run", "--home", own, **environ)
    assert planned.out.endswith("; nothing was sent.\n")
    again = tracker("publish", REPO, "--home", own, **environ)
    assert (again.code, again.err) == (0, "")
    assert again.out.startswith(f"{REPO} is up to date (") and again.out.endswith("); nothing was sent.\n")

    due = tracker("due", REPO, **environ)
    assert (due.code, due.out, due.err) == (0, "due=yes\n", "")

    home = tmp_path / "elsewhere"
    refused = tracker("pull", REPO, "--home", home, **environ | {"HF_TOKEN": ""})
    assert refused.code == 10 and "no access to it" in refused.err
    pulled = tracker("pull", REPO, "--home", home, **environ)
    assert pulled.code == 0 and pulled.out.endswith("2 of 2 crawls landed. Run `tracker build` to use them.\n")
    nothing = tracker("pull", REPO, "--home", home, **environ)
    assert nothing.out.startswith(f"Nothing new in {REPO} (")
    stale = tracker("publish", REPO, "--home", home, **environ)
    assert stale.code == 11 and "There is no warehouse at" in stale.err


@pytest.mark.slow
def test_trusted_publishing_needs_no_token(
    tracker_process: Run, own: Path, hub_of: Callable[..., EmbeddedHub], environ: dict[str, str]
) -> None:
    hub = hub_of([])
    hub.datasets.create(REPO, datetime(2026, 8, 1, tzinfo=UTC))
    trusted = {**environ, "HF_ENDPOINT": hub.url, "HF_TOKEN": "", "HF_OIDC_RESOURCE": f"datasets/{REPO}"}
    sent = tracker_process("publish", REPO, "--home", own, **trusted, HF_OIDC_ID_TOKEN="of the job")
    assert (sent.code, sent.out[:31]) == (0, f"{REPO}: 2 crawls in 49 files,")
    assert [request.path for request in hub.requests].count("/oauth/token") == 1
    head = hub.datasets[REPO].head
    for typed, identity, message in (
        (["publish", REPO, "--home", own], "untrusted", "invalid_grant"),
        (["pull", REPO, "--home", own], "untrusted", "invalid_grant"),
        (["due", REPO], "untrusted", "invalid_grant"),
        (["due", REPO], "", "no OIDC id token is available"),
    ):
        done = tracker_process(*typed, **trusted, HF_OIDC_ID_TOKEN=identity)
        assert (done.code, done.out, done.err.count("tracker: ")) == (10, "", 1)
        assert "HF_OIDC_RESOURCE is set, but the token exchange failed: " in done.err and message in done.err
    assert hub.datasets[REPO].head == head


@pytest.mark.parametrize(
    ("typed", "environ", "code", "message"),
    [
        (["publish", "data"], {}, 2, "data: give the dataset as owner/name."),
        (["pull", "a/b/c"], {}, 2, "a/b/c: give the dataset as owner/name."),
        (["publish", REPO, "--private"], {}, 2, "--private only works with --create"),
        (
            ["publish", REPO],
            {"HF_HUB_OFFLINE": "1"},
            10,
            "HF_HUB_OFFLINE is set, so no request was sent to ada/data.",
        ),
        (["pull", REPO], {"HF_ENDPOINT": "hub.example.org"}, 12, "must begin with https:// or http://."),
        (["pull", REPO], {"HF_ENDPOINT": "http://127.0.0.1:9"}, 10, "(connection refused). Check the network, and HF_"),
        (["pull", REPO, "--marts", "--state"], {}, 2, "--marts fetches tables and no readings."),
        (["publish", REPO], {"HF_ENDPOINT": "http://127.0.0.1:9"}, 11, "has no crawl to publish"),
    ],
)
def test_publish_and_pull_errors_have_their_exit_code(
    tracker: Run, tmp_path: Path, typed: list[str], environ: dict[str, str], code: int, message: str
) -> None:
    done = tracker(*typed, "--home", tmp_path / "home", **environ)
    assert (done.code, done.out) == (code, "")
    assert message in done.err and done.err.count("\n") == 1
