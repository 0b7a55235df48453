"""A condition as a small form (a value, a comparison, what it is compared with), and back.

Only what is written by `expression_of` is read by `form_of`, so that reading a condition and
writing it again never changes what it means. Everything else stays an expression.
"""

import ast
from dataclasses import dataclass, replace

from symphony_core.errors import ExpressionError
from symphony_core.orchestration.expression_syntax import MAX_NUMBER, Condition, parse

Value = str | float | tuple[str, ...]

IS, IS_NOT, EMPTY, NOT_EMPTY = "is", "is_not", "is_empty", "is_not_empty"
CONTAINS, CONTAINS_NOT, STARTS, ONE_OF = "contains", "contains_not", "starts_with", "one_of"
MORE, AT_LEAST, LESS, AT_MOST = "more", "at_least", "less", "at_most"

COMPARISONS: dict[str, str] = {
    IS: "is",
    IS_NOT: "is not",
    CONTAINS: "contains",
    CONTAINS_NOT: "does not contain",
    STARTS: "starts with",
    ONE_OF: "matches one of",
    EMPTY: "is empty",
    NOT_EMPTY: "is not empty",
    MORE: "is more than",
    AT_LEAST: "is at least",
    LESS: "is less than",
    AT_MOST: "is at most",
}
"""Every comparison, as it is said."""

NUMBERS = (MORE, AT_LEAST, LESS, AT_MOST)
WITHOUT_VALUE = (EMPTY, NOT_EMPTY)

_TEXTS = ("result", "decision", "note", "branch_taken", "name", "task_id", "agent_id")
_SIGNS = {MORE: ">", AT_LEAST: ">=", LESS: "<", AT_MOST: "<="}
_FOLDING = ("lower", "upper", "casefold")
_METHODS = ("strip", *_FOLDING)
_CASTS = ("str", "int", "float")


@dataclass(frozen=True)
class ConditionForm:
    """A condition that has one comparison.

    `value` is a number for the comparisons of numbers, texts for `one_of`, else a text. The
    value at `path` is first made what `cast` says, then changed by the text `methods` in turn.
    """

    path: str
    comparison: str = IS
    value: Value = ""
    cast: str = ""
    methods: tuple[str, ...] = ("strip", "lower")

    @property
    def ignores_case(self) -> bool:
        """Whether upper and lower case are the same."""
        return any(method in _FOLDING for method in self.methods)


def filled(path: str, comparison: str, value: Value, *, ignores_case: bool) -> ConditionForm:
    """Return the form as people fill it in: blanks around a text do not count."""
    if comparison in NUMBERS:
        return ConditionForm(path, comparison, _number(value), "float", ())
    cast = "" if path.rpartition(".")[2] in _TEXTS and path.startswith("step.") else "str"
    has_case = ignores_case and comparison not in WITHOUT_VALUE
    methods = ("strip", "lower") if has_case else ("strip",)
    return ConditionForm(path, comparison, _text(comparison, value), cast, methods)


def changed(
    form: ConditionForm, path: str, comparison: str, value: Value, *, ignores_case: bool
) -> ConditionForm:
    """Return the form filled in anew; how it treats blanks and case stays where it can."""
    new = filled(path, comparison, value, ignores_case=ignores_case)
    stays = (
        (comparison in NUMBERS) == (form.comparison in NUMBERS)
        and (comparison in WITHOUT_VALUE) == (form.comparison in WITHOUT_VALUE)
        and ignores_case == form.ignores_case
    )
    if not stays:
        return new
    return replace(new, methods=form.methods, cast=form.cast if path == form.path else new.cast)


def expression_of(form: ConditionForm) -> str:
    """Return the condition."""
    subject = f"{form.cast}({form.path})" if form.cast else form.path
    subject += "".join(f".{method}()" for method in form.methods)
    match form.comparison:
        case "is_empty":
            return f"{subject} == ''"
        case "is_not_empty":
            return f"{subject} != ''"
        case "one_of":
            texts = form.value if isinstance(form.value, tuple) else (str(form.value),)
            return f"{subject} in [{', '.join(_quoted(text, form) for text in texts)}]"
        case "contains" | "contains_not":
            word = "in" if form.comparison == CONTAINS else "not in"
            return f"{_quoted(form.value, form)} {word} {subject}"
        case "starts_with":
            return f"{subject}.startswith({_quoted(form.value, form)})"
        case "is" | "is_not":
            sign = "==" if form.comparison == IS else "!="
            return f"{subject} {sign} {_quoted(form.value, form)}"
        case _:
            return f"{subject} {_SIGNS[form.comparison]} {_digits(_number(form.value))}"


