-- Which licences do labs use for their releases, by country and size?
select
    origin_name as country,
    size_bucket,
    coalesce(license, 'none given') as license,
    count(*) as releases
from models_now
where layer = 'release'
group by origin_name, size_bucket, coalesce(license, 'none given')
order by country, size_bucket nulls last, releases desc, license
