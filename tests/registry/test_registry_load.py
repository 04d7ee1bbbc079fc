"""The shipped registry, and a user's own files merged into it."""

import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from tracker.errors import SettingsError
from tracker.registry import load as registry_files
from tracker.registry.entries import KINDS, Registry, Role
from tracker.registry.load import SHIPPED, load

REPACKAGERS = [
    "bartowski",
    "ggml-org",
    "lmstudio-community",
    "MaziyarPanahi",
    "mlx-community",
    "mradermacher",
    "QuantFactory",
    "RedHatAI",
    "TheBloke",
    "unsloth",
]
GENERATIONS = {
    "qwen": {"Qwen2.5", "Qwen3", "Qwen3.5", "Qwen3.6"},
    "llama": {"Llama 1", "Llama 2", "Llama 3", "Llama 3.1", "Llama 3.2", "Llama 3.3", "Llama 4"},
    "deepseek": {"DeepSeek V3", "DeepSeek R1", "DeepSeek V4"},
    "gemma": {"Gemma 1", "Gemma 2", "Gemma 3", "Gemma 3n", "Gemma 4"},
}
FAMILY_IDS = """
qwen llama deepseek kimi glm minimax ernie hunyuan seed step longcat ling ring mimo internlm internvl minicpm yi
baichuan skywork dots wan paddleocr gemma gpt-oss phi nemotron olmo molmo tulu granite grok smollm lfm trinity afm
hermes gpt-2 bert whisper clip t5 roberta mistral exaone command aya falcon jamba apertus eurollm
stable-diffusion flux bge jina solar sarvam kanana hyperclovax teuken
"""


@pytest.fixture(scope="module")
def registry() -> Registry:
    """The shipped registry, loaded once."""
    return load()


def test_shipped_registry_has_enough_entries(registry: Registry) -> None:
    assert len(registry.organizations) >= 110
    assert len(registry.families) >= 45
    assert {family.id for family in registry.families} >= set(FAMILY_IDS.split())


@pytest.mark.parametrize("family_id", GENERATIONS)
def test_large_families_have_their_generations(registry: Registry, family_id: str) -> None:
    family = next(family for family in registry.families if family.id == family_id)
    assert {generation.id for generation in family.generations} >= GENERATIONS[family_id]


@pytest.mark.parametrize("handle", REPACKAGERS)
def test_repackager_has_its_role(registry: Registry, handle: str) -> None:
    assert [o.role for o in registry.organizations if o.handle == handle] == [Role.REPACKAGER]


@pytest.mark.parametrize(
    ("handle", "successor"),
    [
        ("AIDC-AI", "ATH-MaaS"),
        ("CohereForAI", "CohereLabs"),
        ("THUDM", "zai-org"),
        ("vikhyatk", "moondream"),
        ("Yi", "01-ai"),
    ],
)
def test_former_handle_has_successor_and_lab(registry: Registry, handle: str, successor: str) -> None:
    by_handle = {organization.handle: organization for organization in registry.organizations}
    assert by_handle[handle].successor == successor
    assert by_handle[handle].lab == by_handle[successor].lab is not None


@pytest.mark.parametrize("handle", ["ai21labs", "HuggingFaceTB", "HuggingFaceFW", "HuggingFaceM4", "stabilityai"])
def test_contested_origin_is_marked(registry: Registry, handle: str) -> None:
    assert [o.contested for o in registry.organizations if o.handle == handle] == [True]


def test_organization_inherits_the_country_of_its_lab(registry: Registry) -> None:
    countries = {o.handle: o.country for o in registry.organizations}
    assert (countries["Qwen"], countries["mistralai"], countries["huggyllama"]) == ("CN", "FR", "ZZ")


def test_distilled_model_has_its_base_as_parent(registry: Registry) -> None:
    parents = {base.repo_id: base.parents for base in registry.bases}
    assert parents["deepseek-ai/DeepSeek-R1-Distill-Llama-70B"] == ("meta-llama/Llama-3.3-70B-Instruct",)
    assert len(parents) >= 20


@pytest.mark.parametrize(
    ("repo_id", "root"),
    [
        ("nreimers/MiniLM-L6-H384-uncased", "microsoft/MiniLM-L12-H384-uncased"),
        ("runwayml/stable-diffusion-v1-5", "CompVis/stable-diffusion-v1-2"),
        ("stable-diffusion-v1-5/stable-diffusion-v1-5", "CompVis/stable-diffusion-v1-2"),
        ("ornith-ai/Ornith-1.0-9B-GGUF", "Qwen/Qwen3.5-9B"),
        ("deepreinforce-ai/Ornith-1.0-9B", "Qwen/Qwen3.5-9B"),
        ("Comfy-Org/ltx-2", "Lightricks/LTX-2"),
        ("ModernVBERT/colmodernvbert", "jhu-clsp/ettin-encoder-150m"),
    ],
)
def test_bases_lead_to_the_maker(registry: Registry, repo_id: str, root: str) -> None:
    parents = {base.repo_id: base.parents for base in registry.bases}
    while repo_id in parents:
        (repo_id,) = parents[repo_id]
    assert repo_id == root
    organizations = {o.handle: o for o in registry.organizations}
    assert organizations[root.split("/")[0]].role == Role.LAB


@pytest.mark.parametrize("family_id", ["qwen", "glm", "minimax", "nemotron", "muse", "deepseek"])
def test_current_releases_are_events(registry: Registry, family_id: str) -> None:
    assert max(event.date for event in registry.events if event.family == family_id) >= date(2026, 4, 1)


def test_counting_changes_are_events(registry: Registry) -> None:
    rules = {event.date for event in registry.events if event.kind == "counting-rule"}
    assert rules == {date(2025, 7, 25), date(2026, 8, 6)}
    assert len([event for event in registry.events if event.kind == "rollback"]) == 2


