"""Amounts in kroner to the last digit, through the parameters and expressions that give them.

The base case is posted from these. What is written in decimals stays in decimals: sums, products
and quotients are fractions of whole numbers. Only `exp`, `log`, `sqrt`, broken powers and durations
are float64, as they are in draws.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

from som_sim.core.time import Duration
from som_sim.scenario.expressions import DURATION_NAME, Expression, function_name, parsed
from som_sim.scenario.parameters import Parameters, takes_unit, units_of
from som_sim.scenario.quantities import Quantity
from som_sim.scenario.units import Unit

_FLOAT: dict[str, Callable[[float], float]] = {
    "exp": math.exp,
    "log": math.log,
    "sqrt": math.sqrt,
}


def exact_kroner(quantity: Quantity, parameters: Parameters) -> Fraction:
    """Return an amount in kroner at the stated values of the parameters it needs.

    Parameters
    ----------
    quantity
        Of kind ``kroner``, in a file that is checked.
    parameters
        Those of the file.

    Examples
    --------
    >>> from som_sim.scenario.quantities import parse_quantity
    >>> exact_kroner(parse_quantity("kroner", Decimal("96.71")), {})
    Fraction(9671, 100)
    """
    if quantity.exact is not None:
        return Fraction(quantity.exact)
    units, _ = units_of(parameters) if parameters else ({}, {})
    known: dict[str, Fraction] = {}
    if quantity.expression is not None:
        for name in quantity.names:
            known[name] = _parameter(name, parameters, units, known)
        return _expression(quantity.expression, known)
    return _parameter(quantity.parameter, parameters, units, known)


def _parameter(
    name: str, parameters: Parameters, units: Mapping[str, Unit], known: dict[str, Fraction]
) -> Fraction:
    if name in known:
        return known[name]
    parameter = parameters[name]
    amount = parameter.amount
    if isinstance(amount, Duration):
        value = Fraction(amount.years)
    elif isinstance(amount, Expression):
        for needed in amount.names:
            known[needed] = _parameter(needed, parameters, units, known)
        value = _expression(amount, known) * Fraction(takes_unit(parameter, units))
    else:
        scale = 1.0 if parameter.unit is None else parameter.unit.scale
        value = Fraction(amount) * Fraction(scale)
    known[name] = value
    return value


def _expression(expression: Expression, known: Mapping[str, Fraction]) -> Fraction:
    tree, durations = parsed(expression.text)
    inner = {f"{DURATION_NAME}{i}": Fraction(one) for i, one in enumerate(durations)}
    return _value(tree, {**known, **inner})


def _value(node: ast.expr, known: Mapping[str, Fraction]) -> Fraction:
    match node:
        case ast.Constant():
            return Fraction(Decimal(repr(node.value)))
        case ast.Name():
            return known[node.id]
        case ast.UnaryOp():
            value = _value(node.operand, known)
            return -value if isinstance(node.op, ast.USub) else value
        case ast.BinOp():
            return _operate(node.op, _value(node.left, known), _value(node.right, known))
        case ast.Compare():
            sides = [_value(one, known) for one in (node.left, *node.comparators)]
            pairs = zip(node.ops, sides, sides[1:], strict=False)
            return Fraction(all(_holds(op, left, right) for op, left, right in pairs))
        case ast.IfExp():
            return _value(node.body if _value(node.test, known) else node.orelse, known)
        case ast.Call():
            name, inner = function_name(node), [_value(one, known) for one in node.args]
            if name in _FLOAT:
                return Fraction(_FLOAT[name](float(inner[0])))
            return max(inner) if name == "max" else min(inner)
    raise AssertionError(node)


def _operate(op: ast.operator, left: Fraction, right: Fraction) -> Fraction:
    match op:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case ast.Div():
            return left / right
    if right.denominator == 1:
        return Fraction(left ** int(right))
    return Fraction(float(left) ** float(right))


def _holds(op: ast.cmpop, left: Fraction, right: Fraction) -> bool:
    match op:
        case ast.Lt():
            return left < right
        case ast.LtE():
            return left <= right
        case ast.Gt():
            return left > right
        case ast.GtE():
            return left >= right
        case ast.Eq():
            return left == right
    return left != right
