-- Every crawl read a complete listing.
-- severity: warn
select crawl, models, incomplete_because from crawls where not is_complete and source = 'crawl'
