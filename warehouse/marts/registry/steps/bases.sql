-- A base model of a repository, from the registry. It replaces those that the card declares.
-- grain: repo_id, parent_ref
select repo_id, parent_ref, relation, evidence from registry_bases
