"""How a run ends its work without ending: it waits for somebody."""

from symphony_core.workflow import WorkflowStatus


class ProgramStopped(BaseException):
    """Carries a `KeyboardInterrupt` out of a step, as its cause, to the task that runs the run.

    Raised as it is in a task of a step's own, it would end the event loop at once, with what is
    just being stored.
    """


class RunSuspended(BaseException):
    """Ends a walk through steps that is to go on later.

    No `Exception`: a step that catches whatever fails must not take this for a failure.
    """

    def __init__(self, status: WorkflowStatus, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason
