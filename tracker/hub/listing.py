"""URLs of the list route, and which links may be followed. Pure.

The fields asked for are exactly those the lake keeps; one more would cost three million times its size.
"""

import re
from urllib.parse import urlencode, urljoin

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from tracker.errors import HubError

PAGE_ROWS = 1000
"""The Hub's maximum per page."""

FIELDS = (
    "baseModels",
    "createdAt",
    "disabled",
    "downloads",
    "downloadsAllTime",
    "gated",
    "gguf",
    "lastModified",
    "library_name",
    "likes",
    "pipeline_tag",
    "safetensors",
    "tags",
    "trendingScore",
)
"""`expand` values; `_id` and `id` always come along."""

_LINK = re.compile(r"<([^>]*)>([^,]*)")


def listing_url(endpoint: str, *, newest_first: bool = False, **filters: str) -> str:
    """First page of a listing in order of creation, the one order that does not move while it is read.

    `filters` are the route's own parameters, such as `author="Qwen"` or `filter="base_model:Qwen/Qwen3-8B"`.
    """
    query = [
        *sorted(filters.items()),
        ("sort", "createdAt"),
        ("direction", "-1" if newest_first else "1"),
        ("limit", str(PAGE_ROWS)),
        *(("expand", name) for name in FIELDS),
    ]
    return f"{endpoint}/api/models?{urlencode(query)}"


def next_url(link_header: str | None, asked: str) -> str | None:
    """The `rel="next"` of a Link header, or None on the last page.

    Raises HubError if it leads to another host than `asked`: a token must not follow it.
    """
    for target, parameters in _LINK.findall(link_header or ""):
        if re.search(r';\s*rel="?next"?', parameters):
            return same_host(target, asked, "a Link header")
    return None


def same_host(target: str, asked: str, named_by: str) -> str:
    """`target` as an absolute URL. Raises HubError unless scheme, host and port are those of `asked`."""
    try:
        absolute = urljoin(asked, target)
    except ValueError:
        absolute = target
    if origin(absolute) != origin(asked):
        raise HubError(
            f"{origin(asked)} answered with {named_by} that leads to another host, {origin(absolute)}; refused, "
            "nothing was sent there. If you use a mirror, set HF_ENDPOINT to one that links to itself."
        )
    return absolute


def origin(url: str) -> str:
    """Scheme, host and port of a URL, with the port always written; a sentence for what is no URL.

    Read by the parser that also opens the connection: another one may see another host in the same text.
    """
    try:
        parts = parse_url(url)
    except LocationParseError:
        return f"an address that cannot be read ({url[:80]!r})"
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme or "")
    return f"{parts.scheme}://{parts.host}:{port}"
