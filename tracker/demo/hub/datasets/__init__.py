"""Dataset repositories of the embedded Hub: a store with revisions, and the routes that huggingface_hub calls."""
