"""The form of a task: what is asked, who answers, and what happens when it fails."""

from typing import Any

import streamlit as st

from dashboard import agent_services, builder_services
from dashboard.components import routing
from dashboard.components.builder_sheet import TEXT, Sheet
from dashboard.components.builder_values import picker
from dashboard.components.text import literal
from symphony_core.io.editable import Step

ROUTER = "Let the router choose"
PROMPT_HEIGHT = 150
RETRIES, DELAY = 2, 1.0  # what a step that says nothing of it does
MOST_SECONDS = 31_622_400.0


def show(sheet: Sheet) -> None:
    """Draw the form."""
    _prompt(sheet)
    _agent(sheet)
    _choices(sheet)
    with sheet.more():
        _retry(sheet)
        time_limit(sheet, "Time limit in seconds", "One attempt may take no longer.")
        _after_crash(sheet)


def time_limit(sheet: Sheet, label: str, help: str) -> None:
    """Draw the field for how long a step may take."""
    given = sheet.step.get("timeout_s")
    sheet.number(
        "timeout_s",
        label,
        None if given is None else float(given),
        min_value=0.1,
        max_value=MOST_SECONDS,
        step=1.0,
        format="%g",
        placeholder="No limit",
        help=help,
    )


def _prompt(sheet: Sheet) -> None:
    prompt, key = _asked(sheet.step), sheet.key("prompt")

    def put(text: str) -> None:
        template = dict(sheet.now.get("task_template") or {})
        asked = {**(template.get("input_data") or {}), "query": text}
        sheet.put("Prompt", {"task_template": {**template, "input_data": asked}}, "prompt")

    st.text_area(
        "What to ask",
        prompt,
        PROMPT_HEIGHT,
        TEXT,
        key,
        on_change=lambda: put(st.session_state[key] or ""),
        placeholder="Write it as you would say it to a person.",
    )
    sheet.tell("prompt")
    picker(sheet, "prompt", _asked, put)


def _asked(step: Step) -> str:
    template = step.get("task_template") or {}
    return str((template.get("input_data") or {}).get("query") or "")


def _agent(sheet: Sheet) -> None:
    names = {agent.id: f"{agent.name} · {agent.role}" for agent in agent_services.list_agents()}
    given = sheet.step.get("agent_id")
    options: list[str | None] = [None, *names, *([given] if given and given not in names else [])]
    key = sheet.key("agent_id")

    def told(agent_id: str | None) -> str:
        return ROUTER if agent_id is None else names.get(agent_id) or _put_away(agent_id)

    st.selectbox(
        "Who answers",
        options,
        options.index(given),
        told,
        key,
        on_change=lambda: sheet.put("Agent", {"agent_id": st.session_state[key]}),
    )
    sheet.tell("agent_id")
    if given is None:
        _routing(sheet)


def _put_away(agent_id: str) -> str:
    agent = agent_services.find_agent(agent_id)
    return f"{agent.name} (archived)" if agent else f"{agent_id} (not there)"


def _routing(sheet: Sheet) -> None:
    found = builder_services.routing_of(sheet.step)
    if found is None:
        return
    with st.popover(f"Now: {literal(found.agent)}", icon=":material/route:", type="tertiary"):
        st.caption("Whom the router would choose for this text now; {{…}} is not filled in yet.")
        routing.show(found.why, found.scores)


def _choices(sheet: Sheet) -> None:
    given = [str(choice) for choice in sheet.step.get("answer_choices") or ()]
    key = sheet.key("answer_choices")
    st.multiselect(
        "Possible answers",
        given,
        given,
        accept_new_options=True,
        key=key,
        placeholder="Any text",
        on_change=lambda: sheet.put("Answers", {"answer_choices": st.session_state[key] or None}),
        help="Type one and press Enter. With two or more, the answer is exactly one of them: "
        "a branch can go by it.",
    )
    sheet.tell("answer_choices")


def _retry(sheet: Sheet) -> None:
    given: dict[str, Any] = dict(sheet.step.get("retry") or {})
    times, delay = sheet.key("retry"), sheet.key("delay")

    def put() -> None:
        retry = {
            "max_retries": int(st.session_state[times] or 0),
            "delay_s": float(st.session_state[delay] or 0),
        }
        sheet.put("Retries", {"retry": retry}, "retry")

    with st.container(horizontal=True):
        st.number_input(
            "Tries again",
            0,
            10,
            int(given.get("max_retries", RETRIES)),
            key=times,
            on_change=put,
            help="How often it is tried again when it fails for a reason that may pass.",
        )
        st.number_input(
            "Seconds before",
            0.0,
            600.0,
            float(given.get("delay_s", DELAY)),
            1.0,
            format="%g",
            key=delay,
            on_change=put,
            help="Before the first time; each wait is twice as long as the one before.",
        )
    sheet.tell("retry")


def _after_crash(sheet: Sheet) -> None:
    key = sheet.key("retry_after_crash")
    st.checkbox(
        "Ask again after a crash",
        sheet.step.get("retry_after_crash", True) is not False,
        key,
        on_change=lambda: sheet.put(
            "After a crash", {"retry_after_crash": None if st.session_state[key] else False}
        ),
        help="Whether to ask again if the machine went down in the middle. Without it the step "
        "fails rather than ask twice.",
    )
