"""Ask a person, and go on with the answer."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, Self, get_args

from symphony_core.approval import ApprovalStatus, Question
from symphony_core.errors import DefinitionError
from symphony_core.orchestration.context import WorkflowContext
from symphony_core.orchestration.step import StepResult, WorkflowStep, check_timeout

OnReject = Literal["fail", "continue"]


class ApprovalStep(WorkflowStep, type_name="approval"):
    """Waits for a person to approve, edit or reject a text, for days if need be.

    `text` is what is to be approved, the `message` where there is none. A rejection fails the run
    unless `on_reject` is `continue`; nobody's answer within `timeout_s` seconds always does.
    Leaves the text, edited or not, as `step.ID.result`, and `step.ID.decision` (`approved`,
    `edited` or `rejected`), `.note` and `.name`.
    """

    def __init__(
        self,
        name: str,
        message: str,
        text: str | None = None,
        on_reject: OnReject = "fail",
        timeout_s: float | None = None,
        description: str = "",
    ) -> None:
        super().__init__(name, description)
        if on_reject not in get_args(OnReject):
            raise DefinitionError(
                f"The step {name!r}: on_reject is 'fail' or 'continue', not {on_reject!r:.40}."
            )
        self.message = message
        self.text = text
        self.on_reject: OnReject = on_reject
        self.timeout_s = check_timeout(name, timeout_s)

    @property
    def attempt_seconds(self) -> None:
        """None: the time limit is the person's, who may take longer than a worker lives."""

    async def execute(self, context: WorkflowContext) -> StepResult:
        """Ask, and return the answer."""
        message = context.resolve_template(self.message)
        text = message if self.text is None else context.resolve_template(self.text)
        question = Question(self.name, message, text, self.timeout_s)
        answer = await context.ask_person(question)
        if answer.status == ApprovalStatus.EXPIRED:
            return StepResult(False, error=f"Nobody answered within {self.timeout_s:,.6g} seconds.")
        if answer.status == ApprovalStatus.REJECTED and self.on_reject == "fail":
            why = f": {answer.note}" if answer.note else "."
            return StepResult(False, error=f"It was rejected{why}")
        context.set(f"step.{self.id}.name", self.name)
        context.set(f"step.{self.id}.result", answer.text)
        context.set(f"step.{self.id}.decision", str(answer.status))
        context.set(f"step.{self.id}.note", answer.note)
        output = {"result": answer.text, "decision": str(answer.status), "note": answer.note}
        return StepResult(True, output)

    def templates(self) -> Iterable[str]:
        """Return the message, and the text where there is one."""
        return (self.message,) if self.text is None else (self.message, self.text)

    def to_dict(self) -> dict[str, Any]:
        """Return the step as plain data."""
        data = {**super().to_dict(), "message": self.message}
        if self.text is not None:
            data["text"] = self.text
        return data if self.on_reject == "fail" else {**data, "on_reject": self.on_reject}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Make the step again out of its data."""
        return cls(
            name=data["name"],
            message=data["message"],
            text=data.get("text"),
            on_reject=data.get("on_reject", "fail"),
            timeout_s=data.get("timeout_s"),
            description=data.get("description", ""),
        )
