"""What a page may ask for about models and templates; see `agent_services` and `run_services` too.

A page calls these, gets view models, and never sees the core. What cannot be done
raises `SymphonyError`, whose text is the sentence to show.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dashboard import agent_services, store
from dashboard.bridge import wait_for
from dashboard.viewmodels.flow import Flow, flow_of
from symphony_core.agents.model_profiles import ModelProfiles
from symphony_core.orchestration.templates import GALLERY, find_template
from symphony_core.orchestration.templates.base import Template
from symphony_core.orchestration.workflow_definition import WorkflowDefinition

CARD_WIDTH = 216  # pixels that a drawing has in the narrowest of three cards


@dataclass(frozen=True)
class ModelChoice:
    """A model that can be chosen, and whether it is ready, in a sentence.

    `gone` says of the default model which one it stands in for.
    """

    name: str
    label: str
    remark: str | None
    is_ready: bool
    state: str
    gone: str = ""


@dataclass(frozen=True)
class Preview:
    """A template filled in: its graph, and how many model calls it makes.

    `calls` is None where that depends on the run's way; `most_calls` is its bound.
    """

    flow: Flow
    calls: int | None
    most_calls: int


# --- models


def list_models() -> list[ModelChoice]:
    """Return the models that can be chosen here."""
    return wait_for(_list_models(_models()))


def describe_model(name: str) -> ModelChoice:
    """Return a model, whether or not it is among those to choose from."""
    return wait_for(_describe(_models(), name))


def default_model() -> ModelChoice:
    """Return the model of agents that name none."""
    return wait_for(_default(_models()))


# --- templates


def list_templates() -> tuple[Template, ...]:
    """Return the gallery."""
    return GALLERY


def template_of(key: str) -> Template | None:
    """Return a template of the gallery; None if there is none."""
    return find_template(key)


def preview_template(
    template: Template,
    options: Mapping[str, Any] | None = None,
    agents: Mapping[str, str | None] | None = None,
) -> Preview:
    """Return what a template becomes with these options, and these agents in its roles."""
    return _preview(template.build(agents, options), agent_services.agent_names())


def preview_templates(templates: Iterable[Template]) -> list[tuple[Template, Preview]]:
    """Return the templates, each with what it is as it comes."""
    names = agent_services.agent_names()
    return [(template, _preview(template.build(), names)) for template in templates]


# --- how it is done


def _models() -> ModelProfiles:
    return store.registry().get_model_profiles()


async def _list_models(models: ModelProfiles) -> list[ModelChoice]:
    return [await _describe(models, model.name) for model in await models.choices()]


async def _default(models: ModelProfiles) -> ModelChoice:
    name, gone = await models.default()
    return replace(await _describe(models, name), gone=gone)


async def _describe(models: ModelProfiles, name: str) -> ModelChoice:
    info, state = await models.describe(name), await models.state(name)
    return ModelChoice(info.name, info.label, info.remark, state.ready, state.text)


def _preview(definition: WorkflowDefinition, names: Mapping[str, str]) -> Preview:
    flow = flow_of(definition.steps, wide=CARD_WIDTH, agents=names)
    return Preview(flow, definition.task_count(), definition.most_tasks())
