"""Indicators of a run, and targets with their chance.

The expected value says what happens on average. The number that is counted also holds chance:
here a Poisson count around the expected value, an upper bound of the true spread where the
population is partly known and places are shared.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from som_sim.core.errors import SomSimError
from som_sim.engine.trajectory import Trajectory
from som_sim.engine.uniformise import poisson_weights
from som_sim.engine.windows import persons_in
from som_sim.ledger.quantities import entries
from som_sim.model.states import cells_where
from som_sim.scenario.quantities import Condition
from som_sim.scenario.schema import Measured, ScenarioFile, Target


def measure(spec: ScenarioFile, trajectory: Trajectory, measured: Measured) -> float:
    """Return the expected value of an indicator where and when it is measured.

    Raises
    ------
    SomSimError
        When a share of moves is asked for and nobody moves.
    """
    indicator = measured.indicator
    if indicator.persons_in is not None:
        assert measured.at is not None
        over = measured.over.days if measured.over else 0.0
        return persons_at(spec, trajectory, indicator.persons_in, measured.at.start, over)
    assert measured.during is not None
    cycles = _cycles(trajectory, measured.during.from_.start, measured.during.to.end)
    if indicator.entries_to is not None:
        where = cells_where(spec, trajectory.model.axes, indicator.entries_to)
        return float(entries(trajectory, where)[cycles].sum())
    assert indicator.share_of_moves is not None
    return share_of_moves(
        spec, trajectory, indicator.share_of_moves.from_, indicator.share_of_moves.to, cycles
    )


def persons_at(
    spec: ScenarioFile, trajectory: Trajectory, where: Condition, day: dt.date, over_days: float
) -> float:
    """Return expected persons who fit a condition at a date, or at some time in a window."""
    cells = cells_where(spec, trajectory.model.axes, where)
    return float(persons_in(trajectory, cells, day, over_days)[0])


def _cycles(trajectory: Trajectory, start: dt.date, end: dt.date) -> slice:
    boundaries = trajectory.model.calendar.boundaries
    return slice(boundaries.index(start), boundaries.index(end))


def share_of_moves(
    spec: ScenarioFile, trajectory: Trajectory, where: Condition, to: tuple[str, ...], cycles: slice
) -> float:
    """Return, of the moves out of some states of a domain, the share that goes to others.

    Moves to another of the states moved from, and moves in other domains, do not count.

    Raises
    ------
    SomSimError
        When nobody moves: there is nothing to take a share of.
    """
    model, axes = trajectory.model, trajectory.model.axes
    domain = next(key for key in where.keys if key in axes.domains)
    position = axes.domains.index(domain)
    inside = np.zeros(axes.n_places, dtype=bool)
    inside[: axes.n_cells] = cells_where(spec, axes, where).ravel()
    edges = model.generator
    moving = inside[edges.source] & ~inside[edges.target] & (edges.domain == position)
    state = np.array(
        [axes.states[position][i] for i in axes.state_position(domain)]
        * (axes.n_cells // axes.n_states)
        + list(axes.leave)
    )
    wanted = moving & np.isin(state[edges.target], to)
    flows = trajectory.flows[0, 0, cycles]
    moves = float(flows[:, moving].sum())
    if not moves:
        out_of = " or ".join(where.names(domain) or ())
        raise SomSimError(
            f"strategy '{model.strategy}': nobody moves out of {out_of} in the window from "
            f"{model.calendar.boundaries[cycles.start]}, so a share of these moves means nothing"
        )
    return float(flows[:, wanted].sum()) / moves


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetResult:
    """A target in one strategy.

    Attributes
    ----------
    projected
        Expected value of the base case.
    met
        Whether the expected value is on the right side of the goal.
    probability
        Chance that the number counted meets the goal; None for shares.
    probability_no_change
        The same chance if the expected value were still the baseline.
    """

    strategy: str
    target: str
    projected: float
    met: bool
    probability: float | None
    probability_no_change: float | None


def evaluate_target(
    spec: ScenarioFile, trajectory: Trajectory, name: str, target: Target
) -> TargetResult:
    """Measure a target and its chance."""
    projected = measure(spec, trajectory, target)
    goal = float(target.goal)
    counts = target.indicator.share_of_moves is None
    baseline = None if target.baseline is None else float(target.baseline)
    return TargetResult(
        strategy=trajectory.model.strategy,
        target=name,
        projected=projected,
        met=projected <= goal if target.better == "lower" else projected >= goal,
        probability=chance_of_goal(projected, target.goal, target.better) if counts else None,
        probability_no_change=chance_of_goal(baseline, target.goal, target.better)
        if counts and baseline is not None
        else None,
    )


def chance_of_goal(mean: float, goal: Decimal, better: str) -> float:
    """Return the chance that a Poisson count meets a goal.

    Parameters
    ----------
    mean
        Expected count.
    goal
        The count must be at most this (``lower``) or at least this (``higher``).

    Examples
    --------
    >>> round(chance_of_goal(86.0, Decimal(75), "lower"), 2)
    0.13
    """
    at_most = math.floor(goal) if better == "lower" else math.ceil(goal) - 1
    chances = poisson_weights(np.array([mean]))[:, 0]
    below = float(chances[: max(at_most + 1, 0)].sum())
    return min(below, 1.0) if better == "lower" else max(1.0 - below, 0.0)
