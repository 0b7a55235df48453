"""The frame around every page: its title, the navigation, and what the sidebar tells."""

from pathlib import Path

import streamlit as st

from dashboard import presenting, run_services, services, tab_memory, warmup
from dashboard.components import problem, text, tour

STATIC = Path(__file__).parent / "static"
ABOUT = "**Symphony**: compose LLM agents into workflows, run them, and watch every step."
LINKS = {
    ("run",): "../pages/run.py",
    ("agent",): "../pages/agents.py",
    ("template",): "../pages/templates.py",
    ("workflow",): "../pages/workflow.py",
    ("a", "b"): "../pages/compare.py",
}

# What is chosen stands in the accent colour, which by night is too dark for a text: it is the
# buttons' ground, with white on it. The theme has no colour for this alone.
STYLE = """
<style>
[data-testid="stButtonGroup"] button[data-selected="true"] p { color: light-dark(#0D636C, #6FC3CD); }
</style>
"""

tab_memory.forget_gone_widgets()
is_presenting = presenting.is_on()

st.set_page_config(
    page_title="Symphony",
    page_icon=str(STATIC / "favicon.png"),
    layout="wide",
    menu_items={"About": ABOUT},  # with a menu of its own there is the switch for light and dark
)

st.html(STYLE)
if not is_presenting:
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
            "../pages/workflows.py",
            title="Workflows",
            icon=":material/account_tree:",
            help="Your own workflows: run, compare, import",
        ),
        st.Page(
            "../pages/builder.py",
            title="Builder",
            icon=":material/construction:",
            help="Build a workflow of your own, step by step",
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
            "../pages/settings.py",
            title="Settings",
            icon=":material/settings:",
            help="Models and keys, limits, storage, what is kept, health",
        ),
        st.Page(
            "../pages/run.py",
            title="Run",
            icon=":material/play_circle:",
            visibility="hidden",
        ),
        st.Page(
            "../pages/workflow.py",
            title="Workflow",
            icon=":material/account_tree:",
            visibility="hidden",
        ),
        st.Page(
            "../pages/compare.py",
            title="Compare",
            icon=":material/compare_arrows:",
            visibility="hidden",
        ),
        st.Page(
            "../pages/replay.py",
            title="Replay",
            icon=":material/slow_motion_video:",
            visibility="hidden",
        ),
    ],
    position="hidden" if is_presenting else "sidebar",
)

if page.url_path == "":  # a link to one thing, on the bare address
    for names, target in LINKS.items():
        if all(name in st.query_params for name in names):
            st.switch_page(target, query_params=st.query_params.to_dict())


def sidebar() -> None:
    """What stands below the navigation."""
    if page.url_path == "run":
        presenting.switch()
    model = services.default_model()
    st.caption(f"Model: {text.literal(model.label)}", help=model.remark or model.state)
    if run_services.worker_count() == 0:
        st.caption(
            ":orange-badge[:material/report: No worker]",
            help="Nobody takes up runs right now. One starts with `python3 scripts/start`; "
            "it is started again by itself if it dies.",
        )
    st.button(
        "Take the tour",
        icon=":material/explore:",
        type="tertiary",
        key="take-tour",
        on_click=tour.begin,
    )


if is_presenting:
    presenting.frame()
else:
    with problem.explained(), st.sidebar:
        sidebar()

with st.container():  # in a place of its own, so that the page below keeps its own
    tour.show()

with problem.explained():
    page.run()

warmup.go_on()
