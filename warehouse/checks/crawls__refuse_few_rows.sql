-- A crawl sets aside at most one row in a hundred; more means that the Hub's answers have changed.
-- severity: warn
select crawl, rows_read, refused, refused_because from crawls where refused * 100 > rows_read
