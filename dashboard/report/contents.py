"""What a report is made from: everything stored of a run, or all but what was put into it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dashboard.viewmodels.definitions import INSIDE
from dashboard.viewmodels.runs import Facts, Remarks, RunView, run_view
from symphony_core.run_event import RunEvent
from symphony_core.step_run import StepRun

LEFT_OUT = "Prompts, instructions and inputs were left out of this report."

# of a definition, what says how its steps are arranged and nothing of what they are told
_ARRANGEMENT = (
    "id",
    "name",
    "type",
    "agent_id",
    "condition",
    "exit_condition",
    "max_iterations",
    "max_concurrency",
)


@dataclass(frozen=True)
class Report:
    """A run as it stood when the report was made; `is_whole` tells whether nothing is left out."""

    facts: Facts
    events: Sequence[RunEvent]
    made_at: datetime
    remarks: Remarks
    is_whole: bool = True

    @property
    def view(self) -> RunView:
        """The run as its page shows it."""
        return run_view(self.facts, self.made_at, self.remarks)


def without_inputs(report: Report) -> Report:
    """Return the report without prompts, instructions, inputs and what repeats them."""
    facts = report.facts
    run = facts.run.model_copy(
        update={"inputs": {}, "metadata": {}, "definition": _arrangement(facts.run.definition)}
    )
    records = [_told_nothing(record) for record in facts.records]
    events = [event.model_copy(update={"data": _without_texts(event)}) for event in report.events]
    approvals = [asked.model_copy(update={"message": ""}) for asked in facts.approvals]
    kept = replace(facts, run=run, records=records, approvals=approvals)
    return replace(report, facts=kept, events=events, is_whole=False)


def _told_nothing(record: StepRun) -> StepRun:
    """Tools are asked with what was put in, and their answers quote it."""
    told = {"said": "", "arguments": "", "answer": ""}
    uses = [use.model_copy(update=told) for use in record.tool_uses]
    return record.model_copy(update={"prompt": "", "instructions": "", "tool_uses": uses})


def _without_texts(event: RunEvent) -> dict[str, Any]:
    of_tool = ("arguments", "answer") if event.type.startswith("tool_") else ()
    return {name: value for name, value in event.data.items() if name not in of_tool}


def _arrangement(value: Any) -> Any:
    """Return a definition, its steps or one of them without anything but how they are arranged."""
    if isinstance(value, Mapping):
        kept = {name: value[name] for name in _ARRANGEMENT if name in value}
        return kept | {
            name: _arrangement(value[name]) for name in (*INSIDE, "definition") if name in value
        }
    return [_arrangement(step) for step in value] if isinstance(value, list) else None
