"""How much of each thing is bought in each cycle: the quantity behind a price."""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from som_sim.core.time import MONTHS_PER_CYCLE, MONTHS_PER_YEAR, Calendar
from som_sim.engine.trajectory import Trajectory
from som_sim.model.draws import stated_parameters
from som_sim.model.model import AGEING, PROGRAMME_MOVE
from som_sim.model.resolve import Resolver
from som_sim.model.states import cells_where
from som_sim.scenario.measures import Moves
from som_sim.scenario.schedules import Schedule
from som_sim.scenario.schema import PERSON_TIME, PLACE_TIME, Price, ScenarioFile

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
    return price.per in PERSON_TIME or price.per in ("entry", "move", "enrolment")


def quantity(spec: ScenarioFile, trajectory: Trajectory, price: Price) -> Array:
    """Return the expected quantity of the base case.

    Returns
    -------
    (cycle, stratum, programme) for what depends on people, else (cycle, 1, 1); in the price's
    unit: person-days, person-months (a calendar month in full is 1), entries, hours, months, ...
    """
    base: Array = quantities(spec, trajectory, price, stated(spec))[0]
    return base


def stated(spec: ScenarioFile) -> Resolver:
    """Return what turns quantities of a file into the numbers of the base case."""
    return Resolver(values=stated_parameters(spec))


def quantities(
    spec: ScenarioFile, trajectory: Trajectory, price: Price, resolver: Resolver
) -> Array:
    """Return the expected quantity in every draw of a run.

    Parameters
    ----------
    resolver
        With the parameters of the same draws; `stated` for the base case.

    Returns
    -------
    (draw, cycle, stratum, programme) for what depends on people, else (draw, cycle, 1, 1)
    """
    calendar = trajectory.model.calendar
    now = charged(price, calendar)
    if price.per in PERSON_TIME:
        assert price.in_ is not None
        where = cells_where(spec, trajectory.model.axes, price.in_)
        amount = person_time_draws(trajectory, where, price.per)
    elif price.per == "entry":
        assert price.in_ is not None
        amount = entries_draws(trajectory, cells_where(spec, trajectory.model.axes, price.in_))
    elif price.per == "move":
        assert price.moves is not None
        amount = moves_draws(spec, trajectory, price.moves)
    elif price.per == "enrolment":
        amount = enrolments_draws(trajectory, str(price.programme))
    elif price.per in PLACE_TIME:
        units = units_per_cycle(calendar, price.per.removeprefix("place_"))
        amount = (_places(trajectory, price, resolver) * units[:, None]).T[:, :, None, None]
    else:
        amount = _fixed(price, calendar, now, resolver).T[:, :, None, None]
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
    base: Array = person_time_draws(trajectory, where, per)[0]
    return base


def person_time_draws(trajectory: Trajectory, where: NDArray[np.bool_], per: str) -> Array:
    """Return what `person_time` does, in every draw: (draw, cycle, stratum, programme)."""
    calendar = trajectory.model.calendar
    days = np.where(where[:, :, None, :], trajectory.person_days[:, 0], 0.0).sum(axis=4)
    person_days: Array = np.moveaxis(days, 3, 1)
    if per == "person_day":
        return person_days
    units = calendar.months_per_cycle if per == "person_month" else _years(calendar)
    person_days = person_days * (units / np.array(calendar.days))[:, None, None]
    return person_days


def _years(calendar: Calendar) -> float:
    """Return the calendar years in a cycle."""
    return calendar.months_per_cycle / MONTHS_PER_YEAR


def units_per_cycle(calendar: Calendar, unit: str) -> Array:
    """Return the days, months or years in each cycle: (cycle,)."""
    if unit == "day":
        return np.array(calendar.days, dtype=np.float64)
    whole = float(calendar.months_per_cycle) if unit == "month" else _years(calendar)
    return np.full(calendar.n_cycles, whole)


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
    base: Array = entries_draws(trajectory, where)[0]
    return base


def entries_draws(trajectory: Trajectory, where: NDArray[np.bool_]) -> Array:
    """Return what `entries` does, in every draw: (draw, cycle, stratum, programme)."""
    model, axes = trajectory.model, trajectory.model.axes
    inside = np.zeros(axes.n_places, dtype=bool)
    inside[: axes.n_cells] = where.ravel()
    edges = model.generator
    entering = inside[edges.target] & ~inside[edges.source] & (edges.domain != AGEING)
    flows = trajectory.flows[:, 0]
    into = np.zeros((len(flows), model.calendar.n_cycles, axes.n_cells))
    np.add.at(into.T, edges.target[entering], flows[:, :, entering].T)
    arrived = np.moveaxis(model.arrived(), 2, 0)
    into += np.where(inside, arrived, 0.0)[:, :, : axes.n_cells]
    cells = into.reshape(*into.shape[:2], *axes.cell_shape)
    for position, rule in enumerate(model.programmes):
        moved = trajectory.enrolments[:, 0, :, position]
        entered = where[None, :, rule.status, None, :] & ~where[None]
        cells[:, :, :, rule.status] += np.where(entered, moved, 0.0).sum(axis=3)
    by_programme: Array = cells.sum(axis=4)
    return by_programme


