-- Which licences do labs use for their releases, by country and size?
select
    publisher_origin,
    size_bucket,
    coalesce(license, 'none given') as license,
    count(*) as releases
from models
where layer = 'release'
group by publisher_origin, size_bucket, coalesce(license, 'none given')
order by publisher_origin, case when size_bucket = '<1' then 0 else regexp_extract(size_bucket, '^[0-9]+')::int end nulls last, releases desc, license
