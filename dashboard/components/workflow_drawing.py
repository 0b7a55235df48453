"""A workflow as a drawing."""

import streamlit as st


def show(drawing: str, *, alt: str) -> None:
    """Draw it."""
    st.mermaid_chart(drawing, alt=alt)
