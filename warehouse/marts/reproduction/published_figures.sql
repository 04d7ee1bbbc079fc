-- A figure published by others, with its scope and definition, from the registry.
-- grain: figure
select
    figure,
    source,
    reference,
    title,
    scope,
    definition,
    period,
    since,
    until,
    value,
    unit,
    as_published,
    measure,
    subject,
    not_computable
from registry_published
