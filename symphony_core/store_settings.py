"""What is set for everybody who uses a store."""

from pydantic import Field

from symphony_core.entity import Entity, EntityId
from symphony_core.workflow import RunLimits

SETTINGS = "settings"  # the one id


class StoreSettings(Entity):
    """The settings of a store, of which there is one row at most.

    `default_model` is the model of whoever names none, None where nobody has chosen one. `limits`
    are what the forms that start a run are filled with.
    """

    id: EntityId = SETTINGS
    default_model: str | None = None
    limits: RunLimits = Field(default_factory=RunLimits)
