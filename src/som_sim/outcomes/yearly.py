"""A count at the same time of every year of a run, as a count week is."""

from __future__ import annotations

import datetime as dt

from som_sim.core.time import Calendar
from som_sim.scenario.measures import Target


def yearly_days(calendar: Calendar, target: Target) -> tuple[dt.date, ...]:
    """Return the days of a run at a target's time of year, its own among them.

    Windows that do not lie in the run as a whole are left out; so are targets that are not
    measured at a date.

    Examples
    --------
    >>> import som_sim as som
    >>> scenario = som.load("scenarios/randers_act.yaml").base
    >>> days = yearly_days(scenario.time.calendar, scenario.targets["homeless_2022"])
    >>> [day.isoformat() for day in days][-2:]
    ['2021-02-07', '2022-02-07']
    """
    if target.at is None:
        return ()
    over = target.over.days if target.over else 0.0
    years = range(calendar.start.year, calendar.end.year + 1)
    days = (_in_year(target.at.start, year) for year in years)
    return tuple(day for day in days if day >= calendar.start and (calendar.end - day).days >= over)


def _in_year(day: dt.date, year: int) -> dt.date:
    leap = (day.month, day.day) == (2, 29)
    return dt.date(year, 3, 1) - dt.timedelta(days=1) if leap else day.replace(year=year)
