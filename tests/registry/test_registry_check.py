"""Invalid registry files are refused with file, line and what to do."""

from pathlib import Path

import pytest

from tracker.errors import SettingsError
from tracker.registry.load import SHIPPED, load, problems_in

ACME = """[[lab]]
id = "acme"
name = "Acme"
country = "US"
evidence = "an example"
"""
ACME_HANDLE = """[[organization]]
handle = "acme-ai"
lab = "acme"
role = "lab"
evidence = "an example"
"""
PUBLISHED = """[[published]]
id = "example-figure"
source = "A report"
reference = "an example"
title = "Share of downloads, China"
scope = "all models"
definition = "by publisher"
period = "a year"
since = 2024-08-01
until = 2025-08-31
value = 0.171
unit = "share"
as_published = "17.1%"
measure = "downloads_share"
subject = "CN"
"""
BRIDGE = """[[bridge]]
figure = "atom-cumulative-qwen"
other = "atom-cumulative-us"
name = "An example"
counted_by = "account"
steps = ["downloads_all_time"]
"""


def family(name: str, pattern: str, examples: str) -> str:
    """The text of a family of Acme."""
    return f"""[[family]]
id = "{name}"
name = "{name}"
lab = "acme"
patterns = ['{pattern}']
examples = [{examples}]
evidence = "an example"
"""


def generation(name: str, pattern: str, examples: str) -> str:
    """The text of a generation, six lines long with the empty one before it."""
    return f"""
[[family.generation]]
id = "{name}"
pattern = '{pattern}'
examples = [{examples}]
"""


