"""The kinds of value a user writes, each its own type.

A number in a scenario is a literal (``0.43``, ``61 days``), the name of a parameter
(``shelter_stay``), an expression over parameters (``shelter_stay / 2``), or any of them with its
evidence (``{value: 0.43, source: VP19}``). All of these become one `Quantity`. A rate, a
probability, a stay and a count are different types from here on, so that none can be used for
another.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema

from som_sim.core.limits import LARGEST_KRONER
from som_sim.core.records import MISSING as MISSING
from som_sim.core.records import fail as fail
from som_sim.core.time import Duration, Period, parse_duration, parse_period
from som_sim.core.yaml_scalars import percent_trap, yaml_words
from som_sim.scenario.expressions import Expression, looks_like_expression, parse_expression

NAME = re.compile(r"[a-z][a-z0-9_]*")
GRADES = ("A", "B", "C", "D")
SPAN_PATTERN = r"^\s*[0-9]+(\.[0-9]+)?\s+(hour|day|week|month|year)s?\s*$"
MONTH_PATTERN = "^[0-9]{4}-[0-9]{2}$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """One value, the name of the parameter that holds it, or an expression that gives it.

    Attributes
    ----------
    kind
        A key of `RANGES`.
    number
        The value; a duration is in years. None when it comes from parameters.
    exact
        The same to the last digit, of kroner only; None when they come from parameters.
    parameter
        Name of the parameter, when it is one as it stands; else empty.
    expression
        The expression, when it is one; else None.
    source, grade, note
        The evidence, when it is given beside the number.
    """

    kind: str
    number: float | None
    exact: Decimal | None = None
    parameter: str = ""
    expression: Expression | None = None
    source: str = ""
    grade: str = ""
    note: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters it needs."""
        if self.expression is not None:
            return self.expression.names
        return (self.parameter,) if self.parameter else ()


RANGES: dict[str, tuple[str, Callable[[float], bool]]] = {
    "probability": ("a probability (0 to 1)", lambda x: 0 <= x <= 1),
    "share": ("a share (0 to 1)", lambda x: 0 <= x <= 1),
    "rate": ("a rate (0 to 1,000,000)", lambda x: 0 <= x <= 1e6),
    "count": ("a count (0 to 1,000,000,000)", lambda x: 0 <= x <= 1e9),
    "difference": ("a difference of probabilities (-1 to 1)", lambda x: -1 <= x <= 1),
    "ratio": ("a ratio (0 to 1,000,000)", lambda x: 0 <= x <= 1e6),
    "amount": ("a number of a usual size", lambda x: abs(x) < 1e9),
    "kroner": (
        f"an amount in kroner (0 to {LARGEST_KRONER:,})",
        lambda x: 0 <= x <= LARGEST_KRONER,
    ),
    "duration": ("a duration above 0 (at most 1,000,000 years)", lambda x: 0 < x <= 1e6),
}
"""What each kind of number is called, and whether one in base units (years) is of that kind."""

LIMITS: dict[str, tuple[float, float]] = {
    "probability": (0, 1),
    "share": (0, 1),
    "rate": (0, 1e6),
    "count": (0, 1e9),
    "difference": (-1, 1),
    "ratio": (0, 1e6),
}
"""The least and the most that `RANGES` allows, for editors that check while one writes."""


KRONER_WORDS = "an amount in kroner; write 1100 or 96.71, without separators between thousands"


def parse_kroner(value: object) -> Decimal:
    """Read an amount in kroner, to the last digit.

    Raises
    ------
    ValueError
        With the sentence for the user.
    """
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError(f"{yaml_words(value)} is not {KRONER_WORDS}")
    amount = Decimal(value)
    if amount > LARGEST_KRONER:
        raise ValueError(
            f"{amount:f} is too large to be booked in øre; an amount is at most {LARGEST_KRONER:,}"
        )
    if amount < 0 or amount != round(amount, 2):
        raise ValueError(f"{amount:f} is not an amount in kroner (0 or more, at most two decimals)")
    return amount


