"""Deletes runs with everything that belongs to them."""

from collections.abc import Sequence
from datetime import datetime

from symphony_core.registry import ServiceRegistry
from symphony_core.workflow import FINAL_STATUSES

AT_ONCE = 200  # runs in one go: no statement and no transaction grows without bound


async def runs_ended_before(
    registry: ServiceRegistry, moment: datetime, *, without: str | None = None
) -> list[str]:
    """Return the ids of the runs that ended before a moment, except those with the tag `without`."""
    runs = await registry.get_repository("workflow").find_fields(
        ("id", "tags", "created_at", "completed_at"),
        {"status": [str(status) for status in FINAL_STATUSES]},
        limit=None,
    )
    return [
        run["id"]
        for run in runs
        if (run["completed_at"] or run["created_at"]) < moment and without not in run["tags"]
    ]


async def delete_runs(registry: ServiceRegistry, run_ids: Sequence[str]) -> None:
    """Delete runs, their steps, events, tasks, requests and leases; the runs themselves last."""
    for start in range(0, len(run_ids), AT_ONCE):
        ids = list(run_ids[start : start + AT_ONCE])
        for name in ("step_run", "run_event", "run_request", "approval"):
            await registry.get_repository(name).delete_all({"run_id": ids})
        await registry.get_repository("task").delete_all({"workflow_id": ids})
        await registry.get_repository("run_lease").delete_all({"id": ids})
        await registry.get_repository("workflow").delete_all({"id": ids})
