"""Why a condition held or did not, in words for people who do not read conditions."""

import ast
from collections.abc import Mapping

from dashboard.viewmodels.words import cut
from symphony_core.errors import ExpressionError
from symphony_core.orchestration.expression_syntax import Condition, parse

LONGEST_VALUE = 40

# What is said where the comparison holds, and where it does not.
_SAID: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Eq: ("was {}", "was not {}"),
    ast.NotEq: ("was not {}", "was {}"),
    ast.Gt: ("was more than {}", "was not more than {}"),
    ast.GtE: ("was at least {}", "was less than {}"),
    ast.Lt: ("was less than {}", "was at least {}"),
    ast.LtE: ("was at most {}", "was more than {}"),
}
_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
}
_SAME_TO_A_READER = ("lower", "upper", "casefold", "strip", "int", "float", "str")


def reason(condition: str, holds: bool, names: Mapping[str, str]) -> str | None:
    """Return what made a condition hold or not; None where it is more than a simple comparison.

    `names` gives the steps' names by their ids.
    """
    try:
        parsed = parse(condition)
    except ExpressionError:
        return None
    return _said(parsed.tree, holds, _Reader(parsed, names))


class _Reader:
    """Tells what the parts of one condition are called."""

    def __init__(self, condition: Condition, names: Mapping[str, str]) -> None:
        self._paths = condition.paths
        self._names = names

    def subject(self, node: ast.expr) -> str | None:
        """Return what a value that is looked up is called; None for anything else."""
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Attribute) and called.attr in _SAME_TO_A_READER:
                return None if node.args else self.subject(called.value)
            if isinstance(called, ast.Name) and called.id in _SAME_TO_A_READER:
                return self.subject(node.args[0])
            return None
        return self._called(self._paths.get(node.id)) if isinstance(node, ast.Name) else None

    def _called(self, path: str | None) -> str | None:
        if path is None:
            return None
        if path == "step.result":
            return "the newest text"
        if not path.startswith("step."):
            return f"“{path}”"
        step_id, _, field = path.removeprefix("step.").partition(".")
        name = self._names.get(step_id)
        said = {"result": "the answer of", "decision": "the decision on"}.get(field)
        return f"{said} “{name}”" if name and said else None


def _said(node: ast.expr, holds: bool, reader: _Reader) -> str | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return _said(node.operand, not holds, reader)
    if isinstance(node, ast.BoolOp):
        # Where an `or` holds, or an `and` does not, it is not known here which part made it so.
        all_count = isinstance(node.op, ast.And) == holds
        parts = [_said(value, holds, reader) for value in node.values] if all_count else [None]
        told = [part for part in parts if part]
        return " and ".join(told) if len(told) == len(parts) else None
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return _compared(node.left, type(node.ops[0]), node.comparators[0], holds, reader)
    return None


def _compared(
    left: ast.expr, kind: type[ast.cmpop], right: ast.expr, holds: bool, reader: _Reader
) -> str | None:
    if kind in (ast.In, ast.NotIn):
        subject, value = reader.subject(right), _value(left)
        said = "contained {}" if holds == (kind is ast.In) else "did not contain {}"
    else:
        if isinstance(left, ast.Constant):
            left, right, kind = right, left, _TURNED.get(kind, kind)
        subject, value = reader.subject(left), _value(right)
        said = _SAID.get(kind, ("", ""))[0 if holds else 1]
    return f"{subject} {said.format(value)}" if subject and value and said else None


def _value(node: ast.expr) -> str | None:
    if not isinstance(node, ast.Constant):
        return None
    value = node.value
    if isinstance(value, str):
        return f"“{cut(value, LONGEST_VALUE)}”" if value.strip() else None
    return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else None
