-- A change of the definition on the way from our default to a published figure, from the registry.
-- grain: figure, place
-- The share is that of the subject of figure in both subjects, or in all downloads if other_figure is NULL. The page of
-- published figures computes the share after each step, in the order of place; each keeps the changes before it.
select figure, other_figure, name, counted_by, place, step from registry_bridges
