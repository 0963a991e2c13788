"""SØM's identity, in exact numbers.

With c for the year in which participants start, k for a consequence, t for a calendar year and s(c)
for the year in which the course of those who start in c ends::

    successes[c]   = participants[c] * success_rate
    quantity[k, t] = sum over c of successes[c] * consequence[k, t - s(c)]
    money[k, t]    = quantity[k, t] * price[k]

There is no phase-in and no relapse: all successes come in the year the course ends, and last as
long as the list of consequences. Two things SØM's own documentation leaves open are options of the
case: whether the first number of a consequence is about the year s(c) or the next
(`consequences_from`), and the year to which later ones are discounted (`money.base_year`).

Everything is a `Fraction` until it is booked, so nothing is rounded here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from som_sim.core.time import DAYS_PER_YEAR
from som_sim.som.case import Cost, Course, SomCase

MONTHS_PER_YEAR = 12
NEARLY = 1e-9
"""In months: a course of 365.25 days is 12 months, whatever the floats say."""

ByYear = Mapping[int, Fraction]
ByStartAndYear = Mapping[tuple[int, int], Fraction]


def success_year(start_year: int, course: Course) -> int:
    """Return the calendar year in which a course ends: that of its last day.

    Examples
    --------
    >>> year_long = Course.model_validate({"length": "12 months"})
    >>> success_year(2019, year_long)
    2019
    >>> success_year(2019, Course.model_validate({"length": "9 months", "begins": 8}))
    2020
    """
    months = course.length.days / DAYS_PER_YEAR * MONTHS_PER_YEAR
    end = course.begins - 1 + months
    return start_year + max(0, math.ceil((end - NEARLY) / MONTHS_PER_YEAR) - 1)


def successes(participants: ByYear, rate: Fraction) -> dict[int, Fraction]:
    """Return how many of each start year succeed who otherwise would not have.

    Examples
    --------
    >>> successes({2019: Fraction(50)}, Fraction(1, 10))
    {2019: Fraction(5, 1)}
    """
    return {year: persons * rate for year, persons in participants.items()}


def quantities(
    succeeded: ByYear,
    first_years: Mapping[int, int],
    per_success: Sequence[Fraction],
    years: Sequence[int],
) -> dict[tuple[int, int], Fraction]:
    """Return the units of one consequence by start year and calendar year.

    Parameters
    ----------
    succeeded : mapping of start year to persons
    first_years : mapping of start year to the year that the first number is about
    per_success : (lag,), units for each success
    years
        The years of the calculation; what falls after them is left out.

    Examples
    --------
    >>> units = [Fraction(30), Fraction(10)]
    >>> quantities({2019: Fraction(5)}, {2019: 2020}, units, [2019, 2020])
    {(2019, 2020): Fraction(150, 1)}
    """
    return {
        (start, first_years[start] + lag): persons * units
        for start, persons in succeeded.items()
        for lag, units in enumerate(per_success)
        if first_years[start] + lag in years
    }


def participants_of(case: SomCase) -> dict[int, Fraction]:
    """Return how many start in each year."""
    start = case.participants.start if case.participants is not None else {}
    return {year: Fraction(persons) for year, persons in start.items()}


def first_years(case: SomCase) -> dict[int, int]:
    """Return, for each start year, the year that the first number of a consequence is about."""
    if case.course is None:
        return {}
    lag = 1 if case.consequences_from == "year_after" else 0
    return {year: success_year(year, case.course) + lag for year in participants_of(case)}


def last_year_with_consequences(case: SomCase) -> int | None:
    """Return the last year that any consequence is about, were there no end to the calculation."""
    longest = max((len(one.per_success) for one in case.consequences.values()), default=0)
    firsts = first_years(case)
    return max(firsts.values()) + longest - 1 if firsts and longest else None


def consequence_units(case: SomCase) -> Iterator[tuple[str, dict[tuple[int, int], Fraction]]]:
    """Yield each consequence with its units by start year and calendar year; less is negative."""
    if case.success is None or case.course is None:
        return
    succeeded = successes(participants_of(case), Fraction(case.success.rate))
    firsts = first_years(case)
    for name, consequence in case.consequences.items():
        units = tuple(Fraction(one) for one in consequence.per_success)
        yield name, quantities(succeeded, firsts, units, case.time.years)


def cost_units(case: SomCase, cost: Cost) -> dict[tuple[int | None, int], Fraction]:
    """Return how often a cost is paid, by start year (None: nobody's) and calendar year.

    A saved cost is negative.
    """
    sign = Fraction(-1 if cost.kind == "saved" else 1)
    if cost.per == "participant":
        return {(year, year): sign * n for year, n in participants_of(case).items()}
    if cost.per == "once":
        assert cost.from_ is not None
        return {(None, cost.from_): sign}
    first, last = cost.from_ or case.time.from_, cost.to or case.time.to
    return {(None, year): sign for year in range(first, last + 1)}
