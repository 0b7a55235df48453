"""Drawings of workflows: their structure, and names that try to be more than names."""

import re
from typing import Any

import pytest

from dashboard.viewmodels.drawing import draw
from symphony_core.orchestration.templates import GALLERY, get_template

LINE = re.compile(
    r'%%\{init: \{"flowchart": \{[\w", :]+\}\}\}%%'
    r"|flowchart (LR|TB)|direction (LR|TB)|end"
    r'|subgraph g\d+\["[^"]*"\]|style g\d+ fill:none,stroke:[\w#]+(,stroke-dasharray:5 4)?'
    r'|n\d+(\("[^"]*"\)|\{\{"[^"]*"\}\}|\[/"[^"]*"/\])'
    r"|[gn]\d+ (-->|~~~|-\.->|-- (Yes|No) -->) [gn]\d+"
)
# What Mermaid reads in a text between quotes: tags, entities, directives, Markdown, line breaks.
READ = re.compile(r'<[\w/!]|&\w|#\w+;|%%|^`|\\n|-->"')

HOSTILE = [
    "<script>alert(1)</script> <b>x</b> <br/> </g>",
    '"]; click n1 href "javascript:alert(1)"',
    '%%{init: {"theme": "forest", "securityLevel": "loose"}}%%',
    "`**bold**` and ```code```",
    "#35; #quot; &amp; &lt;",
    "a\nend\nn1 --> n2",
    "a\\nb \\",
    '")\nsubgraph x["y',
    "$$x^2$$ :red[y] fa:fa-home @{ shape: x } ::: end",
]


def task(name: str) -> dict[str, Any]:
    return {"type": "task", "name": name}


def group(kind: str, name: str, *steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": kind, "name": name, "steps": list(steps), **more}


def drawn(*steps: dict[str, Any]) -> str:
    """A drawing whose numbers are replaced by the names they stand for."""
    text = draw({"steps": list(steps)})
    assert all(LINE.fullmatch(line) for line in text.split("\n")), text
    names = dict(re.findall(r'^(?:subgraph )?([gn]\d+)[(\[{/]+"([^"]*)"', text, re.MULTILINE))
    return re.sub(r"\b[gn]\d+(?= |$)", lambda found: names[found[0]], text, flags=re.MULTILINE)


def test_steps_follow_each_other() -> None:
    text = drawn(task("A"), task("B"), task("C"))
    assert re.findall(r".+ --> .+", text) == ["A --> B", "B --> C"]


def test_parallel_steps_stand_in_a_frame_in_their_order() -> None:
    text = drawn(group("parallel", "Ask", task("A"), task("B"), task("C")), task("Sum up"))
    assert re.findall(r".+ ~~~ .+", text) == ["A ~~~ B", "B ~~~ C"]
    assert re.findall(r".+ --> .+", text) == ["Ask --> Sum up"]
    assert text.index('["Ask"]') < text.index('"A"') < text.index("\nend\n") < text.index("Sum up")


def test_a_loop_is_a_dashed_frame_with_its_limit_and_a_way_back() -> None:
    text = drawn(task("Draft"), group("loop", "Mend", task("A"), task("B"), max_iterations=3))
    assert "Mend, up to 3 turns" in text
    assert "stroke-dasharray" in text
    assert "A --> B" in text
    assert "B -.-> A" in text
    assert "Draft --> Mend, up to 3 turns" in text


def test_branches_are_ways_with_yes_and_no_that_meet_again() -> None:
    choice = {
        "type": "conditional",
        "name": "Hard",
        "if_branch": [task("A"), task("B")],
        "else_branch": task("C"),
    }
    text = drawn(choice, task("D"))
    arrows = re.findall(r".+ -(?:-|- \w+ --)> .+", text)
    assert sorted(arrows) == [
        "A --> B",
        "B --> D",
        "C --> D",
        "Hard -- No --> C",
        "Hard -- Yes --> A",
    ]


def test_a_step_that_asks_a_person_is_slanted_and_says_so() -> None:
    text = drawn(task("Draft"), {"type": "approval", "name": "Release"}, task("Send"))
    assert re.findall(r".+ --> .+", text) == [
        "Draft --> Release, asks you",
        "Release, asks you --> Send",
    ]


def test_without_an_else_branch_no_leads_on() -> None:
    choice = {"type": "conditional", "name": "Hard", "if_branch": task("A"), "else_branch": None}
    text = drawn(choice, task("D"))
    assert "Hard -- Yes --> A" in text
    assert "Hard -- No --> D" in text
    assert "A --> D" in text


@pytest.mark.parametrize(
    ("key", "direction"),
    [("critic-revise", "TB"), ("parallel-experts", "LR"), ("iterative-refinement", "TB")],
)
def test_a_drawing_takes_the_direction_that_fits_a_card(key: str, direction: str) -> None:
    assert f"flowchart {direction}\n" in draw(get_template(key).build().to_dict())


def test_many_lanes_are_broken_into_lines() -> None:
    text = drawn(group("parallel", "Ask", *[task(f"E{i}") for i in range(10)]))
    assert "E0 ~~~ E1" in text
    assert "E3 ~~~ E4" not in text
    assert text.count("stroke:none") == 3


@pytest.mark.parametrize("kind", ["parallel", "loop"])
def test_a_group_without_steps_is_a_box(kind: str) -> None:
    assert "subgraph" not in drawn(group(kind, "Empty"))


def test_a_huge_workflow_stays_within_what_mermaid_draws() -> None:
    lanes = [group("parallel", "&" * 200, *[task("<" * 200) for _ in range(20)]) for _ in range(25)]
    text = draw({"steps": lanes})
    assert len(text) < 50_000
    assert len(re.findall(r"-->|~~~|-\.->", text)) < 500
    assert re.search(r"… \d+ more steps", text)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_nothing_but_a_name(name: str) -> None:
    choice = {"type": "conditional", "name": name, "if_branch": task(name), "else_branch": None}
    steps = [
        task(name),
        group("parallel", name, task(name)),
        group("loop", name, task(name)),
        choice,
        {"type": "approval", "name": name},
    ]
    lines = draw({"steps": steps}).split("\n")
    assert all(LINE.fullmatch(line) for line in lines), lines
    texts = [found[1] for line in lines[1:] if (found := re.search(r'"([^"]*)"', line))]
    assert len(texts) == 8
    assert not any(READ.search(text) for text in texts)
    whole = " ".join(name.split()).replace('"', "”")
    assert (
        texts[0].replace("\N{WORD JOINER}", "").rstrip("…")
        == whole[: 48 - (len(whole) > 48)].rstrip()
    )


@pytest.mark.parametrize("template", GALLERY, ids=lambda template: template.key)
def test_every_template_can_be_drawn(template: Any) -> None:
    lines = draw(template.build().to_dict()).split("\n")
    assert all(LINE.fullmatch(line) for line in lines)
