"""What a person sees: the only importable code that knows Streamlit."""
