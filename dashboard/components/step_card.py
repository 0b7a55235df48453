"""One step of a run: who was asked what, what came back, and what it took."""

import streamlit as st

from dashboard.components.text import literal
from dashboard.theme import STATUS, badge
from dashboard.viewmodels.steps import StepView
from dashboard.viewmodels.words import count, duration, money

ICONS = {
    "parallel": ":material/call_split:",
    "loop": ":material/repeat:",
    "conditional": ":material/alt_route:",
    "approval": ":material/person_raised_hand:",
}

GROUPS = {
    "parallel": "Its steps run side by side.",
    "loop": "Its steps run in turns.",
    "conditional": "One of two ways is taken.",
    "approval": "A person approves, edits or rejects a text.",
}


def show(step: StepView, *, expanded: bool, can_fork: bool) -> bool:
    """Draw the step as part of the steps' timeline, and tell whether to run again from it."""
    look = STATUS[step.status]
    icon = "spinner" if step.status == "running" else look.icon
    with st.expander(
        _title(step), expanded=expanded, icon=icon, type="step", key=f"step-{step.path}"
    ):
        st.markdown(f"{badge(step.status)} :small[:gray[{_facts(step)}]]")
        if step.type in GROUPS:
            st.markdown(f"{ICONS[step.type]} {literal(step.note or GROUPS[step.type])}")
        if not step.is_group:
            _asked(step)
            _answered(step)
        if step.attempts:
            _earlier(step)
        if step.error:
            st.error(literal(step.error), icon=":material/error:")
        if step.retry_in_s is not None:
            st.caption(f":material/autorenew: Tries again in {duration(step.retry_in_s)}.")
        return can_fork and st.button(
            "Run from here",
            icon=":material/start:",
            type="tertiary",
            help="A new run that takes over what was done before this step.",
            key=f"fork-{step.path}",
        )


def _title(step: StepView) -> str:
    turn = f" · turn {step.turn}" if step.turn is not None else ""
    mark = " :gray-badge[:material/move_down: taken over from the earlier run]"
    return f"**{literal(step.name)}**{turn}{mark if step.taken_over else ''}"


def _facts(step: StepView) -> str:
    facts = [f":material/person: {literal(step.agent)}"] if step.agent else []
    if step.duration_s is not None:
        facts.append(duration(step.duration_s))
    if step.model:
        facts.append(f":material/memory: {literal(step.model)}")
    if step.tokens_in or step.tokens_out:
        facts.append(f"{count(step.tokens_in, 'token')} in, {step.tokens_out:,} out")
        facts.append(literal(money(step.cost)))
    if step.attempt > 1:
        facts.append(f"attempt {step.attempt}")
    return " · ".join(facts)


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


def _earlier(step: StepView) -> None:
    label = count(len(step.attempts), "earlier attempt")
    with st.expander(label, type="compact", key=f"attempts-{step.path}"):
        for attempt in step.attempts:
            st.markdown(
                f"**Attempt {attempt.number}** :small[:gray[{attempt.started_at:%H:%M:%S} UTC · "
                f"{duration(attempt.duration_s)}]]  \n"
                f"{literal(attempt.error or 'It was interrupted.')}"
            )


def _answered(step: StepView) -> None:
    if step.message:
        st.markdown(literal(step.message))
    if step.output:
        st.markdown(literal(step.output))
    if step.decision:
        st.markdown(f":material/how_to_reg: **{literal(step.decision)}**")
    if step.status == "running" and not step.output and step.type != "approval":
        st.caption("Waiting for the first words…")
    if step.remark and step.output:
        st.caption(f":material/info: {literal(step.model or '')}: {literal(step.remark)}")
