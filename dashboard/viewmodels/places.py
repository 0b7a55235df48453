"""Where in a workflow a step can be put."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Before the step that is number `index` of a lane, counted from 0.

    The lane is a field (`steps`, `if_branch` or `else_branch`) of the step with the id `within`, or
    of the workflow itself.
    """

    within: str | None
    branch: str
    index: int
