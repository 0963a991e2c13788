"""How many persons are in some cells at a date, or at some time in a window.

A count week counts everybody who was homeless in it, not those homeless one night. The expected
number is a first passage: people in the cells when the window opens, and those who enter them for
the first time before it closes. Those already counted are set aside; the others move on under the
same rates and the same enrolment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from som_sim.core.sums import sum_in_order
from som_sim.core.time import DAYS_PER_YEAR
from som_sim.engine.cohort import discrete_step
from som_sim.engine.trajectory import Trajectory
from som_sim.engine.uniformise import advance
from som_sim.model.model import Model

Step = Callable[
    [Model, int, NDArray[np.float64], float, NDArray[np.bool_] | None], NDArray[np.float64]
]
"""Moves persons (place, draw) of a model through some days of a cycle, along some edges only."""


def persons_in(
    trajectory: Trajectory,
    cells: NDArray[np.bool_],
    day: dt.date,
    over_days: float = 0.0,
    step: Step | None = None,
) -> NDArray[np.float64]:
    """Return the expected persons in the cells at a date or at some time in a window.

    Parameters
    ----------
    trajectory
        A run of the cohort engine, or the mean of histories.
    cells : (stratum, programme, state), bool
    day
        The date, at the start of the day; the window opens then.
    over_days
        Length of the window; 0 for the date itself.
    step
        In place of the plain one.

    Returns
    -------
    (draw,), persons
    """
    step = part_of_cycle if step is None else step
    if trajectory.replicated is not None:
        histories = trajectory.replicated.persons_in(cells, day, over_days)
        of_draw: NDArray[np.float64] = histories.mean(axis=1)
        return of_draw
    model = trajectory.model
    calendar, n_cells = model.calendar, model.axes.n_cells
    inside = np.zeros(model.axes.n_places, dtype=bool)
    inside[:n_cells] = cells.ravel()
    counted: NDArray[np.float64]
    if day == calendar.end:
        counted = sum_in_order(_at_boundary(trajectory, calendar.n_cycles)[inside])
        return counted
    cycle = calendar.cycle_of(day)
    offset = (day - calendar.boundaries[cycle]).days
    persons = _at_boundary(trajectory, cycle)
    if offset:
        persons = step(model, cycle, persons, offset, None)
    counted = sum_in_order(persons[inside])
    if not over_days:
        return counted
    free = ~inside[model.generator.source, None]
    left = over_days
    while True:
        persons = np.where(inside[:, None], 0.0, persons)
        days = min(left, calendar.days[cycle] - offset)
        persons = step(model, cycle, persons, days, free)
        counted = counted + sum_in_order(persons[inside])
        left, offset, cycle = left - days, 0, cycle + 1
        if left <= 0:
            return counted
        if cycle == calendar.n_cycles:
            raise ValueError("the window closes after the run ends")
        persons = _enrol_others(trajectory, cycle, np.where(inside[:, None], 0.0, persons))
        counted = counted + sum_in_order(persons[inside])


def part_of_cycle(
    model: Model,
    cycle: int,
    persons: NDArray[np.float64],
    days: float,
    free: NDArray[np.bool_] | None = None,
) -> NDArray[np.float64]:
    """Move persons through part of a cycle; along `free` edges (edge, 1) only, if given.

    Raises
    ------
    ValueError
        In a discrete step, for a part of a cycle.
    """
    generator = model.generator_in(cycle)
    if free is not None:
        generator = replace(generator, rate=generator.rate * free)
    arrivals = model.arrivals_in(cycle)
    if not model.discrete:
        return advance(generator, persons, arrivals, days / DAYS_PER_YEAR).persons
    if days != model.calendar.days[cycle]:
        raise ValueError("in a discrete step people are counted at the start of a cycle")
    return discrete_step(model, cycle, persons, generator, arrivals)[0]


def _at_boundary(trajectory: Trajectory, cycle: int) -> NDArray[np.float64]:
    """Return (place, draw) at a boundary, after enrolment."""
    at = trajectory.keep.position(cycle)
    cells = trajectory.occupancy[:, 0, :, :, at]
    flat = cells.reshape(len(cells), -1).T
    return np.concatenate([flat, trajectory.left[:, 0, :, at].T])


def _enrol_others(
    trajectory: Trajectory, cycle: int, others: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Enrol those not yet counted, in the shares in which everybody was enrolled."""
    model = trajectory.model
    shape = (model.axes.n_cells, model.n_draws)
    at = trajectory.keep.enrolment_position(cycle)
    enrolments = [
        trajectory.enrolments[:, 0, at, position].reshape(model.n_draws, -1).T
        for position in range(len(model.programmes))
    ]
    everybody = _at_boundary(trajectory, cycle)[: shape[0]].copy()
    before = []
    for rule, enrolled in reversed(list(zip(model.programmes, enrolments, strict=True))):
        cells = everybody.reshape(*model.axes.cell_shape, -1)
        cells[:, rule.status] -= enrolled.reshape(cells.shape).sum(axis=1)
        everybody += enrolled
        before.append(everybody.copy())
    others = others.copy()
    for rule, enrolled, present in zip(model.programmes, enrolments, reversed(before), strict=True):
        share = np.divide(enrolled, present, out=np.zeros(shape), where=present > 0)
        moving = others[: shape[0]] * share
        others[: shape[0]] -= moving
        cells = others[: shape[0]].reshape(*model.axes.cell_shape, -1)
        cells[:, rule.status] += moving.reshape(cells.shape).sum(axis=1)
    return others
