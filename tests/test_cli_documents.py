"""Documents on the command line."""

import asyncio
import json
from pathlib import Path

import yaml

from symphony_core.agent_config import ASSISTANT
from symphony_core.io.documents import Form, dump_agent, load_workflow
from symphony_core.runtime.bootstrap import open_registry
from tests.support.command_line import symphony


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


TYPED = [
    {"name": "tone", "type": "choice", "choices": ["formal", "warm"], "default": "warm"},
    {"name": "loud", "type": "boolean", "default": False},
    {"name": "notes", "type": "file", "default": "none"},
]


def test_choices_yes_or_no_and_files_are_given_as_text(tmp_path: Path) -> None:
    notes, picture = tmp_path / "notes.txt", tmp_path / "picture.png"
    notes.write_bytes("\ufeffÉbb\nand flow".encode())
    picture.write_bytes(b"\x89PNG")
    steps = [task("a", "{{tone}} {{loud}} {{notes}}")]
    whole = json.dumps({"name": "Tides", "inputs": TYPED, "steps": steps})
    given = ["--input", "tone=formal", "--input", "loud=Yes", "--input", f"notes={notes}"]
    done = symphony("run", "-", "--json", *given, stdin=whole)
    assert done.returncode == 0, done.stderr
    run = json.loads(done.stdout)
    assert run["inputs"] == {"tone": "formal", "loud": True, "notes": "Ébb\nand flow"}
    assert run["steps"][0]["prompt"] == "formal yes Ébb\nand flow"
    for value, words in [
        ("tone=rude", "'tone' of 'Tides' is one of 'formal', 'warm', not 'rude'."),
        ("loud=maybe", "'loud' of 'Tides' is yes or no (true or false), and 'maybe' is neither."),
        (f"notes={picture}", "is no text in UTF-8."),
        (f"notes={tmp_path}/nowhere", "cannot be read: No such file"),
    ]:
        refused = symphony("run", "-", "--input", value, stdin=whole)
        assert (refused.returncode, words in refused.stderr) == (2, True), refused.stderr
        assert len(refused.stderr.strip().splitlines()) == 1


def test_yaml_is_told_by_the_name_or_the_text_and_runs(tmp_path: Path) -> None:
    path = tmp_path / "tides.yml"
    path.write_text(yaml.safe_dump(json.loads(document(inputs=INPUTS))), encoding="utf-8")
    assert "asks for topic, pages" in symphony("check", str(path)).stdout
    assert "asks for topic, pages" in symphony("check", "-", stdin=path.read_text()).stdout
    done = symphony("run", str(path), "--input", "pages=3", "--json")
    assert json.loads(done.stdout)["inputs"] == {"topic": "tides", "pages": 3}
    path.write_text("name: Tides\nname: again\n", encoding="utf-8")
    wrong = symphony("check", str(path))
    assert wrong.returncode == 2
    assert wrong.stderr == "Error: The YAML has a duplicate key: 'name' is there twice (line 2).\n"


def test_check_lists_all_that_is_not_as_the_schema_says() -> None:
    draft = {**task("draft", "?"), "agentid": "x", "timeout_s": 0}
    done = symphony("check", "-", stdin=json.dumps({"name": "W", "steps": [draft], "stepz": 1}))
    assert done.returncode == 2
    first, _, *listed = done.stderr.splitlines()
    assert first == "Error: The workflow has an unknown field 'stepz'. Did you mean 'steps'?"
    assert [line.split(":")[0] for line in sorted(listed)] == [
        "  'steps.1'",
        "  'steps.1.timeout_s'",
        "  'the document'",
    ]


def test_a_document_is_written_in_every_form(tmp_path: Path) -> None:
    path, program = tmp_path / "tides.json", tmp_path / "tides.py"
    path.write_text(document(id="tides"), encoding="utf-8")
    written = symphony("export", str(path), "--to", "yaml").stdout
    definition = load_workflow(path.read_text(encoding="utf-8"))
    assert load_workflow(written, Form.YAML).steps == definition.steps
    again = symphony("export", "-", stdin=written)
    assert load_workflow(again.stdout).steps == definition.steps
    done = symphony("export", str(path), "--to", "python", "--output", str(program))
    assert done.stdout == f"'Tides ✓' is written to {str(program)!r}.\n"
    assert "workflow = workflow.add_step(path_step)" in program.read_text(encoding="utf-8")
    assert "exists" in symphony("export", str(path), "--output", str(program)).stderr
    agent = symphony("export", "-", "--to", "python", stdin=dump_agent(ASSISTANT))
    assert agent.stderr == "Error: 'Assistant' is an agent: only workflows are written as Python.\n"


def test_what_is_stored_is_written_with_its_agents() -> None:
    registry = open_registry()
    writer = ASSISTANT.model_copy(update={"id": "writer", "name": "Writer"})
    step = {**task("draft", "?"), "agent_id": "writer"}
    definition = load_workflow(json.dumps({"id": "stored", "name": "Stored", "steps": [step]}))

    async def store() -> None:
        await registry.get_repository("agent_config").save(writer)
        await registry.get_repository("workflow_definition").save(definition)

    asyncio.run(store())
    assert "agent_id=writer_agent.id" in symphony("export", "stored", "--to", "python").stdout
    assert load_workflow(symphony("export", "stored").stdout).steps == definition.steps
    assert "name: Writer" in symphony("export", "writer", "--to", "yaml").stdout
    assert symphony("export", "critic-revise", "--to", "yaml").stdout.startswith(
        "schema_version: 1"
    )
    nobody = symphony("export", "nobody")
    assert (nobody.returncode, nobody.stdout) == (2, "")
    assert "There is no workflow or agent 'nobody'." in nobody.stderr
