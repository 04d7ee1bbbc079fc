-- An age, in days since the release, at which momentum is measured.
-- grain: age_days
select unnest([7, 14, 30, 60, 90, 180, 365]) as age_days
