"""Inputs declared, renamed, ordered and taken out; and where a new step can go."""

from typing import Any

from dashboard.viewmodels.input_changes import added, changed, moved, removed
from dashboard.viewmodels.spots import spots

TOPIC: dict[str, Any] = {
    "name": "topic",
    "label": "",
    "type": "text",
    "default": "7",
    "required": True,
}


def document(*steps: dict[str, Any]) -> dict[str, Any]:
    return {"name": "W", "inputs": [TOPIC, {**TOPIC, "name": "topic_two"}], "steps": list(steps)}


def task(query: str, id: str = "ask") -> dict[str, Any]:
    template = {"input_data": {"query": query}}
    return {"type": "task", "id": id, "name": "topic", "task_template": template}


def test_prompts_and_conditions_follow_a_new_name() -> None:
    branch = {
        "type": "conditional",
        "id": "way",
        "name": "Way",
        "condition": "topic == 'topic' and topic_two != \"topic\" and step.topic.result == topic",
        "if_branch": [task("{{ topic }} {{topic_two}} {{step.topic.result}} topic")],
        "else_branch": [],
    }
    before = document(branch)
    after = changed(before, 0, {"name": "subject"})
    [step] = after["steps"]
    assert step["condition"] == (
        "subject == 'topic' and topic_two != \"topic\" and step.topic.result == subject"
    )
    [inner] = step["if_branch"]
    assert inner["name"] == "topic"
    assert inner["task_template"]["input_data"]["query"] == (
        "{{ subject }} {{topic_two}} {{step.topic.result}} topic"
    )
    assert before["steps"] == [branch]


def test_a_name_that_another_input_has_too_is_left_to_it() -> None:
    twice = {**document(task("{{topic}}")), "inputs": [TOPIC, TOPIC]}
    after = changed(twice, 1, {"name": "other"})
    assert after["steps"] == twice["steps"]


def test_a_default_becomes_what_the_type_wants() -> None:
    number = changed(document(), 0, {"type": "number"})
    assert number["inputs"][0]["default"] == 7.0
    assert changed(number, 0, {"type": "text"})["inputs"][0]["default"] == "7"
    word = changed(document(), 0, {"default": "seven"})
    assert changed(word, 0, {"type": "number"})["inputs"][0]["default"] is None


def test_inputs_are_added_under_free_names_moved_and_removed() -> None:
    more = added(added(document()))
    assert [each["name"] for each in more["inputs"]] == ["topic", "topic_two", "input", "input_2"]
    assert [each["name"] for each in moved(more, 3, -1)["inputs"]][2:] == ["input_2", "input"]
    assert [each["name"] for each in removed(more, 0)["inputs"]][0] == "topic_two"


def test_the_places_around_a_step_come_in_the_order_of_likelihood() -> None:
    loop = {"type": "loop", "id": "again", "name": "Again", "steps": []}
    made = document(loop, {**task("x"), "name": "Last"})
    assert [spot.words for spot in spots(made, None)] == ["At the end", "At the start"]
    assert [spot.words for spot in spots(document(), None)] == ["At the end"]
    assert [spot.words for spot in spots(made, "again")] == [
        "Into Again",
        "After Again",
        "Before Again",
    ]
    assert [spot.words for spot in spots(made, "ask")] == ["After Last", "Before Last"]
