-- A crawl refuses at most 1% of its rows; more suggests that the Hub's response format has changed.
-- severity: warn
select crawl, rows_read, refused, refused_because from crawls where refused * 100 > rows_read
