-- A family: models of one lab that share a name.
-- grain: family
select
    families.family,
    families.name,
    families.lab,
    families.evidence,
    list_sort(list(patterns.pattern)) as patterns,
    families.compare_place
from registry_families as families
left join registry_family_patterns as patterns using (family, lab)
group by families.family, families.name, families.lab, families.evidence, families.compare_place
