"""What is wrong with the workflow, each with a way to where it is."""

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard.components.builder_draft import Built
from dashboard.components.builder_sheet import show_problem
from dashboard.viewmodels.editing import step_of
from dashboard.viewmodels.words import cut
from symphony_core.io.problems import Problem

MOST = 20
LONGEST_NAME = 40


def show(built: Built, problems: Sequence[Problem], go: Callable[[Problem], None]) -> None:
    """Draw the problems; `go` leads to where one is."""
    if not problems:
        st.success("Nothing is wrong with it: it can be run.", icon=":material/check_circle:")
        return
    for number, problem in enumerate(problems[:MOST]):
        with st.container(border=True, gap="xsmall"):
            show_problem(problem)
            where = _where(built, problem)
            if where:
                st.button(
                    where,
                    icon=":material/arrow_forward:",
                    type="tertiary",
                    key=f"problem-{number}",
                    on_click=go,
                    args=(problem,),
                )
    if len(problems) > MOST:
        st.caption(f"{len(problems) - MOST} more stand at their steps.")


def _where(built: Built, problem: Problem) -> str | None:
    if problem.step is None:
        is_input = (problem.field or "").startswith("inputs.")
        return "Go to the inputs" if is_input else None
    step = step_of(built.document, problem.step) or {}
    return f"Go to {cut(str(step.get('name') or problem.step), LONGEST_NAME)}"
