"""URLs of the list route, and which links may be followed.

Only the fields that the lake stores are requested: every field is sent for three million models.
"""

import re
from ipaddress import ip_address
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
"""`expand` values. `_id` and `id` are always sent."""

_LINK = re.compile(r"<([^>]*)>([^,]*)")


def listing_url(endpoint: str, *, newest_first: bool = False, **filters: str) -> str:
    """Return the first page of a listing by creation time, the only order that does not change during a crawl.

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


def next_url(link_header: str | None, base: str) -> str | None:
    """Return the `rel="next"` of a Link header; None on the last page.

    Raises HubError if it links to another host than `base`, because the token must not be sent there.
    """
    for target, parameters in _LINK.findall(link_header or ""):
        if re.search(r';\s*rel="?next"?', parameters):
            return same_host(target, base, "a Link header")
    return None


def same_host(target: str, base: str, named_by: str) -> str:
    """Return `target` as an absolute URL. Raises HubError unless scheme, host and port are those of `base`."""
    try:
        absolute = urljoin(base, target)
    except ValueError:
        absolute = target
    if origin(absolute) != origin(base):
        raise HubError(
            f"{origin(base)} answered with {named_by} to another host, {origin(absolute)}. It was refused, "
            "nothing was sent there. If you use a mirror, set HF_ENDPOINT to one that links to itself."
        )
    return absolute


def origin(url: str) -> str:
    """Return scheme, host and port of a URL, always with the port; a phrase for an invalid URL.

    Uses the parser that also opens the connection, because another parser may read another host from the same text.
    """
    try:
        parts = parse_url(url)
    except LocationParseError:
        return f"an address that cannot be read ({url[:80]!r})"
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme or "")
    return f"{parts.scheme}://{parts.host}:{port}"


def is_on_this_machine(url: str) -> bool:
    """Return whether a URL names the loopback interface."""
    try:
        host = (parse_url(url).host or "").strip("[]").lower()
    except LocationParseError:
        return False
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
