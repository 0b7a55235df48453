"""Documents: what is read, what is written, and what the corpus does not ask."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from symphony_core.agent_config import ASSISTANT, AgentCapabilities, AgentConfig, AgentSettings
from symphony_core.errors import DocumentError, SymphonyError
from symphony_core.io.documents import (
    dump_agent,
    dump_workflow,
    load_agent,
    load_document,
    load_workflow,
)
from symphony_core.orchestration.step import StepResult, WorkflowStep
from symphony_core.orchestration.steps import ConditionalStep, LoopStep, ParallelStep, TaskStep
from symphony_core.orchestration.templates import GALLERY
from symphony_core.orchestration.templates.base import Template
from symphony_core.orchestration.workflow_definition import (
    InputType,
    WorkflowDefinition,
    WorkflowInput,
)
from tests.support.effort import effort

CONTENT = ("id", "name", "description", "inputs", "steps", "metadata")
FULL = 1_990_000  # bytes: nearly all that a document may have


class Measure(WorkflowStep):
    """A step of somebody's own, which no document may set going."""

    made: list[Any] = []

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.made.append(self)

    async def execute(self, context: Any) -> StepResult:
        return StepResult(True)


def task(step_id: str = "s", query: str = "Write.", **more: Any) -> dict[str, Any]:
    template = {"name": "T", "input_data": {"query": query}}
    return {"type": "task", "id": step_id, "name": "Ask", "task_template": template, **more}


def loop(*steps: Any, **more: Any) -> dict[str, Any]:
    base = {"type": "loop", "id": "l", "name": "Turns", "max_iterations": 3}
    return {**base, "steps": list(steps), **more}


def branches(**more: Any) -> dict[str, Any]:
    base = {"type": "conditional", "id": "c", "name": "Way", "condition": "True"}
    return {**base, "if_branch": task("yes"), **more}


def choice(*choices: str) -> dict[str, Any]:
    found = {"name": "tone", "type": "choice"}
    return {**found, "choices": list(choices)} if choices else found


def read(*steps: Any, **more: Any) -> WorkflowDefinition:
    return load_workflow(json.dumps({"name": "W", "steps": list(steps), **more}))


def refusal(*steps: Any, **more: Any) -> str:
    with pytest.raises(DocumentError) as caught:
        read(*steps, **more)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def agent(**more: Any) -> AgentConfig:
    return load_agent(
        json.dumps({"name": "A", "role": "R", "instruction_template": "Be kind.", **more})
    )


def content(workflow: WorkflowDefinition) -> dict[str, Any]:
    return {name: getattr(workflow, name) for name in CONTENT}


@pytest.mark.parametrize("template", GALLERY, ids=lambda template: template.key)
def test_a_template_is_the_same_after_being_written_and_read(template: Template) -> None:
    definition = template.build({role.name: role.name for role in template.roles})
    assert content(load_workflow(dump_workflow(definition))) == content(definition)


def test_every_kind_of_step_is_the_same_after_being_written_and_read() -> None:
    def ask(**more: Any) -> TaskStep:
        return TaskStep("Ask", {"input_data": {"query": "{{topic}}?"}}, **more)

    loop_step = LoopStep("L", [ask(), ask()], "'done' in step.result", 3, start="{{topic}}")
    definition = (
        WorkflowDefinition(name="Wörk ✓", description="line\nline", metadata={"a": [1, None, 2.5]})
        .add_step(ParallelStep("P", [ask(agent_id="writer"), loop_step], max_concurrency=2))
        .add_step(ConditionalStep("C", "topic == 'x'", ask(), [ask(), ask()]))
        .add_step(ask(answer_choices=["YES", "NO"]))
        .add_step(Measure("Own"))
        .model_copy(
            update={
                "inputs": (
                    WorkflowInput(name="topic", label="Topic", default="tides"),
                    WorkflowInput(name="n", type=InputType.NUMBER, default=2.5, required=False),
                    WorkflowInput(name="c", type=InputType.CHOICE, choices=("x", "y"), default="y"),
                    WorkflowInput(name="b", type=InputType.BOOLEAN, default=False),
                    WorkflowInput(name="f", type=InputType.FILE, default="a\nb"),
                )
            }
        )
    )
    text = dump_workflow(definition)
    assert content(load_workflow(text)) == content(definition)
    assert list(json.loads(text)) == ["schema_version", *CONTENT]
    assert isinstance(json.loads(text)["steps"][1]["if_branch"], dict)


