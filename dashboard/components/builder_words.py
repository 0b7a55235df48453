"""How each kind of step looks in the builder, and what it does in plain words."""

STEP_ICONS = {
    "task": ":material/smart_toy:",
    "conditional": ":material/alt_route:",
    "parallel": ":material/view_column:",
    "loop": ":material/repeat:",
    "approval": ":material/person_raised_hand:",
    "workflow": ":material/account_tree:",
}
OTHER_ICON = ":material/extension:"
TOLD = {
    "task": "An agent is asked something, and its answer goes on.",
    "conditional": "It goes one way or the other.",
    "parallel": "All steps in it begin at the same time.",
    "loop": "The steps in it are done again until the result is good enough.",
    "approval": "It waits until a person says yes.",
    "workflow": "Another workflow of yours runs, and its result goes on.",
}
