"""What the Python API asks of single repositories: their days, and the first releases among them."""

CHOSEN = """
    select hub_id, repo_id
    from models
    where $of::varchar[] is null or list_contains($of::varchar[], repo_id)
    qualify row_number() over (partition by repo_id order by is_listed desc, last_seen desc, hub_id) = 1
"""
"""The repositories named `$of`, all if it is null; a name that several had is that of the one listed."""

_DAYS = """
with chosen as ({chosen}),
{counted},
days as (
    select day, repo_id, {figure} as {metric}
    from counted
    window week as (
        partition by repo_id order by day
        range between interval 3 days preceding and interval 3 days following
    )
)
select day, repo_id, {metric}
from days
where {metric} is not null
order by day, {metric} desc, repo_id
"""

_MEAN = "case when count(*) over week >= 4 then avg(value) over week end"

_COUNTED = """
counted as (
    select own.day, chosen.repo_id, own.{column}::double as value
    from {table} as own
    join chosen using (hub_id)
    where own.{column} is not null
)
"""

METRICS = {
    "downloads": ("model_flows", "downloads"),
    "downloads_7d_mean": ("model_flows", "downloads"),
    "downloads_30d": ("model_days", "downloads_30d"),
    "downloads_all_time": ("model_days", "downloads_all_time"),
    "likes": ("model_days", "likes"),
}
"""What is counted of a repository day by day -> the table and the column that hold it."""

FIRST_RELEASES = {
    "lab": """
        select publisher_lab as lab, min(released_on) as released_on
        from models
        where layer = 'release' and publisher_lab is not null
        group by publisher_lab
        order by publisher_lab
    """,
    "family": """
        select family, min(released_on) as released_on
        from models
        where layer = 'release' and family is not null
        group by family
        order by family
    """,
    "generation": """
        with first_models as (
            select generation, min(released_on) as released_on
            from models
            where layer = 'release' and generation is not null
            group by generation
        )
        select generation, coalesce(generations.released_on, first_models.released_on) as released_on
        from first_models
        left join generations using (generation)
        order by generation
    """,
}
"""Whose first release -> the query."""


def counts(metric: str) -> str:
    """The days of the repositories named `$of`, each by itself."""
    table, column = METRICS[metric]
    return days(metric, _COUNTED.format(table=table, column=column))


def days(metric: str, counted: str) -> str:
    """The days of the CTE `counted` (day, repo_id, value), which may read `chosen`: as they are, or as means."""
    figure = _MEAN if metric == "downloads_7d_mean" else "value"
    return _DAYS.format(chosen=CHOSEN, counted=counted.strip(), figure=figure, metric=metric)
