"""Why a condition held or did not, in words."""

import pytest

from dashboard.viewmodels.plain_conditions import reason

NAMES = {"judge": "Judge", "ask": "Ask"}


@pytest.mark.parametrize(
    ("condition", "holds", "said"),
    [
        ("'the end' in step.result.lower()", True, "the newest text contained “the end”"),
        ("'the end' in step.result.lower()", False, "the newest text did not contain “the end”"),
        ("step.judge.result == 'urgent'", True, "the answer of “Judge” was “urgent”"),
        ("'urgent' != step.judge.result.strip()", False, "the answer of “Judge” was “urgent”"),
        ("int(step.judge.result) >= 8", False, "the answer of “Judge” was less than 8"),
        ("8 > float(step.judge.result)", True, "the answer of “Judge” was less than 8"),
        ("step.ask.decision == 'rejected'", False, "the decision on “Ask” was not “rejected”"),
        ("not 'x' in topic", True, "“topic” did not contain “x”"),
        (
            "step.judge.result == 'a' or topic == 'b'",
            False,
            "the answer of “Judge” was not “a” and “topic” was not “b”",
        ),
    ],
)
def test_a_simple_comparison_is_told(condition: str, holds: bool, said: str) -> None:
    assert reason(condition, holds, NAMES) == said


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("False", False),
        ("len(step.judge.result) > 3", True),
        ("step.judge.result == 'a' or topic == 'b'", True),
        ("step.judge.result == 'a' and topic == 'b'", False),
        ("step.unknown.result == 'a'", True),
        ("step.judge.results.0.name == 'a'", True),
        ("1 < int(topic) < 3", True),
        ("topic == ''", True),
        ("'a' == 'a'", True),
        ("((", True),
    ],
)
def test_of_anything_else_nothing_is_said(condition: str, holds: bool) -> None:
    assert reason(condition, holds, NAMES) is None
