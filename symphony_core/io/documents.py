"""Workflows and agents as documents: text that people read, mail and keep.

Reading executes, opens and fetches nothing. It takes bounded time, and it either gives a whole
workflow or agent or says in a sentence which field is wrong.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from symphony_core.agent_config import AgentConfig
from symphony_core.entity import Entity
from symphony_core.errors import DocumentError
from symphony_core.io import agent_fields, workflow_fields
from symphony_core.io.json_text import parse_json
from symphony_core.io.place import Place
from symphony_core.io.plain import find_trouble
from symphony_core.io.step_fields import BRANCHES, CHILDREN, EVERY_STEP
from symphony_core.io.step_fields import FIELDS as STEP_FIELDS
from symphony_core.orchestration.workflow_definition import WorkflowDefinition


def load_workflow(document: str | bytes) -> WorkflowDefinition:
    """Read a workflow.

    Raises:
        DocumentError: what is wrong, and where.
    """
    return workflow_from(parse_json(document))


def load_agent(document: str | bytes) -> AgentConfig:
    """Read an agent.

    Raises:
        DocumentError: what is wrong, and where.
    """
    return agent_from(parse_json(document))


def load_document(document: str | bytes) -> WorkflowDefinition | AgentConfig:
    """Read a workflow or an agent, whichever it is.

    Raises:
        DocumentError: what is wrong, and where.
    """
    data = parse_json(document)
    is_agent = isinstance(data, dict) and "steps" not in data and "instruction_template" in data
    return agent_from(data) if is_agent else workflow_from(data)


def workflow_from(data: Any) -> WorkflowDefinition:
    """Make a workflow out of a document's values, whatever they were written in.

    Raises:
        DocumentError: what is wrong, and where.
    """
    _check_plain(data, "workflow")
    fields = workflow_fields.check_workflow(data)
    try:
        workflow = WorkflowDefinition.model_validate(fields)
    except ValidationError as error:
        raise _refusal("workflow", error) from None
    workflow_fields.check_references(workflow)
    return workflow


def agent_from(data: Any) -> AgentConfig:
    """Make an agent out of a document's values, whatever they were written in.

    Raises:
        DocumentError: what is wrong, and where.
    """
    _check_plain(data, "agent")
    try:
        return AgentConfig.model_validate(agent_fields.check_agent(data))
    except ValidationError as error:
        raise _refusal("agent", error) from None


def dump_workflow(definition: WorkflowDefinition) -> str:
    """Write a workflow so that `load_workflow` gives the same again.

    Raises:
        DocumentError: it has something that documents may not have.
    """
    data = _plain(definition, workflow_fields.FIELDS, "workflow")
    data["steps"] = [_step_for_people(step) for step in data["steps"]]
    text = _text(data, workflow_fields.FIELDS)
    load_workflow(text)
    return text


def dump_agent(config: AgentConfig) -> str:
    """Write an agent so that `load_agent` gives the same again.

    Raises:
        DocumentError: it has something that documents may not have.
    """
    data = _plain(config, agent_fields.FIELDS, "agent")
    for name in ("capabilities", "settings"):
        data[name] = {key: value for key, value in data[name].items() if value not in (None, [])}
    if config.answer_choices is None:
        del data["answer_choices"]
    text = _text(data, agent_fields.FIELDS)
    load_agent(text)
    return text


def _check_plain(data: Any, what: str) -> None:
    trouble = find_trouble(data)
    if trouble is not None:
        Place(what, tuple(trouble.path)).refuse(trouble.problem)


def _plain(entity: Entity, fields: Iterable[str], what: str) -> dict[str, Any]:
    try:
        data = entity.model_dump(include={*fields}, warnings=False)
        data |= {name: list(value) for name, value in data.items() if isinstance(value, tuple)}
        _check_plain(data, what)
    except RecursionError:
        raise DocumentError(f"The {what} {entity.id!r} holds values that are too deep.") from None
    except ValueError as error:
        if isinstance(error, DocumentError):
            raise
        raise DocumentError(f"The {what} {entity.id!r} holds itself as a value.") from None
    return data


def _refusal(what: str, error: ValidationError) -> DocumentError:
    first = error.errors()[0]
    path = tuple(map(str, first["loc"]))
    return DocumentError(f"{Place(what, path)}: {first['msg']}.")


def _text(data: Mapping[str, Any], fields: Mapping[str, Any]) -> str:
    ordered = {"schema_version": workflow_fields.SCHEMA_VERSION, **_in_order(data, fields)}
    return json.dumps(ordered, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _in_order(data: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    order = [*(name for name in names if name in data), *data]
    return {name: data[name] for name in dict.fromkeys(order)}


def _step_for_people(data: Any) -> Any:
    """Return a step with its fields in the tables' order, and a branch of one step as that step."""
    if not isinstance(data, dict):
        return data
    fields = STEP_FIELDS.get(str(data.get("type")))
    if fields is None:
        return _in_order(data, EVERY_STEP)
    step = _in_order(data, (*EVERY_STEP, *fields))
    for name in CHILDREN:
        if name in fields and step.get(name):
            inner = step[name] if isinstance(step[name], list) else [step[name]]
            steps = list(map(_step_for_people, inner))
            step[name] = steps[0] if name in BRANCHES and len(steps) == 1 else steps
    return step
