-- A model whose momentum is measured: a release whose task class and release date are known.
-- grain: hub_id
select
    models.hub_id,
    classification.released_on,
    classification.task_class,
    classification.size_bucket,
    counts.downloads_all_time as downloads_now
from core_latest_models as models
join core_classification as classification on classification.hub_id = models.hub_id and classification.layer = 'release'
join core_latest_counts as counts on counts.hub_id = models.hub_id
where classification.released_on is not null and classification.task_class is not null
