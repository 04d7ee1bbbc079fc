-- A base that a release's card does not declare.
-- grain: repo_id, parent_ref
select repo_id, parent_ref, relation, evidence from registry_bases
