"""Run the `run:` steps of a workflow's job in bash, with the contexts and files that GitHub provides."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
WORKFLOWS = ROOT / ".github" / "workflows"
FUNCTIONS: dict[str, Any] = {
    "always": lambda: True,
    "contains": lambda several, one: one in several.split(),
    "format": lambda text, *values: text.format(*values),
}


@dataclass(frozen=True, slots=True)
class Step:
    """Result of one step."""

    name: str
    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Job:
    """One job of a workflow file."""

    steps: list[dict[str, Any]]
    env: dict[str, str]
    context: dict[str, str]
    """GitHub's contexts, as `vars.NAME` or `secrets.NAME` to value. A missing name is an empty string."""

    outputs: dict[str, str] = field(default_factory=dict)
    """`steps.ID.outputs.NAME` to value, for the steps that ran."""

    def run(self, folder: Path, environment: Mapping[str, str]) -> list[Step]:
        """Run the job in `folder` and return the steps that ran. After a failure only `always()` steps run."""
        ran: list[Step] = []
        variables = {f"env.{name}": value for name, value in self._filled(self.env).items()}
        allowed = {step.get("name") for step in self.steps if step.get("continue-on-error")}
        for step in self.steps:
            has_failed = any(one.code for one in ran if one.name not in allowed)
            condition = str(step.get("if", "true"))
            if "run" in step and (not has_failed or "always()" in condition) and self.value(condition, variables):
                ran.append(self._step(step, folder, environment))
        return ran

    def value(self, expression: str, more: Mapping[str, str]) -> Any:
        """Value of a GitHub expression: names, strings, ==, !=, &&, || and FUNCTIONS."""
        known = {**self.context, **self.outputs, **more}
        text = re.sub(r"[a-zA-Z_]+(\.[\w*-]+)+", lambda name: repr(known.get(name[0], "")), expression)
        text = text.replace("&&", " and ").replace("||", " or ").replace("true", "True")
        return eval(text, dict(FUNCTIONS))

    def _step(self, step: dict[str, Any], folder: Path, environment: Mapping[str, str]) -> Step:
        files = {name: folder / f"{name}.txt" for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        variables = self._filled(self.env)
        variables |= self._filled(step.get("env", {}), {f"env.{name}": value for name, value in variables.items()})
        done = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", step["run"]],
            cwd=folder,
            env={**variables, **environment, **{name: str(path) for name, path in files.items()}},
            capture_output=True,
            text=True,
            timeout=240,
        )
        if "id" in step and files["GITHUB_OUTPUT"].exists():
            for line in files["GITHUB_OUTPUT"].read_text().splitlines():
                name, value = line.split("=", 1)
                self.outputs[f"steps.{step['id']}.outputs.{name}"] = value
        return Step(step.get("name", step["run"]), done.returncode, done.stdout, done.stderr)

    def _filled(self, env: Mapping[str, str], more: Mapping[str, str] | None = None) -> dict[str, str]:
        """Variables with their expressions evaluated in the job's context and `more`."""

        def value(found: re.Match[str]) -> str:
            value = self.value(found[1].strip(), more or {})
            return str(value).lower() if isinstance(value, bool) else str(value)

        return {name: re.sub(r"\$\{\{(.*?)\}\}", value, str(text)) for name, text in env.items()}


def job(workflow: str, name: str, context: dict[str, str]) -> Job:
    """A job of .github/workflows; `context` has names as `vars.NAME` or `needs.*.result` (separated by spaces)."""
    read = YAML(typ="safe").load(WORKFLOWS / workflow)["jobs"][name]
    return Job(read["steps"], read.get("env", {}), context)


def this_checkout(folder: Path, **more: str) -> dict[str, str]:
    """Environment in which `uv run tracker` is this checkout, installed as in the tests.

    Large files go as LFS uploads: the embedded Hub has no Xet storage.
    """
    named = ("PATH", "HOME", "TMPDIR", "LANG", "UV_CACHE_DIR")
    inherited = {name: os.environ[name] for name in named if name in os.environ}
    uv = {"UV_PROJECT": str(ROOT), "UV_NO_SYNC": "1", "UV_PROJECT_ENVIRONMENT": sys.prefix}
    github = {"GITHUB_REPOSITORY": "someone/tracker", "GITHUB_REPOSITORY_OWNER": "someone"}
    return {
        **inherited,
        **uv,
        **github,
        "HF_HOME": str(folder / "hf"),
        "HF_HUB_DISABLE_XET": "1",
        "NO_PROXY": "*",
        **more,
    }
