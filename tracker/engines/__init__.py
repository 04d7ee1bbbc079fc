"""Other engines than DuckDB for the SQL files of the warehouse."""
