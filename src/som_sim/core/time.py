"""Calendar time: dates, durations and the cycles of a run.

A scenario runs in calendar cycles (months, quarters or years) of their real length in days: a
bill is by the day. Rates are per year of 365.25 days, and a month given as a *duration* is a
twelfth of that.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

DAYS_PER_YEAR = 365.25
MONTHS_PER_YEAR = 12
CycleUnit = Literal["month", "quarter", "year"]
MONTHS_PER_CYCLE: dict[str, int] = {"month": 1, "quarter": 3, "year": 12}
DAYS_PER_UNIT = {
    "hour": 1 / 24,
    "day": 1.0,
    "week": 7.0,
    "month": DAYS_PER_YEAR / MONTHS_PER_YEAR,
    "year": DAYS_PER_YEAR,
}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s+(hour|day|week|month|year)s?")
_DATE_FORMS = "2017, 2017-02, 2017-W06 or 2017-02-15"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """A length of time as the user wrote it, and its days."""

    text: str
    days: float

    @property
    def years(self) -> float:
        """Length in years of 365.25 days."""
        return self.days / DAYS_PER_YEAR


def parse_duration(text: str) -> Duration:
    """Read a duration such as ``61 days``, ``24 months`` or ``1 year``.

    Parameters
    ----------
    text
        A positive number, a space and a unit: hour, day, week, month or year, with or without s.

    Raises
    ------
    ValueError
        When the text is no positive duration.

    Examples
    --------
    >>> parse_duration("24 months").days
    730.5
    """
    match = _DURATION.fullmatch(text.strip())
    days = float(match[1]) * DAYS_PER_UNIT[match[2]] if match else 0.0
    if not days:
        raise ValueError(
            f"'{text}' is not a duration; write a number above 0 and hours, days, weeks, "
            "months or years, such as '61 days'"
        )
    return Duration(text=text.strip(), days=days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A calendar period, from its first day up to, not including, `end`."""

    text: str
    start: dt.date
    end: dt.date


def parse_period(text: str | int) -> Period:
    """Read a year, a month, an ISO week or a day.

    Raises
    ------
    ValueError
        When the text is none of these.

    Examples
    --------
    >>> parse_period("2017-W06").start.isoformat()
    '2017-02-06'
    >>> parse_period("2017-02").end.isoformat()
    '2017-03-01'
    """
    raw = str(text)
    try:
        if re.fullmatch(r"\d{4}", raw):
            start = dt.date(int(raw), 1, 1)
            return Period(text=raw, start=start, end=add_months(start, 12))
        if re.fullmatch(r"\d{4}-\d{2}", raw):
            start = dt.date(int(raw[:4]), int(raw[5:]), 1)
            return Period(text=raw, start=start, end=add_months(start, 1))
        if re.fullmatch(r"\d{4}-W\d{2}", raw):
            start = dt.date.fromisocalendar(int(raw[:4]), int(raw[6:]), 1)
            return Period(text=raw, start=start, end=start + dt.timedelta(days=7))
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", raw):
            start = dt.date.fromisoformat(raw)
            return Period(text=raw, start=start, end=start + dt.timedelta(days=1))
    except (ValueError, OverflowError):
        pass
    raise ValueError(f"'{raw}' is not a date; write {_DATE_FORMS}")


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the first of the month that lies `months` after the month of `day`.

    Examples
    --------
    >>> add_months(dt.date(2017, 11, 1), 3)
    datetime.date(2018, 2, 1)
    """
    index = day.year * 12 + day.month - 1 + months
    return dt.date(index // 12, index % 12 + 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The cycles of a run.

    Attributes
    ----------
    unit
        ``month``, ``quarter`` or ``year``.
    boundaries : tuple of date, length n_cycles + 1
        First day of each cycle, and the day after the last cycle.
    """

    unit: CycleUnit
    boundaries: tuple[dt.date, ...]

    @property
    def n_cycles(self) -> int:
        """Number of cycles."""
        return len(self.boundaries) - 1

    @property
    def start(self) -> dt.date:
        """First day of the run."""
        return self.boundaries[0]

    @property
    def end(self) -> dt.date:
        """The day after the last day of the run."""
        return self.boundaries[-1]

    @property
    def days(self) -> tuple[int, ...]:
        """Real length of each cycle in days."""
        return tuple((after - first).days for first, after in pairwise(self.boundaries))

    @property
    def months_per_cycle(self) -> int:
        """Calendar months in a cycle."""
        return MONTHS_PER_CYCLE[self.unit]

    @property
    def years(self) -> tuple[int, ...]:
        """Calendar year of each cycle; a cycle never crosses a new year."""
        return tuple(day.year for day in self.boundaries[:-1])

    def cycle_of(self, day: dt.date) -> int:
        """Return the number of the cycle that holds `day`.

        Raises
        ------
        ValueError
            When the day is outside the run.
        """
        if not self.start <= day < self.end:
            raise ValueError(f"{day} is outside {self.start} to {self.end}")
        return sum(boundary <= day for boundary in self.boundaries) - 1

    def period(self, text: str | int) -> Period:
        """Read a time whose cycles are asked for.

        Raises
        ------
        ValueError
            When it is no date, lies outside the run, or is not in whole cycles.
        """
        found = parse_period(text)
        if found.end <= self.start or found.start >= self.end:
            raise ValueError(f"{found.text} is outside the run ({self.start} to {self.end})")
        edges = {*self.boundaries}
        if (found.start > self.start and found.start not in edges) or (
            found.end < self.end and found.end not in edges
        ):
            raise ValueError(f"{found.text} does not fit cycles of a {self.unit}")
        return found


def make_calendar(first: dt.date, end: dt.date, unit: CycleUnit) -> Calendar:
    """Return the cycles from `first` up to, not including, `end`.

    Raises
    ------
    ValueError
        When the span is empty, is no whole number of cycles, or a cycle would cross a new year.

    Examples
    --------
    >>> make_calendar(dt.date(2017, 2, 1), dt.date(2023, 1, 1), "month").n_cycles
    71
    """
    step = MONTHS_PER_CYCLE[unit]
    if first >= end:
        raise ValueError("the run ends before it starts")
    if (first.month - 1) % step:
        raise ValueError(
            f"a {unit} must start in "
            + ("January" if unit == "year" else "January, April, July or October")
            + ", so that no cycle crosses a new year"
        )
    boundaries = [first]
    while boundaries[-1] < end:
        boundaries.append(add_months(boundaries[-1], step))
    if boundaries[-1] != end:
        raise ValueError(f"the run is not a whole number of {unit}s")
    return Calendar(unit=unit, boundaries=tuple(boundaries))
