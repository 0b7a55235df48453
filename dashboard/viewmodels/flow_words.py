"""What stands on a step of a drawn workflow besides its name: who, how often, on what condition."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.viewmodels.definitions import NESTED, Step, most_turns
from dashboard.viewmodels.words import count, cut

DETAIL_LENGTH = 60

# A text between quotes is left as it is; it only looks like a step.
_STEP = re.compile(
    r"""('[^']*'|"[^"]*")|\bstep\.(?:([A-Za-z0-9][A-Za-z0-9_-]*)\.)?([A-Za-z_]\w*)"""
)
_TIDYING = re.compile(r"\.(?:lower|casefold|strip)\(\)")


@dataclass(frozen=True)
class Names:
    """The names of agents and of workflows, by their ids."""

    agents: Mapping[str, str]
    workflows: Mapping[str, str]


def detail(step: Step, names: Mapping[str, str], named: Names) -> str:
    """Return a few words on a step; `names` are the steps' by their ids."""
    kind = step.get("type")
    if kind == "conditional":
        words = f"if {condition(step.get('condition', ''), names)}"
    elif kind == "loop":
        words = _turns(step, names)
    elif kind == "parallel":
        words = _side_by_side(step)
    elif kind == NESTED:
        words = f"workflow {step['definition'].get('name', '')}"
    elif kind == "workflow":
        words = f"workflow {named.workflows.get(step.get('workflow_id', ''), '')}".strip()
    elif kind == "approval":
        words = "asks you"
    else:
        words = (
            named.agents.get(step.get("agent_id") or "")
            or step.get("description")
            or _choices(step)
        )
    return cut(words, DETAIL_LENGTH)


def fitting(words: str, room: int) -> str:
    """Return what fits of words with a comma; a part of them says nothing."""
    parts = words.split(", ")
    return next((w for w in (words, parts[0]) if len(w) <= room), "")


def condition(text: str, names: Mapping[str, str]) -> str:
    """Return a condition as it is said: steps by their names, whatever the case and the spaces."""

    def named(found: re.Match[str]) -> str:
        quoted, step_id, field = found.groups()
        if quoted:
            return str(quoted)
        if not step_id:
            return str(field)
        name = names.get(step_id, step_id)
        return name if field == "result" else f"{name} {field}"

    return _STEP.sub(named, _TIDYING.sub("", text))


def _turns(step: Step, names: Mapping[str, str]) -> str:
    most = f"up to {count(most_turns(step), 'turn')}"
    ends = step.get("exit_condition", "False")
    return most if ends == "False" else f"{most}, until {condition(ends, names)}"


def _side_by_side(step: Step) -> str:
    lanes, most = len(step.get("steps") or ()), step.get("max_concurrency", 5)
    return f"{most} at a time" if most < lanes else "side by side"


def _choices(step: Step) -> str:
    return " / ".join(map(str, step.get("answer_choices") or ()))
