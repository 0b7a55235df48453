"""What steps leave, as a run keeps it."""

from collections.abc import Mapping
from typing import Any

from symphony_core.errors import StepFailed
from symphony_core.plain_data import kept_values


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as JSON keeps them, so that a resumed run sees what this one saw.

    Raises:
        StepFailed: one of them cannot be kept as JSON, or not be read again.
    """
    try:
        return kept_values(values)
    except ValueError as error:
        raise StepFailed(
            f"It left a value that is not plain data ({error}). Results are texts, finite numbers, "
            "true, false, lists and dicts."
        ) from None
