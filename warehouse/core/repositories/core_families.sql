-- Family and generation of a repository, by its name and its publisher's lab.
-- grain: hub_id
-- incremental: delete+insert core_updated_repositories
select
    models.hub_id,
    names.family,
    names.generation,
    names.family_because
from new_core_latest_models as models
join core_publishers as publishers using (hub_id)
join core_family_names as names on names.lab = publishers.publisher_lab and names.repo_name = models.repo_name
