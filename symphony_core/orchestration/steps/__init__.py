"""The step types; a new one is a file here and a line below."""

from symphony_core.orchestration.steps.approval import ApprovalStep
from symphony_core.orchestration.steps.conditional import ConditionalStep
from symphony_core.orchestration.steps.loop import LoopStep
from symphony_core.orchestration.steps.parallel import ParallelStep
from symphony_core.orchestration.steps.sub_workflow import SubWorkflowStep
from symphony_core.orchestration.steps.task import TaskStep

__all__ = [
    "ApprovalStep",
    "ConditionalStep",
    "LoopStep",
    "ParallelStep",
    "SubWorkflowStep",
    "TaskStep",
]
