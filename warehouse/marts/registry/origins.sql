-- A country, or ZZ for international or undisclosed, as the registry uses it.
-- grain: code
select code, name, region from registry_origins
