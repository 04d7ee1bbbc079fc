-- A crawl or import that has landed: what it asked, got, refused, and whether its listing was whole.
-- grain: crawl
select * from stg_crawls
