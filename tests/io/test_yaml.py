"""YAML: what is read as what, what is refused and on which line, and how it is written."""

from typing import Any

import pytest
import yaml

from symphony_core.agent_config import AgentConfig
from symphony_core.errors import DocumentError
from symphony_core.io.documents import Form, form_of, guess_form, load_agent, load_workflow
from symphony_core.io.yaml_text import parse_yaml
from symphony_core.io.yaml_writing import write_yaml
from tests.support.effort import effort

FULL = 1_990_000  # bytes: nearly all that a document may have
WORKFLOW = """\
# What a person writes.
name: Tides
inputs:
  - name: topic
steps:
  - type: task
    id: draft
    name: Draft
    task_template:
      tags: [no, on]
      input_data:
        query: |
          Write about {{topic}}.

            - with a list
"""


def refusal(text: str | bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        parse_yaml(text)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert len(sentence) < 600
    return sentence


def test_a_workflow_that_a_person_writes_is_read() -> None:
    step = load_workflow(WORKFLOW, Form.YAML).steps[0]
    assert step["task_template"]["tags"] == ["no", "on"]
    query = step["task_template"]["input_data"]["query"]
    assert query == "Write about {{topic}}.\n\n  - with a list\n"


def test_an_agent_is_read_too() -> None:
    text = "name: On\nrole: no\ninstruction_template: >-\n  Be\n  kind.\nsettings: {seed: 0x1F}\n"
    agent = load_agent(text.encode(), Form.YAML)
    assert isinstance(agent, AgentConfig)
    assert (agent.role, agent.instruction_template, agent.settings.seed) == ("no", "Be kind.", 31)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *((word, word) for word in ("no", "on", "Yes", "OFF", "y", "NaN", "nil", "<<", "=")),
        *((word, word) for word in ("2001-01-01", "12:30:45", "1_000", "0b1", "+", ".", "1.2.3")),
        *(("null", None), ("~", None), ("", None), ("True", True), ("FALSE", False)),
        *(("7", 7), ("-07", -7), ("+1", 1), ("0o17", 15), ("0xff", 255), ("1e3", 1000.0)),
        *((".5", 0.5), ("1.", 1.0), ("-1.5E-3", -0.0015), ("'7'", "7"), ('"null"', "null")),
        *(("x" * 500, "x" * 500), ("-" * 500, "-" * 500)),
    ],
)
def test_plain_scalars_are_what_yaml_1_2_says(text: str, value: Any) -> None:
    found = parse_yaml(f"a: {text}\n")["a"]
    assert found == value
    assert type(found) is type(value)


def test_what_has_an_anchor_can_be_repeated() -> None:
    text = "a: &x {deep: [1]}\nb: [*x, *x]\nc: &y 3\nd: *y\n"
    found = parse_yaml(text)
    assert found == {"a": {"deep": [1]}, "b": [{"deep": [1]}, {"deep": [1]}], "c": 3, "d": 3}
    assert found["b"][0] is not found["a"]


LAUGHS = "a0: &a0 [x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)
)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["not YAML", "line 2, column 5"], "a: 1\nb: c: d\n"),
        (["not YAML", "line 1"], "[1, 2]]"),
        (["not YAML"], "\tname: x"),
        (["not YAML", "control"], "a: \x01"),
        (["duplicate key", "'a'", "line 3"], "a: 1\nb: 2\na: 3\n"),
        (["tag", "python/object", "line 2"], "a: 1\nb: !!python/object/apply:os.system [x]\n"),
        (["tag", "line 1"], "a: !!str 5"),
        (["anchor", "'x'", "line 1"], "a: *x"),
        (["anchor", "'x'"], "a: &x [*x]"),
        (["twice", "line 2"], "a: &x 1\nb: &x 2\n"),
        (["key", "line 1"], "? [a]\n: 1\n"),
        (["more than one document", "line 2"], "a: 1\n--- \nb: 2\n"),
        (["digits"], "a: " + "1" * 401),
        (["too many values"], LAUGHS),
        (["too large"], "a: &a " + "x" * 90_000 + "\nb: [" + "*a, " * 30 + "]\n"),
        (["too deep"], "[" * 101),
        (["too deep"], "- " * 101 + "x"),
        (["too large"], "a" * 2_000_001),
        (["UTF-8"], b"a: \xff"),
        (["empty"], ""),
        (["empty"], "# nothing\n"),
    ],
)
def test_what_is_no_usable_yaml_is_refused_with_the_line(
    words: list[str], text: str | bytes
) -> None:
    sentence = refusal(text)
    assert [word for word in words if word not in sentence] == [], sentence


