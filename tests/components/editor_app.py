"""Serves the page that editing on the flow canvas is tried on, as `app.py` serves the dashboard."""

import os
from pathlib import Path

import streamlit as st

from dashboard.assets import routes

app = st.App(Path(__file__).parent / "editor_page.py", routes=routes())

if __name__ == "__main__":
    app.run(config={"server.port": int(os.environ["SYMPHONY_PORT"])})
