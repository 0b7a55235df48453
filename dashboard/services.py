"""Everything a page may ask for: a page calls these, gets view models, and never sees the core.

What cannot be done raises `SymphonyError`, whose text is the sentence to show.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from dashboard import store
from dashboard.bridge import wait_for
from dashboard.viewmodels.agents import AgentForm, AgentView, agent_of, agent_view, form_of
from dashboard.viewmodels.drawing import draw
from dashboard.viewmodels.figures import Figures
from dashboard.viewmodels.runs import RunRow, RunView, run_row, run_view
from symphony_core.agent_config import AgentConfig
from symphony_core.errors import DefinitionError, EntityNotFound
from symphony_core.ids import is_id, new_id, utc_now
from symphony_core.models import catalog
from symphony_core.orchestration.templates import GALLERY, get_template
from symphony_core.orchestration.templates.base import Template
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.runtime import samples
from symphony_core.runtime.retention import delete_runs
from symphony_core.workflow import Workflow, WorkflowStatus

PAGE_SIZE = 15
LATEST = 5
LIVE_STATUSES = ["pending", "running", "paused"]
ENDED_STATUSES = ["completed", "failed", "cancelled"]


@dataclass(frozen=True)
class ModelChoice:
    """A model that can be chosen, and whether it is ready, in a sentence."""

    name: str
    label: str
    remark: str | None
    is_ready: bool
    state: str


@dataclass(frozen=True)
class Preview:
    """A template filled in: its drawing, and how many model calls it makes.

    `calls` is None where that depends on the run's way; `most_calls` is its bound.
    """

    drawing: str
    calls: int | None
    most_calls: int


@dataclass(frozen=True)
class HomeView:
    """What the home page shows."""

    figures: Figures
    live: list[RunRow]
    latest: list[RunRow]


# --- agents


def list_agents() -> list[AgentView]:
    """Return the agents in the order they were made."""
    return [agent_view(agent) for agent in wait_for(store.repository("agent_config").find_all())]


def agent_form(agent_id: str) -> AgentForm | None:
    """Return a stored agent, to be edited; None if there is none."""
    if not is_id(agent_id):
        return None
    agent = wait_for(store.repository("agent_config").find_by_id(agent_id))
    return form_of(agent) if agent else None


def save_agent(form: AgentForm, agent_id: str | None = None) -> str:
    """Store a new agent, or a changed one, and return its id."""
    base = _agent(agent_id) if agent_id else None
    agent = _checked(form, base)
    if base is not None:
        agent.set_version(form.version)
    saved: str = wait_for(store.repository("agent_config").save(agent))
    return saved


def duplicate_agent(agent_id: str) -> str:
    """Store a copy of an agent under a name that says so, and return its id."""
    agent = _agent(agent_id)
    now = utc_now()
    copy = AgentConfig(
        **agent.model_dump(exclude={"id", "name", "created_at", "updated_at"}),
        id=new_id(),
        name=f"{agent.name[:190]} (copy)",
        created_at=now,
        updated_at=now,
    )
    saved: str = wait_for(store.repository("agent_config").save(copy))
    return saved


def delete_agent(agent_id: str) -> None:
    """Delete an agent; runs that have used it keep what it wrote."""
    wait_for(store.repository("agent_config").delete(agent_id))


def preview_instructions(form: AgentForm) -> str:
    """Return the instructions as a model will get them; nothing else need be filled in yet."""
    named = [(name, text) for name, text in form.variables if name.strip()]
    part = AgentForm("-", "-", instructions=form.instructions, variables=named)
    return _checked(part, None).get_system_prompt()


def list_models() -> list[ModelChoice]:
    """Return the models that can be chosen here."""
    return [describe_model(model.name) for model in catalog.choices()]


def describe_model(name: str) -> ModelChoice:
    """Return a model, whether or not it is among those to choose from."""
    info, state = catalog.describe_any(name), catalog.availability(name)
    return ModelChoice(info.name, info.label, info.remark, state.ready, state.sentence)


def default_model() -> ModelChoice:
    """Return the model of agents that name none."""
    return describe_model(catalog.default_name())


# --- templates


def list_templates() -> tuple[Template, ...]:
    """Return the gallery."""
    return GALLERY


def preview_template(key: str, options: Mapping[str, Any]) -> Preview:
    """Return what a template becomes with these options."""
    definition = get_template(key).build({}, options)
    drawing = draw(definition.to_dict())
    return Preview(drawing, definition.task_count(), definition.most_tasks())


def draw_definition(definition: Mapping[str, Any]) -> str:
    """Return a run's own workflow as a drawing."""
    return draw(definition)


