"""Programs that workflows are written as: how they read, that they run, and what cannot be one."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from symphony_core.agent_config import AgentCapabilities, AgentConfig
from symphony_core.errors import DocumentError
from symphony_core.io.documents import load_workflow
from symphony_core.io.python_export import dump_workflow_python
from symphony_core.orchestration.step import StepResult, WorkflowStep
from symphony_core.orchestration.templates import GALLERY
from symphony_core.orchestration.workflow_definition import WorkflowDefinition

ROOT = Path(__file__).parent.parent.parent
WRITER = AgentConfig(
    id="writer",
    name="WriterAgent",
    role="Content writer",
    instruction_template="You write.",
    capabilities=AgentCapabilities(expertise=["writing"]),
)


class NotAtTheTop(WorkflowStep):
    """A step whose class nobody can import any more."""

    async def execute(self, context: Any) -> StepResult:
        return StepResult(True)


Gone = NotAtTheTop
del NotAtTheTop


def task(step_id: str, query: str, **more: Any) -> dict[str, Any]:
    template = {"input_data": {"query": query}}
    return {
        "type": "task",
        "id": step_id,
        "name": step_id.title(),
        "task_template": template,
        **more,
    }


def workflow(*steps: Any, **more: Any) -> WorkflowDefinition:
    return load_workflow(json.dumps({"id": "w", "name": "Tides", "steps": steps, **more}))


PROMPT = "Improve this draft on tides, which is for children of ten years:\n\n{{step.draft.result}}"
WHOLE = workflow(
    task("draft", "Write about {{topic}}.", agent_id="writer"),
    {
        "type": "conditional",
        "id": "path",
        "name": "Is it complex?",
        "condition": "step.draft.result.upper() == 'COMPLEX'",
        "if_branch": [task("clarity", PROMPT, timeout_s=60), task("facts", "Check {{topic}}.")],
        "else_branch": {
            "type": "loop",
            "id": "refine",
            "name": "Refine",
            "max_iterations": 2,
            "steps": [task("again", "Again, {{topic}}.", retry={"max_retries": 0})],
        },
    },
    {"type": "approval", "id": "ok", "name": "Sign-off", "message": "Publish {{topic}}?"},
    inputs=[{"name": "topic", "label": "Topic"}],
)


def test_a_program_reads_as_a_person_would_write_it() -> None:
    source = dump_workflow_python(WHOLE, [WRITER, WRITER.model_copy(update={"id": "unused"})])
    for lines in [
        "from symphony_core.agent_config import AgentCapabilities, AgentConfig\n",
        'writer_agent = AgentConfig(\n    id="writer",\n    name="WriterAgent",\n',
        'draft_step = TaskStep(\n    name="Draft",\n    task_template={"input_data": {"query": '
        '"Write about {{topic}}."}},\n    agent_id=writer_agent.id,\n)\ndraft_step.id = "draft"\n',
        'CLARITY_PROMPT = """\\\nImprove this draft on tides, which is for children of ten years:\n'
        '\n{{step.draft.result}}"""\n',
        "    retry=RetryPolicy(max_retries=0),\n",
        "    if_branch=[clarity_step, facts_step],\n    else_branch=refine_step,\n",
        "workflow = workflow.add_step(is_it_complex_step)\n",
        "    await agents.save(writer_agent)\n",
        '    inputs = {"topic": input("topic: ")}\n',
        'if __name__ == "__main__":\n    asyncio.run(main())\n',
    ]:
        assert lines in source, source
    assert "unused" not in source


