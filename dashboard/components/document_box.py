"""A place for a document that is pasted or chosen as a file."""

import streamlit as st

TEXT_HEIGHT = 120
LONGEST = 2_000_000  # characters; the file's limit is the same number of bytes
ENDINGS = ["json", "yaml", "yml"]


def show(label: str, key: str) -> str | bytes | None:
    """Draw the fields, and return what was given; None, and a word on what comes, if nothing was."""
    pasted = st.text_area(label, height=TEXT_HEIGHT, max_chars=LONGEST, key=f"{key}-text")
    file = st.file_uploader("Or choose a file", ENDINGS, key=f"{key}-file", max_upload_size=2)
    given: str | bytes = file.getvalue() if file else pasted or ""
    if given.strip():
        return given
    st.caption("You see what it holds before anything is stored.")
    st.button("Preview", icon=":material/preview:", disabled=file is not None)
    return None
