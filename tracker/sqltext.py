"""Values as SQL text, for the statements that take no parameters."""


def literal(text: str) -> str:
    """`text` as an SQL string."""
    return "'" + text.replace("'", "''") + "'"
