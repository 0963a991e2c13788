"""How much of each thing is bought in each cycle: the quantity behind a price."""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from som_sim.core.time import MONTHS_PER_CYCLE, MONTHS_PER_YEAR, Calendar
from som_sim.engine.trajectory import Trajectory
from som_sim.model.model import AGEING, PROGRAMME_MOVE
from som_sim.model.states import cells_where
from som_sim.scenario.schema import PERSON_TIME, Price, ScenarioFile

Array = NDArray[np.float64]
DAYS_PER_WEEK = 7


def charged(price: Price, calendar: Calendar) -> NDArray[np.bool_]:
    """Tell in which cycles a price is charged: (cycle,)."""
    starts = calendar.boundaries[:-1]
    first = price.from_.start if price.from_ else dt.date.min
    end = price.to.end if price.to else dt.date.max
    return np.array([first <= day < end for day in starts])


def depends_on_people(price: Price) -> bool:
    """Tell whether a price is paid for people, so that its postings name a stratum."""
    return price.in_ is not None or price.per == "enrolment"


def quantity(spec: ScenarioFile, trajectory: Trajectory, price: Price) -> Array:
    """Return the expected quantity of the base case.

    Returns
    -------
    (cycle, stratum, programme) for what depends on people, else (cycle, 1, 1); in the price's
    unit: person-days, person-months (a calendar month in full is 1), entries, hours, months, ...
    """
    calendar = trajectory.model.calendar
    now = charged(price, calendar)
    if price.in_ is not None:
        where = cells_where(spec, trajectory.model.axes, price.in_)
        if price.per in PERSON_TIME:
            amount = person_time(trajectory, where, price.per)
        else:
            amount = entries(trajectory, where)
    elif price.per == "enrolment":
        amount = _enrolments(trajectory, str(price.programme))
    else:
        amount = _fixed(price, calendar, now)[:, None, None]
    in_force: Array = np.where(now[:, None, None], amount, 0.0)
    return in_force


def person_time(trajectory: Trajectory, where: NDArray[np.bool_], per: str) -> Array:
    """Return expected time in some cells; a whole calendar month or year is 1.

    Parameters
    ----------
    where : (stratum, programme, state), bool
    per
        ``person_day``, ``person_month`` or ``person_year``.

    Returns
    -------
    (cycle, stratum, programme)
    """
    calendar = trajectory.model.calendar
    days = np.where(where[:, :, None, :], trajectory.person_days[0, 0], 0.0).sum(axis=3)
    person_days: Array = np.moveaxis(days, 2, 0)
    if per == "person_day":
        return person_days
    units = calendar.months_per_cycle if per == "person_month" else _years(calendar)
    person_days = person_days * (units / np.array(calendar.days))[:, None, None]
    return person_days


def _years(calendar: Calendar) -> float:
    """Return the calendar years in a cycle."""
    return calendar.months_per_cycle / MONTHS_PER_YEAR


def entries(trajectory: Trajectory, where: NDArray[np.bool_]) -> Array:
    """Return expected entries to some cells from outside them, arrivals included.

    A birthday inside a state is no entry to it.

    Parameters
    ----------
    where : (stratum, programme, state), bool

    Returns
    -------
    (cycle, stratum, programme), by the cell entered
    """
    model, axes = trajectory.model, trajectory.model.axes
    inside = np.zeros(axes.n_places, dtype=bool)
    inside[: axes.n_cells] = where.ravel()
    edges = model.generator
    entering = inside[edges.target] & ~inside[edges.source] & (edges.domain != AGEING)
    into = np.zeros((model.calendar.n_cycles, axes.n_cells))
    np.add.at(into.T, edges.target[entering], trajectory.flows[0, 0][:, entering].T)
    into += np.where(inside, model.arrived()[:, :, 0], 0.0)[:, : axes.n_cells]
    cells = into.reshape(-1, *axes.cell_shape)
    for position, rule in enumerate(model.programmes):
        moved = trajectory.enrolments[0, 0, :, position]
        entered = where[None, :, rule.status, None, :] & ~where[None]
        cells[:, :, rule.status] += np.where(entered, moved, 0.0).sum(axis=2)
    by_programme: Array = cells.sum(axis=3)
    return by_programme


def _enrolments(trajectory: Trajectory, programme: str) -> Array:
    """Return those who start in a programme, at a boundary or by moving on to it."""
    model, axes = trajectory.model, trajectory.model.axes
    starts = np.zeros((model.calendar.n_cycles, *axes.cell_shape[:2]))
    for position, rule in enumerate(model.programmes):
        if rule.name == programme:
            starts[:, :, rule.status] += trajectory.enrolments[0, 0, :, position].sum(axis=(2, 3))
            edges = model.generator
            moving = (edges.domain == PROGRAMME_MOVE) & (
                np.unravel_index(np.minimum(edges.target, axes.n_cells - 1), axes.cell_shape)[1]
                == rule.status
            )
            stratum = np.unravel_index(edges.target[moving], axes.cell_shape)[0]
            np.add.at(starts[:, :, rule.status].T, stratum, trajectory.flows[0, 0][:, moving].T)
    return starts


def _fixed(price: Price, calendar: Calendar, now: NDArray[np.bool_]) -> Array:
    """Return units that do not depend on people: (cycle,)."""
    units: Array = np.full(calendar.n_cycles, float(calendar.months_per_cycle))
    if price.per == "once":
        # What was paid once before the run began is no cost of the run's first month.
        begins = price.from_ is None or price.from_.start >= calendar.start
        units = np.where(begins & (np.cumsum(now) == 1), 1.0, 0.0)
    elif price.hours is None:
        units /= MONTHS_PER_CYCLE[price.per]
    elif price.hours.per_month is not None:
        units *= float(price.hours.posts * price.hours.per_month)
    elif price.hours.per_week is not None:
        units = np.array(calendar.days) / DAYS_PER_WEEK
        units *= float(price.hours.posts * price.hours.per_week)
    return units
