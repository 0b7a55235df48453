"""What the scripted model says when its script says nothing: readable text made from the prompt."""

import re
from collections.abc import Callable

_TOPIC = re.compile(r"\b(?:about|regarding|topic|subject)\b(?: of)?[:\s]+([^.?!\n]{3,80})", re.I)
_EDGES = " \t\n.,;:!?\"'“”*#-"
_LONGEST_TOPIC = 8  # words


def canned_text(prompt: str, instructions: str = "") -> str:
    """Return a few sentences that fit what the prompt asks for; the same for the same prompt."""
    return _writer(prompt, instructions)(topic_of(prompt))


def topic_of(prompt: str) -> str:
    """Return what the prompt seems to be about: what follows "about", else its first words."""
    found = _TOPIC.search(prompt)
    words = (found[1] if found else prompt).split()[:_LONGEST_TOPIC]
    return " ".join(words).strip(_EDGES) or "the question"


def _writer(prompt: str, instructions: str) -> Callable[[str], str]:
    """The verb that comes first says what is wanted: "review and improve" asks for a review."""
    for text in (prompt, instructions):
        found = [(m.start(), write) for verbs, write in _WRITERS if (m := verbs.search(text))]
        if found:
            return min(found, key=lambda pair: pair[0])[1]
    return _draft


def _draft(topic: str) -> str:
    return (
        f"Here is a first draft on {topic}. It starts with what most readers already know, then "
        "adds one example from everyday work. It ends with the question that is still open."
    )


def _critique(topic: str) -> str:
    return (
        f"The text on {topic} is clear, but it can be better. The opening promises more than the "
        "middle keeps: one claim has no example. Shorten the first paragraph, and end with what "
        "the reader should do next."
    )


def _revision(topic: str) -> str:
    return (
        f"Here is the improved version on {topic}. The opening is shorter, the claim in the middle "
        "now has its example, and the last sentence says what the reader can do next."
    )


def _synthesis(topic: str) -> str:
    return (
        f"Taken together, the contributions on {topic} agree on the main point and differ in "
        "emphasis. One stresses speed, another care; both ask for a small first step. The summary: "
        "begin small, measure, then decide."
    )


_WRITERS = (
    (re.compile(r"\b(?:synthesi[sz]|summari[sz]|combin|merg)\w*", re.I), _synthesis),
    (re.compile(r"\b(?:revis|improv|rewrit|refin)\w*", re.I), _revision),
    (re.compile(r"\b(?:review|critiqu|critici[sz]|evaluat|assess|feedback)\w*", re.I), _critique),
)
