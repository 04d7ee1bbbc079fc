-- A figure that others published, with its scope and definition, as the registry has it.
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