@pytest.mark.parametrize(
    "config",
    [
        ASSISTANT,
        AgentConfig(
            name="Écrivain",
            role="R",
            instruction_template="About {{topic}} for {{who}}.",
            capabilities=AgentCapabilities(expertise=["writing"], limitations=["law"]),
            model="openrouter:meta-llama/llama-3.1-8b-instruct:free",
            settings=AgentSettings(
                temperature=0.0, max_tokens=7, top_p=1, seed=0, stop=["END"], timeout_s=1.5
            ),
            variables={"who": "children", "n": 3, "list": [{"a": None}]},
            answer_choices=["YES", "NO"],
        ),
        AgentConfig(
            name="Clerk",
            role="R",
            instruction_template="Fill in the form.",
            answer_schema={"type": "object", "properties": {"n": {"type": "integer"}}},
        ),
    ],
    ids=lambda config: config.name,
)
def test_an_agent_is_the_same_after_being_written_and_read(config: AgentConfig) -> None:
    moments = {"created_at", "updated_at"}
    again = load_agent(dump_agent(config))
    assert again.model_dump(exclude=moments) == config.model_dump(exclude=moments)


def test_a_step_of_ones_own_is_read_without_being_made() -> None:
    Measure.made.clear()
    own = {"type": "Measure", "id": "m", "name": "Own", "depth": {"any": [1, "x"]}, "steps": 7}
    workflow = read(own, task(query="{{step.m.result}}"))
    assert workflow.steps[0] == own
    assert Measure.made == []


def test_fields_of_retries_and_approvals_are_handed_on() -> None:
    retry = {"max_retries": 2, "delay_s": 1.5}
    ask = task(retry=retry, timeout_s=120, retry_after_crash=False)
    sign = {"type": "approval", "id": "ok", "name": "Sign", "message": "Publish {{step.s.result}}?"}
    workflow = read(ask, {**sign, "on_reject": "continue", "timeout_s": None, "text": "x"})
    assert workflow.steps[0] == ask
    assert workflow.steps[1]["on_reject"] == "continue"


def test_a_mark_before_the_text_and_a_version_are_read_and_forgotten() -> None:
    document = json.dumps({"schema_version": 1, "name": "W", "steps": [task()]})
    assert load_workflow(b"\xef\xbb\xbf" + document.encode()).name == "W"


def test_a_document_says_itself_what_it_is() -> None:
    assert isinstance(load_document(dump_agent(ASSISTANT)), AgentConfig)
    assert isinstance(
        load_document(json.dumps({"name": "W", "steps": [task()]})), WorkflowDefinition
    )


@pytest.mark.parametrize(
    ("words", "document"),
    [
        ("duplicate key: 'name'", '{"name": "a", "name": "b", "steps": []}'),
        ("number Infinity", '{"name": -Infinity}'.replace("-", "")),
        ("not JSON: invalid control character", '{"name": "a\nb"}'),
        ("key with a control character", '{"na\\u0000me": 1}'),
        ("metadata.a is a number too large", '{"name": "x", "metadata": {"a": 1' + "0" * 30 + "}}"),
        ("must be an object", "null"),
        ("UTF-8", '{"name": "x"}'.encode("utf-16")),
        ("UTF-8", "\ud800"),
        ("empty", ""),
    ],
)
def test_what_is_no_usable_json_is_refused(words: str, document: str | bytes) -> None:
    for load in (load_workflow, load_agent, load_document):
        with pytest.raises(DocumentError, match=words):
            load(document)


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        (["steps.1 (step 'Ask')", "'agent_id'?"], lambda: refusal(task(agentid="x"))),
        (["schema_version", "from 1 to 1"], lambda: refusal(task(), schema_version=2)),
        (["schema_version"], lambda: refusal(task(), schema_version=True)),
        (
            ["inputs.1.type", "'date'"],
            lambda: refusal(task(), inputs=[{"name": "a", "type": "date"}]),
        ),
        (["inputs.1:", "'choices'"], lambda: refusal(task(), inputs=[choice()])),
        (["inputs.1:", "different"], lambda: refusal(task(), inputs=[choice("a", "a")])),
        (["inputs.1.choices.2", "empty"], lambda: refusal(task(), inputs=[choice("a", " ")])),
        (
            ["inputs.1:", "'default' is one of 'a', 'b', not 'c'"],
            lambda: refusal(task(), inputs=[{**choice("a", "b"), "default": "c"}]),
        ),
        (
            ["inputs.1:", "type 'choice' only"],
            lambda: refusal(task(), inputs=[{"name": "a", "choices": ["x"]}]),
        ),
        (
            ["inputs.1.default", "true or false"],
            lambda: refusal(task(), inputs=[{"name": "a", "type": "boolean", "default": "yes"}]),
        ),
        (["inputs.1.default"], lambda: refusal(task(), inputs=[{"name": "a", "default": 5}])),
        (["inputs.1.name"], lambda: refusal(task(), inputs=[{"name": "step"}])),
        (
            ["inputs.2.name", "duplicate"],
            lambda: refusal(task(), inputs=[{"name": "a"}, {"name": "a"}]),
        ),
        (["'topic'?"], lambda: refusal(task(query="{{topik}}"), inputs=[{"name": "topic"}])),
        (["max_iterations", "true"], lambda: refusal(loop(task(), max_iterations=True))),
        (
            ["'Turns'", "'step.x.result'"],
            lambda: refusal(loop(task(), exit_condition="step.x.result")),
        ),
        (["steps.1.steps", "at least 1"], lambda: refusal(loop())),
        (["steps.2.if_branch (step 'Way')"], lambda: refusal(task(), branches(if_branch=None))),
        (
            ["steps.1.else_branch.2.type"],
            lambda: refusal(branches(else_branch=[task(), {"type": 1}])),
        ),
        (["retry.max_retries", "10"], lambda: refusal(task(retry={"max_retries": 11}))),
        (["timeout_s", "above 0"], lambda: refusal(task(timeout_s=0))),
        (["answer_choices", "two or more"], lambda: refusal(task(answer_choices=["A", "A"]))),
        (["name", "control"], lambda: refusal(task(), name="a\u202eb")),
        (["description", "100,000 bytes"], lambda: refusal(task(), description="é" * 50_001)),
        (["task_template.tags.1", "unclosed"], lambda: refusal(task(task_template=TAGGED))),
        (["input_data.more.1", "no reference"], lambda: refusal(deep_template("{{env.KEY}}"))),
    ],
)
def test_a_workflow_that_is_wrong_is_refused_with_the_place(
    words: list[str], refused: Callable[[], str]
) -> None:
    sentence = refused()
    assert [word for word in words if word not in sentence] == [], sentence