BAD_FILES = {
    "invalid TOML": ("labs.toml", '[[lab]]\nid = "a"\nname = \n', "3: not valid TOML: Invalid value"),
    "one line of invalid TOML": ("labs.toml", 'note = """', "1: not valid TOML: Unterminated string"),
    "unterminated TOML": ("labs.toml", ACME + 'note = """\nno end\n', "7: not valid TOML: Unterminated string"),
    "a table of another kind": (
        "labs.toml",
        ACME + '\n[[labs]]\nid = "b"\n',
        "7: unknown key 'labs'; this file holds [[lab]] entries only",
    ),
    "one table instead of an array": ("labs.toml", '[lab]\nid = "acme"\n', "1: write each entry as [[lab]]"),
    "a file of another name": (
        "models.toml",
        "",
        "1: not a registry file; the names are origins.toml, labs.toml, organizations.toml, families.toml, "
        "releases.toml, parameters.toml, bases.toml, tasks.toml, libraries.toml, architectures.toml, events.toml, "
        "published.toml, bridges.toml, axis_aliases.toml",
    ),
    "an unknown key": (
        "labs.toml",
        ACME + 'city = "Paris"\n',
        "1: unknown key 'city'; a lab has id, name, country, contested, other_country, evidence, note",
    ),
    "a missing key": ("labs.toml", ACME.replace('name = "Acme"\n', ""), "1: 'name' is missing"),
    "number for text": ("labs.toml", ACME.replace('"Acme"', "7"), "1: 'name' must be text, not 7"),
    "text for a flag": (
        "labs.toml",
        ACME + 'contested = "yes"\n',
        "1: 'contested' must be true or false, not 'yes'",
    ),
    "text for a date": (
        "releases.toml",
        '[[release]]\nrepo_id = "a/b"\nreleased_on = "2025-01-20"\nevidence = "x"\n',
        "1: 'released_on' must be a date, not '2025-01-20'",
    ),
    "timestamp for a date": (
        "releases.toml",
        '[[release]]\nrepo_id = "a/b"\nreleased_on = 2025-01-20T00:00:00\nevidence = "x"\n',
        "1: 'released_on' must be a date, not 2025-01-20 00:00:00",
    ),
    "a repository without owner": (
        "releases.toml",
        '[[release]]\nrepo_id = "gpt2"\nreleased_on = 2025-01-20\nevidence = "x"\n',
        "1: 'repo_id' must be a repository id (owner/name), not 'gpt2'",
    ),
    "no evidence": (
        "labs.toml",
        ACME.replace("an example", " "),
        "1: 'evidence' is empty; leave an optional key out, and fill a required one",
    ),
    "a count of zero": (
        "parameters.toml",
        '[[parameters]]\nrepo_id = "a/b"\nparams_total = 0\nevidence = "x"\n',
        "1: 'params_total' must be above 0, not 0",
    ),
    "more active parameters than total": (
        "parameters.toml",
        '[[parameters]]\nrepo_id = "a/b"\nparams_total = 5\nparams_active = 7\nevidence = "x"\n',
        "1: params_active 7 is above params_total 5; are they swapped?",
    ),
    "item that is not a repository": (
        "bases.toml",
        '[[base]]\nrepo_id = "a/b"\nparents = ["a/c", "d"]\nrelation = "merge"\nevidence = "x"\n',
        "1: each item of 'parents' must be a repository id (owner/name), not 'd'",
    ),
    "no parents": (
        "bases.toml",
        '[[base]]\nrepo_id = "a/b"\nparents = []\nrelation = "merge"\nevidence = "x"\n',
        "1: 'parents' is an empty list",
    ),
    "an unknown relation": (
        "bases.toml",
        '[[base]]\nrepo_id = "a/b"\nparents = ["a/c"]\nrelation = "copy"\nevidence = "x"\n',
        "1: relation 'copy' is none of finetune, adapter, quantized, merge",
    ),
    "repository as its own parent": (
        "bases.toml",
        '[[base]]\nrepo_id = "a/b"\nparents = ["a/b"]\nrelation = "merge"\nevidence = "x"\n',
        "1: 'a/b' is among its own parents; name the model it comes from",
    ),
    "bases that lead back": (
        "bases.toml",
        '[[base]]\nrepo_id = "a/b"\nparents = ["x/y"]\nrelation = "merge"\nevidence = "x"\n'
        '[[base]]\nrepo_id = "X/Y"\nparents = ["A/b"]\nrelation = "merge"\nevidence = "x"\n',
        "1: the bases of 'a/b' lead back to it; correct one of them",
    ),
    "an unknown role": (
        "organizations.toml",
        ACME_HANDLE.replace('role = "lab"', 'role = "boss"'),
        "1: role 'boss' is none of lab, company, community, repackager",
    ),
    "an unknown kind of event": (
        "events.toml",
        '[[event]]\ndate = 2025-01-20\nkind = "party"\ntitle = "A"\nevidence = "x"\n',
        "1: kind 'party' is none of counting-rule, rollback, release, platform",
    ),
    "an event of an unknown family": (
        "events.toml",
        '[[event]]\ndate = 2025-01-20\nkind = "release"\ntitle = "A"\nfamily = "nix"\nevidence = "x"\n',
        "1: family 'nix' is not in the registry; add it as [[family]] first",
    ),
    "an unknown country": (
        "labs.toml",
        ACME.replace('"US"', '"XX"'),
        "1: country 'XX' is not in the registry; add it as [[origin]] first",
    ),
    "a third country of the headline": (
        "origins.toml",
        '[[origin]]\ncode = "FR"\nname = "France"\nregion = "Europe"\nheadline = 2\n',
        "1: headlines compare two countries, but these are marked: CN = 1, FR = 2, US = 2; "
        "write 'headline = 1' in one entry and 'headline = 2' in one other, none elsewhere",
    ),
    "country name for a code": (
        "origins.toml",
        '[[origin]]\ncode = "Chile"\nname = "Chile"\nregion = "Other"\n',
        "1: code 'Chile' is not two capital letters (ISO 3166-1 alpha-2, or ZZ)",
    ),
    "an unknown lab": (
        "organizations.toml",
        ACME_HANDLE.replace('lab = "acme"', 'lab = "nix"'),
        "1: lab 'nix' is not in the registry; add it as [[lab]] first",
    ),
    "role lab without a lab": (
        "organizations.toml",
        ACME_HANDLE.replace('lab = "acme"', 'country = "US"'),
        "1: role 'lab' needs the key 'lab': the id of the maker in labs.toml",
    ),
    "an account without country or lab": (
        "organizations.toml",
        '[[organization]]\nhandle = "x"\nrole = "company"\nevidence = "x"\n',
        "1: 'country' is missing; only an organization with a lab may leave it to the lab",
    ),
    "a URL for a handle": (
        "organizations.toml",
        ACME_HANDLE.replace('"acme-ai"', '"https://huggingface.co/acme-ai"'),
        "1: handle 'https://huggingface.co/acme-ai' is not the name of an account; write it without owner or URL",
    ),
    "an end before the start": (
        "organizations.toml",
        ACME_HANDLE + "since = 2025-02-01\nuntil = 2025-01-31\n",
        "1: until 2025-01-31 is before since 2025-02-01",
    ),
    "an unknown successor": (
        "organizations.toml",
        ACME_HANDLE + 'successor = "acme-two"\n',
        "1: successor 'acme-two' is not in the registry; add it as [[organization]] first",
    ),
    "account as its own successor": (
        "organizations.toml",
        ACME_HANDLE + 'successor = "acme-ai"\n',
        "1: 'acme-ai' cannot be its own successor",
    ),
    "a share in percent": (
        "published.toml",
        PUBLISHED.replace("0.171", "17.1"),
        "1: value 17.1 is not a share; write 17.1% as 0.171",
    ),
    "text for a number": (
        "published.toml",
        PUBLISHED.replace("0.171", '"17.1%"'),
        "1: 'value' must be a number, not '17.1%'",
    ),
    "a published figure with neither measure nor reason": (
        "published.toml",
        PUBLISHED.replace('measure = "downloads_share"\n', ""),
        "1: give either 'measure' or 'not_computable': how we compute it, or why we cannot",
    ),
    "a published figure with both measure and reason": (
        "published.toml",
        PUBLISHED + 'not_computable = "x"\n',
        "1: give either 'measure' or 'not_computable': how we compute it, or why we cannot",
    ),
    "unknown measure": (
        "published.toml",
        PUBLISHED.replace("downloads_share", "stars"),
        "1: measure 'stars' is none of list_downloads, new_derivatives_share, downloads_share, account_derivatives, "
        "account_downloads, gguf_downloads, small_models_share, derivatives_share, account_text_share, descendants",
    ),
    "measure without a subject": (
        "published.toml",
        PUBLISHED.replace('subject = "CN"\n', ""),
        "1: measure 'downloads_share' needs the key 'subject': whom the figure is about",
    ),
    "figure without a value": (
        "published.toml",
        PUBLISHED.replace("value = 0.171\n", ""),
        "1: 'value' is required for every unit but day; a day is given in 'as_published' only",
    ),
    "period that ends before it begins": (
        "published.toml",
        PUBLISHED.replace("2025-08-31", "2024-07-31"),
        "1: until 2024-07-31 is before since 2024-08-01",
    ),
    "an unknown step": (
        "bridges.toml",
        BRIDGE.replace("downloads_all_time", "magic"),
        "1: steps 'magic' is none of all_models, text_tags, base_model, originals, own_copies, gguf, "
        "downloads_all_time, period, list, published_day",
    ),
    "a step that is taken twice": (
        "bridges.toml",
        BRIDGE.replace('["downloads_all_time"]', '["list", "list"]'),
        "1: steps has 'list' twice; delete one",
    ),
    "a bridge to an unknown figure": (
        "bridges.toml",
        BRIDGE.replace("atom-cumulative-us", "atom-cumulative-mars"),
        "1: other 'atom-cumulative-mars' is not in the registry; add it as [[published]] first",
    ),
    "a bridge to a figure without a value": (
        "bridges.toml",
        BRIDGE.replace("atom-cumulative-us", "atom-crossover"),
        "1: figure 'atom-crossover' has no subject or no value, which a bridge needs",
    ),
    "a bridge between different units": (
        "bridges.toml",
        BRIDGE.replace("atom-cumulative-us", "economies-share-us"),
        "1: figures 'atom-cumulative-qwen' and 'economies-share-us' have different units",
    ),
    "a bridge to one figure that is no share": (
        "bridges.toml",
        BRIDGE.replace('other = "atom-cumulative-us"\n', ""),
        "1: figure 'atom-cumulative-qwen' is no share; name the figure it is compared with in 'other'",
    ),
    "a bridge from a figure to itself": (
        "bridges.toml",
        BRIDGE.replace("atom-cumulative-us", "atom-cumulative-qwen"),
        "1: 'atom-cumulative-qwen' is compared with itself; name another figure in 'other', or leave it out",
    ),
    "a period of an account": (
        "bridges.toml",
        BRIDGE.replace("downloads_all_time", "period"),
        "1: the step 'period' is computed by country, and not with 'list' or 'text_tags', or by account with the "
        "steps all_models, period",
    ),
    "base models of an account": (
        "bridges.toml",
        BRIDGE.replace("downloads_all_time", "base_model"),
        "1: the step 'base_model' needs counted_by country or family: an account has no base models",
    ),
    "own copies of an account": (
        "bridges.toml",
        BRIDGE.replace("downloads_all_time", "own_copies"),
        "1: the step 'own_copies' needs counted_by layer",
    ),
    "a layer compared with another": (
        "bridges.toml",
        BRIDGE.replace("atom-cumulative-qwen", "model-pulse-derivatives-2025-03")
        .replace("atom-cumulative-us", "model-pulse-derivatives-2026-09")
        .replace('"account"', '"layer"'),
        "1: counted_by layer is a share of all downloads; leave 'other' out",
    ),
    "a layer without its measure": (
        "bridges.toml",
        BRIDGE.replace('other = "atom-cumulative-us"\n', "")
        .replace("atom-cumulative-qwen", "hf-small-models")
        .replace('"account"', '"layer"'),
        "1: figure 'hf-small-models' has no subject or no value, which a bridge needs",
    ),
    "wrong order": (
        "labs.toml",
        ACME + "\n" + ACME.replace('"acme"', '"Aachen"'),
        "7: lab 'Aachen' comes after 'acme'; sort the file by id",
    ),
    "duplicate key": (
        "labs.toml",
        ACME + "\n" + ACME,
        "7: lab 'acme' is in this file twice, first in line 1; delete one",
    ),
    "invalid pattern": (
        "families.toml",
        family("nut", "^nut(", '"acme-ai/nut-1"'),
        "1: pattern '^nut(' is not a regular expression: missing ), unterminated subpattern at position 4",
    ),
    "a pattern with lookahead": (
        "families.toml",
        family("nut", "^nut-(?!meg)", '"acme-ai/nut-1"'),
        "1: pattern '^nut-(?!meg)' uses '(?', which RE2 does not support; use plain groups or (?:...)",
    ),
    "pattern without an anchor": (
        "families.toml",
        family("nut", "^nut-|bolt-", '"acme-ai/nut-1"'),
        "1: pattern '^nut-|bolt-' must start with ^ in each of its alternatives",
    ),
    "an example that does not match": (
        "families.toml",
        family("nut", "^nut-", '"acme-ai/bolt-1"'),
        "1: example 'acme-ai/bolt-1' matches no pattern of family 'nut'",
    ),
    "an example of another lab": (
        "families.toml",
        family("nut", "^nut-", '"Qwen/nut-1"'),
        "1: example 'Qwen/nut-1': 'Qwen' is not a handle of lab 'acme'",
    ),
    "two families that match one name": (
        "families.toml",
        family("nut", "^nut", '"acme-ai/nut-1"') + "\n" + family("nutmeg", "^nutmeg-", '"acme-ai/nutmeg-1"'),
        "1: pattern '^nut' also matches 'acme-ai/nutmeg-1' of family 'nutmeg'; make one narrower",
    ),
    "generation with an example that does not match": (
        "families.toml",
        family("nut", "^nut", '"acme-ai/nut1-a"') + generation("Nut 2", "^nut2-", '"acme-ai/nut1-a"'),
        "9: example 'acme-ai/nut1-a' does not match the pattern of generation 'Nut 2'",
    ),
    "two generations that match one name": (
        "families.toml",
        family("nut", "^nut", '"acme-ai/nut1-a"')
        + generation("Nut 1", "^nut1-", '"acme-ai/nut1-a"')
        + generation("Nut 1.5", "^nut1", '"acme-ai/nut1.5-a"'),
        "14: pattern '^nut1' of generation 'Nut 1.5' matches 'acme-ai/nut1-a', and so does generation 'Nut 1'; "
        "make one narrower",
    ),
    "text for generations": (
        "families.toml",
        family("nut", "^nut", '"acme-ai/nut1-a"') + 'generation = "Nut 1"\n',
        "1: 'generation' must be a list, not 'Nut 1'",
    ),
    "generations in one line": (
        "families.toml",
        family("nut", "^nut", '"acme-ai/nut1-a"') + 'generation = [{ id = "Nut 1", pattern = "^nut1" }]\n',
        "1: generation: 'examples' is missing",
    ),
    "invalid pattern of a generation": (
        "families.toml",
        family("nut", "^nut", '"acme-ai/nut1-a"') + generation("Nut 1", "^nut1[", '"acme-ai/nut1-a"'),
        "9: pattern '^nut1[' is not a regular expression: unterminated character set at position 5",
    ),
    "duplicate generation": (
        "families.toml",
        family("nut", "^nut", '"acme-ai/nut1-a"')
        + generation("Nut 1", "^nut1-", '"acme-ai/nut1-a"')
        + generation("Nut 1", "^nut2-", '"acme-ai/nut2-a"'),
        "14: generation 'Nut 1' is in this family twice; delete one",
    ),
    "a generation with an unknown key": (
        "families.toml",
        family("nut", "^nut", '"acme-ai/nut1-a"') + generation("Nut 1", "^nut1-", '"acme-ai/nut1-a"') + "size = 7\n",
        "9: generation: unknown key 'size'; a generation has id, pattern, released_on, examples, evidence",
    ),
}
"""Case -> file, its text, and the expected line and message."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A user's registry with the lab Acme and its account."""
    (tmp_path / "labs.toml").write_text(ACME, encoding="utf-8")
    (tmp_path / "organizations.toml").write_text(ACME_HANDLE, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("what", BAD_FILES)
def test_invalid_file_is_refused_with_line_and_reason(folder: Path, what: str) -> None:
    name, text, message = BAD_FILES[what]
    file = folder / name
    file.write_text(text, encoding="utf-8")
    assert f"{file}:{message}" in [str(problem) for problem in problems_in(folder)]


def test_registry_with_problems_is_not_loaded(folder: Path) -> None:
    name, text, message = next(iter(BAD_FILES.values()))
    file = folder / name
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        load(folder)
    assert f"{file}:{message}" in str(refused.value).splitlines()


def test_all_problems_are_listed_at_once(folder: Path) -> None:
    file = folder / "labs.toml"
    file.write_text(ACME + 'city = "Paris"\n' + '\n[[lab]]\nid = "bolt"\ncountry = "US"\n', encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        load(folder)
    assert str(refused.value).splitlines() == [
        f"{file}:1: unknown key 'city'; a lab has id, name, country, contested, other_country, evidence, note",
        f"{file}:8: 'name' is missing",
        f"{file}:8: 'evidence' is missing",
    ]


def test_unparsable_file_causes_no_problems_elsewhere(folder: Path) -> None:
    file = folder / "labs.toml"
    file.write_text("[[lab]\n", encoding="utf-8")
    assert [(problem.file, problem.line) for problem in problems_in(folder)] == [(str(file), 1)]


def test_header_in_a_multiline_string_is_not_counted(folder: Path) -> None:
    file = folder / "labs.toml"
    text = ACME.replace('"an example"', '"""\n[[lab]]\n"""') + '\n[[lab]]\nid = "bolt"\n'
    file.write_text(text, encoding="utf-8")
    found = [problem for problem in problems_in(folder) if problem.file == str(file)]
    assert {problem.line for problem in found} == {9}


def test_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        load(tmp_path / "nowhere")
    assert (
        str(refused.value) == f"{tmp_path / 'nowhere'}: no such folder; give the folder that holds your registry files"
    )


def test_binary_file_is_refused(folder: Path) -> None:
    file = folder / "events.toml"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError) as refused:
        load(folder)
    assert str(refused.value).startswith(f"{file}:1: cannot be read as UTF-8 text: ")


def test_shipped_files_have_no_problems() -> None:
    assert problems_in() == []


def test_shipped_entries_in_reverse_order_are_reported(tmp_path: Path) -> None:
    text = (SHIPPED / "origins.toml").read_text(encoding="utf-8")
    comment, *entries = text.split("[[origin]]")
    (tmp_path / "origins.toml").write_text(
        comment + "".join(f"[[origin]]{entry.rstrip()}\n" for entry in reversed(entries)), encoding="utf-8"
    )
    found = problems_in(tmp_path)
    assert len(found) == len(entries) - 1
    assert all("sort the file by code" in problem.message for problem in found)
