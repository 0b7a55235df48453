"""What every stored thing has: an id, and the stored version it was read at."""

from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from symphony_core.ids import ID_PATTERN, new_id

_set_attribute = object.__setattr__  # past pydantic's own

EntityId = Annotated[str, StringConstraints(pattern=rf"^{ID_PATTERN}$")]


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is UTC:
        return moment
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC)


UtcDatetime = Annotated[datetime, AfterValidator(_aware)]


class Entity(BaseModel):
    """A plain pydantic model with an id; every assignment is validated.

    The version is not part of its data: stores keep it beside the data and count it up with each
    save, so that a save of something that has changed meanwhile is refused instead of lost.
    """

    model_config = ConfigDict(validate_assignment=True, extra="forbid")

    id: EntityId = Field(default_factory=new_id)

    stores_plain: ClassVar[bool] = False  # its values are known to be what JSON gives back
    is_fleeting: ClassVar[bool] = False  # it means nothing once the power was cut
    are_few: ClassVar[bool] = False  # a store has so few that an event loop may read them all

    @property
    def version(self) -> int:
        """How often the entity had been saved when it was read; 0 if it never was."""
        private = self.__pydantic_private__
        version: int = private.get("version", 0) if private else 0
        return version

    def set_version(self, version: int) -> None:
        """Note the stored version; for stores only."""
        # Beside what a class has of its own, and without a private attribute of ours: to set one
        # up takes pydantic as long as to validate a small entity.
        private = self.__pydantic_private__ or {}
        if version:
            private["version"] = version
        else:
            private.pop("version", None)
        kept = private if private or self.__private_attributes__ else None
        _set_attribute(self, "__pydantic_private__", kept)

    def _set(self, **values: Any) -> None:
        """Assign what is known to be valid, unchecked: for methods that every step calls."""
        self.__dict__.update(values)
        self.__pydantic_fields_set__.update(values)

    def to_dict(self) -> dict[str, Any]:
        """Return the data as plain JSON values."""
        return self.model_dump(mode="json")
