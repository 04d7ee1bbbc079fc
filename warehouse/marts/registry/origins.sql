-- A country, or ZZ for international or undisclosed.
-- grain: code
select code, name, region from registry_origins
