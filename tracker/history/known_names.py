"""The names of crawled repositories, to which the rows of an import are matched, as tables of a DuckDB connection."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tracker.database import Connection, literal
from tracker.domain import CRAWL
from tracker.lake.lake import Lake

# One row per name and repository. A name belongs to a repository until another one is first crawled under it.
_KNOWN_NAMES = """
create or replace table known_names as
with crawled as (
    select hub_id, repo_id, min(day) as first_day, min(created_at)::date as created_on
    from read_parquet([{files}], hive_partitioning = true)
    group by hub_id, repo_id
)
select
    repo_id,
    hub_id,
    created_on,
    case when row_number() over names = 1 then date '0001-01-01' else first_day end as from_day,
    coalesce(lead(first_day) over names - 1, date '9999-12-31') as until_day
from crawled
window names as (partition by repo_id order by first_day, hub_id)
"""

_NO_KNOWN_NAMES = """
create table known_names (repo_id varchar, hub_id varchar, created_on date, from_day date, until_day date)
"""

# Names in lower case that mean one repository in any spelling, or one spelling. Lineage has the same rule.
_FOLDED_NAMES = """
create or replace table folded_names as
with folds as (
    select lower(repo_id) as folded, count(distinct repo_id) as spellings, count(distinct hub_id) as repositories
    from known_names
    group by lower(repo_id)
)
select distinct
    folds.folded,
    known.hub_id,
    known.created_on,
    known.from_day,
    known.until_day
from folds
join known_names as known on lower(known.repo_id) = folds.folded
where folds.spellings = 1 or folds.repositories = 1
"""

# Former names, each with the repository at the end of its chain of renames.
_RENAMED_NAMES = """
create or replace table renamed_names as
with recursive chain as (
    select former, latest, 1 as steps from renames where former != latest
    union
    select chain.former, renames.latest, chain.steps + 1
    from chain join renames on renames.former = chain.latest
    where renames.latest != chain.former and chain.steps < 10
)
select chain.former as repo_id, known.hub_id, known.created_on, known.from_day, known.until_day
from chain join known_names as known on known.repo_id = chain.latest
qualify row_number() over (partition by chain.former, known.from_day order by chain.steps desc, known.hub_id) = 1
"""


@dataclass(frozen=True, slots=True)
class Renames:
    """A Parquet file of renamed repositories, and the names of its two columns."""

    file: Path
    former: str
    latest: str


def load_known_names(connection: Connection, lake: Lake) -> None:
    """Create the tables of the present and former names of all crawled repositories."""
    files = lake.files("models", [manifest for manifest in lake.manifests() if manifest.source == CRAWL])
    connection.execute(_KNOWN_NAMES.format(files=path_list(files)) if files else _NO_KNOWN_NAMES)
    connection.execute(_FOLDED_NAMES)
    connection.execute("create table renamed_names as select * from known_names where false")


def load_renames(connection: Connection, renames: Renames) -> None:
    """Load an archive's list of renamed repositories."""
    former, latest = quoted(renames.former), quoted(renames.latest)
    connection.execute(
        f"create or replace table renames as select distinct {former} as former, {latest} as latest "
        f"from read_parquet({literal(str(renames.file))}) where {former} is not null and {latest} is not null"
    )
    connection.execute(_RENAMED_NAMES)


def quoted(name: str) -> str:
    """Quote the name of a column."""
    return '"' + name.replace('"', '""') + '"'


def path_list(files: Sequence[Path]) -> str:
    """Return paths as SQL strings."""
    return ", ".join(literal(str(file)) for file in files)
