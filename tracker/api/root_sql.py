"""What the Python API asks of roots: new derivatives by root, and the downloads credited to single ones."""

from tracker.api.queries import CHOSEN, days

METRICS = ("downloads", "downloads_7d_mean")

_BY_GROUP = """
select month, root_{by} as {by}, sum(derivatives)::double as derivatives
from root_derivatives_months
where min_downloads = $min_downloads and ($of::varchar[] is null or list_contains($of::varchar[], root_{by}))
group by month, root_{by}
order by month, derivatives desc, {by}
"""

_BY_NAME = f"""
with chosen as ({CHOSEN})
select months.month, chosen.repo_id, months.derivatives
from root_derivatives_months as months
join chosen on chosen.hub_id = months.root_id
where months.min_downloads = $min_downloads
order by months.month, months.derivatives desc, chosen.repo_id
"""

DERIVATIVES = {
    "family": _BY_GROUP.format(by="family"),
    "generation": _BY_GROUP.format(by="generation"),
    "repo_id": _BY_NAME,
}
"""What new derivatives may be grouped by -> the query."""

_CREDITED = """
alone as (
    select chosen.hub_id, chosen.repo_id
    from chosen
    join lineage on lineage.hub_id = chosen.hub_id and lineage.root_id = chosen.hub_id
    where chosen.hub_id not in (select root_id from root_days where root_id in (select hub_id from chosen))
),
counted as (
    select credited.day, chosen.repo_id, credited.downloads as value
    from root_days as credited
    join chosen on chosen.hub_id = credited.root_id
    union all
    select own.day, alone.repo_id, own.downloads::double
    from model_flows as own
    join alone using (hub_id)
)
"""


def downloads(metric: str) -> str:
    """The days credited to the roots among the repositories named `$of`; one that is alone has its own downloads."""
    return days(metric, _CREDITED)
