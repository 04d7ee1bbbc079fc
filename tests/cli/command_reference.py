"""The help texts in tracker/README.md. Rewrite them with `uv run python -m tests.cli.command_reference`."""

import re
from pathlib import Path

import typer
from typer.testing import CliRunner

from tracker.cli.app import app

PAGE = Path(__file__).parents[2] / "tracker" / "README.md"
WIDTH = 100
_BLOCK = re.compile(r"```text\n\$ tracker (?P<words>[a-z ]*)--help\n.*?```\n", re.DOTALL)


def commands() -> list[str]:
    """All commands with their group, as in `registry check`."""

    def inner(command: object, path: str = "") -> list[str]:
        children = getattr(command, "commands", None)
        if children is None:
            return [path.strip()]
        return [name for word, child in children.items() for name in inner(child, f"{path} {word}")]

    return inner(typer.main.get_command(app))


def help_of(command: str) -> str:
    """What `tracker COMMAND --help` prints, without trailing spaces."""
    result = CliRunner().invoke(app, [*command.split(), "--help"], terminal_width=WIDTH, prog_name="tracker")
    return "\n".join(line.rstrip() for line in result.stdout.strip().splitlines())


def with_help(page: str) -> str:
    """The page with the help text of each quoted command as the program prints it."""
    return _BLOCK.sub(lambda found: _block(found["words"].strip()), page)


def quoted(page: str) -> list[str]:
    """The commands whose help text the page quotes."""
    return [found["words"].strip() for found in _BLOCK.finditer(page)]


def _block(command: str) -> str:
    return f"```text\n$ tracker {f'{command} '.lstrip()}--help\n{help_of(command)}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(with_help(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
