-- A tag that only models of one family have. It gives repositories without a base that family as their root.
-- grain: architecture
select architecture, family, lab from registry_architectures
