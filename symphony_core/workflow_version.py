"""A workflow as it was saved once."""

from symphony_core.saved_version import SavedVersion


class WorkflowVersion(SavedVersion):
    """One saved state of a workflow."""

    definition_id: str
