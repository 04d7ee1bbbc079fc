"""A token that is revoked in the middle of a crawl."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.conftest import content, sentence
from tracker.demo.hub.faults import Fault, FaultKind

Run = Callable[..., Any]


@pytest.mark.parametrize(("status", "pages"), [(401, 3), pytest.param(403, 1, marks=pytest.mark.slow)])
def test_revoked_token_keeps_the_pages_for_a_new_one(
    own: Path, next_day: Run, crawl: Run, make_model: Run, status: int, pages: int
) -> None:
    hub, before = next_day([make_model(number) for number in range(4500)]), content(own / "lake")
    hub.faults.add(Fault(FaultKind.STATUS, status=status, after=pages, times=100))
    stopped = crawl(own, hub, HF_TOKEN="hf_revoked")
    assert (stopped.code, stopped.out) == (10, "")
    said = sentence(stopped.err)
    assert said.startswith(f"{hub.url} refused with status {status}: ") and "hf_revoked" not in said
    assert said.endswith(
        "The token may be wrong or revoked: check HF_TOKEN, or run `hf auth login`. Pages read so far are saved. "
        "Run the same command again to resume."
    )
    assert content(own / "lake") == before and len(list((own / "runs").rglob("0*.json.zst"))) == pages

    hub.faults.clear()
    asked = len(hub.requests)
    done = crawl(own, hub, HF_TOKEN="hf_good")
    assert done.code == 0 and f"Resuming: {pages} pages were read before." in done.err
    assert {request.authorization for request in hub.requests[asked:]} == {"Bearer hf_good"}
    assert len(hub.requests) - asked <= 6 - pages
