"""Definitions of any kind, as hypothesis draws them: all step types in each other, odd texts."""

from collections.abc import Iterator
from itertools import chain, count
from typing import Any, Self

from hypothesis import strategies as st

from symphony_core.agent_config import AgentConfig
from symphony_core.io.documents import agent_from, workflow_from
from symphony_core.io.step_fields import FIELDS
from symphony_core.orchestration.step import StepResult, WorkflowStep
from symphony_core.orchestration.workflow_definition import WorkflowDefinition

DEPTH = 4
ODD = [
    *("no", "on", "~", "null", "0o17", "0x1F", "1e3", "-1", ".5", ".inf", "12:30:45", "2001-01-01"),
    *(
        "a: b",
        "# no comment",
        "a #b",
        "- item",
        "? key",
        "&a *a",
        "!!str",
        "%TAG",
        "---",
        "...",
        "<<",
    ),
    *(
        '"',
        "'",
        '"""',
        "'''",
        '""""',
        "\\",
        "\\\\n",
        "\\x",
        "{x}",
        "}}",
        "f'{1}'",
        "`",
        "|",
        ">",
        "@",
    ),
    *(
        "\n",
        "\n\n",
        "\t",
        " ",
        "  ",
        "\r",
        "\r\n",
        " \n",
        "\n ",
        "\n\t",
        "\x85",
        "\u2028",
        "\ufeff",
    ),
    *("\u202e", "\u200d", "é", "日本語", "👩‍🚀", "\U0010ffff", "\ufffe", "x" * 40, "word " * 30),
    *('""")\nimport os\n"""', "');import os#", "\\\n", "{{topic}}", "{{topic}}\n"),
]
CONDITIONS = [
    "True",
    "topic == 'x'",
    'topic == "it\'s"',
    "'a\\n' in topic.lower() or len(topic) > 3",
]


class Keeps(WorkflowStep):
    """A step of somebody's own, which keeps whatever it was given."""

    def __init__(self, name: str, kept: Any, description: str = "") -> None:
        super().__init__(name, description)
        self.kept = kept

    async def execute(self, context: Any) -> StepResult:
        return StepResult(True)

    def to_dict(self) -> dict[str, Any]:
        return {**super().to_dict(), "kept": self.kept}

    @classmethod
    def from_dict(cls, data: Any) -> Self:
        return cls(data["name"], data.get("kept"), data.get("description", ""))


BLANK = "\u115f\u1160\u2800\u3164\uffa0"  # letters and signs that show nothing
CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="{")
TEXTS = st.lists(st.sampled_from(ODD) | st.text(CHARACTERS, max_size=8), max_size=6).map("".join)
LINES = TEXTS.map(lambda text: f"Ask{' at length' * 9}\n{text}")
PROMPTS = TEXTS.map(lambda text: f"{text}?") | LINES
LETTERS = st.characters(categories=["L", "N", "P", "S"], exclude_characters="{" + BLANK)
NAMES = st.text(LETTERS, min_size=1, max_size=30) | st.sampled_from(
    ["no", "class", "A: b", "Step", "2nd", '"""', "\\", "日本", "Draft of the plan", "x" * 200]
)
NUMBERS = st.integers(-(2**63) + 1, 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
PLAIN = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)
IDS = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9_-]{0,20}\Z") | st.sampled_from(
    ["no", "1", "0o7", "1e5"]
)
MAPPINGS = st.dictionaries(NAMES, PLAIN, max_size=3)
CHOICES = st.none() | st.lists(TEXTS.filter(str.strip), min_size=2, max_size=3, unique=True)
SECONDS = st.none() | st.integers(1, 31_536_000) | st.floats(0.001, 31_536_000)
RETRIES = st.none() | st.fixed_dictionaries(
    {"max_retries": st.integers(0, 10)}, optional={"delay_s": st.floats(0, 600)}
)


