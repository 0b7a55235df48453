"""The frame around every page: its title, the navigation, and what the sidebar tells."""

from pathlib import Path

import streamlit as st

from dashboard import run_services, services, warmup
from dashboard.components import problem, text

STATIC = Path(__file__).parent / "static"
ABOUT = "**Symphony**: compose LLM agents into workflows, run them, and watch every step."
LINKS = {
    "run": "../pages/run.py",
    "agent": "../pages/agents.py",
    "template": "../pages/templates.py",
}

st.set_page_config(
    page_title="Symphony",
    page_icon=str(STATIC / "favicon.png"),
    layout="wide",
    menu_items={"About": ABOUT},  # with a menu of its own there is the switch for light and dark
)

st.logo(str(STATIC / "logo.svg"), size="large")

page = st.navigation(
    [
        st.Page(
            "../pages/home.py",
            title="Home",
            icon=":material/home:",
            default=True,
            help="What is running, and where to start",
        ),
        st.Page(
            "../pages/templates.py",
            title="Templates",
            icon=":material/dashboard_customize:",
            help="Ready-made workflows to fill in and run",
        ),
        st.Page(
            "../pages/agents.py",
            title="Agents",
            icon=":material/groups:",
            help="Who answers, and how",
        ),
        st.Page(
            "../pages/runs.py",
            title="Runs",
            icon=":material/history:",
            help="Everything that was run",
        ),
        st.Page(
            "../pages/run.py",
            title="Run",
            icon=":material/play_circle:",
            visibility="hidden",
        ),
        st.Page(
            "../pages/replay.py",
            title="Replay",
            icon=":material/slow_motion_video:",
            visibility="hidden",
        ),
    ]
)

if page.url_path == "":  # a link to one thing, on the bare address
    for name, target in LINKS.items():
        if name in st.query_params:
            st.switch_page(target, query_params={name: st.query_params[name]})

with problem.explained(), st.sidebar:
    model = services.default_model()
    st.caption(f"Model: {text.literal(model.label)}", help=model.remark or model.state)
    if run_services.worker_count() == 0:
        st.caption(
            ":orange-badge[:material/report: No worker]",
            help="Nobody takes up runs right now. One starts with `python3 scripts/start`; "
            "it is started again by itself if it dies.",
        )

with problem.explained():
    page.run()

warmup.start()
