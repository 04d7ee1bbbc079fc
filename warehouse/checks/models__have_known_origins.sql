-- Every origin a model is counted in stands in the table of origins, or is 'unaffiliated'.
-- severity: fail
select models.publisher_origin, count(*) as models
from models
left join origins on origins.code = models.publisher_origin
where origins.code is null and models.publisher_origin != 'unaffiliated'
group by models.publisher_origin
