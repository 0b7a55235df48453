"""What a page may ask for to try agents in a chat.

Each question to each agent is a run of one step, with the chat's id for its workflow's; so nothing
waits for a model here, and a chat is there again after a refresh, until it is thrown away.
"""

import asyncio
from collections.abc import Mapping, Sequence

from dashboard import agent_services, store
from dashboard.bridge import wait_for
from dashboard.viewmodels.trials import (
    Totals,
    Turn,
    is_trial,
    totals_of,
    trial_of,
    turns_of,
    with_memory,
)
from symphony_core.errors import NotPossible
from symphony_core.ids import is_id, new_id
from symphony_core.orchestration.control import RunControl
from symphony_core.orchestration.steps import TaskStep
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.registry import ServiceRegistry
from symphony_core.runtime.retention import delete_runs
from symphony_core.workflow import RunPurpose, Workflow

QUESTION = "what_was_asked"  # an input that no agent's instructions are likely to name
MOST_AGENTS = 4
NAME_LENGTH = 190
_STOPPING = 30, 0.1  # looks at runs that are told to stop, and the seconds between


def read_chat(chat_id: str | None) -> tuple[list[Turn], Totals]:
    """Return the questions of a chat, and what it took."""
    runs = wait_for(_runs(store.registry(), chat_id)) if chat_id else []
    turns = turns_of(runs)
    return turns, totals_of(runs, turns)


def ask(
    chat_id: str | None,
    agent_ids: Sequence[str],
    question: str,
    values: Mapping[str, str],
    *,
    remembers: bool,
) -> str:
    """Ask agents a question side by side, and return the chat's id.

    `values` are for names in the instructions that no variable has. With `remembers` each agent
    is told what it was asked before and has answered.

    Raises:
        NotPossible: there is nothing to ask, too many agents, or no such one.
    """
    if not question.strip():
        raise NotPossible("There is nothing to ask: type a question.")
    if len(agent_ids) > MOST_AGENTS:
        raise NotPossible(f"At most {MOST_AGENTS} agents answer side by side.")
    chat_id = chat_id if chat_id and is_id(chat_id) else new_id()
    turns, _ = read_chat(chat_id)
    number = turns[-1].number + 1 if turns else 1
    for agent_id in agent_ids:
        agent = wait_for(agent_services.shelf().need(agent_id))
        sent = with_memory(question, agent_id, turns) if remembers else question
        run = _run(chat_id, agent_id, agent.name, {**values, QUESTION: sent})
        run.metadata = trial_of(number, question, agent_id)
        wait_for(store.engine().start_run(run))
    return chat_id


def stop(turn: Turn) -> None:
    """Stop what is being answered."""
    with store.snapshots().changing():
        for asked in turn.asked:
            if not asked.is_over:
                wait_for(store.engine().control.cancel(asked.run_id))


def throw_away(chat_id: str) -> None:
    """Stop and delete all of a chat."""
    wait_for(_throw_away(store.registry(), store.engine().control, chat_id))


def _run(chat_id: str, agent_id: str, name: str, inputs: Mapping[str, str]) -> Workflow:
    step = TaskStep(
        name, {"name": name, "input_data": {"query": f"{{{{{QUESTION}}}}}"}}, agent_id=agent_id
    )
    definition = WorkflowDefinition(id=chat_id, name=f"Try {name[:NAME_LENGTH]}").add_step(step)
    return store.engine().new_run(definition, inputs, purpose=RunPurpose.TRY)


async def _runs(registry: ServiceRegistry, chat_id: str) -> list[Workflow]:
    """Return the runs of a chat, the oldest first, and none of a workflow with such an id."""
    runs = registry.get_repository("workflow")
    found = await runs.find_page({"definition_id": chat_id}, limit=None, descending=False)
    return [run for run in found if is_trial(run)]


async def _throw_away(registry: ServiceRegistry, control: RunControl, chat_id: str) -> None:
    looks, pause = _STOPPING
    for run in await _runs(registry, chat_id):
        if not run.status.is_final:
            await control.cancel(run.id)
    for _ in range(looks):
        runs = await _runs(registry, chat_id)
        if all(run.status.is_final for run in runs):
            break
        await asyncio.sleep(pause)
    await delete_runs(registry, [run.id for run in runs])
