"""The figures of the pages: what is asked, drawn and said for a choice; each is drawn once for the same choice."""
