"""Try an agent: ask it something, alone or beside others, and throw the chat away again."""

from collections.abc import Sequence

import streamlit as st

from dashboard import agent_services, agent_trials, run_services
from dashboard.components import problem, step_card
from dashboard.components.fragments import fragment
from dashboard.components.text import literal
from dashboard.viewmodels.agent_prompt import prompt_view
from dashboard.viewmodels.agents import AgentForm, AgentView
from dashboard.viewmodels.trials import Asked, Totals, Turn
from dashboard.viewmodels.words import count, cut, money

BEAT = 0.5  # seconds
SHOWN = 10  # questions
CHAT = "chat"  # in the address
NAME_LENGTH = 40
LONGEST = 100_000  # characters of a question
MEMORY = "Each agent is told what it was asked here before, and what it has answered."


def show(agent_id: str, form: AgentForm) -> None:
    """Draw the chat with an agent as it is stored."""
    chat_id = st.query_params.get(CHAT)
    turns, totals = agent_trials.read_chat(chat_id)
    agents, remembers = _who(agent_id)
    values = _values(form, agent_id)
    _head(chat_id, totals)
    if not turns:
        st.info(
            "Ask it something. Every question really runs, with the agent as it was saved last, "
            "and all of it can be thrown away.",
            icon=":material/chat:",
        )
    is_all = len(turns) <= SHOWN or st.toggle(f"Show all {len(turns)} questions", key="all-turns")
    for turn in turns if is_all else turns[-SHOWN:]:
        if turn.is_over:
            _turn(turn, agents)
        else:
            _live(str(chat_id), turn.number, agents)
    is_live = bool(turns) and not turns[-1].is_over
    asked = st.chat_input(
        "Wait for the answers, or stop them" if is_live else "Ask a question",
        key=f"ask-{agent_id}",
        max_chars=LONGEST,
        disabled=is_live,
    )
    if asked:
        with problem.explained():
            chosen = [each.id for each in agents]
            chat_id = agent_trials.ask(chat_id, chosen, asked, values, remembers=remembers)
            st.query_params[CHAT] = chat_id
            st.rerun()


def _who(agent_id: str) -> tuple[list[AgentView], bool]:
    """Return who is asked, the agent itself first, and whether they remember."""
    every = {agent.id: agent for agent in agent_services.list_agents()}
    this = every.pop(agent_id, None) or agent_services.find_agent(agent_id)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        others = st.multiselect(
            "Others to answer beside it",
            list(every),
            format_func=lambda other: f"{every[other].name} · {every[other].role}",
            key=f"beside-{agent_id}",
            placeholder="Nobody",
            max_selections=agent_trials.MOST_AGENTS - 1,
            disabled=not every,
            width=360,
        )
        remembers = st.toggle(
            "Remember what was said", value=True, key=f"remember-{agent_id}", help=MEMORY
        )
    return [*([this] if this else []), *(every[other] for other in others)], remembers


def _values(form: AgentForm, agent_id: str) -> dict[str, str]:
    """Ask for what a workflow's inputs would fill in the instructions."""
    missing = prompt_view(form).missing
    if missing:
        st.caption("Its instructions name what a workflow would fill in:")
    with st.container(horizontal=True):
        return {
            name: st.text_input(name, key=f"try-{agent_id}-{name}", width=240) or ""
            for name in missing
        }


def _head(chat_id: str | None, totals: Totals) -> None:
    if chat_id is None or not totals.questions:
        return
    cost = "cost unknown" if totals.cost is None else literal(money(totals.cost))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            f"{count(totals.questions, 'question')} · :material/token: "
            f"{count(totals.tokens, 'token')} · :material/payments: {cost}",
            width="stretch",
        )
        if st.button("Throw away", icon=":material/delete_sweep:", help="All of this chat."):
            with problem.explained():
                agent_trials.throw_away(chat_id)
                del st.query_params[CHAT]
                st.rerun()


@fragment(run_every=BEAT)
def _live(chat_id: str, number: int, agents: Sequence[AgentView]) -> None:
    """Draw a question that is being answered, again and again until it is over."""
    turns, _ = agent_trials.read_chat(chat_id)
    turn = next((each for each in turns if each.number == number), None)
    if turn is None or turn.is_over:
        st.rerun()
    _turn(turn, agents)
    if run_services.worker_count() == 0:
        st.info("It goes on as soon as a worker is there.", icon=":material/schedule:")
    if st.button("Stop", icon=":material/stop_circle:", key=f"stop-{chat_id}-{number}"):
        with problem.explained():
            agent_trials.stop(turn)


def _turn(turn: Turn, agents: Sequence[AgentView]) -> None:
    with st.chat_message("user", avatar=":material/person:"):
        st.markdown(literal(turn.question))
    names = {agent.id: agent.name for agent in agents}
    with st.grid(min(len(turn.asked), 2), min_column_width=280):
        for asked in turn.asked:
            _answer(asked, names.get(asked.agent_id, asked.agent_id))


def _answer(asked: Asked, name: str) -> None:
    with st.container(key=f"answer-{asked.run_id}"):
        run = run_services.view_run(asked.run_id)
        if run is None:
            st.caption("This run was deleted.")
            return
        for step in run.steps:
            step_card.show_one(step, {}, can_fork=False, shows_prompt=True)
        if not run.steps:
            st.caption(f"{literal(cut(name, NAME_LENGTH))} is asked…")
        if run.error and not run.steps:
            st.error(literal(run.error), icon=":material/error:")
