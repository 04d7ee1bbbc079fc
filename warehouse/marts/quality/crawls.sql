-- A landed crawl or import: scope, rows, refused rows, and whether its listing was complete.
-- grain: crawl
select * from stg_crawls