def printed_by(program: Path, typed: str) -> str:
    """Run an exported program, type answers to what it asks, and return what it prints."""
    done = subprocess.run(
        [sys.executable, str(program)],
        cwd=program.parent,
        env=os.environ | {"PYTHONPATH": str(ROOT), "SYMPHONY_MODEL": "scripted"},
        input=typed,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("answer", ["y", "n"])
def test_a_program_runs_and_asks_for_what_it_needs(answer: str, tmp_path: Path) -> None:
    program = tmp_path / "tides.py"
    program.write_text(dump_workflow_python(WHOLE, [WRITER]), encoding="utf-8")
    printed = printed_by(program, f"moon\n{answer}\n")
    assert "Publish moon? (y/n)" in printed
    assert ("Tides: completed" if answer == "y" else "Tides: failed") in printed


def test_a_program_brings_the_workflows_that_its_steps_run(tmp_path: Path) -> None:
    def use(step_id: str, other: str) -> dict[str, Any]:
        step = {"type": "workflow", "id": step_id, "name": step_id, "workflow_id": other}
        return {**step, "inputs": {"topic": "{{topic}}"}}

    said = {"type": "approval", "id": "ok", "name": "Ok", "message": "About {{topic}}?"}
    inner = workflow(said, id="inner", name="Workflow", inputs=[{"name": "topic"}])
    middle = workflow(use("a", "inner"), use("b", "inner"), id="middle", name="Middle")
    outer = workflow(use("sub", "middle"), inputs=[{"name": "topic"}])
    source = dump_workflow_python(outer, workflows=[outer, middle, inner])
    assert "    workflow_id=workflow_definition.id,\n" in source
    assert "    workflow_id=middle_definition.id,\n" in source
    assert (
        "    await workflows.save(workflow_definition)\n    await workflows.save(middle_" in source
    )
    program = tmp_path / "nested.py"
    program.write_text(source, encoding="utf-8")
    printed = printed_by(program, "tides\ny\ny\n")
    assert "completed\nAbout tides?" in printed
    alone = dump_workflow_python(outer)
    assert 'workflow_id="middle",' in alone
    assert "workflows.save" not in alone


def test_a_program_asks_for_every_kind_of_input(tmp_path: Path) -> None:
    inputs = [
        {"name": "tone", "type": "choice", "choices": ["formal", "warm"]},
        {"name": "loud", "type": "boolean"},
        {"name": "notes", "type": "file"},
    ]
    shown = {"type": "approval", "id": "a", "name": "A", "message": "{{tone}} {{loud}} {{notes}}"}
    program, notes = tmp_path / "asks.py", tmp_path / "notes.txt"
    program.write_text(dump_workflow_python(workflow(shown, inputs=inputs)), encoding="utf-8")
    notes.write_text("Ébb", encoding="utf-8")
    printed = printed_by(program, f"warm\nfalse\n{notes}\ny\n")
    assert "tone (formal, warm): loud (true or false): " in printed
    assert "warm no Ébb (y/n)" in printed


@pytest.mark.parametrize(
    "text",
    [
        *(
            '""")\nimport os\nos._exit(3)\n("""',
            "');__import__('os')._exit(3)#",
            "\\",
            '\\"""',
            '"',
        ),
        *(
            "{__import__('os')._exit(3)}",
            "x\\\n",
            "\r\nimport os",
            "\x85\u2028import os",
            "\N{BULLET}",
        ),
    ],
)
def test_no_text_becomes_code(text: str) -> None:
    longer = f"{text}\n{text}{'-' * 60}\n{text}"
    steps = [task("a", f"?{text}", description=longer), task("b", f"?{longer}")]
    steps += [task("c", f"?{text * 20}")]
    names = {"name": f"W{text.splitlines()[0]}", "description": longer, "metadata": {"k": [longer]}}
    inputs = [{"name": "n", "label": text, "default": longer}]
    definition = workflow(*steps, inputs=inputs, **names)
    tree = ast.parse(dump_workflow_python(definition))
    assert {type(node) for node in tree.body} == {
        *(ast.Expr, ast.Import, ast.ImportFrom, ast.Assign, ast.AsyncFunctionDef, ast.If)
    }
    called = {ast.unparse(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    assert not any("import" in name or "exit" in name for name in called)
    texts = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)}
    assert {longer, f"?{text * 20}"} <= texts


def test_programs_are_formatted_already(tmp_path: Path) -> None:
    definitions = [template.build() for template in GALLERY]
    long = 'It\'s a "quoted" and rather long text for a prompt that no line of hundred holds. ' * 3
    data = {"a": [1.5, 1e30, None, True, {"deep": ["x" * 90, long]}], "日本語" * 9: "é" * 70}
    steps = [
        task("a", long, description=long[:85]),
        task("b", "?" + "word" * 40),
        task("c" * 64, PROMPT.replace("step.draft", "step.a")),
    ]
    many = [{"name": f"input_{n}", "type": "number"} for n in range(9)]
    many += [{"name": "which", "type": "choice", "choices": [f"choice {n}" * 5 for n in range(9)]}]
    many += [{"name": f"{name}_{59 * 'x'}"[:64], "type": name} for name in ("boolean", "file")]
    definitions += [WHOLE, workflow(*steps, metadata=data), workflow(task("a", "?"), inputs=many)]
    for number, definition in enumerate(definitions):
        source = dump_workflow_python(definition, [WRITER])
        (tmp_path / f"program_{number}.py").write_text(source, encoding="utf-8")
    check = ["-m", "ruff", "format", "--isolated", "--line-length=100", "--diff", str(tmp_path)]
    done = subprocess.run([sys.executable, *check], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_class_that_cannot_be_imported_is_named() -> None:
    with pytest.raises(DocumentError, match="'Mine'.*cannot import its class 'NotAtTheTop'"):
        dump_workflow_python(WorkflowDefinition(name="W").add_step(Gone("Mine")))


def test_names_are_pythons_and_never_twice() -> None:
    names = ["class", "Draft", "draft!", "DRAFT", "", "2nd", "日本", "Step", "None", "x" * 200]
    steps = [task(f"s{n}", "?") | {"name": name or "…"} for n, name in enumerate(names)]
    tree = ast.parse(dump_workflow_python(workflow(*steps)))
    targets = [ast.unparse(n.targets[0]) for n in tree.body if isinstance(n, ast.Assign)]
    steps_made = [name for name in targets if "." not in name and name != "workflow"]
    assert len(set(steps_made)) == len(names)
    assert steps_made[:4] == ["class_step", "draft_step", "draft_step_2", "draft_step_3"]
