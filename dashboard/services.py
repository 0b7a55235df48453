"""What a page may ask for about models and templates; see `agent_services` and `run_services` too.

A page calls these, gets view models, and never sees the core. What cannot be done
raises `SymphonyError`, whose text is the sentence to show.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dashboard import agent_services, store
from dashboard.bridge import wait_for
from dashboard.viewmodels.flow import Flow, flow_of
from symphony_core.agents.model_profiles import ModelProfiles
from symphony_core.orchestration.templates import GALLERY, find_template
from symphony_core.orchestration.templates.base import Template

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
    return [describe_model(model.name) for model in wait_for(_models().choices())]


def describe_model(name: str) -> ModelChoice:
    """Return a model, whether or not it is among those to choose from."""
    info, state = wait_for(_models().describe(name)), wait_for(_models().state(name))
    return ModelChoice(info.name, info.label, info.remark, state.ready, state.text)


def default_model() -> ModelChoice:
    """Return the model of agents that name none."""
    name, gone = wait_for(_models().default())
    return replace(describe_model(name), gone=gone)


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
    definition = template.build(agents, options)
    flow = flow_of(definition.steps, wide=CARD_WIDTH, agents=agent_services.agent_names())
    return Preview(flow, definition.task_count(), definition.most_tasks())


# --- how it is done


def _models() -> ModelProfiles:
    return store.registry().get_model_profiles()
