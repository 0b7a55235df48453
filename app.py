"""Starts the dashboard, and with it the worker that runs the runs."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import streamlit as st

from dashboard import allocator, warmup
from dashboard.assets import routes
from symphony_core.runtime.launcher import WorkerLauncher

ROOT = Path(__file__).parent


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Keep a worker for as long as the dashboard is there."""
    warmup.begin()
    launcher = WorkerLauncher()
    launcher.start()
    try:
        yield
    finally:
        launcher.stop()


app = st.App(ROOT / "dashboard" / "app.py", lifespan=lifespan, routes=routes())

if __name__ == "__main__":
    allocator.use_one_arena()
    port = os.environ.get("SYMPHONY_PORT")
    with suppress(KeyboardInterrupt):
        app.run(config={"server.port": int(port)} if port else None)
