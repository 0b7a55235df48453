"""A workflow as a drawing."""

import streamlit as st


def show(drawing: str, *, alt: str) -> None:
    """Draw it; `alt` is any text."""
    # It becomes a comment in the drawing, where braces could begin an order to Mermaid.
    st.mermaid_chart(drawing, alt=alt.replace("{", "(").replace("}", ")"))