def deep_template(text: str) -> dict[str, Any]:
    data = {"input_data": {"query": "x", "more": [text]}}
    return task(task_template=data)


@pytest.mark.parametrize("levels", [32, 33])
def test_steps_lie_in_each_other_over_so_many_levels_and_no_more(levels: int) -> None:
    step: Any = task()
    for number in range(levels - 1):
        step = loop(step, id=f"l{number}")
    if levels == 32:
        assert len(list(read(step).get_steps())) == 1
    else:
        assert "deep" in refusal(step)


def test_names_may_be_anything_where_no_inputs_are_declared() -> None:
    assert read(task(query="{{topic}}"), branches(condition="kind == 'x'")).inputs == ()


@pytest.mark.parametrize(
    "model", ["embedded", "scripted", "openai-chat:gpt-5", "ollama:llama3.2:1b"]
)
def test_a_model_is_a_name(model: str) -> None:
    assert agent(model=model).model == model


@pytest.mark.parametrize(
    "model",
    [
        *("/etc/passwd", "~/m", "embedded:/m.gguf", "embedded:m", "scripted:a.json", "file:m"),
        *("https://x.example/v1", "//x/y", "127.0.0.1:9/v1", "localhost", "x.example:80/v1"),
        *("a/../b", "..", "C:\\m", "\\\\x\\y", "models/evil.gguf", "a b", "a\nb", " ", "x" * 201),
    ],
)
def test_a_model_is_no_path_and_no_address(model: str) -> None:
    with pytest.raises(DocumentError, match="model"):
        agent(model=model)


@pytest.mark.parametrize("tool", ["calculator", "time.now", "web search", "CI/CD", "C++", "A - B"])
def test_a_tool_is_a_word(tool: str) -> None:
    assert agent(capabilities={"tools": [tool]}).capabilities.tools == [tool]


@pytest.mark.parametrize(
    "tool",
    [
        *("https://evil.example/mcp", "npx -y some-server", "python -m evil", "uvx x --flag"),
        *("/bin/sh", "./run", "../run", "~/run", "C:\\run.exe", "a; b", "a | b", "$(id)", "`id`"),
        *({"command": "evil", "args": []}, {"url": "https://evil.example/mcp"}, ["evil"], 5, None),
    ],
)
def test_a_tool_is_no_command_and_no_server(tool: Any) -> None:
    with pytest.raises(DocumentError, match="tools.1 must be the name of a tool"):
        agent(capabilities={"tools": [tool]})


@pytest.mark.parametrize("field", ["command", "mcp_servers", "servers", "url"])
def test_no_document_names_a_server(field: str) -> None:
    for refused in (
        lambda: agent(**{field: {"command": "evil"}}),
        lambda: agent(capabilities={field: ["evil"]}),
        lambda: read(task(), **{field: {"command": "evil"}}),
        lambda: read({**task(), field: {"command": "evil"}}),
    ):
        with pytest.raises(DocumentError, match=f"has an unknown field '{field}'"):
            refused()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("settings", {"temperature": True}),
        ("settings", {"top_k": 1}),
        ("settings", {"seed": 1.0}),
        ("variables", []),
        ("capabilities", None),
        ("instruction_template", "{{step.a.result}}"),
        ("instruction_template", "{{"),
        ("answer_choices", ["one"]),
        ("settings", {"stop": [""]}),
        ("settings", {"timeout_s": 0}),
        ("answer_schema", {"type": "array"}),
        ("answer_schema", {"type": "object", "required": 1}),
        ("answer_schema", {"type": "object", "$ref": "https://x.example/schema"}),
        ("tools", []),
    ],
)
def test_an_agent_that_is_wrong_is_refused_with_the_field(field: str, value: Any) -> None:
    with pytest.raises(DocumentError, match=field):
        agent(**{field: value})


