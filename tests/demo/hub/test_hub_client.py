"""The real huggingface_hub client against the embedded Hub."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest
from huggingface_hub import HfApi, constants
from huggingface_hub.errors import BadRequestError, HfHubHTTPError, RepositoryNotFoundError, RevisionNotFoundError

from tracker.demo.catalog import Listing
from tracker.demo.hub.server import EmbeddedHub

FIELDS: Any = ["createdAt", "lastModified", "downloads", "likes", "trendingScore"]


@pytest.fixture
def api(hub: EmbeddedHub, monkeypatch: pytest.MonkeyPatch) -> Iterator[HfApi]:
    """Without telemetry, which would ask the endpoint of the environment for its list of agents."""
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_TELEMETRY", True)
    yield HfApi(endpoint=hub.url, token=False)
    huggingface_hub.close_session()


def test_client_lists_by_every_argument(api: HfApi) -> None:
    def names(**arguments: object) -> list[str]:
        return [found.id for found in api.list_models(sort="created_at", **arguments)]  # type: ignore[arg-type]

    assert names(filter="license:mit") == ["ünï/naïve", "ada/qwen-ft"]
    assert names(filter=["base_model:Qwen/Qwen3-8B", "license:mit"]) == ["ada/qwen-ft"]
    assert names(author="Qwen") == ["Qwen/Qwen3-8B"]
    assert names(search="merged") == ["bo/Merged", "bo/merged"]
    assert names(gated=True) == ["bo/Merged", "meta-llama/Llama-3.1-8B"]
    assert names(pipeline_tag="text-generation") == ["Qwen/Qwen3-8B"]
    assert names(num_parameters="min:6B,max:9B") == ["bo/Qwen3-8B-GGUF", "Qwen/Qwen3-8B"]
    assert names(author="ada", limit=2) == ["ada/tiny-19", "ada/tiny-18"]
    assert names(author="Qwen", full=True, cardData=True, fetch_config=True) == ["Qwen/Qwen3-8B"]
    assert names(limit=5000)[-1] == "gpt2"


def test_client_parses_expanded_fields(api: HfApi) -> None:
    fields = ["author", "downloads", "downloadsAllTime", "safetensors", "createdAt", "gated", "baseModels"]
    (found,) = api.list_models(author="Qwen", expand=fields)  # type: ignore[arg-type]
    assert (found.author, found.downloads, found.downloads_all_time) == ("Qwen", 10, 100)
    assert found.safetensors is not None and found.safetensors.total == 8_190_735_360
    assert found.created_at == datetime(2026, 7, 2, 8, tzinfo=UTC)
    assert (found.base_models, found.likes, found.gated) == (None, None, False)
    assert vars(found)["_id"] == "66000001" + "0" * 15 + "1"


@pytest.fixture(scope="module")
def large(make_catalog: Callable[..., Any], make_model: Callable[..., dict[str, Any]]) -> Iterator[EmbeddedHub]:
    """2,001 models, which are three pages."""
    rows = [make_model(number, f"a/m{number}", createdAt="2026-07-01T00:00:00.000Z") for number in range(2001)]
    with EmbeddedHub(make_catalog({date(2026, 8, 1): Listing(rows)})) as hub:
        yield hub


@pytest.mark.parametrize("sort", [None, "created_at", "last_modified", "downloads", "likes", "trending_score"])
def test_client_pages_through_everything(api: HfApi, large: EmbeddedHub, sort: Any) -> None:
    large.requests.clear()
    found = [vars(model) for model in HfApi(endpoint=large.url, token=False).list_models(sort=sort, expand=FIELDS)]
    assert len({model["_id"] for model in found}) == len(found) == 2001
    assert [request.status for request in large.requests] == [200, 200, 200]
    values = [model[sort or "trending_score"] for model in found]
    assert values == sorted(values, reverse=True)


def test_client_reads_one_model(api: HfApi) -> None:
    info = api.model_info("Qwen/Qwen3-8B", expand=["childrenModelCount", "likes"])
    assert vars(info)["children_model_count"] == {"merge": 1, "quantized": 1, "finetune": 1}
    assert api.model_info("Qwen/Qwen3-8B", revision="main").sha == "9c925d64"
    assert api.model_info("Qwen/Qwen3-8B", files_metadata=True).card_data is None


@pytest.mark.parametrize("name", ["Qwen/Qwen3-8b-old", "qwen/QWEN3-8b"])
def test_client_follows_renames_and_case(api: HfApi, hub: EmbeddedHub, name: str) -> None:
    assert api.model_info(name).id == "Qwen/Qwen3-8B"
    assert [request.status for request in hub.requests] == [307, 200]


def test_client_raises_a_class_for_each_error(api: HfApi) -> None:
    with pytest.raises(HfHubHTTPError) as anonymous:
        api.model_info("no/such")
    assert anonymous.value.response.status_code == 401
    with pytest.raises(RepositoryNotFoundError):
        api.model_info("no/such", token="hf_made_up")
    with pytest.raises(RevisionNotFoundError):
        api.model_info("gpt2", revision="v9")
    with pytest.raises(BadRequestError, match="Invalid option: expected one of"):
        list(api.list_models(expand=["childrenModelCount"]))


def test_client_is_led_here_by_hf_endpoint(hub: EmbeddedHub, tmp_path: Path) -> None:
    program = (
        "from huggingface_hub import HfApi; print([m.id for m in HfApi().list_models(sort='created_at', limit=2)])"
    )
    settings = {"HF_ENDPOINT": hub.url, "HF_HOME": str(tmp_path), "NO_PROXY": "127.0.0.1"}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "HUGGING"))}
    done = subprocess.run(
        [sys.executable, "-c", program], env=inherited | settings, capture_output=True, text=True, timeout=60
    )
    assert (done.stdout, done.returncode) == ("['ada/tiny-19', 'ada/tiny-18']\n", 0), done.stderr
    assert [request.path for request in hub.requests][-1] == "/api/models"
    assert {request.path for request in hub.requests} <= {"/api/models", "/api/agent-harnesses"}
