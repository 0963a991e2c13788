"""Backward in time: the chance, for one person in each place, of being counted later.

Where nobody competes for places, what becomes of a person does not depend on the others. The
chance of being counted in a window is then a value of the place a person is in, and one pass from
the window back to the start of the run gives it for every place at once. It is the forward step of
`som_sim.engine.windows` turned round: rates and enrolments are the same, and who is inside the
cells while the window is open stays counted.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from som_sim.core.sums import sum_in_order
from som_sim.core.time import DAYS_PER_YEAR
from som_sim.engine.uniformise import LEAST_RATE, poisson_weights
from som_sim.model.model import Generator, Model

Draws = NDArray[np.float64]
Mask = NDArray[np.bool_]


def chance_counted(model: Model, cells: Mask, day: dt.date, over_days: float = 0.0) -> Draws:
    """Return the chance of being in some cells at some time in a window.

    Parameters
    ----------
    model
        In which nobody competes: every programme takes all it wants to.
    cells : (stratum, programme, state), bool
    day
        When the window opens.
    over_days
        Its length; 0 for the date itself.

    Returns
    -------
    (place, draw), for one person in each place at the start of the run, before enrolment

    Examples
    --------
    >>> import som_sim as som
    >>> model = som.run(som.load("scenarios/first.yaml")).runs["nothing_new"].trajectory.model
    >>> homeless = np.array([[[True, False]]])
    >>> chance_counted(model, homeless, model.calendar.start)[:, 0].tolist()
    [1.0, 0.0]
    """
    calendar = model.calendar
    inside = np.zeros((model.axes.n_places, 1), dtype=bool)
    inside[: model.axes.n_cells, 0] = cells.ravel()
    chance = np.repeat(inside.astype(float), model.n_draws, axis=1)
    first, offset = calendar.n_cycles, 0
    if day < calendar.end:
        first = calendar.cycle_of(day)
        offset = (day - calendar.boundaries[first]).days
        if over_days:
            chance = _while_open(model, inside, chance, first, offset, over_days)
        if offset:
            chance = _back(model, first, chance, offset)
        chance = _before_enrolment(model, first, chance)
    for cycle in reversed(range(first)):
        chance = _back(model, cycle, chance, calendar.days[cycle])
        chance = _before_enrolment(model, cycle, chance)
    return chance


def _while_open(
    model: Model, inside: Mask, chance: Draws, first: int, offset: int, over_days: float
) -> Draws:
    """Return the chance at the time when the window opens, of which `inside` are counted."""
    days = model.calendar.days
    parts, left = [], over_days
    cycle = first
    while left > 0:
        if cycle == len(days):
            raise ValueError("the window closes after the run ends")
        here = min(left, days[cycle] - (offset if cycle == first else 0))
        parts.append((cycle, here))
        left, cycle = left - here, cycle + 1
    for cycle, here in reversed(parts):
        chance = np.where(inside, 1.0, _back(model, cycle, chance, here, inside))
        if cycle != first:
            chance = np.where(inside, 1.0, _before_enrolment(model, cycle, chance))
    return chance


def _back(
    model: Model, cycle: int, chance: Draws, days: float, counted: Mask | None = None
) -> Draws:
    """Take a chance back through some days of a cycle; `counted` (place, 1) stay where they are."""
    generator = model.generator_in(cycle)
    rate = generator.rate
    if counted is not None:
        rate = np.where(counted[generator.source], 0.0, rate)
    if model.discrete:
        if days != model.calendar.days[cycle]:
            raise ValueError("in a discrete step people are counted at the start of a cycle")
        return _step_back(generator, rate, 1.0 - _exits(generator, rate), chance)
    return _series_back(generator, rate, chance, days / DAYS_PER_YEAR)


def _series_back(generator: Generator, rate: Draws, chance: Draws, years: float) -> Draws:
    """Return ``exp(Q years)`` applied to a column, by uniformisation: (place, draw)."""
    exits = _exits(generator, rate)
    jump_rate = np.maximum(exits.max(axis=0), LEAST_RATE)
    weights = poisson_weights(jump_rate * years)
    stay, jump = 1.0 - exits / jump_rate, rate / jump_rate
    total: Draws = weights[0] * chance
    for weight in weights[1:]:
        chance = _step_back(generator, jump, stay, chance)
        total = total + weight * chance
    return total


def _step_back(generator: Generator, jump: Draws, stay: Draws, chance: Draws) -> Draws:
    """Return ``P`` applied to a column: (place, draw)."""
    before: Draws = stay * chance
    np.add.at(before, generator.source, jump * chance[generator.target])
    return before


def _exits(generator: Generator, rate: Draws) -> Draws:
    exits = np.zeros((generator.n_places, rate.shape[1]))
    np.add.at(exits, generator.source, rate)
    return exits


def _before_enrolment(model: Model, cycle: int, chance: Draws) -> Draws:
    """Take a chance back through the enrolments at a boundary."""
    shape = (*model.axes.cell_shape, model.n_draws)
    n_cells = model.axes.n_cells
    for rule in reversed(model.programmes):
        here = chance[:n_cells].reshape(shape)
        enrolled = np.broadcast_to(here[:, rule.status][:, None], shape).reshape(n_cells, -1)
        share = np.where(rule.places[cycle] > 0, rule.share_of_waiting, 0.0)
        share = np.where(rule.eligible[:, None], share, 0.0)
        chance = chance.copy()
        chance[:n_cells] += share * (enrolled - chance[:n_cells])
    return chance


def persons_counted(model: Model, chance: Draws) -> Draws:
    """Return how many of those there at the start can be expected to be counted: (draw,)."""
    return sum_in_order(model.initial * chance)
