"""How a user writes a parameter's value and its unit."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import PlainValidator, WithJsonSchema

from som_sim.core.time import Duration, parse_duration
from som_sim.core.yaml_scalars import percent_trap
from som_sim.scenario.expressions import Expression, looks_like_expression, parse_expression
from som_sim.scenario.quantities import NAME, fail
from som_sim.scenario.units import StatedUnit, parse_unit


def read_value(value: Decimal | str) -> Decimal | Duration | Expression:
    """Return what the value of a parameter says; a name alone is an expression too.

    Raises
    ------
    ValueError
        When a text is neither a duration nor an expression.

    Examples
    --------
    >>> read_value("2 weeks").days, read_value("2 * stay").names
    (14.0, ('stay',))
    """
    if isinstance(value, Decimal):
        return value
    if NAME.fullmatch(value) or looks_like_expression(value):
        return parse_expression(value)
    return parse_duration(value)


def _check_value(value: object) -> Decimal | str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = Decimal(value)
    if not isinstance(value, Decimal | str):
        raise fail("write a number, a duration such as '61 days', or an expression")
    trap = percent_trap(value) if isinstance(value, str) else None
    if trap is not None:
        raise fail(trap)
    try:
        read_value(value)
    except ValueError as error:
        raise fail(str(error)) from None
    return value


ParameterValue = Annotated[
    Decimal | str,
    PlainValidator(_check_value),
    WithJsonSchema(
        {"type": ["number", "string"], "description": "a number, a duration or an expression"}
    ),
]


def _parse_unit(value: object) -> StatedUnit:
    if isinstance(value, StatedUnit):
        return value
    try:
        return parse_unit(value if isinstance(value, str) else "nothing")
    except ValueError as error:
        raise fail(str(error)) from None


ParameterUnit = Annotated[
    StatedUnit,
    PlainValidator(_parse_unit),
    WithJsonSchema({"type": "string", "description": "a unit, such as days or per year"}),
]
