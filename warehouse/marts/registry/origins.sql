-- A country, or ZZ for international or undisclosed.
-- grain: code
select code, name, region, headline_place, adjective from registry_origins
