"""The distribution of a count where nobody competes: people known at the start, and arrivals.

A person who is there at the start is counted or not, each with a chance of their own; those of one
cell alike. People who arrive as a Poisson process and then move on their own are counted in a
Poisson number. Where no place and no intake is short, all are independent, and the count is a sum
of binomial numbers and one Poisson number: exactly what histories of single persons give, and
narrower than a Poisson number of the same mean.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from som_sim.engine.cohort import run_cohort
from som_sim.engine.trajectory import Trajectory
from som_sim.engine.windows import persons_in
from som_sim.model.model import Model

Array = NDArray[np.float64]
SHORT = 1e-9
"""Persons fewer than wanted from which an intake was short."""
TAIL = 12.0
"""Standard deviations beyond which a Poisson number is not looked at."""


def nobody_competes(trajectory: Trajectory) -> bool:
    """Tell whether no state has limited places and every programme took all it wanted."""
    model = trajectory.model
    if model.limits:
        return False
    for position, rule in enumerate(model.programmes):
        enrolled = trajectory.enrolments[0, 0, :, position].sum(axis=(1, 2, 3))
        wanted = rule.share_of_waiting[0] * trajectory.waiting[0, 0, :, position]
        if (wanted - enrolled > SHORT).any() or (rule.places[:, 0] < 1).any():
            return False
    return True


def count_distribution(
    trajectory: Trajectory, cells: NDArray[np.bool_], day: dt.date, over_days: float = 0.0
) -> Array | None:
    """Return the chance of every number of persons in some cells at some time in a window.

    Parameters
    ----------
    trajectory
        A base case of the cohort engine.
    cells : (stratum, programme, state), bool
    day
        When the window opens.
    over_days
        Its length; 0 for the date itself.

    Returns
    -------
    (number,), from 0; None where people compete for places, or come at even distances
        Of 2.6 persons at the start two are there, and a third with a chance of 0.6.

    Examples
    --------
    >>> import som_sim as som
    >>> trajectory = som.run(som.load("scenarios/first.yaml")).runs["nothing_new"].trajectory
    >>> homeless = np.array([[[True, False]]])
    >>> chances = count_distribution(trajectory, homeless, trajectory.model.calendar.start)
    >>> int(chances.argmax()), round(float(chances.max()), 6)
    (40, 1.0)
    """
    model = trajectory.model
    if trajectory.replicated is not None or not nobody_competes(trajectory):
        return None
    if model.even_per_year is not None:
        return None
    there = np.flatnonzero(model.initial[:, 0])
    persons = model.initial[there, 0]
    each = np.zeros(0)
    if len(there):
        each = persons_in(run_cohort(_one_each(model, there)), cells, day, over_days)
        each = np.clip(each, 0.0, 1.0)
    expected = float(persons_in(trajectory, cells, day, over_days)[0])
    chances = np.ones(1)
    for number, chance in zip(persons, each, strict=True):
        chances = np.convolve(chances, _binomial(int(number), float(chance)))
        part = float(number % 1 * chance)
        if part:
            chances = np.convolve(chances, [1 - part, part])
    return np.convolve(chances, _poisson(max(expected - float(persons @ each), 0.0)))


def chance_of_count(chances: Array, goal: Decimal, better: str) -> float:
    """Return the chance that a count meets a goal.

    Parameters
    ----------
    chances : (number,)
        What `count_distribution` gave.

    Examples
    --------
    >>> chance_of_count(np.array([0.25, 0.5, 0.25]), Decimal(1), "lower")
    0.75
    """
    numbers = np.arange(len(chances))
    met = numbers <= math.floor(goal) if better == "lower" else numbers >= math.ceil(goal)
    return min(float(chances[met].sum()), 1.0)


def _one_each(model: Model, there: NDArray[np.int64]) -> Model:
    """Return a model with one person at the start and no arrivals, a draw for each place."""
    n = len(there)
    initial = np.zeros((len(model.initial), n))
    initial[there, np.arange(n)] = 1.0
    rates = np.repeat(model.rates[:, :, :1], n, axis=2)
    return replace(
        model,
        initial=initial,
        generator=replace(model.generator, rate=rates[0]),
        rates=rates,
        arrivals_per_year=np.zeros((len(model.arrivals_per_year), len(model.initial), n)),
        programmes=tuple(
            replace(
                rule,
                places=np.repeat(rule.places[:, :1], n, axis=1),
                share_of_waiting=np.repeat(rule.share_of_waiting[:1], n),
                most=np.repeat(rule.most[:, :1], n, axis=1),
            )
            for rule in model.programmes
        ),
    )


def _binomial(n: int, chance: float) -> Array:
    from scipy.special import gammaln, xlog1py, xlogy

    k = np.arange(n + 1)
    ways = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    chances: Array = np.exp(ways + xlogy(k, chance) + xlog1py(n - k, -chance))
    return chances


def _poisson(mean: float) -> Array:
    from scipy.special import gammaln, xlogy

    k = np.arange(int(mean + TAIL * math.sqrt(mean)) + 20)
    chances: Array = np.exp(xlogy(k, mean) - mean - gammaln(k + 1))
    return chances
