"""Indicators of a run, and targets with their chance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from som_sim.core.errors import SomSimError
from som_sim.engine.trajectory import Trajectory
from som_sim.engine.windows import persons_in
from som_sim.ledger.quantities import edges_of, entries
from som_sim.model.model import Model
from som_sim.model.states import cells_where
from som_sim.outcomes.chance import (
    BINOMIAL,
    HISTORIES,
    KNOWN,
    POISSON,
    UPPER_BOUND,
    chance_of_goal,
    chance_of_share,
    chance_seen,
)
from som_sim.outcomes.known import chance_of_count, count_distribution
from som_sim.scenario.measures import COUNTS, Measured, Moves, Stays, Target
from som_sim.scenario.quantities import Condition
from som_sim.scenario.schema import ScenarioFile


def measure(spec: ScenarioFile, trajectory: Trajectory, measured: Measured) -> float:
    """Return the expected value of an indicator where and when it is measured.

    Raises
    ------
    SomSimError
        When a share of moves is asked for and nobody moves.
    """
    indicator, model = measured.indicator, trajectory.model
    if indicator.persons_in is not None:
        assert measured.at is not None
        over = measured.over.days if measured.over else 0.0
        return persons_at(spec, trajectory, indicator.persons_in, measured.at.start, over)
    assert measured.during is not None
    start, end = measured.during.from_.start, measured.during.to.end
    days = float((end - start).days)
    if indicator.distinct_persons_in is not None:
        return persons_at(spec, trajectory, indicator.distinct_persons_in, start, days)
    boundaries = model.calendar.boundaries
    cycles = slice(boundaries.index(start), boundaries.index(end))
    if indicator.share_of_moves is not None:
        return share_of_moves(spec, trajectory, indicator.share_of_moves, cycles)
    if indicator.share_of_stays is not None:
        return share_of_stays(spec, trajectory, indicator.share_of_stays, cycles)
    if indicator.moves is not None:
        return float(moves_by_cycle(spec, trajectory, indicator.moves)[0][cycles].sum())
    assert indicator.where is not None
    cells = cells_where(spec, model.axes, indicator.where)
    if indicator.entries_to is not None:
        return float(entries(trajectory, cells)[cycles].sum())
    spent = trajectory.person_days[0, 0][:, :, cycles]
    person_days = float(np.where(cells[:, :, None], spent, 0.0).sum())
    return person_days if indicator.person_days_in is not None else person_days / days


def persons_at(
    spec: ScenarioFile, trajectory: Trajectory, where: Condition, day: dt.date, over_days: float
) -> float:
    """Return expected persons who fit a condition at a date, or at some time in a window."""
    cells = cells_where(spec, trajectory.model.axes, where)
    return float(persons_in(trajectory, cells, day, over_days)[0])


def moves_by_cycle(
    spec: ScenarioFile, trajectory: Trajectory, moves: Moves
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return moves from some states of a domain to others, and all moves out of them.

    Moves from one of the states to another, and moves in other domains, are not counted.

    Returns
    -------
    (cycle,), (cycle,)
    """
    wanted, moving = edges_of(spec, trajectory, moves)
    flows = trajectory.flows[0, 0]
    return flows[:, wanted].sum(axis=1), flows[:, moving].sum(axis=1)


def share_of_moves(
    spec: ScenarioFile, trajectory: Trajectory, moves: Moves, cycles: slice
) -> float:
    """Return, of the moves out of some states of a domain, the share that goes to others.

    Raises
    ------
    SomSimError
        When nobody moves: there is nothing to take a share of.
    """
    there, all_ = (by_cycle[cycles].sum() for by_cycle in moves_by_cycle(spec, trajectory, moves))
    if not all_:
        model = trajectory.model
        domain = next(key for key in moves.from_.keys if key in model.axes.domains)
        out_of = " or ".join(moves.from_.names(domain) or ())
        raise SomSimError(
            f"nobody moves out of {out_of} in the window from "
            f"{model.calendar.boundaries[cycles.start]}, so a share of these moves means nothing"
        )
    return float(there / all_)