@pytest.mark.parametrize(
    "text",
    [
        *("[" * FULL, "{" * FULL, "- " * (FULL // 2), "? " * (FULL // 2), "a:\n" * (FULL // 3)),
        *("a: [" + "[]," * (FULL // 3), "{" + ",".join(f'"{n}":' for n in range(250_000)) + "}"),
        *("'" * FULL, '"' + '\\"' * (FULL // 2), "&a " * (FULL // 3), "---\n" * (FULL // 4)),
        *("a\n" * (FULL // 2), "#" * FULL + "\n[", LAUGHS * 2, "a: &x y\nb: [" + "*x," * 600_000),
        *("a: 1" + "1" * FULL, "%TAG !a! x\n" * 100_000, "a: |\n" + " x\n" * 600_000 + "\x01"),
    ],
    ids=lambda text: text[:9],
)
def test_rubbish_is_refused_in_time(text: str) -> None:
    with effort() as spent, pytest.raises(DocumentError) as caught:
        load_workflow(text, Form.YAML)
    assert spent.seconds < 2
    assert len(str(caught.value)) < 600


def test_what_a_yaml_says_wrongly_is_said_as_of_json() -> None:
    with pytest.raises(
        DocumentError, match=r"steps\.1 \(step 'Draft'\) has an unknown field 'idd'"
    ):
        load_workflow(WORKFLOW.replace("id: draft", "id: draft\n    idd: x"), Form.YAML)
    with pytest.raises(DocumentError, match="key that is no text"):
        load_workflow(WORKFLOW + "1: x\n", Form.YAML)


def test_texts_of_several_lines_are_written_as_they_are() -> None:
    data = {"a": "one\ntwo\n", "b": ["x", {"c": " indented\n\nlast"}], "d": {}, "e": [], "f": "\n"}
    assert write_yaml(data) == (
        'a: |\n  one\n  two\nb:\n  - x\n  - c: |2-\n       indented\n\n      last\nd: {}\ne: []\nf: "\\n"\n'
    )


WORDS = ["no", "On", "y", "NULL", "~", "7", "1e3", "0o7", "1:30", "2001-01-01", "=", "<<", "- a"]
WORDS += [
    "a: b",
    "a #b",
    "#",
    "a:",
    " a",
    "a ",
    "",
    "'",
    '"',
    "\\",
    "\t",
    "@",
    "{{x}}",
    "é",
    "\x85",
]


@pytest.mark.parametrize("word", WORDS)
def test_older_readers_take_texts_for_texts_too(word: str) -> None:
    text = write_yaml({word: word, "list": [word], "lines": f"{word}\nx"})
    again = {word: word, "list": [word], "lines": f"{word}\nx"}
    assert yaml.safe_load(text) == parse_yaml(text) == again


def test_a_form_is_told_by_the_name_or_by_the_text() -> None:
    assert [form_of(name) for name in ("a.json", "b.YML", "c.yaml", "-", "d")] == [
        *(Form.JSON, Form.YAML, Form.YAML, None, None)
    ]
    assert guess_form('\ufeff \n{"a": 1}') == guess_form(b"[") == guess_form("  ") == Form.JSON
    assert guess_form("name: x") == guess_form(b"---\n{}") == Form.YAML
