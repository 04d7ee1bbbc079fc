-- Every origin of a model is 'unaffiliated' or in the table of origins.
-- severity: fail
select models.publisher_origin, count(*) as models
from models
left join origins on origins.code = models.publisher_origin
where origins.code is null and models.publisher_origin != 'unaffiliated'
group by models.publisher_origin
