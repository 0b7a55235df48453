"""Documents on the command line."""

import json
import os
import subprocess
import sys
from pathlib import Path

from symphony_core.agent_config import ASSISTANT
from symphony_core.io.documents import dump_agent

ROOT = Path(__file__).parent.parent


def symphony(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "symphony_core", *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


def task(step_id: str, query: str) -> dict[str, object]:
    template = {"input_data": {"query": query}}
    return {"type": "task", "id": step_id, "name": step_id.title(), "task_template": template}


def document(**more: object) -> str:
    more_than = {
        "type": "conditional",
        "id": "path",
        "name": "Path",
        "condition": "pages > 2",
        "if_branch": task("long", "Longer: {{step.draft.result}}"),
    }
    steps = [task("draft", "{{pages}} pages about {{topic}}."), more_than]
    return json.dumps({"name": "Tides ✓", "steps": steps, **more})


INPUTS = [{"name": "topic", "default": "tides"}, {"name": "pages", "type": "number", "default": 1}]


def test_a_document_is_checked_and_shown(tmp_path: Path) -> None:
    path = tmp_path / "tides.json"
    path.write_text(document(inputs=INPUTS), encoding="utf-8")
    done = symphony("check", str(path))
    assert done.returncode == 0, done.stderr
    assert "'Tides ✓' asks for topic, pages" in done.stdout
    assert "    Long (task long)" in done.stdout
    again = symphony("check", "-", "--json", stdin=document())
    assert json.loads(again.stdout)["inputs"] == ["pages", "topic"]
    agent = symphony("check", "-", stdin=dump_agent(ASSISTANT))
    assert agent.stdout == "Agent 'Assistant', General assistant, with the default model.\n"
    assert not (tmp_path / "data").exists()


def test_what_is_wrong_with_a_document_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "folder.json").mkdir()
    for arguments, stdin, words in [
        (["check", "-"], document(stepz=[]), "unknown field 'stepz'"),
        (["check", "-"], "{", "JSON"),
        (["check", "/dev/zero"], "", "too large"),
        (["check", str(tmp_path / "folder.json")], "", "cannot be read"),
        (["check", ""], "", "cannot be read"),
        (["run", str(tmp_path / "nowhere.json")], "", "nowhere.json"),
        (["run", "-"], dump_agent(ASSISTANT), "unknown field"),
        (["run", "-", "--input", "topik=x"], document(), "'topik'"),
        (["run", "-", "--agent", "writer=x"], document(), "'writer'"),
        (["run", "-", "--input", "pages=many"], document(inputs=INPUTS), "'many'"),
    ]:
        done = symphony(*arguments, stdin=stdin)
        assert done.returncode == 2, arguments
        assert words in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
        assert "Traceback" not in done.stderr


def test_a_document_runs_from_start_to_end(tmp_path: Path) -> None:
    path = tmp_path / "tides"  # an existing file needs no ending
    path.write_text(document(inputs=INPUTS), encoding="utf-8")
    done = symphony("run", str(path), "--input", "pages=3", "--json")
    assert done.returncode == 0, done.stderr
    run = json.loads(done.stdout)
    assert run["inputs"] == {"topic": "tides", "pages": 3}
    assert [step["name"] for step in run["steps"]] == ["Draft", "Path", "Long"]
    assert json.loads(symphony("show", run["id"], "--json").stdout) == run
