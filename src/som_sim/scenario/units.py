"""What numbers are measured in, so that a stay is never used as a rate.

A unit is a product of powers of years, persons and kroner. Values are held in these base units: a
duration in years, a rate per year. Multiplying and dividing combine units; adding and comparing
need the same unit on both sides. So ``0.5 / shelter_stay`` is a rate per year, and a duration
divided by a duration is a number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from som_sim.core.errors import suggest
from som_sim.core.time import DAYS_PER_UNIT, DAYS_PER_YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Powers of the base units; all 0 for a number.

    Examples
    --------
    >>> str(NUMBER / DURATION), str(DURATION / DURATION), str(DURATION * DURATION)
    ('a rate per year', 'a number', 'years^2')
    >>> str(Unit(kroner=1) / Unit(persons=1) / DURATION)
    'kroner per person per year'
    """

    years: int = 0
    persons: int = 0
    kroner: int = 0

    def __mul__(self, other: Unit) -> Unit:
        return Unit(
            years=self.years + other.years,
            persons=self.persons + other.persons,
            kroner=self.kroner + other.kroner,
        )

    def __truediv__(self, other: Unit) -> Unit:
        return self * other**-1

    def __pow__(self, power: int) -> Unit:
        return Unit(
            years=self.years * power, persons=self.persons * power, kroner=self.kroner * power
        )

    def __str__(self) -> str:
        if self in _WORDS:
            return _WORDS[self]
        powers = (
            ("kroner", "krone", self.kroner),
            ("persons", "person", self.persons),
            ("years", "year", self.years),
        )
        above = [_power(many, power) for many, _, power in powers if power > 0]
        below = [f"per {_power(one, -power)}" for _, one, power in powers if power < 0]
        return " ".join([*above, *below])


def _power(name: str, power: int) -> str:
    return f"{name}^{power}" if power > 1 else name


NUMBER = Unit()
DURATION = Unit(years=1)
PER_YEAR = Unit(years=-1)
PERSONS = Unit(persons=1)
PERSONS_PER_YEAR = Unit(persons=1, years=-1)
KRONER = Unit(kroner=1)
_WORDS = {
    NUMBER: "a number",
    DURATION: "a duration",
    PER_YEAR: "a rate per year",
    PERSONS: "persons",
    KRONER: "kroner",
    PERSONS_PER_YEAR: "persons per year",
}

FITTING: dict[str, tuple[Unit, ...]] = {
    "duration": (DURATION,),
    "rate": (PER_YEAR, PERSONS_PER_YEAR, NUMBER),
    "count": (PERSONS, NUMBER),
    "kroner": (KRONER, NUMBER),
}
"""Units that each kind of quantity takes, its own first; kinds not named here take a number.

A number without a unit fits wherever a literal number does: the key says what it is.
"""


def fitting_units(kind: str) -> tuple[Unit, ...]:
    """Return the units that a quantity of a kind can have."""
    return FITTING.get(kind, (NUMBER,))


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedUnit:
    """The unit a parameter's numbers are written in.

    Attributes
    ----------
    text
        As the user wrote it.
    unit
        What it measures.
    scale
        What a written number is multiplied with to be in base units.
    kind
        ``share`` or ``probability`` when the word says so, else empty.
    """

    text: str
    unit: Unit
    scale: float = 1.0
    kind: str = ""


_YEARS = {name: days / DAYS_PER_YEAR for name, days in DAYS_PER_UNIT.items()}
_HEADS: dict[str, tuple[Unit, float]] = {
    "number": (NUMBER, 1.0),
    "ratio": (NUMBER, 1.0),
    "share": (NUMBER, 1.0),
    "probability": (NUMBER, 1.0),
    "persons": (PERSONS, 1.0),
    "kroner": (KRONER, 1.0),
    **{f"{name}s": (DURATION, years) for name, years in _YEARS.items()},
}
_PER = (*_YEARS, "person")


def parse_unit(text: str) -> StatedUnit:
    """Read a unit such as ``days``, ``per month``, ``persons per year`` or ``share``.

    Raises
    ------
    ValueError
        When the text is no unit.

    Examples
    --------
    >>> parse_unit("per month").scale
    12.0
    >>> str(parse_unit("kroner per person").unit)
    'kroner per person'
    """
    head, *below = re.split(r"(?:^|\s+)per\s+", text.strip())
    if head not in _HEADS and (head or not below):
        raise ValueError(
            f"'{text}' is no unit; write a word, 'per year' or the like, or both; "
            + suggest(head, _HEADS)
        )
    unit, scale = _HEADS[head or "number"]
    for name in below:
        if name not in _PER:
            raise ValueError(f"'{text}' is no unit; 'per' takes one of {', '.join(_PER)}")
        unit = unit / (PERSONS if name == "person" else DURATION)
        scale /= _YEARS.get(name, 1.0)
    kind = head if head in ("share", "probability") and not below else ""
    return StatedUnit(text=text.strip(), unit=unit, scale=scale, kind=kind)
