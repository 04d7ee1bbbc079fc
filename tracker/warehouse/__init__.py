"""Build `tracker.duckdb` from the lake, the registry and the SQL files in `warehouse/`."""
