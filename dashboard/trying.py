"""What a page may ask for to try a workflow that is being edited: a dry run, or one step of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard import run_services, store
from dashboard.bridge import wait_for
from dashboard.viewmodels.referring import label_of
from dashboard.viewmodels.runs import Facts, RunView, run_view
from symphony_core.errors import EntityNotFound
from symphony_core.ids import utc_now
from symphony_core.io.alone import alone, needs_of
from symphony_core.io.documents import workflow_from
from symphony_core.io.editable import Document, Step, closed, step_of
from symphony_core.paths import resolve
from symphony_core.runtime.dry_run import dry_run
from symphony_core.workflow import RunPurpose


@dataclass(frozen=True)
class Need:
    """A value that a step wants from the rest of its workflow, as its last run left it."""

    name: str
    label: str
    value: str


def try_all(document: Document, inputs: Mapping[str, Any]) -> RunView:
    """Run a workflow without asking a model or a person, and return the run, stored nowhere.

    Raises:
        SymphonyError: it cannot run, in a sentence.
    """
    agents = wait_for(store.repository("agent_config").find_all())
    definition = wait_for(store.engine().pinned(workflow_from(closed(document))))
    tried = wait_for(dry_run(definition, dict(inputs), agents))
    facts = Facts(tried.run, tried.steps, False, None, tried.approvals)
    return run_view(facts, utc_now(), run_services.remarks_of(facts))


def needs_to_try(document: Document, step_id: str, workflow_id: str) -> list[Need]:
    """Return what a step needs to be tried alone; values come from the workflow's last run."""
    last = run_services.last_values(workflow_id)
    context = last[0] if last else {}
    return [
        Need(name, label_of(path, document), _text(resolve(path, context, "")))
        for path, name in needs_of(_step(document, step_id)).items()
    ]


def try_step(document: Document, step_id: str, values: Mapping[str, str]) -> str:
    """Start a run of one step with these values for what it needs, and return the run's id.

    Raises:
        SymphonyError: it cannot run, in a sentence.
    """
    engine = store.engine()
    definition = workflow_from(closed(alone(document, _step(document, step_id))))
    definition = wait_for(engine.pinned(definition))
    run = engine.new_run(definition, values, purpose=RunPurpose.TRY)
    wait_for(engine.start_run(run))
    return run.id


def _step(document: Document, step_id: str) -> Step:
    step = step_of(document, step_id)
    if step is None:
        raise EntityNotFound("step", step_id)
    return step


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value)
