-- A generation of a family.
-- grain: family, generation
select family, generation, lab, pattern, released_on from registry_generations
