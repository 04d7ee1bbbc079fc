"""Dataset repositories of the embedded Hub: a store with revisions, and the routes the real client asks."""
