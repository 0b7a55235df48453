"""The gallery; a new template is a file here and a line below."""

from symphony_core.errors import DefinitionError
from symphony_core.orchestration.templates import (
    approval_before_publishing,
    chain_of_thought,
    critic_revise,
    debate,
    iterative_refinement,
    map_and_summarise,
    parallel_experts,
    research_synthesis,
    route_by_kind,
)
from symphony_core.orchestration.templates.base import Template

GALLERY: tuple[Template, ...] = (
    critic_revise.TEMPLATE,
    parallel_experts.TEMPLATE,
    iterative_refinement.TEMPLATE,
    chain_of_thought.TEMPLATE,
    research_synthesis.TEMPLATE,
    debate.TEMPLATE,
    map_and_summarise.TEMPLATE,
    route_by_kind.TEMPLATE,
    approval_before_publishing.TEMPLATE,
)


def find_template(key: str) -> Template | None:
    """Return a template by its key; None if there is none."""
    return next((template for template in GALLERY if template.key == key), None)


def get_template(key: str) -> Template:
    """Return a template by its key.

    Raises:
        DefinitionError: there is none.
    """
    found = find_template(key)
    if found is None:
        known = ", ".join(template.key for template in GALLERY)
        raise DefinitionError(f"There is no template {key!r}. There are: {known}.")
    return found


class WorkflowTemplates:
    """The guide's factory of common workflows."""

    critic_revise = staticmethod(critic_revise.critic_revise)
    parallel_experts = staticmethod(parallel_experts.parallel_experts)
    iterative_refinement = staticmethod(iterative_refinement.iterative_refinement)
