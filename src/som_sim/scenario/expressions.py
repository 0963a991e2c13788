"""Arithmetic over parameters, as a user writes it: ``min(shelter_stay, 90 days) / 2``.

An expression has numbers, durations (``30 days``), names of parameters, ``+ - * / **``, brackets,
comparisons (1 where true, 0 where not), ``min``, ``max``, ``exp``, ``log``, ``sqrt`` and
``a if b > c else d``. Python's own parser reads the text into a tree; each node of the tree must be
on the list here, and `evaluation` calculates the tree. No code is run: there are no attributes, no
other calls, and no names but parameters. Length, depth and powers are bounded.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite

from som_sim.core.time import parse_duration
from som_sim.core.yaml_scalars import number_trap
from som_sim.scenario.units import DURATION, NUMBER, Unit

MAX_LENGTH = 300
MAX_DEPTH = 20
MAX_POWER = 100
ALLOWED = (
    "numbers, durations, parameters, + - * / **, brackets, comparisons, min, max, exp, log, sqrt, "
    "and 'a if b > c else d'"
)

_SIGNS = re.compile(r"[^\w\s.,æøåÆØÅ]|\bif\b")
_NO_ARITHMETIC = re.compile(r"[^A-Za-z+\-*/()<>=!]*")
_ALLOWED_TEXT = re.compile(r"[A-Za-z0-9_.,+\-*/()<>=! ]*")
_DURATION = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?\s+(?:hour|day|week|month|year)s?)\b")
_WORD = re.compile(r"(?<![\w.])[A-Za-z_]\w*")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_NUMBER = re.compile(r"\d+(\.\d+)?([eE][-+]?\d+)?")
DURATION_NAME = "DURATION_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """An expression that may be calculated.

    Attributes
    ----------
    text
        As the user wrote it.
    names
        The parameters it needs, in the order of the text.
    """

    text: str
    names: tuple[str, ...]


class CalculationError(ValueError):
    """An expression has no finite value.

    Attributes
    ----------
    reason
        What went wrong, such as ``division by zero``.
    position
        The first draw in which it did, as a position in the arrays given.
    """

    def __init__(self, reason: str, position: int) -> None:
        self.reason = reason
        self.position = position
        super().__init__(reason)


# Reading ---------------------------------------------------------------------------------------


def looks_like_expression(text: str) -> bool:
    """Say whether a text is meant as arithmetic, rather than as a name, a number or a duration.

    Examples
    --------
    >>> looks_like_expression("stay / 2"), looks_like_expression("61 dage")
    (True, False)
    """
    return _SIGNS.search(text) is not None and not _NO_ARITHMETIC.fullmatch(text)


@lru_cache(maxsize=16384)
def parse_expression(text: str) -> Expression:
    """Read an expression.

    Raises
    ------
    ValueError
        When the text is no expression, or holds what is not allowed in one.

    Examples
    --------
    >>> parse_expression("2 * stay if stay < 30 days else stay + long_stay").names
    ('stay', 'long_stay')
    """
    tree, _ = parsed(text)
    found = [one for one in ast.walk(tree) if isinstance(one, ast.Name)]
    in_text = dict.fromkeys(one.id for one in sorted(found, key=lambda one: one.col_offset))
    names = tuple(name for name in in_text if not name.startswith(DURATION_NAME))
    return Expression(text=text, names=names)


@lru_cache(maxsize=16384)
def parsed(text: str) -> tuple[ast.expr, tuple[float, ...]]:
    """Return the tree of an expression, checked.

    A call in it has the function's name as a constant, so that a name is always a parameter.

    Returns
    -------
    tree
    durations
        In years: what the names DURATION_0, DURATION_1, ... in the tree stand for.

    Raises
    ------
    ValueError
        When the text is no expression, or holds what is not allowed in one.
    """
    if len(text) > MAX_LENGTH:
        raise ValueError(f"an expression may have at most {MAX_LENGTH} characters")
    if not _ALLOWED_TEXT.fullmatch(text):
        bad = next(one for one in text if not _ALLOWED_TEXT.fullmatch(one))
        raise ValueError(f"{bad!r} is not allowed in an expression; it has {ALLOWED}")
    durations: list[float] = []

    def stand_in(found: re.Match[str]) -> str:
        trap = number_trap(found[1].split()[0])
        if trap:
            raise ValueError(trap)
        durations.append(parse_duration(found[1]).years)
        return f"{DURATION_NAME}{len(durations) - 1}"

    for word in _WORD.findall(text):
        if not _NAME.fullmatch(word):
            raise ValueError(f"'{word}' is no name of a parameter")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            replaced = _DURATION.sub(stand_in, text.strip())
            tree = ast.parse(replaced, mode="eval").body
    except (SyntaxError, RecursionError, MemoryError):
        why = f"an expression has {ALLOWED}"
        if text.count("(") > text.count(")"):
            why = "a bracket is not closed; between {} an expression with a comma stands in quotes"
        raise ValueError(f"'{text}' cannot be read as arithmetic; {why}") from None
    _check(tree, replaced, 0)
    return tree, tuple(durations)


OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)
COMPARISONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)
OF_ONE = ("exp", "log", "sqrt")
OF_SEVERAL = ("min", "max")
FUNCTIONS = (*OF_SEVERAL, *OF_ONE)


def _check(node: ast.expr, text: str, depth: int) -> None:
    """Raise unless a node and all below it are on the list."""
    if depth > MAX_DEPTH:
        raise ValueError(f"an expression may be at most {MAX_DEPTH} levels deep")
    below: list[ast.expr]
    match node:
        case ast.Name():
            below = []
        case ast.Constant():
            _check_number(node, text)
            below = []
        case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
            below = [node.operand]
        case ast.BinOp() if isinstance(node.op, OPERATORS):
            below = [node.left, node.right]
            power = _constant(node.right) if isinstance(node.op, ast.Pow) else 0
            if power is not None and abs(power) > MAX_POWER:
                raise ValueError(f"a power may be at most {MAX_POWER}")
        case ast.Compare() if all(isinstance(op, COMPARISONS) for op in node.ops):
            below = [node.left, *node.comparators]
        case ast.IfExp(test=ast.Compare()):
            below = [node.test, node.body, node.orelse]
        case ast.IfExp():
            raise ValueError("after 'if' comes a comparison, such as 'a if b > c else d'")
        case ast.Call():
            below = _check_call(node)
        case _:
            shown = ast.get_source_segment(text, node) or text
            raise ValueError(f"'{shown}' is not allowed in an expression; it has {ALLOWED}")
    for one in below:
        _check(one, text, depth + 1)


def _check_number(node: ast.Constant, text: str) -> None:
    written = ast.get_source_segment(text, node) or ""
    if not _NUMBER.fullmatch(written):
        raise ValueError(f"'{written}' is not a number; write digits and a decimal point")
    trap = number_trap(written)
    if trap:
        raise ValueError(trap)
    if not isfinite(float(written)):
        raise ValueError(f"{written} is too large a number")


def _check_call(node: ast.Call) -> list[ast.expr]:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name not in FUNCTIONS:
        called = f"'{name}'" if name else "this"
        raise ValueError(f"{called} is no function here; there are {', '.join(FUNCTIONS)}")
    starred = any(isinstance(one, ast.Starred) for one in node.args)
    few = len(node.args) != 1 if name in OF_ONE else len(node.args) < 2
    if node.keywords or starred or few:
        takes = "one value" if name in OF_ONE else "two values or more"
        raise ValueError(f"{name} takes {takes}")
    node.func = ast.Constant(value=name)
    return node.args


def _constant(node: ast.expr) -> float | None:
    """Return the value of a written number with or without a sign; None for anything else."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant):
        sign = -1 if isinstance(node.op, ast.USub) else 1
        return sign * float(node.operand.value)  # type: ignore[arg-type]
    return float(node.value) if isinstance(node, ast.Constant) else None  # type: ignore[arg-type]


