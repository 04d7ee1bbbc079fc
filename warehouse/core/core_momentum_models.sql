-- A model whose momentum is measured: a lab's own weights that write text, with or without pictures, released on a day.
-- grain: hub_id
select
    models.hub_id,
    coalesce(releases.released_on, models.created_at::date) as released_on,
    sizes.size_bucket,
    counts.downloads_all_time as downloads_now
from core_latest_models as models
join core_layers as layers on layers.hub_id = models.hub_id and layers.layer = 'release'
join core_group_modalities as modalities using (pipeline_tag)
join core_sizes as sizes on sizes.hub_id = models.hub_id
join core_group_latest_counts as counts on counts.hub_id = models.hub_id
left join registry_releases as releases using (repo_id)
where coalesce(releases.released_on, models.created_at::date) is not null
