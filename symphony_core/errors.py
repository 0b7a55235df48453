"""One family of errors. Each names the thing it is about and says what to do next."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symphony_core.models.base import Reply


class SymphonyError(Exception):
    """Something in Symphony could not be done."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())


class InvalidId(SymphonyError, ValueError):
    """An id has characters that ids may not have."""


class EntityNotFound(SymphonyError, LookupError, ValueError):
    """No entity is stored under an id."""

    def __init__(self, kind: str, entity_id: str) -> None:
        super().__init__(f"There is no {kind} {entity_id!r}. It may have been deleted.")


class Conflict(SymphonyError):
    """An entity was changed by someone else after it was read."""

    def __init__(self, kind: str, entity_id: str) -> None:
        self.kind = kind
        super().__init__(
            f"The {kind} {entity_id!r} was changed by someone else after it was read. "
            "Read it again and repeat the change."
        )


class AlreadyStored(Conflict):
    """An entity that was to be new has an id that is taken."""

    def __init__(self, kind: str, entity_id: str) -> None:
        super().__init__(kind, entity_id)
        SymphonyError.__init__(
            self,
            f"There is a {kind} {entity_id!r} already. Choose another id, or read and change it.",
        )


class StorageError(SymphonyError, OSError):
    """The store could not be read or written."""


class NotStorable(SymphonyError, ValueError):
    """An entity has something that could not be read again."""


class InvalidQuery(SymphonyError, ValueError):
    """A store was asked for something its entities do not have."""


class ServiceNotRegistered(SymphonyError, LookupError, ValueError):
    """The registry has nothing under a name."""


class ExpressionError(SymphonyError, ValueError):
    """A condition cannot be read or evaluated."""


class TemplateError(SymphonyError, ValueError):
    """A prompt template cannot be read or filled."""


class ModelError(SymphonyError):
    """A model did not answer, or what it answered is of no use."""

    retryable: bool  # the same call may succeed later
    retry_after: float | None  # seconds the provider asked to wait, if it said so
    reply: "Reply | None"  # what it did answer, for it has to be paid

    def __init__(
        self,
        message: str | None = None,
        *,
        retryable: bool = False,
        retry_after: float | None = None,
        reply: "Reply | None" = None,
    ) -> None:
        super().__init__(message)
        self.retryable, self.retry_after, self.reply = retryable, retry_after, reply


class ModelUnavailable(ModelError):
    """A model cannot be used here at all: no weights, no key, no such name."""


class ToolError(SymphonyError):
    """A tool could not do what a model asked of it; the model is told so, and may go on."""


class ToolUnavailable(SymphonyError):
    """A tool that an agent may use cannot be used here as things are."""


class DefinitionError(SymphonyError, ValueError):
    """A workflow definition, step or template argument is not usable."""


class DocumentError(SymphonyError, ValueError):
    """A document cannot be read as a workflow or an agent, or a definition not written as one."""


class RoutingError(SymphonyError, ValueError):
    """A task cannot be routed as asked."""


class StepFailed(SymphonyError):
    """A step of a run failed."""


class LeaseLost(SymphonyError):
    """Another worker owns this run now."""


class NotPossible(SymphonyError):
    """Something was asked of a run that is not in the state for it."""
