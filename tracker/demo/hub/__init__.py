"""The embedded Hub: an ASGI server that answers like the Hugging Face Hub, from a catalog of days."""
