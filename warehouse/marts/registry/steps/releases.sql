-- A release date that replaces the day on which the repository was created.
-- grain: repo_id
select repo_id, released_on, evidence from registry_releases
