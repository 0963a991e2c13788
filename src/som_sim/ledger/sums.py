"""Which sums of a run a quantity is, so that a run of many draws adds up these and nothing else.

Each function names what `som_sim.ledger.quantities` reads from everything that was stored, and
`value_of` gives the same figure from the tallies of a run.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from som_sim.core.time import DAYS_PER_YEAR
from som_sim.engine.keep import Tally
from som_sim.engine.trajectory import Trajectory
from som_sim.ledger.quantities import edges_of, units_per_cycle
from som_sim.model.model import AGEING, PROGRAMME_MOVE, Model
from som_sim.scenario.measures import Moves
from som_sim.scenario.schema import ScenarioFile

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """A sum over a run.

    Attributes
    ----------
    tally
        What the run adds up.
    arriving : (place,), bool, or None
        Places whose arrivals are added; a run need not count these.
    """

    tally: Tally
    arriving: Mask | None = None


@dataclass(slots=True, kw_only=True)
class Asked:
    """Sums gathered while finding out what will be read."""

    sums: list[Sum] = field(default_factory=list)

    def add(self, wanted: Sum) -> int:
        """Ask for a sum; return its number."""
        self.sums.append(wanted)
        return len(self.sums) - 1


def time_in(model: Model, where: Mask, per: str, cycles: Mask) -> Sum:
    """Return the time in some cells, in ``person_day``, ``person_month`` or ``person_year``.

    Parameters
    ----------
    where : (stratum, programme, state), bool
    cycles : (cycle,), bool, those that count
    """
    calendar = model.calendar
    unit = per.removeprefix("person_")
    weights = units_per_cycle(calendar, unit) / np.array(calendar.days) * cycles
    return Sum(tally=Tally(cells=where.ravel(), weights=tuple(weights.tolist())))


def entries_to(model: Model, where: Mask, cycles: Mask) -> Sum:
    """Return entries to some cells from outside them, arrivals and enrolments included."""
    axes, edges = model.axes, model.generator
    inside = np.zeros(axes.n_places, dtype=bool)
    inside[: axes.n_cells] = where.ravel()
    entering = inside[edges.target] & ~inside[edges.source] & (edges.domain != AGEING)
    enrolled = np.zeros((len(model.programmes), *axes.cell_shape), dtype=bool)
    for position, rule in enumerate(model.programmes):
        enrolled[position] = where[:, rule.status][:, None] & ~where
    weights = tuple(cycles.astype(float).tolist())
    tally = Tally(edges=entering, enrolled=enrolled.reshape(-1, axes.n_cells), weights=weights)
    return Sum(tally=tally, arriving=inside)


def moves_along(edges: Mask, cycles: Mask) -> Sum:
    """Return moves along some edges: (edge,), bool."""
    return Sum(tally=Tally(edges=edges, weights=tuple(cycles.astype(float).tolist())))


def moves_of(spec: ScenarioFile, trajectory: Trajectory, moves: Moves, cycles: Mask) -> Sum:
    """Return moves from some states of a domain to others."""
    return moves_along(edges_of(spec, trajectory, moves)[0], cycles)


def starts_in(model: Model, programme: str, cycles: Mask) -> Sum:
    """Return those who start in a programme, at a boundary or by moving on to it."""
    axes, edges = model.axes, model.generator
    enrolled = np.zeros((len(model.programmes), axes.n_cells), dtype=bool)
    moving = np.zeros(len(edges.source), dtype=bool)
    status = np.unravel_index(np.minimum(edges.target, axes.n_cells - 1), axes.cell_shape)[1]
    for position, rule in enumerate(model.programmes):
        if rule.name == programme:
            enrolled[position] = True
            moving |= (edges.domain == PROGRAMME_MOVE) & (status == rule.status)
    weights = tuple(cycles.astype(float).tolist())
    return Sum(tally=Tally(edges=moving, enrolled=enrolled, weights=weights))


def value_of(number: int, wanted: Sum, trajectory: Trajectory) -> Floats:
    """Return a sum that a run has added up: (group, draw).

    Parameters
    ----------
    number
        Of the sum among the tallies of the run.
    """
    model, keep = trajectory.model, trajectory.keep
    total: Floats = trajectory.tallies[:, 0, :, number].T
    if wanted.arriving is None or not wanted.arriving.any():
        return total
    n_cycles = model.calendar.n_cycles
    # One place after the other: a sum that no number of draws changes.
    per_year = np.zeros((len(model.arrivals_per_year), model.n_draws))
    for place in np.flatnonzero(wanted.arriving):
        per_year += model.arrivals_per_year[:, place]
    weights = np.ones(n_cycles) if wanted.tally.weights is None else wanted.tally.weights
    total = total.copy()
    for cycle, group in enumerate(keep.groups_of(n_cycles)):
        years = model.calendar.days[cycle] / DAYS_PER_YEAR
        total[group] += weights[cycle] * years * per_year[model.regime[cycle]]
    return total


def sum_groups(total: Floats, groups: tuple[int, ...], n_wider: int) -> Floats:
    """Add groups of cycles into wider ones, such as years.

    Parameters
    ----------
    total : (group, draw)
    groups : (group,), the wider group of each
    n_wider
        How many of these there are.

    Returns
    -------
    (wider group, draw)
    """
    wide = np.zeros((n_wider, total.shape[1]))
    for group, wider in enumerate(groups):
        wide[wider] += total[group]
    return wide