def start_template(
    key: str,
    inputs: Mapping[str, Any],
    *,
    agents: Mapping[str, str | None] | None = None,
    options: Mapping[str, Any] | None = None,
) -> str:
    """Start a run of a template, and return its id once it is stored."""
    definition = get_template(key).build(agents, options)
    return _start(definition, inputs, key)


# --- runs


def home() -> HomeView:
    """Return what the home page shows."""
    ended = store.repository("workflow").find_page({"status": ENDED_STATUSES}, limit=LATEST)
    figures = wait_for(store.figures().read(utc_now()))
    return HomeView(figures=figures, live=live_runs(), latest=_rows(wait_for(ended)))


def live_runs() -> list[RunRow]:
    """Return the latest of the runs that may still change."""
    live = {"status": LIVE_STATUSES}
    return _rows(wait_for(store.repository("workflow").find_page(live, limit=LATEST)))


def find_runs(
    status: str | None = None, search: str | None = None, page: int = 1
) -> tuple[list[RunRow], int]:
    """Return a page of runs, the newest first, and how many pages there are."""
    runs, filter = store.repository("workflow"), {"status": status} if status else {}
    total = wait_for(runs.count(filter, search=search or None))
    found = wait_for(
        runs.find_page(
            filter, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE, search=search or None
        )
    )
    return _rows(found), max(1, -(-total // PAGE_SIZE))


def view_run(run_id: str) -> RunView | None:
    """Return a run as it stands; None if there is none."""
    if not is_id(run_id):
        return None
    snapshot = wait_for(store.snapshots().read(run_id))
    if snapshot is None:
        return None
    steps = list(snapshot.steps.values())
    remarks = {name: _label(name) for name in {step.model for step in steps if step.model}}
    return run_view(snapshot.run, steps, snapshot.is_held, utc_now(), remarks)


def cancel_run(run_id: str) -> None:
    """Ask a run to stop."""
    wait_for(store.engine().cancel_workflow(run_id))
    store.snapshots().forget(run_id)


def run_again(run_id: str) -> str:
    """Start the same workflow with the same inputs as a new run, and return its id."""
    run = _find_run(run_id)
    definition = WorkflowDefinition.model_validate(run.definition)
    return _start(definition, run.inputs, run.template)


def delete_run(run_id: str) -> None:
    """Delete a run that has ended, with its steps and events."""
    run = _find_run(run_id)
    if not run.status.is_final:
        raise DefinitionError(f"The run {run.name!r} is not over yet: cancel it first.")
    wait_for(delete_runs(store.registry(), [run_id]))


def now() -> datetime:
    """Return the moment that everything shown refers to."""
    return utc_now()


def remove_samples() -> None:
    """Delete the sample runs for good."""
    wait_for(samples.remove_samples(store.registry()))


def worker_count() -> int:
    """Return how many workers are there to take up runs."""
    now = utc_now()
    beats = wait_for(store.repository("worker_beat").find_all())
    return sum(beat.takes_runs and beat.is_alive(now) for beat in beats)


# --- how it is done


def _start(definition: WorkflowDefinition, inputs: Mapping[str, Any], template: str | None) -> str:
    run = store.engine().new_run(
        definition, inputs, model=catalog.default_name(), template=template
    )
    wait_for(store.engine().start_run(run))
    return run.id


def _rows(runs: list[Workflow]) -> list[RunRow]:
    now = utc_now()
    live = [run.id for run in runs if run.status == WorkflowStatus.RUNNING]
    held = wait_for(store.engine().leases.held(live)) if live else set()
    return [run_row(run, run.id in held, now) for run in runs]


def _agent(agent_id: str) -> AgentConfig:
    agent: AgentConfig | None = wait_for(store.repository("agent_config").find_by_id(agent_id))
    if agent is None:
        raise EntityNotFound("agent", agent_id)
    return agent


def _find_run(run_id: str) -> Workflow:
    run: Workflow | None = wait_for(store.repository("workflow").find_by_id(run_id))
    if run is None:
        raise EntityNotFound("run", run_id)
    return run


def _checked(form: AgentForm, base: AgentConfig | None) -> AgentConfig:
    try:
        return agent_of(form, base)
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0]).replace("_template", "s").replace("_", " ")
        reason = first["msg"].removeprefix("Value error, ")
        raise DefinitionError(f"{field.capitalize()}: {reason[0].lower()}{reason[1:]}.") from None


def _label(name: str) -> tuple[str, str | None]:
    info = catalog.describe(name)
    return info.label, info.remark
