"""Agents as the pages show them: the finished prompt, and what differs between versions."""

import pytest

from dashboard.viewmodels.agent_changes import changes, version_views
from dashboard.viewmodels.agent_prompt import prompt_view
from dashboard.viewmodels.agents import AgentForm
from symphony_core.agent_config import AgentConfig
from symphony_core.agent_shelf import document_of
from symphony_core.agent_version import AgentVersion
from symphony_core.errors import TemplateError


def form(instructions: str, *variables: tuple[str, str]) -> AgentForm:
    return AgentForm("A", "R", instructions=instructions, variables=list(variables))


@pytest.mark.parametrize(
    ("instructions", "variables"),
    [
        ("Write about {{subject}} and {subject}, not { subject }.", {"subject": "{{rain}}"}),
        ('JSON such as {"a": 1} stays, {other} too.', {"subject": "x"}),
        ("  {{ a }}{{b}}\n", {"a": "", "b": "{a}"}),
    ],
)
def test_the_finished_prompt_is_what_will_be_sent(
    instructions: str, variables: dict[str, str]
) -> None:
    agent = AgentConfig(
        name="A", role="R", instruction_template=instructions.strip(), variables=variables
    )
    shown = prompt_view(form(instructions, *variables.items()))
    assert shown.text == agent.get_system_prompt()
    assert not shown.problems


def test_what_has_no_value_is_marked_where_it_stands() -> None:
    shown = prompt_view(form("Be {{tone}}. See {{step.a.result}}, {{tone}}.", ("spare", "")))
    assert [(piece.kind, piece.text) for piece in shown.pieces] == [
        ("plain", "Be "),
        ("missing", "tone"),
        ("plain", ". See "),
        ("missing", "step.a.result"),
        ("plain", ", "),
        ("missing", "tone"),
        ("plain", "."),
    ]
    assert list(shown.missing) == ["tone"]
    assert len(shown.problems) == 2
    assert shown.remarks == ["The variable 'spare' stands nowhere in it."]


def test_a_slip_is_pointed_out() -> None:
    remarks = prompt_view(form("Be {tone} to {{who}}. {} {1}", ("who", ""))).remarks
    assert remarks == [
        "The variable 'who' is empty.",
        "{tone} stays as it is: no variable has that name.",
    ]


def test_instructions_that_cannot_be_read_raise() -> None:
    with pytest.raises(TemplateError, match="unclosed"):
        prompt_view(form("Be {{tone"))


def document(**fields: object) -> dict[str, object]:
    given = {"id": "a", "name": "A", "role": "R", "instruction_template": "Be good.", **fields}
    return document_of(AgentConfig.model_validate(given))


def test_each_field_that_differs_is_told_by_its_name() -> None:
    before = document(variables={"x": "1", "gone": "2"}, settings={"temperature": 0.5})
    after = document(
        instruction_template="Be\nbetter.",
        variables={"x": "2"},
        capabilities={"expertise": ["a", "b"]},
        settings={"seed": 3},
        answer_choices=["yes, please", "no"],
    )
    found = {change.label: (change.before, change.after) for change in changes(before, after)}
    assert found == {
        "Instructions": ("Be good.", "Be\nbetter."),
        "Expertise": ("", "a, b"),
        "Temperature": ("0.5", ""),
        "Seed": ("", "3"),
        "Variable 'x'": ("1", "2"),
        "Variable 'gone'": ("2", ""),
        "Answer choices": ("", "yes, please\nno"),
    }
    assert [change.label for change in changes(before, after) if not change.is_short] == [
        "Instructions",
        "Answer choices",
    ]
    assert changes(after, after) == []


def test_each_version_says_what_it_has_changed() -> None:
    versions = [
        AgentVersion(agent_id="a", number=number, document=document(role=role))
        for number, role in [(3, "S"), (2, "R"), (1, "R")]
    ]
    assert [(view.number, view.changed, view.is_newest) for view in version_views(versions)] == [
        (3, ("Role",), True),
        (2, (), False),
        (1, (), False),
    ]
