"""The registry: curated entries on labs, organisations, families, origins, single repositories and events."""
