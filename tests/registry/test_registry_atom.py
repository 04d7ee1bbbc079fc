"""The registry agrees with the lists of the ATOM project; skipped where they are not available."""

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from tracker.registry.load import load

ATOM = Path(__file__).parents[2].parent / "shared" / "data" / "atom-tracked-models"
REGIONS = {"china": "China", "us": "United States", "eu": "Europe", "other": "Other", "unknown": "Unknown"}

pytestmark = pytest.mark.skipif(not ATOM.is_dir(), reason=f"the recorded lists of the ATOM project are not in {ATOM}")


def lines(name: str) -> list[dict[str, str]]:
    """Read the rows of one list."""
    text = (ATOM / name).read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


def test_organizations_have_the_atom_region_or_a_note() -> None:
    registry = load()
    region_of = {origin.code: origin.region for origin in registry.origins}
    by_handle = {organization.handle: organization for organization in registry.organizations}
    listed = {row["hf_org"]: REGIONS[row["region"]] for row in lines("organization_regions.csv")}
    assert len(listed) == 118
    assert set(listed) - set(by_handle) == set()
    differing = {h for h, region in listed.items() if region_of[by_handle[h].country] != region}
    assert {h for h in differing if by_handle[h].note is None} == set()
    assert differing <= {h for h in listed if by_handle[h].contested}


def test_release_dates_equal_atom_corrections() -> None:
    corrected = {
        row["model_id"]: date.fromisoformat(row["actual_release_date"]) for row in lines("release_date_corrections.csv")
    }
    assert len(corrected) == 40
    assert {release.repo_id: release.released_on for release in load().releases} == corrected


def test_parameter_counts_equal_those_of_atom() -> None:
    listed = {row["model_id"]: row for row in lines("model_parameters.csv")}
    from_atom = [entry for entry in load().parameters if entry.evidence.startswith("ATOM")]
    assert len(from_atom) >= 100
    for entry in from_atom:
        row = listed[entry.repo_id]
        assert entry.params_total == round(float(row["total_params_b"]) * 1e9)
        assert entry.params_active == (round(float(row["active_params_b"]) * 1e9) if row["active_params_b"] else None)


def test_most_atom_models_match_exactly_one_family() -> None:
    registry = load()
    lab_of = {organization.handle: organization.lab for organization in registry.organizations}
    found = 0
    models = lines("models.csv")
    for row in models:
        handle, name = row["modelId"].split("/")
        families = [f for f in registry.families if f.lab == lab_of[handle] and matches(f.patterns, name)]
        generations = [g.id for f in families for g in f.generations if matches((g.pattern,), name)]
        assert len(families) <= 1, row["modelId"]
        assert len(generations) <= 1, row["modelId"]
        found += len(families)
    print(f"{found} of {len(models)} models have a family")
    assert found / len(models) >= 0.9


def matches(patterns: tuple[str, ...], name: str) -> bool:
    """Return whether one of the patterns matches the name, in any case."""
    return any(re.search(pattern, name, re.IGNORECASE) for pattern in patterns)
