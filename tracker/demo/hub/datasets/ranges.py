"""The `Range` header: which part of a file is asked for. Pure."""

import re

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def part(header: str | None, size: int) -> slice | None:
    """The bytes asked for; None for the whole file. Raises ValueError if none of them is there (status 416)."""
    match = _RANGE.fullmatch(header.strip()) if header else None
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        start, stop = max(0, size - int(last)), size
        if int(last) == 0:
            raise ValueError("an empty end")
    else:
        start, stop = int(first), min(size, int(last) + 1) if last else size
    if start >= size or stop <= start:
        raise ValueError(f"no byte of {size} is in {header}")
    return slice(start, stop)
