"""Runs with texts that somebody hopes will become something else, and reports of runs."""

from typing import Any

from dashboard.report.contents import Report
from dashboard.viewmodels.runs import Facts
from symphony_core.agent_config import AgentConfig
from symphony_core.ids import utc_now
from symphony_core.orchestration.steps import LoopStep, ParallelStep, TaskStep
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.registry import ServiceRegistry
from symphony_core.workflow import Workflow
from tests.support.corpus import rows
from tests.support.scripted import answer_with

OURS = [
    "<img src=x onerror=\"window.hacked='img'\">",
    "<script>window.hacked='script'</script>",
    "</script></pre></details><script>window.hacked='end'</script>",
    "<!--<script>",
    "--></style><style>*{display:none}</style>",
    "' onmouseover='window.hacked=1' \" onclick=\"window.hacked=1\"",
    "<svg onload=window.hacked=1></svg>&lt;b&gt;&amp;",
    "```\n````\n<b>out of the fence</b>\n```` \n# Heading",
    "[a](javascript:window.hacked=1) ![b](http://127.0.0.1:9/b.png) <http://127.0.0.1:9>",
    "| a | b |\n|---|---|",
    "\x00\x1b[31m\x85\ufffe\u202egnp.exe",
]


def hostile() -> list[str]:
    """Return the corpora's texts that are HTML or Markdown, with some of our own."""
    found = [text for row in rows("imports", category="html") for text in _texts(row["doc"])]
    return [*dict.fromkeys(found), *OURS]


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if set(value) & set("<[=") else []
    inside = value.values() if isinstance(value, dict) else value
    return [text for each in inside for text in _texts(each)]


async def hostile_run(registry: ServiceRegistry) -> Workflow:
    """Run a workflow whose every name, input, prompt, answer and error is hostile."""
    texts = hostile()
    together = "\n".join(texts)
    agent = AgentConfig(
        id="writer", name=texts[0][:90], role=texts[1][:90], instruction_template=together
    )
    await registry.get_repository("agent_config").save(agent)
    replies = [{"match": "FAIL", "error": together}, {"match": "", "reply": together}]
    answer_with(registry, replies)
    asks = [_ask(f"s{number}", text) for number, text in enumerate(texts)]
    definition = WorkflowDefinition(name=OURS[1], description=together)
    side = ParallelStep(OURS[0], asks[:3])
    turns = LoopStep(OURS[2], asks[3:5], "False", max_iterations=2)
    for step in (side, turns, *asks[5:], _ask("end", f"FAIL {OURS[2]}")):
        definition = definition.add_step(step)
    engine = registry.get_service("workflow_engine")
    run: Workflow = await engine.execute_workflow(definition, {"text": together})
    return run


async def report_of(registry: ServiceRegistry, run: Workflow) -> Report:
    """Return what a report of the run is made from."""
    mine = {"run_id": run.id}
    steps = await registry.get_repository("step_run").find_all(mine)
    events = await registry.get_repository("run_event").find_all(mine)
    asked = await registry.get_repository("approval").find_all(mine)
    ordered = sorted(events, key=lambda event: event.number)
    return Report(Facts(run, steps, False, None, asked), ordered, utc_now(), {})


def _ask(step_id: str, text: str) -> TaskStep:
    name = " ".join(text.split()) if text.isprintable() else text
    step = TaskStep(name, {"input_data": {"query": f"{text} {{{{text}}}}"}}, agent_id="writer")
    step.id = step_id
    return step