def form_of(expression: str) -> ConditionForm | None:
    """Return the form of a condition; None if it is more than one comparison, or no condition."""
    try:
        condition = parse(expression)
        form = _read(condition)
        again = parse(expression_of(form)) if form else None
    except ExpressionError:
        return None
    is_same = (
        again is not None
        and ast.dump(again.tree) == ast.dump(condition.tree)
        and again.paths == condition.paths
    )
    return form if is_same else None


def _read(condition: Condition) -> ConditionForm | None:
    tree = condition.tree
    if isinstance(tree, ast.Call):
        is_start = isinstance(tree.func, ast.Attribute) and tree.func.attr == "startswith"
        if is_start and isinstance(tree.func, ast.Attribute):
            return _form(condition, tree.func.value, STARTS, tree.args[0])
        return None
    if not isinstance(tree, ast.Compare) or len(tree.ops) != 1:
        return None
    left, sign, right = tree.left, tree.ops[0], tree.comparators[0]
    if isinstance(sign, ast.In | ast.NotIn):
        if isinstance(right, ast.List):
            return _form(condition, left, ONE_OF, right)
        is_in = isinstance(sign, ast.In)
        return _form(condition, right, CONTAINS if is_in else CONTAINS_NOT, left)
    kinds: dict[type[ast.cmpop], str] = {
        **{ast.Eq: IS, ast.NotEq: IS_NOT},
        **{ast.Gt: MORE, ast.GtE: AT_LEAST, ast.Lt: LESS, ast.LtE: AT_MOST},
    }
    comparison = kinds.get(type(sign))
    return _form(condition, left, comparison, right) if comparison else None


def _form(
    condition: Condition, subject: ast.expr, comparison: str, value: ast.expr
) -> ConditionForm | None:
    methods: list[str] = []
    while isinstance(subject, ast.Call) and isinstance(subject.func, ast.Attribute):
        if subject.args or subject.func.attr not in _METHODS:
            return None
        methods.insert(0, subject.func.attr)
        subject = subject.func.value
    cast = ""
    if isinstance(subject, ast.Call) and isinstance(subject.func, ast.Name):
        cast, subject = subject.func.id, subject.args[0]
    if not isinstance(subject, ast.Name) or cast not in ("", *_CASTS):
        return None
    found = _value(value)
    if found is None or (comparison in NUMBERS) != isinstance(found, float):
        return None
    if found == "" and comparison in (IS, IS_NOT):
        comparison = EMPTY if comparison == IS else NOT_EMPTY
    return ConditionForm(condition.paths[subject.id], comparison, found, cast, tuple(methods))


def _value(node: ast.expr) -> Value | None:
    if isinstance(node, ast.List):
        texts = [_value(item) for item in node.elts]
        return tuple(map(str, texts)) if all(isinstance(text, str) for text in texts) else None
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        found = _value(node.operand)
        return -found if isinstance(found, float) else None
    if not isinstance(node, ast.Constant) or isinstance(node.value, bool):
        return None
    if isinstance(node.value, str):
        return node.value
    return float(node.value) if isinstance(node.value, int | float) else None


def _quoted(text: Value, form: ConditionForm) -> str:
    """Return a text as it stands in a condition; with the case that is left of the other side."""
    said = str(text)
    for method in form.methods:
        if method in _FOLDING:
            said = getattr(said, method)()
    return repr(said)


def _text(comparison: str, value: Value) -> Value:
    if comparison in WITHOUT_VALUE:
        return ""
    if comparison == ONE_OF:
        return value if isinstance(value, tuple) else tuple(filter(None, [str(value)]))
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _number(value: Value) -> float:
    try:
        number = float(value) if isinstance(value, str | int | float) else 0.0
    except ValueError:
        return 0.0
    return number if abs(number) <= MAX_NUMBER else 0.0


def _digits(number: float) -> str:
    """Return a number as a condition has it: no exponents, no needless point."""
    return str(int(number)) if number.is_integer() else repr(number)
