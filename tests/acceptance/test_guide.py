"""Every example of the guide runs, alone and all in one process, and prints what it says."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from symphony_core.orchestration import register_orchestration_components
from symphony_core.orchestration.steps import TaskStep
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.persistence.file_repository import FileSystemRepository
from symphony_core.registry import ServiceRegistry
from tests.support.guide import BLOCKS, run_block

ROOT = Path(__file__).parent.parent.parent

PRINTED = {
    1: ["Task saved with ID: ", "Retrieved task: Example Task", "Found 1 tasks"],
    2: [],
    3: ["Task completed successfully!", "Result: "],
    4: [
        "Created workflow: Content Creation Workflow with ID: ",
        "Workflow has 2 tasks",
        "Workflow status after first task: running",
        "Final workflow status: completed",
    ],
    5: ["Math task routed to: ", "Task 2 routed to: ", "(round robin)"],
    6: [*(f"Task {i} status: completed" for i in range(5)), "  Output: "],
    7: ["Workflow status: completed", "Problem Classification: ", "Solution:"],
    8: [
        "=== Critic-Revise Workflow Result ===",
        "Final Revised Version:",
        "=== Parallel Experts Workflow Result ===",
        "Synthesized Expert Opinions:",
    ],
    9: [
        "=== Iterative Refinement Workflow Result ===",
        "Status: completed",
        "Completed 3 refinement iterations",
        "Initial Draft:",
        "Final Refinement (Iteration 3):",
    ],
    10: [
        "Created agent configurations for WriterAgent and EditorAgent",
        "Workflow completed with status: completed",
        "=== Final Article ===",
        "Output saved to ./data/final_article.md",
    ],
    11: [],
    12: [],
}


def run_guide(folder: Path, *numbers: int) -> str:
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("SYMPHONY_")},
        "PYTHONPATH": str(ROOT),
        "SYMPHONY_MODEL": "scripted",
        "PYTHONWARNINGS": "error",
    }
    command = [sys.executable, "-m", "tests.support.guide", *map(str, numbers)]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def test_the_guide_has_twelve_examples() -> None:
    assert len(BLOCKS) == len(PRINTED) == 12


@pytest.mark.parametrize("number", PRINTED)
def test_an_example_runs_in_a_fresh_process_in_an_empty_folder(number: int, tmp_path: Path) -> None:
    printed = run_guide(tmp_path, number)
    for expected in PRINTED[number]:
        assert expected in printed
    assert "Not found" not in printed
    assert "{{" not in printed


def test_all_examples_run_in_one_process_one_after_the_other(tmp_path: Path) -> None:
    printed = run_guide(tmp_path, *PRINTED)
    for expected in PRINTED.values():
        for line in expected:
            assert line in printed


def test_routing_sends_each_task_of_the_guide_to_its_expert(tmp_path: Path) -> None:
    printed = run_guide(tmp_path, 5).splitlines()
    chosen = [line.split(": ")[1].removesuffix(" (round robin)") for line in printed]
    assert len(set(chosen[:3])) == 3
    assert len(set(chosen[3:])) == 3


def test_the_application_leaves_its_article_and_its_stores_in_the_data_folder(
    tmp_path: Path,
) -> None:
    run_guide(tmp_path, 10)
    assert (tmp_path / "data" / "final_article.md").read_text().strip()
    folders = {path.name for path in (tmp_path / "data").iterdir() if path.is_dir()}
    assert {"task", "workflow", "agent_config", "workflow_definition"} <= folders


async def test_the_agent_example_stores_its_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    await run_block(2)["agent_config_example"]()  # type: ignore[operator]
    printed = capsys.readouterr().out
    assert "Retrieved agent: WriterAgent with role: Content Writer" in printed
    stored = next((tmp_path / "data" / "agent_config").glob("*.json")).read_text()
    assert "blogging" in stored


async def test_the_custom_step_is_saved_loaded_and_run_with_its_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYMPHONY_MODEL", "scripted")
    step_class = run_block(11)["SummarizationStep"]
    source = TaskStep("Source", {"input_data": {"query": "Tell me about tides."}})
    summary = step_class("Sum up", [source.id], max_length=50)  # type: ignore[operator]
    definition = WorkflowDefinition(name="Custom").add_step(source).add_step(summary)
    registry = ServiceRegistry()
    repository = FileSystemRepository(WorkflowDefinition, str(tmp_path))
    register_orchestration_components(registry, repository)
    await repository.save(definition)

    loaded = await repository.find_by_id(definition.id)
    assert loaded is not None
    assert [step.id for step in loaded.get_steps()] == [source.id, summary.id]
    run = await registry.get_service("workflow_engine").execute_workflow(loaded)
    assert run.status == "completed"
    assert run.metadata["context"][f"step.{summary.id}.result"]
    steps = await registry.get_repository("step_run").find_all({"run_id": run.id})
    watched = next(step for step in steps if step.step_id == summary.id)
    assert watched.agent_name == "Assistant"
    assert "Summarize the following content in no more than 50 words" in watched.prompt


def test_the_custom_template_runs_with_every_perspective_in_its_synthesis(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SYMPHONY_MODEL", "scripted")
    build = run_block(12)["create_research_synthesis_workflow"]
    definition = build("the tides", ["physics", "fishing"])  # type: ignore[operator]
    registry = ServiceRegistry()
    register_orchestration_components(registry)
    run = asyncio.run(registry.get_service("workflow_engine").execute_workflow(definition))
    assert run.status == "completed"
    steps = asyncio.run(registry.get_repository("step_run").find_all({"run_id": run.id}))
    synthesis = next(step for step in steps if step.name == "Research Synthesis")
    research = [step.output for step in steps if step.name.startswith("Research: ")]
    assert len(research) == 2
    assert all(text in synthesis.prompt for text in research)
