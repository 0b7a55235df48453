"""Deletes runs with everything that belongs to them."""

from collections.abc import Sequence

from symphony_core.registry import ServiceRegistry


async def delete_runs(registry: ServiceRegistry, run_ids: Sequence[str]) -> None:
    """Delete runs, their steps, events, tasks, requests and leases; the runs themselves last."""
    ids = list(run_ids)
    for name in ("step_run", "run_event", "run_request", "approval"):
        await registry.get_repository(name).delete_all({"run_id": ids})
    await registry.get_repository("task").delete_all({"workflow_id": ids})
    await registry.get_repository("run_lease").delete_all({"id": ids})
    await registry.get_repository("workflow").delete_all({"id": ids})
