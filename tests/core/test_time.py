"""Calendar time: durations, periods, and cycles that fill the run without a gap."""

from __future__ import annotations

import calendar
import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from som_sim.core.time import (
    DAYS_PER_YEAR,
    MONTHS_PER_CYCLE,
    add_months,
    make_calendar,
    parse_duration,
    parse_period,
)

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31))
UNITS = ("month", "quarter", "year")
EXACT = 1e-15
"""A duration is one product of two floats, each rounded once."""


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("1 hour", 1 / 24),
        ("48 hours", 2),
        ("1 day", 1),
        ("61 days", 61),
        ("0.5 days", 0.5),
        ("2 weeks", 14),
        ("1 month", 365.25 / 12),
        ("24 months", 730.5),
        ("1 year", 365.25),
        ("1.5 years", 547.875),
        ("  3   days ", 3),
    ],
)
def test_duration(text: str, days: float) -> None:
    duration = parse_duration(text)
    assert duration.days == pytest.approx(days, rel=EXACT)
    assert duration.years == duration.days / DAYS_PER_YEAR
    assert duration.text == text.strip()


def test_twelve_months_are_a_year_and_a_month_is_no_calendar_month() -> None:
    assert parse_duration("12 months").days == parse_duration("1 year").days
    assert 30 < parse_duration("1 month").days < 31


@pytest.mark.parametrize(
    "text",
    [
        "", "days", "5", "0 days", "0.00 years", "-5 days", "+5 days", "5days", "5 fortnights",
        "1e3 days", "61,5 days", "5 days 3 hours", "nan days", "inf years", "5. days", "5 Days",
        "5 dayss", "five days",
    ],
)  # fmt: skip
def test_what_is_no_duration_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration; write a number above 0") as caught:
        parse_duration(text)
    assert f"'{text}'" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2017", dt.date(2017, 1, 1), dt.date(2018, 1, 1)),
        (2017, dt.date(2017, 1, 1), dt.date(2018, 1, 1)),
        ("2017-02", dt.date(2017, 2, 1), dt.date(2017, 3, 1)),
        ("2016-02", dt.date(2016, 2, 1), dt.date(2016, 3, 1)),
        ("2017-12", dt.date(2017, 12, 1), dt.date(2018, 1, 1)),
        ("2017-W06", dt.date(2017, 2, 6), dt.date(2017, 2, 13)),
        ("2022-W06", dt.date(2022, 2, 7), dt.date(2022, 2, 14)),
        ("2019-W01", dt.date(2018, 12, 31), dt.date(2019, 1, 7)),
        ("2020-W53", dt.date(2020, 12, 28), dt.date(2021, 1, 4)),
        ("2016-02-29", dt.date(2016, 2, 29), dt.date(2016, 3, 1)),
        ("2017-12-31", dt.date(2017, 12, 31), dt.date(2018, 1, 1)),
    ],
)
def test_period(text: str | int, start: dt.date, end: dt.date) -> None:
    period = parse_period(text)
    assert (period.start, period.end, period.text) == (start, end, str(text))


@pytest.mark.parametrize(
    "text",
    [
        "", "17", "2017-2", "2017-13", "2017-00", "2017-02-29", "2017-02-30", "2017-W00", "2017-W54",
        "2021-W53", "2017-w06", "2017-W6", "2017W06", "2017/02", "02-2017", "2017-02-15T00:00",
        "2017-02 ", "0000", "9999", "9999-12", "9999-12-31", -2017, 20170, "next year",
    ],
)  # fmt: skip
def test_what_is_no_period_is_refused_by_name(text: str | int) -> None:
    with pytest.raises(ValueError, match="is not a date; write 2017, 2017-02, 2017-W06") as caught:
        parse_period(text)
    assert str(text) in str(caught.value)


@given(DAYS)
def test_every_day_lies_in_its_day_week_month_and_year(day: dt.date) -> None:
    week = day.isocalendar()
    lengths = {
        day.isoformat(): 1,
        f"{week.year:04d}-W{week.week:02d}": 7,
        f"{day:%Y-%m}": calendar.monthrange(day.year, day.month)[1],
        f"{day:%Y}": 366 if calendar.isleap(day.year) else 365,
    }
    for text, days in lengths.items():
        period = parse_period(text)
        assert period.start <= day < period.end
        assert (period.end - period.start).days == days
    assert parse_period(f"{week.year:04d}-W{week.week:02d}").start.weekday() == 0


@given(DAYS, st.integers(-600, 600), st.integers(-600, 600))
def test_months_add_up(day: dt.date, one: int, two: int) -> None:
    there = add_months(day, one)
    assert there.day == 1
    assert (there.year - day.year) * 12 + there.month - day.month == one
    assert add_months(there, two) == add_months(day, one + two)


@given(st.sampled_from(UNITS), st.integers(1950, 2100), st.integers(0, 11), st.integers(1, 40))
def test_cycles_fill_the_run(unit: str, year: int, skipped: int, n_cycles: int) -> None:
    length = MONTHS_PER_CYCLE[unit]
    first = add_months(dt.date(year, 1, 1), skipped // length * length)
    run = make_calendar(first, add_months(first, n_cycles * length), unit)  # type: ignore[arg-type]
    assert (run.start, run.end) == (first, add_months(first, n_cycles * length))
    assert run.n_cycles == n_cycles == len(run.days) == len(run.years)
    assert sum(run.days) == (run.end - run.start).days
    assert run.months_per_cycle == length
    for cycle, (start, end) in enumerate(pairwise(run.boundaries)):
        last = end - dt.timedelta(days=1)
        assert start.day == 1
        assert start.year == last.year == run.years[cycle], "a cycle crosses a new year"
        assert run.cycle_of(start) == run.cycle_of(last) == cycle
        assert run.days[cycle] == (end - start).days
    for outside in (run.end, run.start - dt.timedelta(days=1)):
        with pytest.raises(ValueError, match=f"{outside} is outside {run.start} to {run.end}"):
            run.cycle_of(outside)


def test_cycles_have_their_real_length() -> None:
    months = make_calendar(dt.date(2019, 1, 1), dt.date(2021, 1, 1), "month").days
    assert months[:12] == (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    assert months[13] == 29
    quarters = make_calendar(dt.date(2019, 4, 1), dt.date(2020, 7, 1), "quarter").days
    assert quarters == (91, 92, 92, 91, 91)
    years = make_calendar(dt.date(2019, 1, 1), dt.date(2022, 1, 1), "year").days
    assert years == (365, 366, 365)


@pytest.mark.parametrize(
    ("first", "end", "unit", "message"),
    [
        ((2019, 5), (2019, 5), "month", "ends before it starts"),
        ((2019, 5), (2019, 4), "month", "ends before it starts"),
        ((2019, 2), (2019, 5), "quarter", "a quarter must start in January, April, July or Oct"),
        ((2019, 6), (2020, 6), "year", "a year must start in January"),
        ((2019, 1), (2019, 6), "quarter", "not a whole number of quarters"),
        ((2019, 1), (2020, 6), "year", "not a whole number of years"),
    ],
)
def test_a_span_that_is_no_whole_cycles_is_refused(
    first: tuple[int, int], end: tuple[int, int], unit: str, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        make_calendar(dt.date(*first, 1), dt.date(*end, 1), unit)  # type: ignore[arg-type]