def test_user_file_adds_an_entry(tmp_path: Path, registry: Registry) -> None:
    (tmp_path / "organizations.toml").write_text(
        '[[organization]]\nhandle = "acme-ai"\ncountry = "BR"\nrole = "community"\nevidence = "x"\n', encoding="utf-8"
    )
    added = load(tmp_path)
    assert set(added.organizations) - set(registry.organizations) == {
        o for o in added.organizations if o.handle == "acme-ai"
    }
    assert len(added.organizations) == len(registry.organizations) + 1
    handles = [o.handle for o in added.organizations]
    assert handles == sorted(handles, key=lambda handle: (handle.lower(), handle))


def test_user_entry_replaces_the_whole_shipped_entry(tmp_path: Path, registry: Registry) -> None:
    (tmp_path / "labs.toml").write_text(
        '[[lab]]\nid = "ai21"\nname = "AI21"\ncountry = "US"\nevidence = "x"\n', encoding="utf-8"
    )
    (tmp_path / "organizations.toml").write_text(
        '[[organization]]\nhandle = "ai21labs"\nlab = "ai21"\nrole = "lab"\nevidence = "x"\n', encoding="utf-8"
    )
    mine = next(o for o in load(tmp_path).organizations if o.handle == "ai21labs")
    shipped = next(o for o in registry.organizations if o.handle == "ai21labs")
    assert (shipped.country, shipped.contested, shipped.note is None) == ("IL", True, False)
    assert (mine.country, mine.contested, mine.note) == ("US", False, None)


def test_user_lab_changes_all_its_organizations(tmp_path: Path) -> None:
    (tmp_path / "labs.toml").write_text(
        '[[lab]]\nid = "huggingface"\nname = "Hugging Face"\ncountry = "FR"\nevidence = "x"\n', encoding="utf-8"
    )
    moved = [o for o in load(tmp_path).organizations if o.lab == "huggingface"]
    assert {o.country for o in moved} == {"FR"}
    assert "HuggingFaceTB" in {o.handle for o in moved}


def test_user_family_replaces_generations_too(tmp_path: Path) -> None:
    (tmp_path / "families.toml").write_text(
        '[[family]]\nid = "grok"\nname = "Grok"\nlab = "xai"\npatterns = ["^grok"]\n'
        'examples = ["xai-org/grok-1"]\nevidence = "x"\n',
        encoding="utf-8",
    )
    grok = next(family for family in load(tmp_path).families if family.id == "grok")
    assert (grok.patterns, grok.generations) == (("^grok",), ())


def test_shipped_entries_equal_validated_entries(tmp_path: Path, registry: Registry) -> None:
    validated = load(tmp_path)
    assert validated == registry and len(registry.organizations) > 100


def test_loading_the_shipped_files_does_not_import_pydantic() -> None:
    code = "import sys; from tracker.registry.load import load; load(); print('pydantic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "False"


def test_version_depends_on_content_not_line_ends(tmp_path: Path, registry: Registry) -> None:
    assert load().version == registry.version
    text = (SHIPPED / "labs.toml").read_text(encoding="utf-8")
    versions = []
    for content in (text, text.replace("\n", "\r\n"), text.replace("Beijing", "Peking")):
        (tmp_path / "labs.toml").write_bytes(content.encode())
        versions.append(load(tmp_path).version)
    assert versions[0] == versions[1]
    assert len({registry.version, versions[0], versions[2]}) == 3


def test_all_figures_of_the_reports_are_listed(registry: Registry) -> None:
    printed = {(figure.source, figure.as_published) for figure in registry.published}
    by_source = {source: {text for of, text in printed if of == source} for source, _ in printed}
    assert by_source == {
        "The ATOM Report": {"1.15B", "723M", "942.1M", "1%", "69%", "summer 2025"},
        "ATOM slides": {"153.6M", "71.2M"},
        "Economies of Open Intelligence": {"17.1%", "15.8%", "23.8%"},
        "State of open models, summer 2026": {
            *("151,448", "82,506", "2,061M", "37M", "39.6M", "20.8M", "7.5M", "83%"),
        },
        "Model Pulse report": {"43%", "18%", "9%", "50%", "30%", "6,283"},
    }
    assert len(registry.published) == 25


def test_published_value_equals_the_printed_number(registry: Registry) -> None:
    factors = {"B": 1e9, "M": 1e6, "%": 0.01}
    for figure in registry.published:
        if figure.value is not None:
            text = figure.as_published.replace(",", "")
            number, factor = text.rstrip("BM% "), factors.get(text[-1], 1.0)
            assert figure.value == pytest.approx(float(number) * factor), figure.id


def test_user_figure_is_added_to_the_shipped_ones(tmp_path: Path, registry: Registry) -> None:
    text = (SHIPPED / "published.toml").read_text(encoding="utf-8")
    entry = "[[published]]" + text.split("[[published]]")[2].replace('id = "atom', 'id = "my')
    (tmp_path / "published.toml").write_text(entry, encoding="utf-8")
    mine = set(load(tmp_path).published) - set(registry.published)
    assert [(figure.id, figure.as_published) for figure in mine] == [("my-cumulative-china", "1.15B")]


def test_invalid_shipped_file_is_reported_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(SHIPPED, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    with (tmp_path / "origins.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[origin]]\ncode = "ZZZ"\nnome = "Typo"\n')
    monkeypatch.setattr(registry_files, "_SHIPPED_FILES", [tmp_path / kind.file for kind in KINDS.values()])
    registry_files._shipped.cache_clear()
    try:
        with pytest.raises(SettingsError, match=r"origins\.toml:\d+: unknown key 'nome'"):
            load()
    finally:
        registry_files._shipped.cache_clear()
