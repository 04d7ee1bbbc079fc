"""What the Python API asks of the warehouse, and in which words a repository is explained."""