def edges_of(
    spec: ScenarioFile, trajectory: Trajectory, moves: Moves
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which edges are moves from some states of a domain to others, and all out of them.

    Moves from one of the states to another, and moves in other domains, are not counted.

    Returns
    -------
    (edge,), (edge,), bool
    """
    model, axes = trajectory.model, trajectory.model.axes
    domain = next(key for key in moves.from_.keys if key in axes.domains)
    position = axes.domains.index(domain)
    inside = np.zeros(axes.n_places, dtype=bool)
    inside[: axes.n_cells] = cells_where(spec, axes, moves.from_).ravel()
    edges = model.generator
    moving = inside[edges.source] & ~inside[edges.target] & (edges.domain == position)
    state = np.array(
        [axes.states[position][i] for i in axes.state_position(domain)]
        * (axes.n_cells // axes.n_states)
        + list(axes.leave)
    )
    return moving & np.isin(state[edges.target], moves.to), moving


def moves_draws(spec: ScenarioFile, trajectory: Trajectory, moves: Moves) -> Array:
    """Return expected moves by the cell they start in: (draw, cycle, stratum, programme)."""
    model, axes = trajectory.model, trajectory.model.axes
    wanted, _ = edges_of(spec, trajectory, moves)
    flows = trajectory.flows[:, 0]
    out_of = np.zeros((len(flows), model.calendar.n_cycles, axes.n_cells))
    np.add.at(out_of.T, model.generator.source[wanted], flows[:, :, wanted].T)
    by_programme: Array = out_of.reshape(*out_of.shape[:2], *axes.cell_shape).sum(axis=4)
    return by_programme


def enrolments_draws(trajectory: Trajectory, programme: str) -> Array:
    """Return those who start in a programme, at a boundary or by moving on to it.

    Returns
    -------
    (draw, cycle, stratum, programme)
    """
    model, axes = trajectory.model, trajectory.model.axes
    flows = trajectory.flows[:, 0]
    starts = np.zeros((len(flows), model.calendar.n_cycles, *axes.cell_shape[:2]))
    for position, rule in enumerate(model.programmes):
        if rule.name == programme:
            enrolled = trajectory.enrolments[:, 0, :, position].sum(axis=(3, 4))
            starts[:, :, :, rule.status] += enrolled
            edges = model.generator
            moving = (edges.domain == PROGRAMME_MOVE) & (
                np.unravel_index(np.minimum(edges.target, axes.n_cells - 1), axes.cell_shape)[1]
                == rule.status
            )
            stratum = np.unravel_index(edges.target[moving], axes.cell_shape)[0]
            np.add.at(starts[:, :, :, rule.status].T, stratum, flows[:, :, moving].T)
    return starts


def _places(trajectory: Trajectory, price: Price, resolver: Resolver) -> Array:
    """Return the places that are paid for, used or not: (cycle, draw)."""
    model = trajectory.model
    if price.places is not None:
        return by_cycle(price.places, model.calendar, resolver)
    if price.in_ is not None:
        ((domain, (state,)),) = price.in_.allowed
        return next(
            limit.places for limit in model.limits if (limit.domain, limit.state) == (domain, state)
        )
    return next(rule.places for rule in model.programmes if rule.name == price.programme)


def by_cycle(schedule: Schedule, calendar: Calendar, resolver: Resolver) -> Array:
    """Return a stepping number by cycle: (cycle, draw)."""
    return np.stack([resolver.on(schedule, day) for day in calendar.boundaries[:-1]])


def _fixed(price: Price, calendar: Calendar, now: NDArray[np.bool_], resolver: Resolver) -> Array:
    """Return units that do not depend on people: (cycle, draw)."""
    hours = price.hours
    if price.per == "once":
        # What was paid once before the run began is no cost of the run's first month.
        begins = price.from_ is None or price.from_.start >= calendar.start
        units = np.where(begins & (np.cumsum(now) == 1), 1.0, 0.0)
    elif hours is None:
        units = np.full(calendar.n_cycles, float(calendar.months_per_cycle))
        units /= MONTHS_PER_CYCLE[price.per]
    else:
        each = hours.per_week if hours.per_month is None else hours.per_month
        assert each is not None
        staff = by_cycle(hours.posts, calendar, resolver) * by_cycle(each, calendar, resolver)
        if hours.per_month is None:
            units = np.array(calendar.days) / DAYS_PER_WEEK
        else:
            units = np.full(calendar.n_cycles, float(calendar.months_per_cycle))
        return units[:, None] * staff
    in_draws: Array = np.repeat(units[:, None], resolver.n_draws, axis=1)
    return in_draws