def number_in_range(kind: str, value: object) -> float:
    """Return `value` as a float of this kind.

    Raises
    ------
    ValueError
        With the sentence for the user.
    """
    if kind == "duration":
        if not isinstance(value, str):
            raise ValueError(f"{yaml_words(value)} has no unit; write a duration such as '61 days'")
        return parse_duration(value).years
    if kind == "kroner":
        return float(parse_kroner(value))
    words, fits = RANGES[kind]
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError(f"{yaml_words(value)} is not {words}")
    number = float(value)
    if not fits(number):
        raise ValueError(f"{yaml_words(value)} is not {words}")
    return number


def parse_quantity(kind: str, value: object) -> Quantity:
    """Read one value of a kind, or raise the error for the user."""
    if isinstance(value, Quantity):
        return value
    extras: dict[str, Any] = {}
    if isinstance(value, dict):
        unknown = [key for key in value if key not in ("value", "source", "grade", "note")]
        if unknown or "value" not in value:
            raise fail(
                "write a number, a parameter's name, an expression, or {value: ..., source: ..., "
                "grade: ..., note: ...}"
                + (f"; unknown here: {', '.join(map(str, unknown))}" if unknown else "")
            )
        extras = {key: value[key] for key in ("source", "grade", "note") if key in value}
        for key, text in extras.items():
            if not isinstance(text, str):
                raise fail(f"{key}: expected a text, not {yaml_words(text)}")
        if extras.get("grade", "A") not in GRADES:
            raise fail(f"grade '{extras['grade']}' is not one of {', '.join(GRADES)}")
        value = value["value"]
    if isinstance(value, str) and NAME.fullmatch(value):
        return Quantity(kind=kind, number=None, parameter=value, **extras)
    if value is None:
        raise fail(MISSING)
    trap = percent_trap(value) if isinstance(value, str) else None
    if trap is not None:
        raise fail(trap)
    try:
        if isinstance(value, str) and looks_like_expression(value):
            expression = parse_expression(value)
            return Quantity(kind=kind, number=None, expression=expression, **extras)
        exact = parse_kroner(value) if kind == "kroner" else None
        return Quantity(kind=kind, number=number_in_range(kind, value), exact=exact, **extras)
    except ValueError as error:
        raise fail(str(error)) from None


def _quantity(kind: str) -> Any:
    return Annotated[
        Quantity,
        PlainValidator(lambda value: parse_quantity(kind, value)),
        WithJsonSchema(quantity_shape(kind)),
    ]


USE = "use"
USE_SHAPE: dict[str, Any] = {
    "description": "an entry of the knowledge base, by its name",
    "anyOf": [
        {"type": "string", "minLength": 1},
        {
            "type": "object",
            "required": ["entry"],
            "additionalProperties": False,
            "properties": {"entry": {"type": "string"}, "year": {"type": "integer"}},
        },
    ],
}


