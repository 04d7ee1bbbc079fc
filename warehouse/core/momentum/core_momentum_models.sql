-- A model whose momentum is measured: a lab's own weights that write text, with or without pictures, released on a day.
-- grain: hub_id
select
    models.hub_id,
    standings.released_on,
    standings.size_bucket,
    counts.downloads_all_time as downloads_now
from core_latest_models as models
join core_classification as standings on standings.hub_id = models.hub_id and standings.layer = 'release'
join core_modalities as modalities using (pipeline_tag)
join core_latest_counts as counts on counts.hub_id = models.hub_id
where standings.released_on is not null
