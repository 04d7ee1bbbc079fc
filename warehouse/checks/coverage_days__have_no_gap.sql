-- Every day between the first and the last crawl of a scope was read.
-- severity: warn
select day, scope from coverage_days where state = 'missing'
