"""The queries of the pages, one module per page; `shared.py` has those of several. Results are cached per build."""
