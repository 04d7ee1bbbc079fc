"""Answers for programs over the Model Context Protocol: `tracker mcp`.

about.py says what the numbers of an answer count and where they come from. groups.py, comparison.py, repositories.py
and data.py have the tools, results.py their types, resources.py the texts that explain the data. Only server.py imports
the SDK, which is an optional extra.
"""
