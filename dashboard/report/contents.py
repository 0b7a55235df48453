"""What a report is made from: everything stored of a run, or all but what was put into it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dashboard.viewmodels.definitions import INSIDE
from dashboard.viewmodels.runs import Facts, Remarks, RunView, run_view
from symphony_core.run_event import RunEvent

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
    told_nothing = {"prompt": "", "instructions": ""}
    records = [record.model_copy(update=told_nothing) for record in facts.records]
    approvals = [asked.model_copy(update={"message": ""}) for asked in facts.approvals]
    kept = replace(facts, run=run, records=records, approvals=approvals)
    return replace(report, facts=kept, is_whole=False)


def _arrangement(value: Any) -> Any:
    """Return a definition, its steps or one of them without anything but how they are arranged."""
    if isinstance(value, Mapping):
        kept = {name: value[name] for name in _ARRANGEMENT if name in value}
        return kept | {
            name: _arrangement(value[name]) for name in (*INSIDE, "definition") if name in value
        }
    return [_arrangement(step) for step in value] if isinstance(value, list) else None
