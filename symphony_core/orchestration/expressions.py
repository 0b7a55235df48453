"""Evaluates conditions on data only: no object, no code, nothing that can take long.

A path is looked up in the data, the longest key first; see `expression_syntax` for the rest.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

from symphony_core.errors import ExpressionError
from symphony_core.orchestration.expression_syntax import MAX_NUMBER, parse
from symphony_core.paths import MISSING, resolve, suggestion

__all__ = ["ExpressionError", "check", "evaluate", "paths"]

MAX_TEXT = 1_000_000  # characters of a text that a method works on or makes
MAX_WORK = 32 * MAX_TEXT  # characters and list items that one evaluation works on or makes in all

_ITEM = 50  # a list's item takes the room of so many characters

_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}


def check(expression: str) -> None:
    """Check that a condition can be read.

    Raises:
        ExpressionError: it cannot; the message says which part and what there is instead.
    """
    parse(expression)


def paths(expression: str) -> list[str]:
    """Return the paths that a condition refers to, in its order."""
    return list(parse(expression).paths.values())


def evaluate(expression: str, data: Mapping[str, Any]) -> bool:
    """Tell whether a condition holds.

    Raises:
        ExpressionError: it cannot be read, or a value is missing or of the wrong kind.
    """
    condition = parse(expression)
    return bool(_Evaluation(condition.paths, data).value(condition.tree))


class _Evaluation:
    """One evaluation over one set of data; a method for each kind of node."""

    def __init__(self, paths: Mapping[str, str], data: Mapping[str, Any]) -> None:
        self._paths = paths
        self._data = data
        self._work_left = MAX_WORK

    def value(self, node: ast.expr) -> Any:
        handler: Callable[[Any], Any] = getattr(self, f"_{type(node).__name__.lower()}")
        return handler(node)

    def _constant(self, node: ast.Constant) -> Any:
        return node.value

    def _name(self, node: ast.Name) -> Any:
        path = self._paths[node.id]
        value = resolve(path, self._data, MISSING)
        if value is MISSING:
            raise ExpressionError(f"{path!r} has no value here.{suggestion(path, self._data)}")
        return _plain(value, path)

    def _attribute(self, node: ast.Attribute) -> Any:
        holder = self.value(node.value)
        if not isinstance(holder, Mapping) or node.attr not in holder:
            raise ExpressionError(f"There is no {node.attr!r} in {_shown(holder)}.")
        return _plain(holder[node.attr], node.attr)

    def _subscript(self, node: ast.Subscript) -> Any:
        holder = self.value(node.value)
        key = (
            self._slice(node.slice) if isinstance(node.slice, ast.Slice) else self.value(node.slice)
        )
        try:
            return self._worked(_plain(holder[key], str(key)))
        except (KeyError, IndexError, TypeError):
            raise ExpressionError(f"There is no {key!r} in {_shown(holder)}.") from None

    def _slice(self, node: ast.Slice) -> slice:
        bounds = [self.value(bound) if bound else None for bound in (node.lower, node.upper)]
        return slice(*bounds)

    def _list(self, node: ast.List) -> list[Any]:
        return [self.value(item) for item in node.elts]

    def _tuple(self, node: ast.Tuple) -> tuple[Any, ...]:
        return tuple(self.value(item) for item in node.elts)

    def _ifexp(self, node: ast.IfExp) -> Any:
        return self.value(node.body if self.value(node.test) else node.orelse)

    def _boolop(self, node: ast.BoolOp) -> Any:
        ends = isinstance(node.op, ast.Or)
        value = None
        for part in node.values:
            value = self.value(part)
            if bool(value) is ends:
                break
        return value

    def _unaryop(self, node: ast.UnaryOp) -> Any:
        value = self.value(node.operand)
        if isinstance(node.op, ast.Not):
            return not value
        return -_number(value) if isinstance(node.op, ast.USub) else _number(value)

    def _binop(self, node: ast.BinOp) -> Any:
        left, right = _number(self.value(node.left)), _number(self.value(node.right))
        try:
            return _number(_ARITHMETIC[type(node.op)](left, right))
        except ZeroDivisionError:
            raise ExpressionError("The condition divides by zero.") from None

    def _compare(self, node: ast.Compare) -> bool:
        left = self.value(node.left)
        for compare, right_node in zip(node.ops, node.comparators, strict=True):
            right = self.value(right_node)
            self._worked(left, right)
            try:
                holds = _COMPARISONS[type(compare)](left, right)
            except TypeError:
                raise ExpressionError(
                    f"{_shown(left)} and {_shown(right)} cannot be compared like that; "
                    "int() makes a number of a text."
                ) from None
            if not holds:
                return False
            left = right
        return True

    def _call(self, node: ast.Call) -> Any:
        arguments = [self.value(argument) for argument in node.args]
        if isinstance(node.func, ast.Attribute):
            text = self._worked(self.value(node.func.value))
            return self._worked(_call_method(text, node.func.attr, arguments))
        assert isinstance(node.func, ast.Name)
        self._worked(*arguments)
        return _call_function(node.func.id, arguments)

    def _worked(self, *values: Any) -> Any:
        """Count what is worked on, so that a short condition over long texts ends soon too."""
        for value in values:
            if isinstance(value, str):
                self._work_left -= len(value)
            elif isinstance(value, list | tuple | Mapping):
                self._work_left -= _ITEM * len(value)
        if self._work_left < 0:
            raise ExpressionError(
                "The condition works on too much text: compare less, or in several steps."
            )
        return values[0] if values else None


def _call_method(text: Any, name: str, arguments: list[Any]) -> Any:
    if not isinstance(text, str):
        raise ExpressionError(f".{name}() is for texts, and {_shown(text)} is none.")
    many = name in ("startswith", "endswith")
    usable = [tuple(a) if many and isinstance(a, list | tuple) else a for a in arguments]
    if len(text) > MAX_TEXT or _grows_too_long(text, name, usable):
        raise ExpressionError(f".{name}() is for texts of up to {MAX_TEXT:,} characters.")
    try:
        return getattr(text, name)(*usable)
    except (TypeError, ValueError) as error:
        raise ExpressionError(f".{name}(): {error}.") from None


def _grows_too_long(text: str, name: str, arguments: list[Any]) -> bool:
    if name != "replace" or not all(isinstance(argument, str) for argument in arguments):
        return False
    old, new = arguments
    times = text.count(old)
    return len(text) + times * (len(new) - len(old)) > MAX_TEXT


def _call_function(name: str, arguments: list[Any]) -> Any:
    try:
        return _FUNCTIONS[name](*arguments)
    except (TypeError, ValueError, OverflowError):
        shown = ", ".join(_shown(argument) for argument in arguments)
        raise ExpressionError(f"{name}() cannot be used on {shown}.") from None


def _int(value: Any) -> int:
    if isinstance(value, str) and len(value) > 40:
        raise ValueError
    return int(_number(int(value)))


def _float(value: Any) -> float:
    if isinstance(value, str) and len(value) > 60:
        raise ValueError
    return float(_number(float(value)))


def _str(value: Any) -> str:
    if value is not None and not isinstance(value, str | bool | int | float):
        raise TypeError
    return str(value)


def _among(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    def call(values: Any) -> bool:
        if not isinstance(values, list | tuple):
            raise TypeError
        return check(values)

    return call


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "len": len,
    "int": _int,
    "float": _float,
    "str": _str,
    "bool": bool,
    "abs": lambda value: abs(_number(value)),
    "round": lambda value: round(_number(value)),
    "min": min,
    "max": max,
    "any": _among(any),
    "all": _among(all),
}


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ExpressionError(f"{_shown(value)} is no number; int() makes one of a text.")
    if not abs(value) <= MAX_NUMBER:  # neither infinite, nor no number at all
        raise ExpressionError(f"A number has become larger than {MAX_NUMBER:,}.")
    return value


def _plain(value: Any, name: str) -> Any:
    if value is None or isinstance(value, str | bool | int | float | list | tuple | Mapping):
        return value
    raise ExpressionError(f"{name!r} is not a text, number or list.")


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return "a group of values"
    if isinstance(value, list | tuple):
        return "a list"
    text = repr(value) if not isinstance(value, str) else repr(value[:40])
    return text if not isinstance(value, str) or len(value) <= 40 else text[:-1] + "…'"
