"""Text that a spreadsheet would run as a formula when it opens a CSV file."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A cell that begins with one of these is run, and anyone can choose a name on the Hub: exports put `'` in front."""
