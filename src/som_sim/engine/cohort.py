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
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from som_sim.core.sums import sum_in_order
from som_sim.core.time import DAYS_PER_YEAR
from som_sim.engine.discrete import count_time, move_once
from som_sim.engine.keep import EVERYTHING, Keep
from som_sim.engine.limits import admitted, held_back, scaled
from som_sim.engine.trajectory import Trajectory
from som_sim.engine.uniformise import advance
from som_sim.model.model import Generator, Model, ProgrammeRule
from som_sim.model.stays import refuse_memory

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
    if model.clocks and not model.discrete and (factors < 1).any():
        model = held_back(model, cycle, factors)
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


@dataclass(slots=True, kw_only=True)
class Store:
    """Room for what a run stores, draws innermost; an array without cycles is not kept."""

    keep: Keep
    occupancy: Draws
    person_days: Draws
    flows: Draws
    enrolments: Draws
    waiting: Draws
    admitted: Draws
    tallies: Draws
    at_start: Draws
    at_end: Draws
    rates: list[Draws] = field(default_factory=list)
    came: list[Draws] = field(default_factory=list)


def make_store(model: Model, keep: Keep) -> Store:
    """Return empty room for the run of a model."""
    axes, n_cycles, n_draws = model.axes, model.calendar.n_cycles, model.n_draws
    n_rules, n_enrolled = len(model.programmes), len(keep.cycles_of(n_cycles))
    timed = keep.person_days or any(tally.cells is not None for tally in keep.tallies)
    n_counted = n_cycles if model.discrete and timed else 0
    return Store(
        keep=keep,
        occupancy=np.zeros((len(keep.boundaries_of(n_cycles)), axes.n_places, n_draws)),
        person_days=np.zeros((n_cycles if keep.person_days else 0, axes.n_cells, n_draws)),
        flows=np.zeros((n_cycles if keep.flows else 0, len(model.generator.source), n_draws)),
        enrolments=np.zeros((n_enrolled, n_rules, axes.n_cells, n_draws)),
        waiting=np.zeros((n_enrolled, n_rules, n_draws)),
        admitted=np.ones((n_cycles, len(model.limits), n_draws)),
        tallies=np.zeros((keep.n_groups(n_cycles), len(keep.tallies), n_draws)),
        at_start=np.zeros((n_counted, axes.n_cells, n_draws)),
        at_end=np.zeros((n_counted, axes.n_cells, n_draws)),
    )


def enrol_all(model: Model, cycle: int, persons: Draws) -> tuple[Draws, Draws, Draws]:
    """Enrol in every programme, one after the other.

    Returns
    -------
    persons after (place, draw), enrolled (rule, cell, draw), waiting before each (rule, draw)
    """
    n_rules, n_draws = len(model.programmes), model.n_draws
    enrolled = np.zeros((n_rules, model.axes.n_cells, n_draws))
    waiting = np.zeros((n_rules, n_draws))
    for position, rule in enumerate(model.programmes):
        waiting[position] = sum_in_order(persons[: model.axes.n_cells][rule.eligible])
        share = enrolled_share(model, rule, cycle, persons)
        persons, enrolled[position] = enrol(model, rule, share, persons)
    return persons, enrolled, waiting


def move(model: Model, cycle: int, persons: Draws, store: Store) -> tuple[Draws, Draws, Draws]:
    """Move everybody through a cycle.

    Returns
    -------
    persons after (place, draw), person-days (cell, draw; none in a discrete step, which counts them
    when all cycles are there), moves (edge, draw)
    """
    n_cells = model.axes.n_cells
    generator, arrivals, store.admitted[cycle] = within_places(model, cycle, persons)
    if model.limits:
        store.rates.append(generator.rate)
        store.came.append(arrivals)
    if model.discrete:
        joined = with_arrivals(model, cycle, persons, arrivals, "start")
        persons, flows = discrete_step(model, cycle, persons, generator, arrivals)
        if len(store.at_start):
            store.at_start[cycle], store.at_end[cycle] = joined[:n_cells], persons[:n_cells]
        return persons, np.zeros((0, model.n_draws)), flows
    years = model.calendar.days[cycle] / DAYS_PER_YEAR
    step = advance(generator, persons, arrivals, years)
    flows = step.person_years[generator.source] * generator.rate
    return step.persons, step.person_years[:n_cells] * DAYS_PER_YEAR, flows


