"""All questions of the pages, a file a page; what several ask stands in `shared.py`. Results are kept per build."""
