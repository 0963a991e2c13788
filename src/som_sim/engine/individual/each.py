"""Each history as a draw of its own, so that what reads draws can read histories."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from som_sim.core.time import DAYS_PER_YEAR
from som_sim.engine.individual.run import as_trajectory
from som_sim.engine.individual.state import Counts
from som_sim.engine.keep import Keep
from som_sim.engine.trajectory import Trajectory
from som_sim.model.model import Model

Array = NDArray[np.float64]


def each_as_draw(model: Model, counts: Counts, keep: Keep) -> Trajectory:
    """Return the counts of some histories of one draw, the history on the axis of draws.

    Parameters
    ----------
    counts
        With the history as the first axis.
    keep
        Names the tallies that are added up; everything else is there too.
    """
    whole = as_trajectory(model, counts)

    def turned(array: Array) -> Array:
        return np.moveaxis(array, 1, 0)

    return Trajectory(
        model=_with_who_came(model, counts),
        occupancy=turned(whole.occupancy),
        left=turned(whole.left),
        person_days=turned(whole.person_days),
        flows=turned(whole.flows),
        enrolments=turned(whole.enrolments),
        waiting=turned(whole.waiting),
        admitted=turned(whole.admitted),
        keep=keep,
        tallies=_tallies(model, whole, keep),
    )


def not_run(model: Model) -> Trajectory:
    """Return a run of nothing, for what reads only the model of a run."""
    nothing = np.zeros(0)
    return Trajectory(
        model=model,
        occupancy=nothing,
        left=nothing,
        person_days=nothing,
        flows=nothing,
        enrolments=nothing,
        waiting=nothing,
        admitted=nothing,
    )


def _with_who_came(model: Model, counts: Counts) -> Model:
    """Return a model with the persons and arrivals that each history had, a draw for each."""
    n, n_cells = len(counts.came), model.axes.n_cells
    years = np.array(model.calendar.days) / DAYS_PER_YEAR
    initial = np.zeros((len(model.initial), n))
    initial[:n_cells] = counts.came[:, 0].T
    arrivals = np.zeros((model.calendar.n_cycles, model.axes.n_places, n))
    arrivals[:, :n_cells] = np.moveaxis(counts.came[:, 1:], 0, 2) / years[:, None, None]
    return replace(
        model,
        initial=initial,
        arrivals_per_year=arrivals,
        even_per_year=None,
        rates=model.rates[list(model.regime)],
        regime=tuple(range(model.calendar.n_cycles)),
    )


def _tallies(model: Model, whole: Trajectory, keep: Keep) -> Array:
    """Return the sums that are asked for: (history, 1, group, tally)."""
    n, n_cycles = whole.flows.shape[1], model.calendar.n_cycles
    days = np.moveaxis(whole.person_days[0], 3, 1).reshape(n, n_cycles, -1)
    flows = whole.flows[0]
    enrolled = whole.enrolments[0].reshape(n, n_cycles, len(model.programmes), model.axes.n_cells)
    found = np.zeros((n, 1, keep.n_groups(n_cycles), len(keep.tallies)))
    groups, weights = keep.groups_of(n_cycles), keep.weights_of(n_cycles)
    for number, tally in enumerate(keep.tallies):
        by_cycle = np.zeros((n, n_cycles))
        if tally.cells is not None:
            by_cycle += days[:, :, tally.cells].sum(axis=2)
        if tally.edges is not None:
            by_cycle += flows[:, :, tally.edges].sum(axis=2)
        if tally.enrolled is not None and tally.enrolled.size:
            by_cycle += enrolled[:, :, tally.enrolled].sum(axis=2)
        for cycle, group in enumerate(groups):
            if weights[number, cycle]:
                found[:, 0, group, number] += weights[number, cycle] * by_cycle[:, cycle]
    return found
