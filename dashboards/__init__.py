"""The Streamlit dashboard over the warehouse of a home."""
