"""Where something can be put into a workflow."""

from dataclasses import dataclass

PLACE = "place"  # the kind of its node in a drawing


@dataclass(frozen=True)
class Place:
    """What is put here becomes number `index` of a list of steps.

    `within` is the id of the step whose list it is, None for the workflow's own; `branch` is the
    list's name: `steps`, `if_branch` or `else_branch`.
    """

    within: str | None
    branch: str
    index: int
