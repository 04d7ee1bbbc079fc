"""The figures of the pages: what is asked, drawn and said for a reader's choice. Each is drawn once for the same choice."""