def add_up(
    model: Model, store: Store, cycle: int, days: Draws | None, flows: Draws, enrolled: Draws
) -> None:
    """Add a cycle to the tallies."""
    keep, n_cycles = store.keep, model.calendar.n_cycles
    group, weights = keep.groups_of(n_cycles)[cycle], keep.weights_of(n_cycles)[:, cycle]
    for number, tally in enumerate(keep.tallies):
        parts = [flows[:0]]
        if tally.cells is not None and days is not None:
            parts.append(days[tally.cells])
        if tally.edges is not None:
            parts.append(flows[tally.edges])
        if tally.enrolled is not None:
            parts.append(enrolled[tally.enrolled])
        if weights[number]:
            store.tallies[group, number] += weights[number] * sum_in_order(np.concatenate(parts))


def run_cohort(
    model: Model,
    progress: Callable[[int, int], None] | None = None,
    keep: Keep = EVERYTHING,
) -> Trajectory:
    """Move the population of a model through its calendar.

    Parameters
    ----------
    model
        One strategy.
    progress
        Called with cycles done and cycles in all.
    keep
        What to store.
    """
    refuse_memory(model.stays)
    n_cycles = model.calendar.n_cycles
    store = make_store(model, keep)
    boundaries, cycles = keep.boundaries_of(n_cycles), keep.cycles_of(n_cycles)
    gone_through: list[tuple[Draws, Draws]] = []
    persons = model.initial
    for cycle in range(n_cycles):
        persons, enrolled, waiting = enrol_all(model, cycle, persons)
        if cycle in boundaries:
            store.occupancy[boundaries.index(cycle)] = persons
        if cycle in cycles:
            at = cycles.index(cycle)
            store.enrolments[at], store.waiting[at] = enrolled, waiting
        persons, days, flows = move(model, cycle, persons, store)
        if keep.flows:
            store.flows[cycle] = flows
        if model.discrete:
            if keep.tallies:
                gone_through.append((flows, enrolled))
        elif keep.person_days or keep.tallies:
            if keep.person_days:
                store.person_days[cycle] = days
            if keep.tallies:
                add_up(model, store, cycle, days, flows, enrolled)
        if progress is not None:
            progress(cycle + 1, n_cycles)
    if n_cycles in boundaries:
        store.occupancy[boundaries.index(n_cycles)] = persons
    if model.counting is not None:
        _count(model, store, gone_through)
    return _trajectory(model, store)


def _count(model: Model, store: Store, gone_through: list[tuple[Draws, Draws]]) -> None:
    """Count a discrete run's person-time by its rule, which may need cycles on both sides."""
    assert model.counting is not None
    time: Draws | None = None
    if len(store.at_start):
        cycles = count_time(store.at_start, store.at_end, model.counting)
        time = cycles * np.array(model.calendar.days)[:, None, None]
        if store.keep.person_days:
            store.person_days = time
    for cycle, (flows, enrolled) in enumerate(gone_through):
        days = None if time is None else time[cycle]
        add_up(model, store, cycle, days, flows, enrolled)


def _trajectory(model: Model, store: Store) -> Trajectory:
    """Put what was stored on the public axes."""
    axes, n_draws = model.axes, model.n_draws
    n_kept, n_rules = store.enrolments.shape[:2]
    return Trajectory(
        model=as_run(model, store.rates, store.came),
        keep=store.keep,
        occupancy=_public(store.occupancy[:, : axes.n_cells], axes.cell_shape),
        left=np.moveaxis(store.occupancy[:, axes.n_cells :], (0, 1, 2), (2, 1, 0))[:, None],
        person_days=_public(store.person_days, axes.cell_shape),
        flows=np.moveaxis(store.flows, 2, 0)[:, None],
        enrolments=np.moveaxis(store.enrolments, 3, 0)[:, None].reshape(
            n_draws, 1, n_kept, n_rules, *axes.cell_shape
        ),
        waiting=np.moveaxis(store.waiting, 2, 0)[:, None],
        admitted=np.moveaxis(store.admitted, 2, 0)[:, None],
        tallies=np.moveaxis(store.tallies, 2, 0)[:, None],
    )


def _public(array: Draws, cell_shape: tuple[int, int, int]) -> Draws:
    """Turn (cycle, cell, draw) into (draw, replicate, stratum, programme, cycle, state)."""
    split = array.reshape(array.shape[0], *cell_shape, array.shape[2])
    return np.ascontiguousarray(np.moveaxis(split, (4, 1, 2, 0, 3), (0, 1, 2, 3, 4))[:, None])
