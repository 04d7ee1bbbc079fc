"""The report: the main charts with their words and data as a folder of static files."""
