"""The cohort engine: expected numbers of persons, cycle by cycle.

Order of events in a cycle:

1. enrolment, programme by programme in the strategy's order: free places are this cycle's places
   less those enrolled; as many of those waiting as the intake says, and as there are free places,
   are enrolled, the same share from each cell;
2. people move in continuous time under the cycle's rates while others arrive evenly and leave; in
   a discrete step people move once, and arrivals join at the start or at the end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from som_sim.core.sums import sum_in_order
from som_sim.core.time import DAYS_PER_YEAR
from som_sim.engine.discrete import count_time, move_once
from som_sim.engine.limits import admitted, scaled
from som_sim.engine.trajectory import Trajectory
from som_sim.engine.uniformise import advance
from som_sim.model.model import Generator, Model, ProgrammeRule

Draws = NDArray[np.float64]


def enrolled_share(model: Model, rule: ProgrammeRule, cycle: int, persons: Draws) -> Draws:
    """Return the share of those waiting who are enrolled: (draw,)."""
    cells = persons[: model.axes.n_cells].reshape(*model.axes.cell_shape, -1)
    inside = sum_in_order(cells[:, rule.status].reshape(-1, persons.shape[1]))
    waiting = sum_in_order(persons[: model.axes.n_cells][rule.eligible])
    free = np.maximum(rule.places[cycle] - inside, 0.0)
    wanted = np.minimum(rule.share_of_waiting * waiting, rule.most[cycle])
    enrolled = np.minimum(free, wanted)
    share: Draws = np.divide(enrolled, waiting, out=np.zeros_like(waiting), where=waiting > 0)
    return share


def enrol(model: Model, rule: ProgrammeRule, share: Draws, persons: Draws) -> tuple[Draws, Draws]:
    """Move a share of those waiting into a programme.

    Parameters
    ----------
    share : (draw,), of each eligible cell
    persons : (place, draw)

    Returns
    -------
    persons after, and those enrolled by the cell they left: (place, draw), (cell, draw)
    """
    n_cells = model.axes.n_cells
    enrolled = np.where(rule.eligible[:, None], persons[:n_cells] * share, 0.0)
    after = persons.copy()
    after[:n_cells] -= enrolled
    shape = (*model.axes.cell_shape, persons.shape[1])
    after[:n_cells].reshape(shape)[:, rule.status] += enrolled.reshape(shape).sum(axis=1)
    return after, enrolled


def with_arrivals(
    model: Model, cycle: int, persons: Draws, arrivals_per_year: Draws, when: str
) -> Draws:
    """Add a cycle's arrivals to a discrete step's persons if this is when they join."""
    if model.arrivals_join != when:
        return persons
    return persons + arrivals_per_year * (model.calendar.days[cycle] / DAYS_PER_YEAR)


def discrete_step(
    model: Model, cycle: int, persons: Draws, generator: Generator, arrivals_per_year: Draws
) -> tuple[Draws, Draws]:
    """Move everybody once and let the cycle's arrivals join at its start or its end.

    Returns
    -------
    persons after, and moves: (place, draw), (edge, draw)
    """
    persons = with_arrivals(model, cycle, persons, arrivals_per_year, "start")
    persons, moves = move_once(generator, persons)
    return with_arrivals(model, cycle, persons, arrivals_per_year, "end"), moves


def within_places(model: Model, cycle: int, persons: Draws) -> tuple[Generator, Draws, Draws]:
    """Return a cycle's moves and arrivals with entries to full states held back.

    Returns
    -------
    Generator, arrivals (place, draw), and the share admitted (limit, draw)
    """
    years = model.calendar.days[cycle] / DAYS_PER_YEAR

    def end_of(generator: Generator, arrivals: Draws) -> Draws:
        if model.discrete:
            return discrete_step(model, cycle, persons, generator, arrivals)[0]
        return advance(generator, persons, arrivals, years).persons

    if not model.limits:
        return model.generator_in(cycle), model.arrivals_in(cycle), np.ones((0, model.n_draws))
    factors = admitted(model, cycle, end_of)
    return (*scaled(model, cycle, factors), factors)


def as_run(model: Model, rates: list[Draws], arrivals: list[Draws]) -> Model:
    """Return a model whose rates are those that its limits left, a regime for each cycle."""
    if not model.limits:
        return model
    return replace(
        model,
        rates=np.stack(rates),
        arrivals_per_year=np.stack(arrivals),
        regime=tuple(range(model.calendar.n_cycles)),
    )


def run_cohort(model: Model, progress: Callable[[int, int], None] | None = None) -> Trajectory:
    """Move the population of a model through its calendar.

    Parameters
    ----------
    model
        One strategy.
    progress
        Called with cycles done and cycles in all.
    """
    axes, calendar = model.axes, model.calendar
    n_cycles, n_draws = calendar.n_cycles, model.n_draws
    n_edges, n_rules = len(model.generator.source), len(model.programmes)
    occupancy = np.zeros((n_cycles + 1, axes.n_places, n_draws))
    person_days = np.zeros((n_cycles, axes.n_cells, n_draws))
    flows = np.zeros((n_cycles, n_edges, n_draws))
    enrolments = np.zeros((n_cycles, n_rules, axes.n_cells, n_draws))
    waiting = np.zeros((n_cycles, n_rules, n_draws))
    at_start = np.zeros((n_cycles if model.discrete else 0, axes.n_cells, n_draws))
    at_end = np.zeros_like(at_start)
    shares = np.ones((n_cycles, len(model.limits), n_draws))
    rates: list[Draws] = []
    came: list[Draws] = []
    persons = model.initial
    for cycle, days in enumerate(calendar.days):
        for position, rule in enumerate(model.programmes):
            waiting[cycle, position] = sum_in_order(persons[: axes.n_cells][rule.eligible])
            share = enrolled_share(model, rule, cycle, persons)
            persons, enrolments[cycle, position] = enrol(model, rule, share, persons)
        occupancy[cycle] = persons
        generator, arrivals, shares[cycle] = within_places(model, cycle, persons)
        if model.limits:
            rates.append(generator.rate)
            came.append(arrivals)
        if model.discrete:
            joined = with_arrivals(model, cycle, persons, arrivals, "start")
            at_start[cycle] = joined[: axes.n_cells]
            persons, flows[cycle] = discrete_step(model, cycle, persons, generator, arrivals)
            at_end[cycle] = persons[: axes.n_cells]
        else:
            step = advance(generator, persons, arrivals, days / DAYS_PER_YEAR)
            person_days[cycle] = step.person_years[: axes.n_cells] * DAYS_PER_YEAR
            flows[cycle] = step.person_years[generator.source] * generator.rate
            persons = step.persons
        if progress is not None:
            progress(cycle + 1, n_cycles)
    occupancy[n_cycles] = persons
    if model.counting is not None:
        cycles = count_time(at_start, at_end, model.counting)
        person_days = cycles * np.array(calendar.days)[:, None, None]
    return Trajectory(
        model=as_run(model, rates, came),
        occupancy=_public(occupancy[:, : axes.n_cells], axes.cell_shape),
        left=np.moveaxis(occupancy[:, axes.n_cells :], (0, 1, 2), (2, 1, 0))[:, None],
        person_days=_public(person_days, axes.cell_shape),
        flows=np.moveaxis(flows, 2, 0)[:, None],
        enrolments=np.moveaxis(enrolments, 3, 0)[:, None].reshape(
            n_draws, 1, n_cycles, n_rules, *axes.cell_shape
        ),
        waiting=np.moveaxis(waiting, 2, 0)[:, None],
        admitted=np.moveaxis(shares, 2, 0)[:, None],
    )


def _public(array: Draws, cell_shape: tuple[int, int, int]) -> Draws:
    """Turn (cycle, cell, draw) into (draw, replicate, stratum, programme, cycle, state)."""
    split = array.reshape(array.shape[0], *cell_shape, array.shape[2])
    return np.ascontiguousarray(np.moveaxis(split, (4, 1, 2, 0, 3), (0, 1, 2, 3, 4))[:, None])
