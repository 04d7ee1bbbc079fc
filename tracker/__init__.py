"""Adoption of open-weight models, counted from the Hugging Face Hub."""
