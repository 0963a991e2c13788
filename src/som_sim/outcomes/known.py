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
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from som_sim.core.sums import sum_in_order
from som_sim.engine.backward import chance_counted
from som_sim.engine.trajectory import Trajectory
from som_sim.engine.windows import persons_in
from som_sim.model.model import Model

Array = NDArray[np.float64]
TAIL = 12.0
"""Standard deviations beyond which a Poisson number is not looked at."""
TOLERANCE = 1e-3
"""The chance of a shortage in the whole run up to which nobody is taken to compete. What the
distribution says of any count is then off by this much at the most."""


def chance_of_shortage(trajectory: Trajectory) -> float:
    """Return a bound of the chance that anybody is refused a place or a start in the run.

    Parameters
    ----------
    trajectory
        A base case of the cohort engine, with everything stored.

    Notes
    -----
    While nobody has been refused, people are independent, and those in a programme or wanting to
    start in it are a sum of binomial and Poisson numbers. Above its mean by one or more its tail is
    no heavier than that of a Poisson number of the same mean (Hoeffding 1956; Anderson and Samuels
    1967). The bound adds up these tails over cycles and programmes. States with places are taken to
    be short. A programme without any place in a cycle refuses everybody alike, and nobody competes.
    """
    from scipy.special import pdtrc

    model = trajectory.model
    if model.limits:
        return 1.0
    total = 0.0
    occupied = trajectory.occupancy[0, 0, :, :, :-1].sum(axis=(0, 3))  # (programme, cycle)
    enrolments = trajectory.enrolments[0, 0]
    for position, rule in enumerate(model.programmes):
        places, share = rule.places[:, 0], float(rule.share_of_waiting[0])
        wanted = share * trajectory.waiting[0, 0, :, position]
        later = enrolments[:, position + 1 :, :, rule.status].sum(axis=(1, 2, 3))
        inside = occupied[rule.status] + later
        for room, mean in ((places, inside), (rule.most[:, 0], wanted)):
            asked = (places > 0) & (wanted > 0) & np.isfinite(room)
            whole, mean = np.floor(room[asked]), mean[asked]
            if (whole < mean).any():
                return 1.0
            total += float(pdtrc(whole, mean).sum())
    return min(total, 1.0)


def nobody_competes(trajectory: Trajectory) -> bool:
    """Tell whether all people of a run of the cohort engine move independently of each other."""
    return trajectory.model.even_per_year is None and chance_of_shortage(trajectory) <= TOLERANCE


def cannot_compete(model: Model) -> bool:
    """Tell whether no draw of a model can have people who compete: nothing in it has an end."""
    return (
        not model.limits
        and model.even_per_year is None
        and all(
            (np.isinf(rule.places) | (rule.places == 0)).all() and np.isinf(rule.most).all()
            for rule in model.programmes
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Of whom a count is made up, where nobody competes.

    Attributes
    ----------
    persons : (cell, draw)
        There at the start.
    chance : (cell, draw)
        That each of them is counted.
    others : (draw,)
        Of those who arrive, how many can be expected to be counted.
    """

    persons: Array
    chance: Array
    others: Array


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
    if trajectory.replicated is not None or not nobody_competes(trajectory):
        return None
    model = trajectory.model
    there = np.flatnonzero(model.initial[:, 0])
    known = known_count(
        model.initial[there],
        chance_counted(model, cells, day, over_days)[there],
        persons_in(trajectory, cells, day, over_days),
    )
    chances: Array = distributions(known)[0]
    return chances


def known_count(persons: Array, chance: Array, expected: Array) -> Known:
    """Return of whom a count is made up.

    Parameters
    ----------
    persons, chance : (cell, draw)
        There at the start, and the chance that each is counted.
    expected : (draw,)
        Of the count.
    """
    chance = np.clip(chance, 0.0, 1.0)
    mine = np.zeros_like(expected)
    for one in persons * chance:  # one by one: a sum that no number of draws changes
        mine = mine + one
    return Known(persons=persons, chance=chance, others=np.maximum(expected - mine, 0.0))


def distributions(known: Known) -> Array:
    """Return the chance of every number, in each draw: (draw, number), from 0.

    Notes
    -----
    By the characteristic function: a product over the cells, turned back by a Fourier transform.
    What lies more than `TAIL` standard deviations above the highest mean is left out.

    Examples
    --------
    Two persons who are counted with a chance of one half, and nobody else:

    >>> half = Known(
    ...     persons=np.array([[2.0]]), chance=np.array([[0.5]]), others=np.array([0.0])
    ... )
    >>> distributions(half)[0, :4].round(9).tolist()
    [0.25, 0.5, 0.25, 0.0]
    """
    mean = known.others.copy()
    for one in known.persons * known.chance:
        mean = mean + one
    most = float(mean.max(initial=0.0))
    size = 2 ** math.ceil(math.log2(most + TAIL * math.sqrt(most) + 40))
    turn = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size) - 1.0
    wave = np.exp(known.others[:, None] * turn)
    whole = np.floor(known.persons)
    for number, part, chance in zip(whole, known.persons - whole, known.chance, strict=True):
        one = 1.0 + chance[:, None] * turn
        wave *= one ** number[:, None] * (1.0 + (part * chance)[:, None] * turn)
    chances: Array = np.fft.irfft(wave, size, axis=1)
    return np.clip(chances, 0.0, 1.0)


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
    return float(chances_of_count(chances[None], goal, better)[0])


def chances_of_count(chances: Array, goal: Decimal, better: str) -> Array:
    """Return `chance_of_count` in each draw: (draw, number) to (draw,)."""
    numbers = np.arange(chances.shape[1])
    met = numbers <= math.floor(goal) if better == "lower" else numbers >= math.ceil(goal)
    found: Array = np.minimum(sum_in_order(chances.T[met]), 1.0)
    return found
