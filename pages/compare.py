"""Two runs side by side: what each was given, took and answered, and where they differ."""

import streamlit as st

from dashboard import run_details, run_services
from dashboard.components import not_there, problem, run_comparison
from dashboard.components.fragments import fragment

CALM_SECONDS = 2.0

ids = {letter: st.query_params.get(letter, "") for letter in ("a", "b")}
runs = {letter: run_services.view_run(run_id) for letter, run_id in ids.items()}


def to_the_list() -> None:
    """Draw the way to choose others, and end here."""
    st.page_link("../pages/runs.py", label="Choose two runs", icon=":material/history:")
    st.stop()


st.title("Compare two runs", anchor=False)

if not all(ids.values()):
    st.info("Two runs are compared. Tick them in the list.", icon=":material/compare_arrows:")
    to_the_list()
for letter, run in runs.items():
    if run is None:
        not_there.tell("run", ids[letter])
if not all(runs.values()):
    to_the_list()
if ids["a"] == ids["b"]:
    st.info("Both are the same run. Tick two different ones.", icon=":material/equal:")
    to_the_list()

is_over = all(run.row.is_over for run in runs.values() if run)

if st.button(
    "Swap A and B",
    icon=":material/swap_horiz:",
    type="tertiary",
    help="Texts are compared from A to B.",
):
    st.query_params.update({"a": ids["b"], "b": ids["a"]})
    st.rerun()


@fragment(run_every=None if is_over else CALM_SECONDS)
def body() -> None:
    """The comparison, drawn again until both runs are over."""
    compared = run_details.compare_runs(ids["a"], ids["b"])
    if compared is None or compared.is_over != is_over:
        st.rerun()
    # Each in a place of its own: what comes and goes above does not move, and so not redraw, it.
    heads, inputs, figures, path, result, steps = (st.container() for _ in range(6))
    with heads:
        run_comparison.heads(compared)
    with inputs:
        run_comparison.inputs(compared.inputs)
    with figures:
        run_comparison.figures(compared.figures)
    with path:
        run_comparison.path(compared.path, len(compared.steps))
    with result:
        run_comparison.result(compared.result)
    with steps:
        run_comparison.steps(compared.steps)


with problem.explained():
    body()