def stay_edges(
    spec: ScenarioFile, model: Model, stays: Stays
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which edges end stays that lasted over a time, and which end any: (edge,) each."""
    axes = model.axes
    rule = next(one for one in model.clocks if one.name == stays.clock)
    edges = model.generator
    there = np.minimum(edges.target, axes.n_cells - 1)
    inside = rule.inside & cells_where(spec, axes, stays.of).ravel()
    ending = inside[edges.source] & ((edges.target >= axes.n_cells) | ~rule.inside[there])
    over = rule.edges_days.index(stays.over.days) + 1
    long = ending & (rule.at(edges.source) - rule.first >= over)
    return long, ending


def share_of_stays(
    spec: ScenarioFile, trajectory: Trajectory, stays: Stays, cycles: slice
) -> float:
    """Return, of the stays that end in some cycles, the share that lasted over a time.

    A stay is the time in the set of a clock without leaving it; those who leave the model end
    theirs. Whom it is about is told by where they are when it ends.

    Raises
    ------
    SomSimError
        When no stay ends: there is nothing to take a share of.
    """
    model = trajectory.model
    long, ending = stay_edges(spec, model, stays)
    flows = trajectory.flows[0, 0][cycles]
    all_ = flows[:, ending].sum()
    if not all_:
        raise SomSimError(
            f"no stay on the clock {stays.clock} ends in the window "
            f"from {model.calendar.boundaries[cycles.start]}, so a share of them means nothing"
        )
    return float(flows[:, long].sum() / all_)


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
        Chance that the number counted, or the share among the target's `n`, meets the goal. None
        for a share without `n`, and for means and sums of time, which nobody counts.
    chance_from
        What that chance was taken from, one of `CHANCES_FROM`; None without a chance.
    probability_no_change
        The chance if the expected value were still the baseline. Nobody says of whom the baseline
        was made up, so a count is a Poisson number here.
    """

    strategy: str
    target: str
    projected: float
    met: bool
    probability: float | None
    chance_from: str | None
    probability_no_change: float | None


def evaluate_target(
    spec: ScenarioFile,
    trajectory: Trajectory,
    name: str,
    target: Target,
    histories: NDArray[np.float64] | None = None,
) -> TargetResult:
    """Measure a target and its chance.

    Parameters
    ----------
    histories : (replicate,)
        What each history of the individual engine counted; the share of those that meet the goal
        is then the chance.
    """
    projected = measure(spec, trajectory, target)
    goal = float(target.goal)
    baseline = None if target.baseline is None else float(target.baseline)
    chance, chance_from = chances(spec, trajectory, target, projected, histories)
    probability = chance(target.goal)
    return TargetResult(
        strategy=trajectory.model.strategy,
        target=name,
        projected=projected,
        met=projected <= goal if target.better == "lower" else projected >= goal,
        probability=probability,
        chance_from=None if probability is None else chance_from,
        probability_no_change=None if baseline is None else _chance(target, baseline, target.goal),
    )


def chances(
    spec: ScenarioFile,
    trajectory: Trajectory,
    target: Target,
    projected: float,
    histories: NDArray[np.float64] | None = None,
) -> tuple[Callable[[Decimal], float | None], str]:
    """Return what gives the chance of any goal of a target, and what it is taken from.

    Parameters
    ----------
    projected
        Expected value of the target.
    histories : (replicate,)
        What each history of the individual engine counted.
    """
    better = target.better
    if histories is not None and target.indicator.kind in COUNTS:
        return lambda goal: chance_seen(histories, goal, better), HISTORIES
    window = window_of(spec, trajectory.model, target)
    if window is not None:
        known = count_distribution(trajectory, *window)
        if known is not None:
            return lambda goal: chance_of_count(known, goal, better), KNOWN
    return lambda goal: _chance(target, projected, goal), poisson_name(target)


def poisson_name(target: Target) -> str:
    """Return the name of the chance that a target has where the distribution is not known."""
    if target.indicator.kind not in COUNTS:
        return BINOMIAL
    persons = target.indicator.persons_in or target.indicator.distinct_persons_in
    return POISSON if persons is None else UPPER_BOUND


def window_of(
    spec: ScenarioFile, model: Model, measured: Measured
) -> tuple[NDArray[np.bool_], dt.date, float] | None:
    """Return cells, day and length of what counts persons in a window; None for other kinds."""
    indicator = measured.indicator
    if indicator.persons_in is not None and measured.at is not None:
        over = measured.over.days if measured.over else 0.0
        return cells_where(spec, model.axes, indicator.persons_in), measured.at.start, over
    if indicator.distinct_persons_in is not None and measured.during is not None:
        start, end = measured.during.from_.start, measured.during.to.end
        cells = cells_where(spec, model.axes, indicator.distinct_persons_in)
        return cells, start, float((end - start).days)
    return None


def _chance(target: Target, expected: float, goal: Decimal) -> float | None:
    """Return the chance that a goal is seen as met when this is what can be expected."""
    if target.indicator.kind in COUNTS:
        return chance_of_goal(expected, goal, target.better)
    if target.n is not None:
        return chance_of_share(expected, target.n, goal, target.better)
    return None
