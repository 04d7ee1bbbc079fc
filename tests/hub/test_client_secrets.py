"""Where the token goes, and where it does not."""

import logging
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tracker.demo.hub.faults import Fault, FaultKind
from tracker.demo.hub.server import EmbeddedHub
from tracker.errors import HubError
from tracker.hub.client import HubClient, hub_token
from tracker.hub.listing import next_url

SECRET = "hf_secretword"

Serve = Callable[..., EmbeddedHub]
Client = Callable[..., HubClient]


@pytest.fixture
def served(serve: Serve, make_model: Callable[..., Any]) -> EmbeddedHub:
    """A Hub of three pages."""
    return serve([make_model(number) for number in range(2001)])


@pytest.fixture
def bystander(serve: Serve) -> EmbeddedHub:
    """Another server, on another port."""
    return serve()


@pytest.fixture
def hub(served: EmbeddedHub, client: Client) -> HubClient:
    return client(served.url, token=lambda: SECRET)


def follow(hub: HubClient, url: str | None) -> int:
    """Pages of a listing followed to its end."""
    pages = 0
    while url is not None:
        answer = hub.fetch(url, lambda answer: answer)
        url = next_url(answer.link, answer.url)
        pages += 1
    return pages


def test_token_goes_to_every_page_of_the_endpoint(served: EmbeddedHub, hub: HubClient) -> None:
    assert follow(hub, f"{served.url}/api/models") == 3
    assert [request.authorization for request in served.requests] == [f"Bearer {SECRET}"] * 3


@pytest.mark.parametrize("kind", [FaultKind.FOREIGN_LINK, FaultKind.REDIRECT])
def test_token_is_not_sent_to_another_host(
    served: EmbeddedHub, bystander: EmbeddedHub, hub: HubClient, kind: FaultKind
) -> None:
    served.faults.add(Fault(kind, to=bystander.url, after=1))
    with pytest.raises(HubError, match="nothing was sent there") as caught:
        follow(hub, f"{served.url}/api/models")
    assert bystander.url in str(caught.value)
    assert bystander.requests == []


def test_token_is_not_sent_to_a_host_behind_a_backslash(
    served: EmbeddedHub, bystander: EmbeddedHub, hub: HubClient
) -> None:
    disguised = rf"{bystander.url}\@{served.url.removeprefix('http://')}"
    served.faults.add(Fault(FaultKind.FOREIGN_LINK, to=disguised))
    with pytest.raises(HubError, match="refused"):
        follow(hub, f"{served.url}/api/models")
    assert bystander.requests == []


def test_url_of_another_host_is_not_requested(served: EmbeddedHub, bystander: EmbeddedHub, hub: HubClient) -> None:
    with pytest.raises(HubError, match="another host"):
        follow(hub, f"{bystander.url}/api/models")
    assert bystander.requests == served.requests == []


@pytest.fixture
def netrc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / ".netrc"
    path.write_text("machine 127.0.0.1 login somebody password netrcword\n")
    path.chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(path))
    return path


@pytest.mark.parametrize(("token", "sent"), [(None, None), (SECRET, f"Bearer {SECRET}")])
def test_password_in_netrc_stays_there(
    served: EmbeddedHub, client: Client, netrc: Path, token: str | None, sent: str | None
) -> None:
    served.faults.add(Fault(FaultKind.REDIRECT, to=""))
    follow(client(served.url, token=lambda: token), f"{served.url}/api/models")
    assert [request.authorization for request in served.requests] == [sent] * 4


@pytest.fixture
def refused_port() -> Iterator[str]:
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{nobody_listens.getsockname()[1]}"


FAILURES = [
    Fault(FaultKind.STATUS, status=401),
    Fault(FaultKind.STATUS, status=403),
    Fault(FaultKind.STATUS, status=429, times=99),
    Fault(FaultKind.STATUS, status=500, times=99),
    Fault(FaultKind.RESET, times=99),
    Fault(FaultKind.CUT, times=99),
    Fault(FaultKind.REDIRECT, times=99),
    Fault(FaultKind.FOREIGN_LINK),
]


@pytest.mark.parametrize("fault", FAILURES, ids=lambda fault: f"{fault.kind}-{fault.status}")
def test_token_is_in_no_error_and_no_log(
    served: EmbeddedHub, hub: HubClient, caplog: pytest.LogCaptureFixture, fault: Fault
) -> None:
    caplog.set_level(logging.DEBUG)
    served.faults.add(fault)
    with pytest.raises(HubError) as caught:
        follow(hub, f"{served.url}/api/models")
    assert SECRET not in everything_said(caught.value) + caplog.text


def test_token_is_in_no_network_error(client: Client, refused_port: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(HubError) as caught:
        follow(client(refused_port, token=lambda: SECRET), f"{refused_port}/api/models")
    assert SECRET not in everything_said(caught.value) + caplog.text


@pytest.mark.parametrize("token", [f"{SECRET}\n", f"{SECRET} \r\nX-Evil: 1", f"{SECRET}\u2013"])
def test_impossible_token_is_refused_without_being_shown(
    served: EmbeddedHub, client: Client, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(HubError, match="check HF_TOKEN") as caught:
        follow(client(served.url, token=lambda: token), f"{served.url}/api/models")
    assert SECRET not in everything_said(caught.value) + caplog.text
    assert served.requests == []


def everything_said(error: BaseException | None) -> str:
    """The texts of an error and of all that led to it."""
    said = ""
    while error is not None:
        said += f"{error!s} {error!r} "
        error = error.__cause__ or error.__context__
    return said


def test_token_is_found_as_huggingface_hub_finds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_OIDC_RESOURCE", raising=False)
    monkeypatch.setenv("HF_TOKEN", f" {SECRET}\n")
    assert hub_token() == SECRET


def test_failed_token_exchange_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", SECRET)
    monkeypatch.setenv("HF_OIDC_RESOURCE", "somebody")
    for name in ("ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "CI", "GITHUB_ACTIONS", "GITLAB_CI"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(HubError, match="HF_OIDC_RESOURCE is set, but the token exchange failed") as caught:
        hub_token()
    assert SECRET not in everything_said(caught.value)


def test_token_that_the_hub_repeats_is_not_shown(served: EmbeddedHub, hub: HubClient) -> None:
    served.faults.add(Fault(FaultKind.STATUS, status=403, body={"error": f"token {SECRET} is revoked"}))
    with pytest.raises(HubError, match=r"token \(token\) is revoked") as refused:
        follow(hub, f"{served.url}/api/models")
    assert SECRET not in str(refused.value)
