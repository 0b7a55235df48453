"""Workflows and agents as documents: text that people read, mail and keep.

Reading executes, opens and fetches nothing. It takes bounded time, and it either gives a whole
workflow or agent or says in a sentence which field is wrong.
"""

import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import PurePath
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
from symphony_core.io.yaml_text import parse_yaml
from symphony_core.io.yaml_writing import write_yaml
from symphony_core.orchestration.steps import SubWorkflowStep
from symphony_core.orchestration.workflow_definition import WorkflowDefinition


class Form(StrEnum):
    """What a document's values are written in."""

    JSON = "json"
    YAML = "yaml"


def form_of(name: str) -> Form | None:
    """Return the form that a file's name tells, or None if it tells none."""
    endings = {".json": Form.JSON, ".yaml": Form.YAML, ".yml": Form.YAML}
    return endings.get(PurePath(name).suffix.lower())


def guess_form(document: str | bytes) -> Form:
    """Return the form of a text that has no name: what begins with a bracket is JSON."""
    start = document[:1000]
    text = start if isinstance(start, str) else start.decode(errors="replace")
    return Form.JSON if text.lstrip("\ufeff \t\r\n")[:1] in ("", "{", "[") else Form.YAML


def load_workflow(document: str | bytes, form: Form = Form.JSON) -> WorkflowDefinition:
    """Read a workflow.

    Raises:
        DocumentError: what is wrong, and where.
    """
    return workflow_from(parse(document, form))


def load_agent(document: str | bytes, form: Form = Form.JSON) -> AgentConfig:
    """Read an agent.

    Raises:
        DocumentError: what is wrong, and where.
    """
    return agent_from(parse(document, form))


def load_document(
    document: str | bytes, form: Form = Form.JSON
) -> WorkflowDefinition | AgentConfig:
    """Read a workflow or an agent, whichever it is.

    Raises:
        DocumentError: what is wrong, and where.
    """
    return document_from(parse(document, form))


def parse(document: str | bytes, form: Form = Form.JSON) -> Any:
    """Return a document's values, of which nothing is checked yet.

    Raises:
        DocumentError: it cannot be read as what it is said to be written in.
    """
    return parse_yaml(document) if form == Form.YAML else parse_json(document)


def is_agent(data: Any) -> bool:
    """Tell whether a document's values are meant to be an agent; else they are a workflow."""
    return isinstance(data, dict) and "steps" not in data and "instruction_template" in data


def document_from(data: Any) -> WorkflowDefinition | AgentConfig:
    """Make a workflow or an agent out of a document's values, whichever they are.

    Raises:
        DocumentError: what is wrong, and where.
    """
    return agent_from(data) if is_agent(data) else workflow_from(data)


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


def dump_workflow(definition: WorkflowDefinition, form: Form = Form.JSON) -> str:
    """Write a workflow so that `load_workflow` gives the same again.

    Raises:
        DocumentError: it has something that documents may not have.
    """
    data = _plain(definition, workflow_fields.FIELDS, "workflow")
    data["steps"] = [_step_for_people(step) for step in data["steps"]]
    text = _text(data, workflow_fields.FIELDS, form)
    load_workflow(text, form)
    return text


def dump_agent(config: AgentConfig, form: Form = Form.JSON) -> str:
    """Write an agent so that `load_agent` gives the same again.

    Raises:
        DocumentError: it has something that documents may not have.
    """
    data = _plain(config, agent_fields.FIELDS, "agent")
    for name in ("capabilities", "settings"):
        data[name] = {key: value for key, value in data[name].items() if value not in (None, [])}
    if config.answer_choices is None:
        del data["answer_choices"]
    text = _text(data, agent_fields.FIELDS, form)
    load_agent(text, form)
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


def _text(data: Mapping[str, Any], fields: Mapping[str, Any], form: Form) -> str:
    ordered = {"schema_version": workflow_fields.SCHEMA_VERSION, **_in_order(data, fields)}
    if form == Form.YAML:
        return write_yaml(ordered)
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
    if step["type"] == SubWorkflowStep.type_name:
        for name in ("definition", "definition_version"):  # a document only names the other
            step.pop(name, None)
    for name in CHILDREN:
        if name in fields and step.get(name):
            inner = step[name] if isinstance(step[name], list) else [step[name]]
            steps = list(map(_step_for_people, inner))
            step[name] = steps[0] if name in BRANCHES and len(steps) == 1 else steps
    return step
