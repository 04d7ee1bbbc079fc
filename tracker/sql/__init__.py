"""Run SQL that can only read the warehouse: from the command line, at a prompt, and on the SQL page."""
