"""Parameters as numbers: their units, their order, and their stated values.

Values are in base units: durations in years, rates per year. Nothing here needs numpy unless a file
has expressions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from som_sim.core.time import DAYS_PER_UNIT, DAYS_PER_YEAR, Duration
from som_sim.scenario.expressions import CalculationError, Expression, unit_of
from som_sim.scenario.quantities import Quantity
from som_sim.scenario.schema import Parameter
from som_sim.scenario.units import DURATION, NUMBER, Unit

Parameters = Mapping[str, Parameter]


def is_derived(parameter: Parameter) -> bool:
    """Say whether a parameter follows from others."""
    return bool(needs(parameter))


def needs(parameter: Parameter) -> tuple[str, ...]:
    """Return the parameters that a parameter follows from."""
    amount = parameter.amount
    return amount.names if isinstance(amount, Expression) else ()


def scale_of(parameter: Parameter) -> float | None:
    """Return what a written number is multiplied with; None when durations carry their unit."""
    if parameter.unit is not None:
        return parameter.unit.scale
    return None if isinstance(parameter.amount, Duration) else 1.0


def cycles(parameters: Parameters) -> list[tuple[str, ...]]:
    """Return circles of parameters that need one another, each from its first in the file.

    Every parameter that cannot be calculated because of a circle leads into one of them.
    """
    stuck = {name: needs(parameters[name]) for name in parameters}
    for name in in_order(parameters):
        del stuck[name]
    while True:  # what only lacks a name that nobody declared is in no circle
        out = [name for name, needed in stuck.items() if not set(needed) & stuck.keys()]
        if not out:
            break
        for name in out:
            del stuck[name]
    found: list[tuple[str, ...]] = []
    place = {name: at for at, name in enumerate(parameters)}
    walked: set[str] = set()
    for name in stuck:
        trail: dict[str, None] = {}
        while name not in walked:
            walked.add(name)
            trail[name] = None
            name = next(one for one in stuck[name] if one in stuck)
        if name in trail:
            circle = list(trail)[list(trail).index(name) :]
            start = circle.index(min(circle, key=lambda one: place[one]))
            found.append((*circle[start:], *circle[:start]))
    return found


def in_order(parameters: Parameters) -> list[str]:
    """Return the parameters, each after those it needs; what never can be calculated is left out.

    Left out are those in a circle, those that need a name nobody declared, and what needs these.
    """
    needed = {name: set(needs(parameter)) for name, parameter in parameters.items()}
    needing: dict[str, list[str]] = {}
    for name, others in needed.items():
        for other in others:
            needing.setdefault(other, []).append(name)
    ready = [name for name, others in needed.items() if not others]
    for name in ready:  # grows while it is read
        for other in needing.get(name, ()):
            needed[other].discard(name)
            if not needed[other]:
                ready.append(other)
    return ready


def units_of(parameters: Parameters) -> tuple[dict[str, Unit], dict[str, str]]:
    """Return the unit of each parameter, and what is wrong with those whose units do not fit.

    A plain number takes the unit that the parameter declares.
    """
    units: dict[str, Unit] = {}
    wrong: dict[str, str] = {}
    for name in in_order(parameters):
        parameter = parameters[name]
        if any(one not in units for one in needs(parameter)):
            continue
        try:
            unit = _unit_of_value(parameter, units)
        except ValueError as error:
            wrong[name] = str(error)
            continue
        stated = parameter.unit
        if stated is not None and unit not in (NUMBER, stated.unit):
            wrong[name] = f"the value is {unit}, but the unit '{stated.text}' is {stated.unit}"
        else:
            units[name] = unit if stated is None else stated.unit
    return units, wrong


def _unit_of_value(parameter: Parameter, units: Mapping[str, Unit]) -> Unit:
    amount = parameter.amount
    if isinstance(amount, Expression):
        return unit_of(amount, units)
    return DURATION if isinstance(amount, Duration) else NUMBER


def takes_unit(parameter: Parameter, units: Mapping[str, Unit]) -> float:
    """Return what the value of an expression is multiplied with: a plain number takes the unit."""
    amount, stated = parameter.amount, parameter.unit
    if stated is None or not isinstance(amount, Expression):
        return 1.0
    return stated.scale if unit_of(amount, units) == NUMBER else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseCase:
    """The parameters of a file at their stated values, as far as they can be told.

    Attributes
    ----------
    units
        Of each parameter whose unit is sound.
    values
        Of each parameter that has one, in base units.
    wrong
        What is wrong with the units or the calculation of the others' values.
    """

    units: Mapping[str, Unit]
    values: Mapping[str, float]
    wrong: Mapping[str, str]


def base_case(parameters: Parameters) -> BaseCase:
    """Return the stated values of parameters."""
    units, wrong = units_of(parameters)
    values: dict[str, float] = {}
    for name in in_order(parameters):
        parameter = parameters[name]
        if name not in units or any(one not in values for one in needs(parameter)):
            continue
        try:
            values[name] = stated_value(parameter, units, values)
        except CalculationError as error:
            wrong[name] = f"cannot be calculated: {error.reason}"
    return BaseCase(units=units, values=values, wrong=wrong)


def stated_value(
    parameter: Parameter, units: Mapping[str, Unit], values: Mapping[str, float]
) -> float:
    """Return the stated value of a parameter in base units, given those it needs.

    Raises
    ------
    CalculationError
        When its expression has no finite value.
    """
    amount = parameter.amount
    if isinstance(amount, Duration):
        return amount.years
    if isinstance(amount, Expression):
        return expression_value(amount, values) * takes_unit(parameter, units)
    return float(amount) * (1.0 if parameter.unit is None else parameter.unit.scale)


def expression_value(expression: Expression, values: Mapping[str, float]) -> float:
    """Return an expression at the given values of what it names.

    Raises
    ------
    CalculationError
        When it has no finite value.
    """
    import numpy as np

    from som_sim.scenario.evaluation import evaluate

    arrays = {name: np.array([values[name]]) for name in expression.names}
    return float(evaluate(expression, arrays, 1)[0])


def quantity_value(quantity: Quantity, values: Mapping[str, float]) -> float:
    """Return a quantity in base units.

    Raises
    ------
    CalculationError
        When its expression has no finite value.
    KeyError
        When it needs a parameter that has no value.
    """
    if quantity.number is not None:
        return quantity.number
    if quantity.expression is not None:
        return expression_value(quantity.expression, values)
    return values[quantity.parameter]


def quantity_unit(quantity: Quantity, units: Mapping[str, Unit]) -> Unit | None:
    """Return the unit of a quantity that names parameters; None when it cannot be told.

    Raises
    ------
    ValueError
        When units within its expression do not fit.
    """
    if any(name not in units for name in quantity.names):
        return None
    if quantity.expression is not None:
        return unit_of(quantity.expression, units)
    return units[quantity.parameter]


def shown(number: float, unit: Unit, parameter: Parameter | None = None) -> str:
    """Write a number in base units as a user would: in the parameter's unit, durations in days.

    Examples
    --------
    >>> shown(0.5, DURATION)
    '182.625 days'
    """
    if parameter is not None and parameter.unit is not None:
        return f"{number / parameter.unit.scale:.6g} {parameter.unit.text}"
    if unit != DURATION:
        return f"{number:.6g}"
    name = "day"
    amount = None if parameter is None else parameter.amount
    if isinstance(amount, Duration):
        name = amount.text.split()[-1].removesuffix("s")
    return f"{number * DAYS_PER_YEAR / DAYS_PER_UNIT[name]:.6g} {name}s"


def stated_text(parameter: Parameter) -> str:
    """Return the value of a parameter as the user wrote it."""
    return str(parameter.value)
