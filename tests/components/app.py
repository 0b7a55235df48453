"""Serves a page that a component is tried on, as `app.py` serves the dashboard: its name is given."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st

from dashboard.assets import routes
from tests.components import server


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    server.note_loop()
    yield


app = st.App(Path(__file__).parent / f"{sys.argv[1]}.py", lifespan=lifespan, routes=routes())

if __name__ == "__main__":
    app.run(config={"server.port": int(os.environ["SYMPHONY_PORT"])})
