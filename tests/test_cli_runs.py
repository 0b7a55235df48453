"""Runs stopped, mended and answered with no browser."""

import asyncio
import json
from pathlib import Path
from typing import Any

from symphony_core.runtime.bootstrap import open_registry
from symphony_core.workflow import RunPurpose, Workflow
from tests.support.command_line import symphony


def write(tmp_path: Path, steps: list[dict[str, Any]]) -> str:
    file = tmp_path / "workflow.json"
    file.write_text(json.dumps({"name": "W", "steps": steps}), encoding="utf-8")
    return str(file)


def ask(step_id: str, query: str) -> dict[str, Any]:
    template = {"name": step_id, "description": "", "input_data": {"query": query}}
    return {"type": "task", "id": step_id, "name": step_id.title(), "task_template": template}


def script(tmp_path: Path, replies: list[dict[str, Any]]) -> str:
    file = tmp_path / "script.json"
    file.write_text(json.dumps({"delay_s": 0, "replies": replies}), encoding="utf-8")
    return f"scripted:{file}"


def run(*arguments: str) -> tuple[int, dict[str, Any]]:
    done = symphony(*arguments, "--json")
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def test_a_run_asks_is_answered_and_goes_on(tmp_path: Path) -> None:
    approval = {"type": "approval", "id": "ok", "name": "Ok", "message": "{{step.a.result}}?"}
    file = write(tmp_path, [ask("a", "A?"), approval, ask("b", "Print {{step.ok.result}}")])
    model = script(tmp_path, [{"match": "A?", "reply": "Draft"}, {"match": "", "reply": "Done."}])
    code, waiting = run("run", file, "--model", model)
    assert (code, waiting["status"]) == (3, "waiting")
    shown = symphony("show", waiting["id"]).stdout
    assert "ok asks: Draft?" in shown
    assert "waits for an answer" in shown

    code, _ = run("approve", waiting["id"], "--text", "Better", "--note", "so")
    assert code == 0
    again = symphony("approve", waiting["id"])
    assert (again.returncode, again.stderr) == (2, "Error: The run 'W' asks nothing.\n")
    code, done = run("resume", waiting["id"])
    assert (code, done["status"]) == (0, "completed")
    assert done["steps"][-1]["prompt"] == "Print Better"


def test_a_rejection_ends_the_run_and_says_why(tmp_path: Path) -> None:
    approval = {"type": "approval", "id": "ok", "name": "Ok", "message": "Go?"}
    _, waiting = run("run", write(tmp_path, [approval]))
    assert symphony("reject", waiting["id"], "--note", "too long").returncode == 0
    code, done = run("resume", waiting["id"])
    assert (code, done["error"]) == (1, "Step 'Ok' failed: It was rejected: too long")


def test_a_run_at_its_limit_waits_for_a_higher_one(tmp_path: Path) -> None:
    file = write(tmp_path, [ask("a", "A?"), ask("b", "B?")])
    code, paused = run("run", file, "--max-calls", "1")
    assert (code, paused["status"], paused["model_calls"]) == (3, "paused", 1)
    assert "limit of 1 model call." in paused["waits_for"]
    code, done = run("resume", paused["id"], "--max-calls", "5")
    assert (code, done["model_calls"]) == (0, 2)
    wrong = symphony("run", file, "--max-cost", "-1")
    assert wrong.stderr == "Error: A limit of cost is a number above 0.\n"


def test_a_failed_run_is_retried_and_any_run_is_run_again_from_a_step(tmp_path: Path) -> None:
    file = write(tmp_path, [ask("a", "A?"), ask("b", "B?")])
    broken = script(tmp_path, [{"match": "B?", "error": "Down."}, {"match": "", "reply": "x"}])
    code, failed = run("run", file, "--model", broken)
    assert (code, failed["error"]) == (1, "Step 'B' failed: Down.")
    script(tmp_path, [{"match": "", "reply": "y"}])
    code, done = run("retry", failed["id"])
    assert (code, done["forked_from"]) == (0, failed["id"])
    assert [(s["path"], s["output"], s["taken_over"]) for s in done["steps"]] == [
        ("a", "x", True),
        ("b", "y", False),
    ]
    code, again = run("rerun", done["id"], "--from", "b", "--prompt", "After {{step.a.result}}")
    assert code == 0
    assert again["steps"][1]["prompt"] == "After x"
    nowhere = symphony("rerun", done["id"], "--from", "z")
    assert nowhere.stderr == "Error: The run 'W' has come to no step 'z'.\n"


def test_a_run_that_waits_for_a_worker_is_paused_and_resumed() -> None:
    missing = symphony("pause", "nowhere")
    assert (missing.returncode, "'nowhere'" in missing.stderr) == (2, True)
    _, done = run("run", "critic-revise", "--input", "topic=tea")
    over = symphony("pause", done["id"])
    assert "is over" in over.stderr


def test_tries_are_not_among_the_runs() -> None:
    runs = open_registry().get_repository("workflow")
    for name, purpose in (("Worked", RunPurpose.WORK), ("Tried", RunPurpose.TRY)):
        asyncio.run(runs.save(Workflow(name=name, purpose=purpose)))
    listed = symphony("runs").stdout
    assert "Worked" in listed
    assert "Tried" not in listed