def quantity_shape(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of a number of a kind, alone or with its evidence."""
    low, high = LIMITS.get(kind, (None, None))
    number = {"type": "number"} | {
        key: limit for key, limit in (("minimum", low), ("maximum", high)) if limit is not None
    }
    text = {"type": "string", "pattern": "[^0-9.,\\s]"}  # a number in quotes is none
    alone = [text] if kind == "duration" else [number, text]
    evidence = {
        "type": "object",
        "anyOf": [{"required": ["value"]}, {"required": [USE]}],
        "additionalProperties": False,
        "properties": {
            USE: USE_SHAPE,
            "value": {"anyOf": alone},
            "source": {"type": "string"},
            "grade": {"enum": list(GRADES)},
            "note": {"type": "string"},
        },
    }
    words = RANGES[kind][0]
    return {
        "anyOf": [*alone, evidence],
        "description": f"{words}, a parameter, an expression, or {{value: ..., source: ...}}",
    }


Probability = _quantity("probability")
Share = _quantity("share")
RatePerYear = _quantity("rate")
Count = _quantity("count")
Ratio = _quantity("ratio")
Difference = _quantity("difference")
Amount = _quantity("amount")
UnitPrice = _quantity("kroner")
Stay = _quantity("duration")


def _parsed(parse: Callable[[Any], Any], accepts: tuple[type, ...], words: str) -> Any:
    def validate(value: object) -> object:
        if isinstance(value, bool) or not isinstance(value, accepts):
            trap = percent_trap(value) if isinstance(value, str) else None
            raise fail(trap or f"{yaml_words(value)} is not {words}")
        try:
            return parse(value)
        except ValueError as error:
            raise fail(str(error)) from None

    return PlainValidator(validate)


_DATE_WORDS = "a date; write 2017, 2017-02, 2017-W06 or 2017-02-15"
Date = Annotated[
    Period,
    _parsed(
        lambda v: v if isinstance(v, Period) else parse_period(v), (str, int, Period), _DATE_WORDS
    ),
    WithJsonSchema(
        {"type": ["string", "integer"], "description": "a year, month, ISO week or day"}
    ),
]


def parse_month(value: str | Period) -> Period:
    """Read a month such as ``2017-02``."""
    period = value if isinstance(value, Period) else parse_period(value)
    if not re.fullmatch(r"\d{4}-\d{2}", period.text):
        raise ValueError(f"'{value}' is not a month; write it as 2017-02")
    return period


Month = Annotated[
    Period,
    _parsed(parse_month, (str, int, Period), "a month; write it as 2017-02"),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": MONTH_PATTERN,
            "description": "a month, such as 2017-02",
        }
    ),
]
Span = Annotated[
    Duration,
    _parsed(
        lambda v: v if isinstance(v, Duration) else parse_duration(v),
        (str, Duration),
        "a duration such as '7 days'",
    ),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": SPAN_PATTERN,
            "description": "a duration, such as 7 days",
        }
    ),
]


Kroner = Annotated[
    Decimal,
    _parsed(
        parse_kroner,
        (int, Decimal),
        KRONER_WORDS,
    ),
    WithJsonSchema({"type": "number", "minimum": 0, "description": "kroner"}),
]


def _parse_decimal(value: object) -> Decimal:
    return Decimal(value)  # type: ignore[arg-type]


Number = Annotated[
    Decimal,
    _parsed(_parse_decimal, (int, Decimal), "a number"),
    WithJsonSchema({"type": "number"}),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Which people are meant: for each key, the names that fit.

    Attributes
    ----------
    allowed : tuple of (key, names)
        Keys are domain names, ``stratum``, ``programme`` or ``homeless`` (names ``true`` or
        ``false``). Everyone fits an empty condition.
    """

    allowed: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def names(self, key: str) -> tuple[str, ...] | None:
        """Return the names allowed for `key`, or None when it is not mentioned."""
        return dict(self.allowed).get(key)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys mentioned."""
        return tuple(key for key, _ in self.allowed)


def _parse_condition(value: object) -> Condition:
    if isinstance(value, Condition):
        return value
    if not isinstance(value, dict):
        raise fail(f"{yaml_words(value)} is not a condition; write it as {{housing: shelter}}")
    allowed = []
    for key, names in value.items():
        listed = names if isinstance(names, list) else [names]
        if not listed:
            raise fail(f"{key}: the list is empty")
        if key == "homeless":
            if len(listed) != 1 or not isinstance(listed[0], bool):
                raise fail("homeless is true or false")
            listed = [str(listed[0]).lower()]
        if not all(isinstance(name, str) for name in listed):
            raise fail(
                f"{key} takes a name or a list of names; of a clock, a time such as 'over 120 days'"
                if isinstance(names, dict)
                else f"{key} takes a name or a list of names"
            )
        if len(set(listed)) != len(listed):
            raise fail(f"{key} names the same twice")
        allowed.append((str(key), tuple(listed)))
    return Condition(allowed=tuple(allowed))


Where = Annotated[
    Condition,
    PlainValidator(_parse_condition),
    WithJsonSchema(
        {
            "type": "object",
            "description": "a condition, such as {housing: shelter}",
            "additionalProperties": {
                "anyOf": [
                    {"type": ["string", "boolean"]},
                    {"type": "array", "minItems": 1, "items": {"type": ["string", "boolean"]}},
                    {"type": "object"},
                ]
            },
        }
    ),
]
