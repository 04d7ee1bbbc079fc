"""The simulated world: models, counters and links generated from a seed, with their truth."""
