-- An event that readers of charts should know of: a change of counting rules, a rollback, a major release.
-- grain: event_date, title
select event_date, kind, title, detail, origin, family, evidence from registry_events
