"""Checks on the people, on whose time the money rests."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from som_sim.core.time import DAYS_PER_YEAR
from som_sim.engine.trajectory import Replicated, Trajectory
from som_sim.ledger.reconcile_money import Finding

FALSE_ALARM = 1e-9
"""How often the check on the moves of histories may fail when nothing is wrong."""
PERSONS_TOLERANCE = 1e-9
"""Relative to the persons who were there or came: float rounding of a run, no more."""


def persons_conserved(trajectory: Trajectory) -> Iterator[Finding]:
    """Persons at the start and arrivals are those present and those who left, at every boundary."""
    model = trajectory.model
    expected = _came(trajectory)
    actual = trajectory.occupancy[0, 0].sum(axis=(0, 1, 3)) + trajectory.left[0, 0].sum(axis=0)
    miss = np.abs(actual - expected)
    worst = int(np.argmax(miss))
    yield (
        "persons_conserved",
        float(expected[worst]),
        float(actual[worst]),
        bool(np.all(miss <= PERSONS_TOLERANCE * np.maximum(expected, 1.0))),
        f"start + arrivals = present + left, worst at {model.calendar.boundaries[worst]}",
    )


def flows_close(trajectory: Trajectory) -> Iterator[Finding]:
    """Persons at a boundary, arrivals, moves and enrolments give the persons at the next."""
    model, axes = trajectory.model, trajectory.model.axes
    edges, n_cycles = model.generator, model.calendar.n_cycles
    cells = np.moveaxis(trajectory.occupancy[0, 0], 2, 0).reshape(n_cycles + 1, axes.n_cells)
    persons = np.concatenate([cells, trajectory.left[0, 0].T], axis=1)
    closing = persons[:-1] + model.arrived()[:, :, 0]
    flows = trajectory.flows[0, 0]
    np.add.at(closing.T, edges.target, flows.T)
    np.subtract.at(closing.T, edges.source, flows.T)
    for position, rule in enumerate(model.programmes):
        enrolled = trajectory.enrolments[0, 0, 1:, position]
        into = closing[:-1, : axes.n_cells].reshape(n_cycles - 1, *axes.cell_shape)
        into = into - enrolled
        into[:, :, rule.status] += enrolled.sum(axis=2)
        closing[:-1, : axes.n_cells] = into.reshape(n_cycles - 1, axes.n_cells)
    miss = np.abs(persons[1:] - closing)
    allowed = PERSONS_TOLERANCE * np.maximum(_came(trajectory)[1:], 1.0)
    cycle, place = np.unravel_index(int(np.argmax(miss)), miss.shape)
    yield (
        "flows_close",
        float(closing[cycle, place]),
        float(persons[cycle + 1, place]),
        bool(np.all(miss <= allowed[:, None])),
        "opening + arrivals + moves + enrolments = closing, cell by cell, worst at "
        f"{model.calendar.boundaries[cycle + 1]}",
    )


def flows_follow_person_time(trajectory: Trajectory) -> Iterator[Finding]:
    """Hold moves against person-time times rate: what is paid for is the time that moved people.

    In a discrete step moves are persons at the start times probability.
    """
    if trajectory.replicated is not None:
        yield from _moves_within_chance(trajectory, trajectory.replicated)
        return
    yield _moves_and_time(trajectory)


def _moves_and_time(trajectory: Trajectory) -> Finding:
    expected, actual = expected_moves(trajectory), trajectory.flows[0, 0]
    allowed = PERSONS_TOLERANCE * np.maximum(_came(trajectory)[1:], 1.0)
    return (
        "flows_follow_person_time",
        float(expected.sum()),
        float(actual.sum()),
        bool(np.all(np.abs(actual - expected) <= allowed[:, None])),
        "moves = person-time x rate, move by move",
    )


def _moves_within_chance(trajectory: Trajectory, histories: Replicated) -> Iterator[Finding]:
    """Hold the moves of histories against person-time times rate, edge by edge, within chance.

    Moves less person-time times rate is a martingale, so a number of moves as far from it as the
    bound allows has a chance of at most `FALSE_ALARM`, all edges together.
    """
    simple = histories.moves_by_rate
    expected = expected_moves(trajectory)[:, simple].sum(axis=0) * histories.replicates
    actual = trajectory.flows[0, 0][:, simple].sum(axis=0) * histories.replicates
    ratio = np.divide(actual, expected, out=np.ones_like(actual), where=actual * expected > 0)
    surprise = actual * np.log(ratio) - actual + expected
    possible = (expected > 0) | (actual == 0)
    bound = np.log(2 * max(len(actual), 1) / FALSE_ALARM)
    yield (
        "flows_follow_person_time",
        float(expected.sum() / histories.replicates),
        float(actual.sum() / histories.replicates),
        bool(np.all(possible & (surprise <= bound))),
        "moves = person-time x rate but for chance, edge by edge; a false alarm in a billion runs",
    )


def expected_moves(trajectory: Trajectory) -> NDArray[np.float64]:
    """Return the moves that the time spent, or the persons of a step, give: (cycle, edge)."""
    model = trajectory.model
    edges, n_cycles = model.generator, model.calendar.n_cycles
    days = np.moveaxis(trajectory.person_days[0, 0], 2, 0).reshape(n_cycles, -1)
    rate = model.rates[list(model.regime), :, 0]
    if model.discrete:
        cells = np.moveaxis(trajectory.occupancy[0, 0], 2, 0).reshape(n_cycles + 1, -1)[:-1]
        joined = (
            model.arrived()[:, : model.axes.n_cells, 0] if model.arrivals_join == "start" else 0
        )
        started: NDArray[np.float64] = (cells + joined)[:, edges.source] * rate
    else:
        started = days[:, edges.source] / DAYS_PER_YEAR * rate
    return started


def _came(trajectory: Trajectory) -> NDArray[np.float64]:
    """Return everybody there at the start or come by each boundary: (cycle + 1,)."""
    model = trajectory.model
    arrived = np.cumsum(model.arrived()[:, :, 0].sum(axis=1))
    came: NDArray[np.float64] = model.initial[:, 0].sum() + np.concatenate([[0.0], arrived])
    return came
