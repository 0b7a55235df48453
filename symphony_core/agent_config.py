"""What makes an agent: a role, instructions, what it is good at, and perhaps a model of its own."""

import re
from collections.abc import Collection
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from symphony_core.answer_schema import check_schema
from symphony_core.entity import Entity, UtcDatetime
from symphony_core.ids import utc_now
from symphony_core.references import render


class AgentCapabilities(BaseModel):
    """What the agent is good at (the router matches tasks with it), has, and should not do."""

    model_config = ConfigDict(validate_assignment=True, extra="forbid")

    expertise: list[str] = Field(default_factory=list)
    tools: list[str] = Field(default_factory=list)
    limitations: list[str] = Field(default_factory=list)


class AgentSettings(BaseModel):
    """How the model is asked to write; what is not set is the model's own default.

    It stops before it writes one of the texts in `stop`. A call that takes longer than `timeout_s`
    seconds fails.
    """

    model_config = ConfigDict(validate_assignment=True, extra="forbid")

    temperature: float | None = Field(default=None, ge=0, le=2)
    max_tokens: int | None = Field(default=None, ge=1, le=1_000_000)
    top_p: float | None = Field(default=None, gt=0, le=1)
    seed: int | None = Field(default=None, ge=0, le=2**31 - 1)
    stop: list[Annotated[str, Field(min_length=1, max_length=200)]] | None = Field(
        default=None, min_length=1, max_length=16
    )
    timeout_s: float | None = Field(default=None, gt=0, le=86_400)

    def over(self, others: "AgentSettings") -> "AgentSettings":
        """Return these settings, and the others' where these are not set."""
        mine = self.model_dump(exclude_none=True)
        return AgentSettings(**(others.model_dump(exclude_none=True) | mine))


class AgentConfig(Entity):
    """A stored agent.

    `instruction_template` may hold `{{name}}` for the names in `variables`; `model` is empty for
    the default model; `answer_choices` limits every answer of this agent to one of these texts,
    and `answer_schema`, a JSON Schema, makes every answer an object that fits it.
    `number` is that of the saved version, 0 where nobody keeps versions, and `numbered_at` the
    stored version that was given it. They and `archived_at`, which is there for an agent that was
    put away, are no part of its document.
    """

    name: str = Field(min_length=1, max_length=200)
    role: str = Field(min_length=1, max_length=200)
    description: str = ""
    instruction_template: str = Field(min_length=1, max_length=100_000)
    capabilities: AgentCapabilities = Field(default_factory=AgentCapabilities)
    model: str | None = None
    settings: AgentSettings = Field(default_factory=AgentSettings)
    variables: dict[str, Any] = Field(default_factory=dict)
    answer_choices: list[str] | None = None
    answer_schema: dict[str, Any] | None = None
    number: int = Field(default=0, ge=0)
    numbered_at: int = Field(default=0, ge=0)
    archived_at: UtcDatetime | None = None
    created_at: UtcDatetime = Field(default_factory=utc_now)
    updated_at: UtcDatetime = Field(default_factory=utc_now)

    @property
    def saved_number(self) -> int:
        """The number of the version it is; 0 for one that is stored nowhere.

        What a program has saved without a number gets one of its own: how often it had been saved,
        which is more than any number before.
        """
        is_numbered = self.number > 0 and self.numbered_at == self.version
        return self.number if is_numbered else self.version

    @property
    def has_references(self) -> bool:
        """Whether the instructions may have something to fill."""
        return "{" in self.instruction_template

    def get_system_prompt(self, **values: Any) -> str:
        """Return the instructions with every `{{name}}` filled; `values` go before `variables`.

        `{name}` is filled too, where it is the name of a value; other single braces stay.

        Raises:
            TemplateError: a name has no value.
        """
        if not self.has_references:
            return self.instruction_template
        data = {**self.variables, **values}
        return render(doubled(self.instruction_template, data), data)

    @field_validator("name", "role", "instruction_template")
    @classmethod
    def _not_blank(cls, text: str) -> str:
        if not text.strip():
            raise ValueError("must not be empty")
        return text

    @field_validator("answer_choices")
    @classmethod
    def _usable_choices(cls, choices: list[str] | None) -> list[str] | None:
        return check_choices(choices)

    @field_validator("answer_schema")
    @classmethod
    def _usable_schema(cls, schema: dict[str, Any] | None) -> dict[str, Any] | None:
        return check_schema(schema)


def doubled(template: str, names: Collection[str]) -> str:
    """Return instructions with each `{name}` as `{{name}}`, for these names."""
    if not names:
        return template
    any_name = "|".join(map(re.escape, names))
    return re.sub(rf"(?<!\{{)\{{({any_name})\}}(?!\}})", r"{{\1}}", template)


def check_choices(choices: list[str] | None) -> list[str] | None:
    """Return answer choices as they came, or None for none.

    Raises:
        ValueError: fewer than two, an empty one, or the same twice.
    """
    if not choices:
        return None
    if len(choices) < 2 or len(set(choices)) < len(choices) or not all(c.strip() for c in choices):
        raise ValueError("answer choices are two or more different texts, none of them empty")
    return choices


ASSISTANT = AgentConfig(
    id="assistant",
    name="Assistant",
    role="General assistant",
    description="Built in: answers whatever no other agent is named for.",
    instruction_template="You are a helpful assistant. Answer clearly and briefly.",
)
"""The agent that is there when nobody has made one."""
