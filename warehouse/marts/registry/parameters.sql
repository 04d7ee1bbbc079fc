-- A curated parameter count, where files and names mislead.
-- grain: repo_id
select repo_id, params_total, params_active, evidence from registry_parameters
