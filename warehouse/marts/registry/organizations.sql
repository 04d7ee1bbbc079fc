-- An account on the Hub whose owner is publicly known.
-- grain: handle
select handle, lab, origin, role, since, until, successor, is_contested, evidence, note, other_origin from registry_organizations
