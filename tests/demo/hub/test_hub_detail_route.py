"""One model over the wire: its fields, its other names, and what is said when there is none."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

Ask = Callable[..., requests.Response]

RESPONSES = Path(__file__).parents[3].parent / "shared" / "data" / "hub-responses"
TOKEN = {"Authorization": "Bearer hf_made_up"}


def test_model_has_the_default_fields_it_has_values_for(ask: Ask) -> None:
    info = ask("/api/models/meta-llama/Llama-3.1-8B").json()
    assert info == {
        "_id": "66000002" + "0" * 15 + "2",
        "id": "meta-llama/Llama-3.1-8B",
        "private": False,
        "tags": ["license:llama3.1", "region:us"],
        "downloads": 20,
        "likes": 2,
        "modelId": "meta-llama/Llama-3.1-8B",
        "author": "meta-llama",
        "lastModified": "2026-08-15T08:00:00.000Z",
        "gated": "manual",
        "disabled": False,
        "cardData": {"license": "llama3.1"},
        "createdAt": "2026-07-03T08:00:00.000Z",
    }


def test_disabled_model_is_shown_as_disabled(ask: Ask) -> None:
    info = ask("/api/models/bo/Merged").json()
    assert (info["disabled"], info["gated"]) == (True, "auto")


@pytest.mark.parametrize(
    ("name", "children"),
    [
        ("Qwen/Qwen3-8B", {"merge": 1, "quantized": 1, "finetune": 1}),
        ("meta-llama/Llama-3.1-8B", {"merge": 1}),
        ("ada/qwen-ft", None),
    ],
)
def test_children_are_counted_by_relation(ask: Ask, name: str, children: dict[str, int] | None) -> None:
    info = ask(f"/api/models/{name}?expand=childrenModelCount&expand[]=author").json()
    assert info.get("childrenModelCount") == children
    assert set(info) == {"_id", "id", "author"} | ({"childrenModelCount"} if children else set())


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/openai/gpt-two", "/api/models/gpt2"),
        ("/OpenAI/GPT-two", "/api/models/gpt2"),
        ("/qwen/qwen3-8b", "/api/models/Qwen/Qwen3-8B"),
        (
            "/Qwen/Qwen3-8b-old?expand%5B%5D=author&expand=likes",
            "/api/models/Qwen/Qwen3-8B?expand%5B%5D=author&expand=likes",
        ),
        ("/qwen/qwen3-8b/revision/main?a=b%2Fc", "/api/models/Qwen/Qwen3-8B/revision/main?a=b%2Fc"),
        ("/GPT2/revision/refs%2Fpr%2F1", "/api/models/gpt2/revision/refs%2Fpr%2F1"),
        ("/%C3%BCN%C3%AF/na%C3%AFve", "/api/models/%C3%BCn%C3%AF/na%C3%AFve"),
    ],
)
def test_former_name_redirects_with_path_and_query(ask: Ask, path: str, location: str) -> None:
    response = ask(f"/api/models{path}")
    assert response.status_code == 307
    assert response.headers["Location"] == location
    assert response.text == f"Temporary Redirect. Redirecting to {location}"
    assert ask(location).status_code in (200, 404)


@pytest.mark.parametrize("name", ["bo/merged", "bo/Merged", "gpt2", "ünï/naïve"])
def test_exact_name_wins_over_one_that_differs_by_case(ask: Ask, name: str) -> None:
    assert ask(f"/api/models/{name}").json()["id"] == name


@pytest.mark.parametrize("name", ["no/such", "nosuch", "a/loop"])
def test_missing_model_is_401_without_a_token(ask: Ask, name: str) -> None:
    response = ask(f"/api/models/{name}")
    assert response.status_code == 401
    assert response.json() == {"error": "Invalid username or password."}
    assert response.headers["X-Error-Message"] == "Invalid username or password."
    assert "X-Error-Code" not in response.headers


def test_missing_model_is_404_with_a_token(ask: Ask) -> None:
    response = ask("/api/models/no/such", headers=TOKEN)
    assert (response.status_code, response.headers["X-Error-Code"]) == (404, "RepoNotFound")


@pytest.mark.parametrize(
    ("revision", "status", "code"),
    [("main", 200, None), ("9c925d64", 200, None), ("refs%2Fpr%2F1", 404, "RevisionNotFound")],
)
def test_revision_is_the_present_one_or_unknown(ask: Ask, revision: str, status: int, code: str | None) -> None:
    response = ask(f"/api/models/Qwen/Qwen3-8B/revision/{revision}")
    assert (response.status_code, response.headers.get("X-Error-Code")) == (status, code)


@pytest.mark.parametrize(
    "path", ["/api/models/Qwen/Qwen3-8B/commits/main", "/api/agent-harnesses", "/", "/api/%0d%0ax"]
)
def test_unknown_path_is_a_json_404(ask: Ask, path: str) -> None:
    response = ask(path)
    assert response.status_code == 404
    assert isinstance(response.json()["error"], str)


def test_bad_expand_is_refused(ask: Ask) -> None:
    response = ask("/api/models/gpt2?expand=likes&expand=stars")
    assert response.status_code == 400
    assert '"childrenModelCount"' in response.json()["error"]
    assert response.json()["error"].endswith("→ at expand[1]")


def recorded(status: int) -> list[Path]:
    return sorted(RESPONSES.glob(f"*_{status}_models_*.json"))


@pytest.mark.skipif(not RESPONSES.is_dir(), reason="the recorded responses are not part of the project")
def test_redirect_has_the_shape_of_a_recorded_one(ask: Ask) -> None:
    ours = ask("/api/models/openai/gpt-two")
    for path in recorded(307):
        theirs = json.loads(path.read_text(encoding="utf-8"))
        location = theirs["headers"]["Location"][0]
        assert location.startswith("/api/models/")
        assert theirs["body"].replace(location, "/api/models/gpt2") == ours.text
        for name in ("Content-Type", "Vary"):
            assert theirs["headers"][name][0] == ours.headers[name]


@pytest.mark.skipif(not RESPONSES.is_dir(), reason="the recorded responses are not part of the project")
def test_info_has_the_fields_and_types_of_recorded_ones(ask: Ask) -> None:
    theirs: dict[str, set[type]] = {}
    for path in recorded(200):
        info: dict[str, Any] = json.loads(json.loads(path.read_text(encoding="utf-8"))["body"])
        for name, value in info.items():
            theirs.setdefault(name, set()).add(type(value))
    for name in ("Qwen/Qwen3-8B", "meta-llama/Llama-3.1-8B"):
        for key, value in ask(f"/api/models/{name}").json().items():
            assert type(value) in theirs[key], key
