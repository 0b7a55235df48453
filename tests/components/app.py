"""Serves a page that a component is tried on, as `app.py` serves the dashboard: its name is given."""

import os
import sys
from pathlib import Path

import streamlit as st

from dashboard.assets import routes

app = st.App(Path(__file__).parent / f"{sys.argv[1]}.py", routes=routes())

if __name__ == "__main__":
    app.run(config={"server.port": int(os.environ["SYMPHONY_PORT"])})
