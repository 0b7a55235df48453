"""Finished runs that come with Symphony, so that a fresh start has something to look at.

They were recorded from the embedded model: `python -m symphony_core.runtime.samples` records them
anew. They are tagged, and can be removed.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from symphony_core.orchestration import register_orchestration_components
from symphony_core.orchestration.templates import get_template
from symphony_core.orchestration.templates.base import Template
from symphony_core.persistence.repository import save_together
from symphony_core.registry import ServiceRegistry
from symphony_core.run_event import RunEvent
from symphony_core.runtime.retention import delete_runs
from symphony_core.step_run import StepRun
from symphony_core.workflow import Workflow

FOLDER = Path(__file__).parent / "sample_runs"
TAG = "sample"
SAMPLES = ("critic-revise", "parallel-experts", "iterative-refinement")


async def add_samples(registry: ServiceRegistry) -> None:
    """Store the sample runs."""
    for file in sorted(FOLDER.glob("*.json")):
        recorded = json.loads(file.read_text(encoding="utf-8"))
        parts: list[tuple[str, type[Any], list[Any]]] = [
            ("workflow", Workflow, [recorded["run"]]),
            ("step_run", StepRun, recorded["steps"]),
            ("run_event", RunEvent, recorded["events"]),
        ]
        await save_together(
            [
                (registry.get_repository(name), entity_type.model_validate(data))
                for name, entity_type, rows in parts
                for data in rows
            ]
        )


async def remove_samples(registry: ServiceRegistry) -> None:
    """Delete the sample runs."""
    runs = await registry.get_repository("workflow").find_fields(("id", "tags"), limit=None)
    await delete_runs(registry, [run["id"] for run in runs if TAG in run["tags"]])


async def record(template: Template) -> dict[str, Any]:
    """Run a template's sample on the embedded model and return everything stored of it."""
    registry = ServiceRegistry()
    register_orchestration_components(registry)
    engine = registry.get_service("workflow_engine")
    run = engine.new_run(
        template.build(),
        template.sample_inputs(),
        model="embedded",
        template=template.key,
        tags=[TAG],
    )
    run = await engine.execute_run(run)
    mine = {"run_id": run.id}
    return {
        "run": run.to_dict(),
        "steps": [s.to_dict() for s in await registry.get_repository("step_run").find_all(mine)],
        "events": [e.to_dict() for e in await registry.get_repository("run_event").find_all(mine)],
    }


async def _record_all() -> None:
    FOLDER.mkdir(exist_ok=True)
    for key in SAMPLES:
        recorded = await record(get_template(key))
        text = json.dumps(recorded, indent=1, ensure_ascii=False)
        (FOLDER / f"{key}.json").write_text(f"{text}\n", encoding="utf-8")
        sys.stderr.write(f"{key}: {recorded['run']['status']}\n")


if __name__ == "__main__":
    asyncio.run(_record_all())
