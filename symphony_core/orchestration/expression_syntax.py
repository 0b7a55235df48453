"""Reads a condition: paths first, for ids are no Python names, then a small part of Python.

What is not listed here does not exist in a condition.
"""

import ast
import re
from dataclasses import dataclass
from functools import lru_cache

from symphony_core.errors import ExpressionError

MAX_CHARACTERS = 4000
MAX_NODES = 300
MAX_DEPTH = 40
MAX_NUMBER = 10**15

METHODS: dict[str, tuple[int, int]] = {  # how few and how many arguments
    **dict.fromkeys(("lower", "upper", "casefold", "title", "capitalize", "splitlines"), (0, 0)),
    **dict.fromkeys(("isdigit", "isalpha", "isalnum", "isupper", "islower", "isspace"), (0, 0)),
    **dict.fromkeys(("istitle", "isnumeric", "isdecimal", "isascii"), (0, 0)),
    **dict.fromkeys(("strip", "lstrip", "rstrip", "split"), (0, 1)),
    **dict.fromkeys(("startswith", "endswith", "removeprefix", "removesuffix"), (1, 1)),
    **dict.fromkeys(("count", "find"), (1, 1)),
    "replace": (2, 2),
}
FUNCTIONS: dict[str, tuple[int, int]] = {
    **dict.fromkeys(("len", "int", "float", "str", "bool", "abs", "round", "any", "all"), (1, 1)),
    **dict.fromkeys(("min", "max"), (1, 20)),
}

_KEYWORDS = frozenset({"and", "or", "not", "in", "is", "if", "else", "True", "False", "None"})
_NODES = (
    *(ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.UAdd),
    *(ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod),
    *(ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE),
    *(ast.In, ast.NotIn, ast.Is, ast.IsNot, ast.IfExp, ast.Constant, ast.Name, ast.Load),
    *(ast.Attribute, ast.Subscript, ast.Slice, ast.Call, ast.List, ast.Tuple),
)
_INTERNALS = re.compile(
    r"(gi|cr|ag)_(frame|code|await|yieldfrom|running|origin)|tb_(frame|next)|co_code|mro"
    r"|f_(back|globals|locals|builtins|code)|func_(globals|code|closure)|im_(func|self|class)"
)
_TOKEN = re.compile(
    r"(?P<text>'(?:[^'\\\n]|\\[^\n])*'|\"(?:[^\"\\\n]|\\[^\n])*\")"
    r"|(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))"
    r"|(?P<step>step\.[A-Za-z0-9][A-Za-z0-9_-]*(?:\.(?:[A-Za-z_]\w*|\d+)(?!\w))*)"
    r"|(?P<name>[A-Za-z_]\w*(?:\.(?:[A-Za-z_]\w*|\d+)(?!\w))*)"
    r"|(?P<tail>\.[A-Za-z_]\w*)"
    r"|(?P<mark>==|!=|<=|>=|//|[<>()\[\],:+\-*/%]|\ )",
    re.ASCII,
)
_MEANT = {
    "=": " To compare, write ==.",
    "'": " A text ends with the sign it began with.",
    '"': " A text ends with the sign it began with.",
    "&": " Write and.",
    "|": " Write or.",
    "!": " Write not.",
}
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


@dataclass(frozen=True)
class Condition:
    """A condition that can be evaluated; names in the tree stand for paths."""

    tree: ast.expr
    paths: dict[str, str]


@lru_cache(maxsize=1024)
def parse(expression: str) -> Condition:
    """Read a condition.

    Raises:
        ExpressionError: it is empty, too long, or has something that conditions do not have.
    """
    if len(expression) > MAX_CHARACTERS:
        raise ExpressionError(f"The condition is longer than {MAX_CHARACTERS:,} characters.")
    if not expression.strip():
        raise ExpressionError("The condition is empty. A condition that always holds is: True")
    if hidden := _HIDDEN.search(expression):
        raise ExpressionError(f"The condition has an invisible character: {hidden.group()!r}.")
    source, paths = _replace_paths(expression.strip())
    tree = _parse(source)
    _check_tree(tree, paths)
    return Condition(tree, paths)


