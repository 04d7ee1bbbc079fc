"""Other rulers than the Hub's downloads. One folder per source; all have the interface of `source.py`."""
