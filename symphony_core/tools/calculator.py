"""Calculates with exact fractions, within bounds of size that no expression can leave."""

import ast
import math
from collections.abc import Callable
from decimal import Context, Decimal, DecimalException, localcontext
from fractions import Fraction

from symphony_core.errors import ToolError

MAX_CHARACTERS = 300
MAX_NODES = 150
MAX_BITS = 10_000  # of a numerator or denominator: some 3,000 digits
MAX_EXPONENT = 3000  # of ten, in a number such as 1e9

_PRECISION = 50  # digits of what cannot be exact
_SHOWN = 20  # digits of what is shown as "about"
_LONGEST_DECIMAL = 30
_LONGEST_FRACTION = 10**10
_SIGNS = str.maketrans({"^": "**", "×": "*", "·": "*", "÷": "/", "−": "-", "–": "-"})
_PI = Fraction("3.14159265358979323846264338327950288419716939937510")
_CONTEXT = Context(prec=_PRECISION, Emax=MAX_EXPONENT, Emin=-MAX_EXPONENT)


async def calculator(expression: str) -> str:
    """Calculate exactly. Use it for every calculation, however small.

    Args:
        expression: Numbers with + - * / // % **, brackets, pi, and the functions abs, ceil,
            floor, max, min, round and sqrt, such as 3 * (2.5 + 4) or round(100 / 7, 2).
    """
    if len(expression) > MAX_CHARACTERS:
        raise ToolError(f"The expression is longer than {MAX_CHARACTERS} characters.")
    source = expression.translate(_SIGNS).strip()
    try:
        tree = ast.parse(source, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ToolError(
            f"{expression!r} cannot be read. Write it like 3 * (2.5 + 4), with no words, no units "
            "and no commas within numbers."
        ) from None
    if sum(1 for _ in ast.walk(tree)) > MAX_NODES:
        raise ToolError("The expression is too long: calculate its parts one by one.")
    try:
        calculation = _Calculation(source)
        return _text(calculation.value(tree.body), is_exact=calculation.is_exact)
    except ZeroDivisionError:
        raise ToolError("It divides by zero.") from None
    except DecimalException:
        raise _too_large() from None


class _Calculation:
    """Walks through one expression; what is not named here does not exist in one."""

    def __init__(self, source: str) -> None:
        self.is_exact = True
        self._source = source

    def value(self, node: ast.expr) -> Fraction:
        match node:
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                result = self._number(node, number)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                result = -self.value(inner)
            case ast.UnaryOp(op=ast.UAdd(), operand=inner):
                result = self.value(inner)
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                result = self._power(self.value(left), self.value(right))
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                result = Fraction(_OPERATORS[type(op)](self.value(left), self.value(right)))
            case ast.Name(id="pi"):
                self.is_exact, result = False, _PI
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                result = self._call(name, [self.value(each) for each in arguments])
            case _:
                raise ToolError(
                    f"A calculation has no {ast.get_source_segment(self._source, node)!r}. It has "
                    f"numbers, + - * / // % **, brackets, pi, and {', '.join(_FUNCTIONS)}."
                )
        return _within_bounds(result)

    def _number(self, node: ast.expr, number: float) -> Fraction:
        """The number as it is written: 0.1 is a tenth."""
        if isinstance(number, int):
            return Fraction(number)
        written = Decimal(str(ast.get_source_segment(self._source, node)).replace("_", ""))
        if written and abs(written.adjusted()) > MAX_EXPONENT:
            raise _too_large()
        return Fraction(written)

    def _power(self, base: Fraction, exponent: Fraction) -> Fraction:
        if exponent.denominator == 1:
            if _bits(base) * abs(exponent) > MAX_BITS and abs(base) != 1:
                raise _too_large()
            return Fraction(base**exponent.numerator) if abs(base) != 1 else _of_one(base, exponent)
        if base < 0:
            raise ToolError("A negative number has no such power.")
        self.is_exact = False
        with localcontext(_CONTEXT):
            return Fraction(_decimal(base) ** _decimal(exponent)) if base else base

    def _call(self, name: str, values: list[Fraction]) -> Fraction:
        known = _FUNCTIONS.get(name)
        if known is None:
            raise ToolError(f"There is no function {name!r}. There is: {', '.join(_FUNCTIONS)}.")
        least, most = known
        if not least <= len(values) <= most:
            raise ToolError(f"{name}() cannot have {len(values)} numbers.")
        if name == "sqrt":
            return self._root(values[0])
        if name == "round":
            return _rounded(*values)
        return Fraction(_PLAIN[name](*values))

    def _root(self, value: Fraction) -> Fraction:
        if value < 0:
            raise ToolError("A negative number has no square root.")
        root = Fraction(math.isqrt(value.numerator), math.isqrt(value.denominator))
        if root * root == value:
            return root
        self.is_exact = False
        with localcontext(_CONTEXT):
            return Fraction(_decimal(value).sqrt())


_OPERATORS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction | int]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.FloorDiv: lambda a, b: a // b,
    ast.Mod: lambda a, b: a % b,
}
_PLAIN: dict[str, Callable[..., Fraction | int]] = {
    "abs": abs,
    "ceil": math.ceil,
    "floor": math.floor,
    "max": max,
    "min": min,
}
_FUNCTIONS: dict[str, tuple[int, int]] = {  # how few and how many numbers
    "abs": (1, 1),
    "ceil": (1, 1),
    "floor": (1, 1),
    "max": (2, 50),
    "min": (2, 50),
    "round": (1, 2),
    "sqrt": (1, 1),
}


def _of_one(base: Fraction, exponent: Fraction) -> Fraction:
    return base if exponent.numerator % 2 else Fraction(1)


def _rounded(value: Fraction, digits: Fraction = Fraction(0)) -> Fraction:
    """Round as people do: a half goes away from zero."""
    if digits.denominator != 1 or abs(digits) > _PRECISION:
        raise ToolError(f"Numbers are rounded to a whole number of at most {_PRECISION} digits.")
    scale = Fraction(10) ** digits.numerator
    half = Fraction(math.floor(abs(value) * scale * 2 + 1), 2)
    return Fraction(math.floor(half)) / scale * (-1 if value < 0 else 1)


def _within_bounds(value: Fraction) -> Fraction:
    if _bits(value) > MAX_BITS:
        raise _too_large()
    return value


def _bits(value: Fraction) -> int:
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def _too_large() -> ToolError:
    return ToolError("A number in it is too large, or too close to zero, to be calculated with.")


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _text(value: Fraction, *, is_exact: bool) -> str:
    if is_exact and value.denominator == 1:
        return str(value.numerator)
    with localcontext(_CONTEXT) as context:
        exact = _decimal(value)
        if (
            is_exact
            and Fraction(exact) == value
            and len(exact.as_tuple().digits) <= _LONGEST_DECIMAL
        ):
            return f"{exact:f}"
        context.prec = _SHOWN
        about = f"about {+exact}"
    is_short = max(abs(value.numerator), value.denominator) < _LONGEST_FRACTION
    return f"{about} (exactly {value})" if is_exact and is_short else about
