"""Pages of the dashboard, one script each; Streamlit runs them, `app.py` lists them."""
