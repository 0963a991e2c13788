"""The value of an expression in every draw.

The tree of an expression is calculated on arrays with one number per draw. Anything that is no
finite number in some draw is an error that names the draw; a branch of ``if`` is calculated only in
the draws that take it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from som_sim.scenario.expressions import (
    DURATION_NAME,
    CalculationError,
    Expression,
    function_name,
    parsed,
)

Draws = NDArray[np.float64]

_OPERATORS: dict[type[ast.operator], Callable[[Draws, Draws], Draws]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[Draws, Draws], NDArray[np.bool_]]] = {
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
}
_OF_ONE: dict[str, Callable[[Draws], Draws]] = {"exp": np.exp, "log": np.log, "sqrt": np.sqrt}
_OF_SEVERAL: dict[str, Callable[[Draws, Draws], Draws]] = {"min": np.minimum, "max": np.maximum}


def evaluate(expression: Expression, values: Mapping[str, Draws], n_draws: int) -> Draws:
    """Calculate an expression in every draw.

    Parameters
    ----------
    values : mapping of name to (draw,), in base units
    n_draws

    Returns
    -------
    (draw,), in base units

    Raises
    ------
    CalculationError
        When some draw gives no finite number.

    Examples
    --------
    >>> from som_sim.scenario.expressions import parse_expression
    >>> evaluate(parse_expression("2 * a if a > 1 else 0"), {"a": np.array([1.0, 3.0])}, 2)
    array([0., 6.])
    """
    tree, durations = parsed(expression.text)
    known = {f"{DURATION_NAME}{i}": np.full(n_draws, one) for i, one in enumerate(durations)}
    scope = _Scope(
        values={**{name: values[name] for name in expression.names}, **known},
        draws=np.arange(n_draws),
    )
    with np.errstate(all="ignore"):
        return _calculate(tree, scope)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scope:
    """The draws in which a node is calculated, and the values there."""

    values: Mapping[str, Draws]
    draws: NDArray[np.int64]

    def where(self, mask: NDArray[np.bool_]) -> _Scope:
        inner = {name: one[mask] for name, one in self.values.items()}
        return _Scope(values=inner, draws=self.draws[mask])

    def finite(self, result: Draws, reason: Callable[[int], str]) -> Draws:
        """Return `result`, or raise with the reason in its first draw that is not finite."""
        bad = np.flatnonzero(~np.isfinite(result))
        if bad.size:
            raise CalculationError(reason(int(bad[0])), int(self.draws[bad[0]]))
        return result


def _calculate(node: ast.expr, scope: _Scope) -> Draws:
    match node:
        case ast.Constant():
            return np.full(len(scope.draws), float(node.value))  # type: ignore[arg-type]
        case ast.Name():
            return scope.values[node.id]
        case ast.UnaryOp():
            inner = _calculate(node.operand, scope)
            return -inner if isinstance(node.op, ast.USub) else inner
        case ast.BinOp():
            return _operate(node, scope)
        case ast.Compare():
            sides = [_calculate(one, scope) for one in (node.left, *node.comparators)]
            true = np.ones(len(scope.draws), dtype=bool)
            for op, left, right in zip(node.ops, sides, sides[1:], strict=False):
                true &= _COMPARISONS[type(op)](left, right)
            return true.astype(np.float64)
        case ast.IfExp():
            chosen = _calculate(node.test, scope) != 0
            result = np.empty(len(scope.draws))
            for branch, mask in ((node.body, chosen), (node.orelse, ~chosen)):
                if mask.any():
                    result[mask] = _calculate(branch, scope.where(mask))
            return result
        case ast.Call():
            return _call(function_name(node), [_calculate(one, scope) for one in node.args], scope)
    raise AssertionError(node)


def _operate(node: ast.BinOp, scope: _Scope) -> Draws:
    left, right = _calculate(node.left, scope), _calculate(node.right, scope)

    def reason(position: int) -> str:
        if isinstance(node.op, ast.Div) and right[position] == 0:
            return "division by zero"
        if isinstance(node.op, ast.Pow) and left[position] <= 0:
            return f"{left[position]:.6g} to the power of {right[position]:.6g} is no number"
        return "the result is too large"

    return scope.finite(_OPERATORS[type(node.op)](left, right), reason)


def _call(name: str, inner: list[Draws], scope: _Scope) -> Draws:
    if name in _OF_SEVERAL:
        result = inner[0]
        for one in inner[1:]:
            result = _OF_SEVERAL[name](result, one)
        return result

    def reason(position: int) -> str:
        if name == "exp":
            return "the result is too large"
        return f"{name} of {inner[0][position]:.6g} is no number"

    return scope.finite(_OF_ONE[name](inner[0]), reason)
