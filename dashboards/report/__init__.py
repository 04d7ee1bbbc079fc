"""The report: the main charts with their findings and data as a folder of static files."""