def record(needed: dict[str, Any], **more: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(needed, optional=more)


TEMPLATES = record(
    {"input_data": record({"query": PROMPTS}, more=PLAIN)},
    name=NAMES,
    description=TEXTS | LINES,
    tags=st.lists(NAMES, max_size=2),
    metadata=MAPPINGS,
)
TYPES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {  # needed fields, and others
    "task": (
        {"task_template": TEMPLATES},
        {
            "agent_id": st.none() | IDS,
            "answer_choices": CHOICES,
            "retry": RETRIES,
            "timeout_s": SECONDS,
            "retry_after_crash": st.booleans(),
        },
    ),
    "approval": (
        {"message": PROMPTS},
        {
            "text": st.none() | TEXTS,
            "on_reject": st.sampled_from(["fail", "continue"]),
            "timeout_s": SECONDS,
        },
    ),
    "workflow": (
        {"workflow_id": IDS},
        {"inputs": st.dictionaries(NAMES.filter(str.isprintable), TEXTS, max_size=3)},
    ),
    "Keeps": ({"kept": PLAIN}, {}),
    "conditional": ({"condition": st.sampled_from(CONDITIONS)}, {}),
    "parallel": ({}, {"max_concurrency": st.integers(1, 500)}),
    "loop": (
        {"max_iterations": st.integers(1, 1000)},
        {"exit_condition": st.sampled_from(CONDITIONS), "start": st.none() | TEXTS},
    ),
}
LEAVES = ["task", "task", "approval", "workflow", "Keeps"]
assert {*FIELDS} <= {*TYPES}, "a step type is never drawn"


@st.composite
def steps(draw: st.DrawFn, ids: Iterator[str], depth: int = 1) -> dict[str, Any]:
    """Draw a step of any type; what lies in it is at most so deep."""
    kind = draw(st.sampled_from(LEAVES if depth == DEPTH else [*LEAVES, *TYPES]))
    needed, more = TYPES[kind]
    head = {"type": st.just(kind), "id": st.just(next(ids)), "name": NAMES}
    data = draw(record({**head, **needed}, description=TEXTS | LINES, **more))

    def inside(least: int) -> list[dict[str, Any]]:
        count = draw(st.integers(least, 3))
        return [draw(steps(ids, depth + 1)) for _ in range(count)]

    def branch() -> Any:
        drawn = inside(1)
        return drawn[0] if len(drawn) == 1 else drawn

    if kind in ("parallel", "loop"):
        data["steps"] = inside(1)
    if kind == "conditional":
        data["if_branch"] = branch()
        if draw(st.booleans()):
            data["else_branch"] = draw(st.booleans()) and branch() or None
    return data


TOPIC = {"name": "topic", "label": "Topic", "default": "tides"}
INPUTS = st.lists(
    record({"name": st.sampled_from(["a", "if", "_b"])}, label=TEXTS, required=st.booleans())
    | record(
        {
            "name": st.just("n"),
            "type": st.just("number"),
            "default": st.none() | st.integers(-(2**53), 2**53),
        }
    )
    | record(
        {"name": st.just("t"), "type": st.sampled_from(["long_text", "file"]), "default": TEXTS}
    )
    | record({"name": st.just("yes"), "type": st.just("boolean")}, default=st.booleans())
    | st.lists(NAMES, min_size=1, max_size=4, unique=True).flatmap(
        lambda choices: record(
            {"name": st.just("c"), "type": st.just("choice"), "choices": st.just(choices)},
            default=st.none() | st.sampled_from(choices),
        )
    ),
    max_size=4,
    unique_by=lambda one: str(one["name"]),
)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a workflow's values."""
    drawn = draw(st.lists(IDS, unique=True, max_size=5))
    ids = chain(drawn, (name for n in count() if (name := f"s{n}") not in drawn))
    data = draw(record({"name": NAMES}, id=IDS, description=TEXTS | LINES, metadata=MAPPINGS))
    if draw(st.booleans()):
        data["inputs"] = [TOPIC, *draw(INPUTS)]
    return data | {"steps": [draw(steps(ids)) for _ in range(draw(st.integers(1, 3)))]}


DEFINITIONS: st.SearchStrategy[WorkflowDefinition] = documents().map(workflow_from)
AGENTS: st.SearchStrategy[AgentConfig] = record(
    {"name": NAMES, "role": NAMES, "instruction_template": PROMPTS},
    id=IDS,
    description=TEXTS | LINES,
    capabilities=record({}, expertise=st.lists(NAMES, max_size=3)),
    model=st.none() | st.sampled_from(["embedded", "openai-chat:x"]),
    settings=record(
        {},
        temperature=st.floats(0, 2),
        seed=st.integers(0, 9),
        stop=st.just(["END"]),
        timeout_s=st.floats(0.5, 9),
    ),
    variables=MAPPINGS,
    answer_choices=CHOICES,
    answer_schema=st.just({"type": "object", "properties": {"a": {"type": "string"}}}),
).map(agent_from)
