-- Number of downloads that a derivative must exceed to count.
-- grain: min_downloads
select 0 as min_downloads
union all
select 5
union all
select 50
