"""How soon what the embedded model writes is seen, in Chromium: python -m benchmarks.embedded_text

It runs the first templates with the embedded model, reads their rows as they are written, and
waits for each new end of a text to be seen on the page of the run.
"""

import re
import time
from collections.abc import Iterator

from playwright.sync_api import Page

from benchmarks.stage import Stage, say, set_up
from dashboard.bridge import wait_for
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.templates import GALLERY
from symphony_core.orchestration.templates.base import Template
from symphony_core.registry import ServiceRegistry
from symphony_core.step_run import StepRun
from tests.support.dashboard import new_page

LOOK_SECONDS = 0.01
END = 24
"""So many letters and digits of a text's end are looked for."""
SEEN = "end => document.body.innerText.replace(/[^\\p{L}\\p{N}]/gu, '').includes(end)"


def delays(stage: Stage, template: Template) -> list[float]:
    """Seconds from stored to visible for the texts of one run of a template."""
    engine: WorkflowEngine = stage.registry.get_service("workflow_engine")
    run = engine.new_run(template.build(), template.sample_inputs(), template=template.key)
    wait_for(engine.start_run(run))
    with new_page(stage.browser) as page:
        page.goto(f"{stage.dashboard.url}/run?run={run.id}")
        return [_seen(page, end) for end in _ends(stage.registry, run.id)]


def _ends(registry: ServiceRegistry, run_id: str) -> Iterator[str]:
    """Yield the newest end of the text that is being written, until the run is over."""
    last = ""
    runs, steps = registry.get_repository("workflow"), registry.get_repository("step_run")
    while not wait_for(runs.find_by_id(run_id)).status.is_final:
        end = _end_of(wait_for(steps.find_all({"run_id": run_id, "status": "running"})))
        if end and end != last:
            yield end
        last = end or last
        time.sleep(LOOK_SECONDS)


def _end_of(running: list[StepRun]) -> str:
    texts = [re.sub(r"[\W_]", "", step.output) for step in running if step.output]
    return texts[0][-END:] if texts else ""


def _seen(page: Page, end: str) -> float:
    started = time.monotonic()
    page.wait_for_function(SEEN, arg=end, polling=10)
    return time.monotonic() - started


def main() -> None:
    """Measure and print."""
    with set_up("embedded") as stage:
        stage.dashboard.start()
        for template in GALLERY[:3]:
            say(f"{template.key}: seen", delays(stage, template), goal=0.7)


if __name__ == "__main__":
    main()
