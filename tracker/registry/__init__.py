"""Curated facts: labs, organisations, families, origins, events."""
