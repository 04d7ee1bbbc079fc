"""The Streamlit app: it shows what the warehouse says, and computes nothing."""