# Units -----------------------------------------------------------------------------------------


def unit_of(expression: Expression, units: Mapping[str, Unit]) -> Unit:
    """Return the unit of an expression.

    Parameters
    ----------
    units
        The unit of each parameter that the expression names.

    Raises
    ------
    ValueError
        When units do not fit, saying both.

    Examples
    --------
    >>> str(unit_of(parse_expression("0.5 / min(stay, 90 days)"), {"stay": DURATION}))
    'a rate per year'
    """
    tree, _ = parsed(expression.text)
    return _unit(tree, units) or NUMBER


def _unit(node: ast.expr, units: Mapping[str, Unit]) -> Unit | None:
    """Return the unit of a node; None for a written 0, which is 0 of anything."""
    match node:
        case ast.Constant():
            return NUMBER if node.value else None
        case ast.Name():
            return DURATION if node.id.startswith(DURATION_NAME) else units[node.id]
        case ast.UnaryOp():
            return _unit(node.operand, units)
        case ast.BinOp():
            left, right = _unit(node.left, units), _unit(node.right, units)
            return _combined(node, left, right)
        case ast.Compare():
            _same([_unit(one, units) for one in (node.left, *node.comparators)], "compared")
            return NUMBER
        case ast.IfExp():
            _unit(node.test, units)
            return _same([_unit(node.body, units), _unit(node.orelse, units)], "alternatives")
        case ast.Call():
            name = function_name(node)
            inner = [_unit(one, units) for one in node.args]
            if name in OF_SEVERAL:
                return _same(inner, f"compared by {name}")
            if inner[0] not in (NUMBER, None):
                raise ValueError(f"{name} takes a number, not {_words(inner[0])}")
            return NUMBER
    raise AssertionError(node)


def _combined(node: ast.BinOp, left: Unit | None, right: Unit | None) -> Unit | None:
    match node.op:
        case ast.Add():
            return _same([left, right], "added")
        case ast.Sub():
            return _same([left, right], "subtracted")
        case ast.Mult():
            return (left or NUMBER) * (right or NUMBER)
        case ast.Div():
            return (left or NUMBER) / (right or NUMBER)
    if right not in (NUMBER, None):
        raise ValueError(f"a power is a number, not {_words(right)}")
    power = _constant(node.right)
    if left in (NUMBER, None):
        return left
    if power is None or power != int(power):
        raise ValueError(f"{_words(left)} can only be raised to a written whole number")
    assert left is not None
    return left ** int(power)


def _same(units: list[Unit | None], words: str) -> Unit | None:
    known = [one for one in units if one is not None]
    for one in known[1:]:
        if one != known[0]:
            if words == "alternatives":
                raise ValueError(f"'if' and 'else' give {known[0]} and {one}; they must be alike")
            raise ValueError(f"{known[0]} and {one} cannot be {words}")
    return known[0] if known else None


def _words(unit: Unit | None) -> str:
    return str(unit or NUMBER)


def function_name(node: ast.Call) -> str:
    """Return the function that a call in a checked tree names."""
    assert isinstance(node.func, ast.Constant)
    return str(node.func.value)
