"""One step of a run: who was asked what, what came back, and what it took."""

import streamlit as st

from dashboard.components.text import literal
from dashboard.theme import STATUS, badge
from dashboard.viewmodels.runs import StepView
from dashboard.viewmodels.words import count, duration, money

ICONS = {
    "parallel": ":material/call_split:",
    "loop": ":material/repeat:",
    "conditional": ":material/alt_route:",
}

GROUPS = {
    "parallel": "Its steps run side by side.",
    "loop": "Its steps run in turns.",
    "conditional": "One of two ways is taken.",
}


def show(step: StepView, *, expanded: bool) -> None:
    """Draw the step as part of the steps' timeline."""
    look = STATUS[step.status]
    icon = "spinner" if step.status == "running" else look.icon
    with st.expander(
        _title(step), expanded=expanded, icon=icon, type="step", key=f"step-{step.path}"
    ):
        st.markdown(f"{badge(step.status)} :small[:gray[{_facts(step)}]]")
        if step.is_group:
            st.markdown(f"{ICONS[step.type]} {_group(step)}")
        else:
            _asked(step)
            _answered(step)
        if step.error:
            st.error(literal(step.error), icon=":material/error:")


def _title(step: StepView) -> str:
    turn = f" · turn {step.turn}" if step.turn is not None else ""
    return f"**{literal(step.name)}**{turn}"


def _facts(step: StepView) -> str:
    facts = [duration(step.duration_s)]
    if step.agent:
        facts.insert(0, f":material/person: {literal(step.agent)}")
    if step.model:
        facts.append(f":material/memory: {literal(step.model)}")
    if step.tokens_in or step.tokens_out:
        facts.append(f"{count(step.tokens_in, 'token')} in, {step.tokens_out:,} out")
        facts.append(literal(money(step.cost)))
    if step.attempt > 1:
        facts.append(f"attempt {step.attempt}")
    return " · ".join(facts)


def _group(step: StepView) -> str:
    if step.note:
        return literal(step.note)
    return GROUPS[step.type]


def _asked(step: StepView) -> None:
    if step.why:
        with st.expander("Why this agent", type="compact", key=f"why-{step.path}"):
            st.markdown(literal(step.why))
            if step.scores:
                st.table(
                    [
                        {
                            "Agent": literal(s["agent"]),
                            "Score": f"{s['score']:g}",
                            "Because": literal("; ".join(s["reasons"]) or "–"),
                        }
                        for s in step.scores
                    ]
                )
    if step.prompt:
        with st.expander("Prompt, as it was sent", type="compact", key=f"prompt-{step.path}"):
            if step.instructions:
                st.caption("Instructions")
                st.code(step.instructions, language=None, wrap_lines=True)
                st.caption("Question")
            st.code(step.prompt, language=None, wrap_lines=True)


def _answered(step: StepView) -> None:
    if step.output:
        st.markdown(literal(step.output))
    elif step.status == "running":
        st.caption("Waiting for the first words…")
    if step.remark and step.output:
        st.caption(f":material/info: {literal(step.model or '')}: {literal(step.remark)}")
