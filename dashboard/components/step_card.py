"""One step of a run: who was asked what, what came back, and what it took."""

from collections.abc import Mapping

import streamlit as st

from dashboard.components import difference, long_text, routing, tool_uses, unfolding
from dashboard.components.text import literal
from dashboard.theme import STATUS, badge
from dashboard.viewmodels.steps import StepView
from dashboard.viewmodels.words import count, duration, money, tokens

ICONS = {
    "parallel": ":material/call_split:",
    "loop": ":material/repeat:",
    "conditional": ":material/alt_route:",
    "workflow": ":material/account_tree:",
    "approval": ":material/person_raised_hand:",
}

GROUPS = {
    "parallel": "Its steps run side by side.",
    "loop": "Its steps run in turns.",
    "conditional": "One of two ways is taken.",
    "workflow": "Another workflow runs.",
    "approval": "A person approves, edits or rejects a text.",
}

Steps = Mapping[str, StepView]


def show(step: StepView, steps: Steps, *, expanded: bool, can_fork: bool) -> bool:
    """Draw the step as part of the steps' timeline, and tell whether to run again from it.

    `steps` are all of the run's by their path. A card that was drawn open is not closed later
    because others have come.
    """
    look = STATUS[step.status]
    icon = "spinner" if step.status == "running" else look.icon
    key = f"step-{step.path}"
    opened = unfolding.first_state(key, is_open=expanded)
    with st.expander(_title(step), expanded=opened, icon=icon, type="step", key=key):
        return _body(step, steps, step.path, can_fork=can_fork, shows_prompt=True)


def show_one(step: StepView, steps: Steps, *, can_fork: bool, shows_prompt: bool) -> bool:
    """Draw the step by itself, and tell whether to run again from it."""
    with st.container(border=True, key=f"one-step-{step.path}"):
        if step.within:
            st.caption(f"{ICONS['workflow']} {literal(step.within)}")
        st.markdown(_title(step))
        key = f"one-{step.path}"
        return _body(step, steps, key, can_fork=can_fork, shows_prompt=shows_prompt)


def _body(step: StepView, steps: Steps, key: str, *, can_fork: bool, shows_prompt: bool) -> bool:
    st.markdown(f"{badge(step.status)} :small[:gray[{_facts(step)}]]")
    # In the order in which it comes: what is there already does not move, and is not redrawn.
    _arranged(step)
    if not step.is_group:
        _asked(step, key, shows_prompt=shows_prompt)
        _answered(step, key)
    if step.attempts:
        _earlier(step, key)
    before = steps.get(step.version_before or "")
    if before and before.output and step.status == "completed":
        _changed(before, step, key)
    if step.error:
        st.error(literal(step.error), icon=":material/error:")
    if step.retry_in_s is not None:
        st.caption(f":material/autorenew: Tries again in {duration(step.retry_in_s)}.")
    return can_fork and st.button(
        "Run from here",
        icon=":material/start:",
        type="tertiary",
        help="A new run that takes over what was done before this step.",
        key=f"fork-{key}",
    )


def _arranged(step: StepView) -> None:
    if step.type in GROUPS:
        st.markdown(f"{ICONS[step.type]} {literal(step.note or GROUPS[step.type])}")
    if step.workflow_id:
        st.page_link(
            "../pages/workflow.py",
            label="Open this workflow",
            query_params={"workflow": step.workflow_id},
            icon=":material/open_in_new:",
        )


def _title(step: StepView) -> str:
    turn = f" · turn {step.turn}" if step.turn is not None else ""
    mark = " :gray-badge[:material/move_down: taken over from the earlier run]"
    return f"**{literal(step.name)}**{turn}{mark if step.taken_over else ''}"


def _facts(step: StepView) -> str:
    facts = [_who(step)] if step.agent else []
    if step.duration_s is not None:
        facts.append(duration(step.duration_s))
    if step.model:
        facts.append(f":material/memory: {literal(step.model)}")
    if took := tokens(step.tokens_in, step.tokens_out):
        facts += [took, literal(money(step.cost))]
    if step.attempt > 1:
        facts.append(f"attempt {step.attempt}")
    return " · ".join(facts)


def _who(step: StepView) -> str:
    version = f" · version {step.agent_version}" if step.agent_version else ""
    return f":material/person: {literal(step.agent or '')}{version}"


def _asked(step: StepView, key: str, *, shows_prompt: bool) -> None:
    # What is closed is not sent: a prompt may hold several long texts.
    if step.why:
        with unfolding.part("Why this agent", key=f"why-{key}") as is_open:
            if is_open:
                routing.show(step.why, step.scores)
    if step.prompt and shows_prompt:
        with unfolding.part("Prompt, as it was sent", key=f"prompt-{key}") as is_open:
            if is_open:
                _prompt(step, key)
    tool_uses.show(step, key=key)


def _prompt(step: StepView, key: str) -> None:
    if step.instructions:
        st.caption("Instructions")
        long_text.show_code(step.instructions, key=f"instructions-{key}")
        st.caption("Question")
    long_text.show_code(step.prompt, key=f"question-{key}")


def _changed(before: StepView, step: StepView, key: str) -> None:
    with unfolding.part(
        f"What changed since {literal(before.label)}", key=f"changed-{key}"
    ) as is_open:
        if is_open:
            difference.show(before.output, step.output, key=f"difference-{key}")


def _earlier(step: StepView, key: str) -> None:
    label = count(len(step.attempts), "earlier attempt")
    with st.expander(label, type="compact", key=f"attempts-{key}"):
        for attempt in step.attempts:
            st.markdown(
                f"**Attempt {attempt.number}** :small[:gray[{attempt.started_at:%H:%M:%S} UTC · "
                f"{duration(attempt.duration_s)}]]  \n"
                f"{literal(attempt.error or 'It was interrupted.')}"
            )


def _answered(step: StepView, key: str) -> None:
    is_running = step.status == "running"
    if step.message:
        st.markdown(literal(step.message))
    if step.output:
        long_text.show(step.output, key=f"output-{key}", is_growing=is_running)
    elif is_running and step.type != "approval":
        waits_for = literal(step.tool_called) if step.tool_called else "the first words"
        st.caption(f"Waiting for {waits_for}…")
    if step.decision:
        st.markdown(f":material/how_to_reg: **{literal(step.decision)}**")
    if step.remark and step.output:
        st.caption(f":material/info: {literal(step.model or '')}: {literal(step.remark)}")
