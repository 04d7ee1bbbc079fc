-- Which countries' models are downloaded this month, by publisher?
-- Language models. The month is not over: for changes between months see origin_months.
select
    origin_name as country,
    sum(downloads) as downloads,
    sum(downloads) / sum(sum(downloads)) over () as share
from adoption
where day >= (select date_trunc('month', last_day) from build) and downloads is not null
group by origin_name
order by share desc, country
