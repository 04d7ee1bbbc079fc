-- A curated parameter count, for models whose files and names are misleading.
-- grain: repo_id
select repo_id, params_total, params_active, evidence from registry_parameters
