"""Pure functions from entities to what a page shows: no Streamlit, no store, no clock."""
