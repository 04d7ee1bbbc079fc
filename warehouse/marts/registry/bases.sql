-- A base model that is not declared on a repository's card, from the registry.
-- grain: repo_id, parent_ref
select repo_id, parent_ref, relation, evidence from registry_bases