def _replace_paths(expression: str) -> tuple[str, dict[str, str]]:
    pieces: list[str] = []
    paths: dict[str, str] = {}
    at = 0
    while at < len(expression):
        token = _TOKEN.match(expression, at)
        if token is None:
            raise ExpressionError(
                f"Conditions have no {expression[at]!r} (character {at + 1})."
                f"{_MEANT.get(expression[at], '')}"
            )
        at = token.end()
        kind, text = token.lastgroup, token.group()
        if kind in ("step", "name"):
            is_call = expression[at:].lstrip(" ").startswith("(")
            text = _replace_path(text, is_call, paths)
            if expression[at : at + 1] in ("'", '"'):
                raise ExpressionError(f"A text has nothing before its quotes: {token.group()!r}.")
        pieces.append(text)
    return "".join(pieces), paths


def _replace_path(text: str, is_call: bool, paths: dict[str, str]) -> str:
    if text in _KEYWORDS or (is_call and text in FUNCTIONS):
        return f" {text} "
    path, dot, method = text.rpartition(".") if is_call else (text, "", "")
    if is_call and not dot:
        raise ExpressionError(f"Conditions have no {method}(). They have: {_listed(FUNCTIONS)}.")
    for segment in path.split("."):
        _check_name(segment)
    if path == "step" or (
        path.startswith("step.") and path.count(".") == 1 and path != "step.result"
    ):
        raise ExpressionError(
            f"{path!r} is a whole step: name one of its values, as in step.ID.result."
        )
    name = f"p{len(paths)}"
    paths[name] = path
    return f" {name}{dot}{method}"


def _parse(source: str) -> ast.expr:
    try:
        return ast.parse(source.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        is_syntax = isinstance(error, SyntaxError)
        reason = "something is missing or too much" if is_syntax else "it is nested too deeply"
        raise ExpressionError(f"The condition cannot be read: {reason}.") from None


def _check_tree(tree: ast.expr, paths: dict[str, str]) -> None:
    stack: list[tuple[ast.AST, int]] = [(tree, 1)]
    nodes = 0
    while stack:
        node, depth = stack.pop()
        nodes += 1
        if nodes > MAX_NODES or depth > MAX_DEPTH:
            raise ExpressionError("The condition is too complex: split it over several steps.")
        if not isinstance(node, _NODES):
            raise ExpressionError(f"Conditions have no {_kind(node)}.")
        _check_node(node, paths)
        stack += [(child, depth + 1) for child in _children(node)]


def _check_node(node: ast.AST, paths: dict[str, str]) -> None:
    match node:
        case ast.Constant(value=value):
            _check_constant(value)
        case ast.Name(id=name) if name not in paths:
            raise ExpressionError(f"{name!r} is a function: it needs its brackets.")
        case ast.Attribute(attr=name):
            _check_name(name)
        case ast.Call():
            _check_call(node)
        case ast.Slice(step=step) if step is not None:
            raise ExpressionError("A part of a text or list is [from:to], with no third number.")


def _check_call(call: ast.Call) -> None:
    if call.keywords:
        raise ExpressionError("Arguments in a condition have no names.")
    match call.func:
        case ast.Name(id=name):
            known = FUNCTIONS
        case ast.Attribute(attr=name):
            known = METHODS
        case _:
            raise ExpressionError("Only a function or a text's method can be called.")
    if name not in known:
        raise ExpressionError(f"Conditions have no {name}(). They have: {_listed(known)}.")
    least, most = known[name]
    if not least <= len(call.args) <= most:
        raise ExpressionError(f"{name}() cannot have {len(call.args)} arguments.")


def _check_constant(value: object) -> None:
    if value is not None and not isinstance(value, str | bool | int | float):
        raise ExpressionError(f"Conditions have no {type(value).__name__}.")
    if isinstance(value, int | float) and not abs(value) <= MAX_NUMBER:
        raise ExpressionError(f"A number in the condition is larger than {MAX_NUMBER:,}.")


def _check_name(name: str) -> None:
    if name.startswith("_") or _INTERNALS.fullmatch(name):
        raise ExpressionError(f"{name!r} is not a name that a value can have.")


def _children(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.Call):  # a function's own name is no path
        func = node.func
        return [*([func.value] if isinstance(func, ast.Attribute) else []), *node.args]
    return list(ast.iter_child_nodes(node))


def _kind(node: ast.AST) -> str:
    words = re.findall("[A-Z][a-z]*", type(node).__name__)
    return " ".join(words).lower()


def _listed(known: dict[str, tuple[int, int]]) -> str:
    return ", ".join(sorted(known))