CYCLE: list[Any] = []
CYCLE.append(CYCLE)


@pytest.mark.parametrize("value", [{1}, b"x", float("nan"), {1: "x"}, 10**30, CYCLE, "\ud800"])
def test_what_no_document_can_hold_is_not_written(value: Any) -> None:
    workflow = WorkflowDefinition(name="W", steps=(task(),))
    with pytest.raises(DocumentError):
        dump_workflow(workflow.model_copy(update={"metadata": {"a": value}}))
    with pytest.raises(DocumentError):
        dump_workflow(workflow.model_copy(update={"steps": (value,)}))
    with pytest.raises(DocumentError):
        dump_agent(ASSISTANT.model_copy(update={"variables": {"a": value}}))


TAGGED = {"input_data": {"query": "x"}, "tags": ["{{"]}


def many(template: str, count: int) -> str:
    return json.dumps({"name": "x", "steps": [task(f"s{n}", template) for n in range(count)]})


RUBBISH: dict[str, str | bytes] = {
    "brackets": "[" * FULL,
    "lists": '{"metadata": [' + "[]," * (FULL // 3) + "[]]}",
    "texts": '{"metadata": [' + '"",' * (FULL // 3) + '""]}',
    "keys": "{" + ",".join(f'"{n}":0' for n in range(99_000)) + ',"1":0}',
    "escapes": '"' + '\\"' * (FULL // 2),
    "backslashes": '"' + "\\" * FULL,
    "digits": '{"a":' + "1" * FULL + "}",
    "fraction": '{"a":1.' + "1" * FULL + "}",
    "surrogates": '{"a":"' + "\\ud800" * (FULL // 6 - 10) + '"}',
    "blanks": " " * FULL,
    "zeros": bytes(FULL),
    "no UTF-8": b"\xff" * FULL,
    "references": many("{{a}}" * 990, 380),
    "braces": many("{{" * 45_000, 20),
    "names alike": many("{{" + "a" * 60 + "}} {{step." + "a" * 60 + "x.result}}", 400),
}


@pytest.mark.parametrize("name", RUBBISH)
@pytest.mark.parametrize("load", [load_workflow, load_agent])
def test_rubbish_is_refused_in_time(name: str, load: Callable[[str | bytes], object]) -> None:
    with effort() as spent, pytest.raises(SymphonyError) as caught:
        load(RUBBISH[name])
    assert spent.seconds < 1
    assert isinstance(caught.value, DocumentError)
    assert len(str(caught.value)) < 600


def test_the_largest_plain_document_is_read_in_time() -> None:
    data = {"query": "x", "list": [""] * 99_900}
    with effort() as spent:
        read(task(task_template={"input_data": data}))
    assert spent.seconds < 2


ODD: list[Any] = [
    None,
    True,
    -1,
    1.5,
    10**18,
    "",
    "a" * 300,
    "\x00",
    "\ud800",
    "{{",
    "{{step.s.x}}",
]
ODD += ["../x", "loop", "Measure", [], {}, [[]], [None], {"type": "task"}, {"": ""}]


def ways(value: Any) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    inner = [
        (k, w) for k, v in items for w in ((), *(ways(v) if isinstance(v, dict | list) else ()))
    ]
    return [(key, *way) for key, way in inner]


def test_any_value_in_any_place_is_taken_whole_or_refused_in_a_sentence() -> None:
    steps = [task(retry={"max_retries": 1}), loop(task("a"), start="x"), branches()]
    whole = {"id": "w", "name": "W", "steps": steps, "metadata": {"a": 1}}
    whole["inputs"] = [{"name": "a", "type": "number", "default": 3, "required": True}]
    taken, sentences = 0, []
    for *way, last in ways(whole):
        for odd in ODD:
            changed = json.loads(json.dumps(whole))
            holder = changed
            for key in way:
                holder = holder[key]
            holder[last] = odd
            try:
                workflow = load_workflow(json.dumps(changed))
            except DocumentError as error:
                sentences.append(str(error))
            else:
                taken += 1
                assert content(load_workflow(dump_workflow(workflow))) == content(workflow)
    assert taken > 50
    assert [text for text in sentences if "\n" in text or len(text) > 600] == []
