"""Numbers that change over calendar time: schedules that step, and seasons."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema

from som_sim.core.time import Period
from som_sim.scenario.quantities import (
    MONTH_PATTERN,
    RANGES,
    Quantity,
    fail,
    parse_month,
    parse_quantity,
    quantity_shape,
)

MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A number that steps over calendar time.

    Attributes
    ----------
    steps : tuple of (Period or None, Quantity)
        Date from which each value holds, in order; None means from the start.
    times : Quantity or None
        Multiplies every value: the caseload where the steps are posts.
    """

    steps: tuple[tuple[Period | None, Quantity], ...]
    times: Quantity | None = None

    @property
    def first(self) -> Period | None:
        """The first date, or None when the first value holds from the start."""
        return self.steps[0][0]


def _parse_steps(kind: str, value: object) -> Schedule:
    if isinstance(value, Schedule):
        return value
    if not isinstance(value, dict) or "value" in value:
        return Schedule(steps=((None, parse_quantity(kind, value)),))
    if not value:
        raise fail("the schedule is empty; write {2019-06: 7, 2020-01: 20}")
    steps = []
    for date, number in value.items():
        try:
            period = parse_month(str(date))
        except ValueError as error:
            raise fail(str(error)) from None
        try:
            steps.append((period, parse_quantity(kind, number)))
        except ValueError as error:
            raise fail(f"{period.text}: {error}") from None
    starts = [period.start for period, _ in steps]
    if any(a >= b for a, b in pairwise(starts)):
        raise fail("the dates of a schedule must be in order, each once")
    return Schedule(steps=tuple(steps))


def _parse_places(value: object) -> Schedule:
    if not isinstance(value, dict) or not {"posts", "caseload"} & set(value):
        return _parse_steps("count", value)
    if set(value) != {"posts", "caseload"}:
        raise fail("write both posts and caseload, and nothing else: {posts: 2, caseload: 8}")
    posts = _parse_steps("count", value["posts"])
    return Schedule(steps=posts.steps, times=parse_quantity("count", value["caseload"]))


def _steps(kind: str) -> Any:
    return Annotated[
        Schedule,
        PlainValidator(lambda value: _parse_steps(kind, value)),
        WithJsonSchema(steps_shape(kind)),
    ]


def steps_shape(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of a number, or of numbers by the month from which each holds."""
    number = quantity_shape(kind)
    steps = {
        "type": "object",
        "minProperties": 1,
        "patternProperties": {MONTH_PATTERN: number},
        "additionalProperties": False,
    }
    return {
        "anyOf": [*number["anyOf"], steps],
        "description": f"{RANGES[kind][0]}, or one for each month from which it changes",
    }


RateOverTime = _steps("rate")
CountOverTime = _steps("count")
Places = Annotated[
    Schedule,
    PlainValidator(_parse_places),
    WithJsonSchema(
        {
            "anyOf": [
                *steps_shape("count")["anyOf"],
                {
                    "type": "object",
                    "required": ["posts", "caseload"],
                    "additionalProperties": False,
                    "properties": {
                        "posts": steps_shape("count"),
                        "caseload": quantity_shape("count"),
                    },
                },
            ],
            "description": "a number, or month: number, or {posts: ..., caseload: ...}",
        }
    ),
]


def _parse_season(value: object) -> tuple[float, ...]:
    if isinstance(value, tuple):
        return value
    numbers = isinstance(value, list) and all(
        isinstance(one, int | Decimal) and not isinstance(one, bool) and one >= 0 for one in value
    )
    if not numbers or not isinstance(value, list) or len(value) != MONTHS:
        raise fail(
            "a season is a list of 12 numbers (0 or more), January first, that multiply the rate"
        )
    return tuple(float(one) for one in value)


Season = Annotated[
    tuple[float, ...],
    PlainValidator(_parse_season),
    WithJsonSchema(
        {
            "type": "array",
            "items": {"type": "number", "minimum": 0},
            "minItems": MONTHS,
            "maxItems": MONTHS,
        }
    ),
]
