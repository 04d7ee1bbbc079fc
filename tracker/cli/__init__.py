"""Commands that are more than one call: about the dataset in the cloud, the registry, the state of a home."""
