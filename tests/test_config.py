"""Settings from the environment."""

from dataclasses import replace
from pathlib import Path

import pytest

from tracker.config import Settings

USUAL = Settings(home=Path("data"), registry=None, endpoint="https://huggingface.co", is_offline=False)
OFFLINE = Settings(home=Path("data"), registry=None, endpoint="https://huggingface.co", is_offline=True)
CASES = [
    ({}, USUAL),
    ({"TRACKER_HOME": "", "TRACKER_REGISTRY": "", "HF_ENDPOINT": "", "HF_HUB_OFFLINE": ""}, USUAL),
    ({"TRACKER_HOME": "/lake"}, Settings(Path("/lake"), None, USUAL.endpoint, False)),
    ({"TRACKER_REGISTRY": "mine"}, Settings(Path("data"), Path("mine"), USUAL.endpoint, False)),
    (
        {"OPENROUTER_ENDPOINT": "http://mirror:9/", "OPENROUTER_API_KEY": "sk", "MODELSCOPE_ENDPOINT": "http://ms"},
        replace(USUAL, openrouter_endpoint="http://mirror:9", openrouter_key="sk", modelscope_endpoint="http://ms"),
    ),
    ({"HF_ENDPOINT": "http://mirror:8/"}, Settings(Path("data"), None, "http://mirror:8", False)),
    *(({"HF_HUB_OFFLINE": yes}, OFFLINE) for yes in ("1", "on", "Yes", "TRUE")),
    *(({"HF_HUB_OFFLINE": no}, USUAL) for no in ("0", "no", "off", "false", "2")),
]  # fmt: skip


@pytest.mark.parametrize(("environ", "settings"), CASES, ids=[str(environ) for environ, _ in CASES])
def test_settings_from_the_environment(environ: dict[str, str], settings: Settings) -> None:
    assert Settings.from_env(environ) == settings


@pytest.mark.parametrize("value", ["1", "ON", "yes", "True", "0", "off", "2", ""])
def test_offline_is_read_as_huggingface_hub_reads_it(value: str) -> None:
    from huggingface_hub.constants import _is_true

    assert Settings.from_env({"HF_HUB_OFFLINE": value}).is_offline == _is_true(value)
