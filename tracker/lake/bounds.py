"""Bounds of the values in the lake. Crawls refuse rows outside of them; a pull refuses files that have such rows."""

from datetime import UTC, date, datetime

MAX_COUNTER = 10**12
"""The largest counter of downloads or likes: a hundred times the largest of 2026. A sum over the whole Hub still
fits 64 bits."""

MAX_PARAMETERS = 2**56
"""The largest number of parameters. A repository of the Hub says that it has 2 * 10^16; its counters are usable."""

MAX_SCORE = 1e15
"""The largest trending score, of either sign."""

FIRST_DAY = date(2018, 1, 1)
"""No counter of the Hub is older."""

FIRST_TIME, LAST_TIME = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""Times of repositories and readings are between these."""

NAME_PATTERN = r"[\w-][\w.-]*(/[\w-][\w.-]*)?"
"""A repository name: `name` or `owner/name`. No part begins with a dot."""

MAX_NAME_CHARS = 200
MAX_TEXT_CHARS = 1000
"""Pipeline tag, library, licence, relation."""

MAX_LIST_CHARS = 200_000
"""Tags or base models of one repository, as JSON text."""
