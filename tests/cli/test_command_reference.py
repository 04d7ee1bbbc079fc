"""The command reference quotes the help text of every command as the program prints it."""

from tests.cli.command_reference import PAGE, commands, quoted, with_help


def test_command_reference_quotes_every_command() -> None:
    assert sorted(quoted(PAGE.read_text(encoding="utf-8"))) == sorted(["", *commands()])


def test_command_reference_agrees_with_the_program() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert with_help(page) == page, "run: uv run python -m tests.cli.command_reference"
