"""Short places in a state: one factor a cycle on all that would enter it.

When everybody who would enter a state in a cycle leaves more people in it at the end than it has
places, the rates of entry are scaled by one factor, solved so that the places are just filled; the
rest goes to the overflow state or waits. Nobody is put out: where there are too many already and
too few leave, nobody enters. People inside a cycle may pass the number for some days; at its end
they do not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from som_sim.core.sums import sum_in_order
from som_sim.model.clocks import refitted
from som_sim.model.edges import Edges
from som_sim.model.limits import WAIT
from som_sim.model.model import Generator, Model

Draws = NDArray[np.float64]
TOLERANCE = 1e-9
"""Persons: how close to the places the end of a cycle is solved."""
MOST_ROUNDS = 200


def scaled(model: Model, cycle: int, factors: Draws) -> tuple[Generator, Draws]:
    """Return a cycle's moves and arrivals when entries are admitted by factors.

    Parameters
    ----------
    factors : (limit, draw), 0 to 1, the share admitted

    Returns
    -------
    Generator, and arrivals (place, draw), persons per year
    """
    generator = model.generator_in(cycle)
    rate = generator.rate.copy()
    arrivals = model.arrivals_in(cycle).copy()
    n_cells = model.axes.n_cells
    for limit, factor in zip(model.limits, factors, strict=True):
        full = rate[limit.entry]
        rate[limit.entry] = full * factor
        away = limit.spill != WAIT
        rate[limit.spill[away]] += full[away] * (1 - factor)
        arriving = np.where(limit.inside[:, None], arrivals[:n_cells], 0.0)
        arrivals[:n_cells] -= arriving * (1 - factor)
        moved = np.flatnonzero(limit.overflow != WAIT)
        np.add.at(arrivals, limit.overflow[moved], arriving[moved] * (1 - factor))
    return replace(generator, rate=rate), arrivals


def held_back(model: Model, cycle: int, factors: Draws) -> Model:
    """Return a model whose clocks know that people wait: for one cycle, in continuous time.

    Who waits is longer where they are than the rates of the file say, so they pass a clock's edge
    more often.

    Parameters
    ----------
    factors : (limit, draw), the share admitted
    """
    generator, _ = scaled(model, cycle, factors)
    edges = Edges(source=generator.source, target=generator.target, domain=generator.domain)
    passing = np.isin(edges.domain, [rule.domain for rule in model.clocks])
    short = (factors < 1).any(axis=0)
    full = model.generator_in(cycle).rate
    now = refitted(model.clocks, edges, generator.rate)
    return replace(
        model,
        rates=np.where(passing[:, None] & short, now, full)[None],
        arrivals_per_year=model.arrivals_in(cycle)[None],
        regime=(0,) * model.calendar.n_cycles,
    )


def admitted(model: Model, cycle: int, end_of: Callable[[Generator, Draws], Draws]) -> Draws:
    """Return the share of entries that each limited state admits in a cycle.

    Parameters
    ----------
    end_of
        Gives persons at the cycle's end, (place, draw), for moves and arrivals.

    Returns
    -------
    (limit, draw), 1 where places suffice
    """
    factors = np.ones((len(model.limits), model.n_draws))

    def over(number: int, factor: Draws) -> Draws:
        trial = factors.copy()
        trial[number] = factor
        limit = model.limits[number]
        end = end_of(*scaled(model, cycle, trial))[: model.axes.n_cells]
        excess: Draws = sum_in_order(end[limit.inside]) - limit.places[cycle]
        return excess

    for _ in range(MOST_ROUNDS):
        before = factors.copy()
        for number in range(len(factors)):
            factors[number] = _fill(partial(over, number))
        if len(factors) == 1 or np.abs(factors - before).max() < TOLERANCE:
            break
    return factors


def _fill(over: Callable[[Draws], Draws]) -> Draws:
    """Return the largest factor of 0 to 1 that leaves nobody over (Illinois false position).

    Parameters
    ----------
    over
        Persons over the places for a factor, (draw,), rising with it.
    """
    at_most = over(np.ones(1))
    low, high = np.zeros_like(at_most), np.ones_like(at_most)
    short = at_most > TOLERANCE
    if not short.any():
        return high
    f_low, f_high = over(low), at_most.copy()
    side = np.zeros(low.shape, dtype=int)
    open_ = short & (f_low < 0)
    for _ in range(MOST_ROUNDS):
        if not open_.any():
            break
        guess = np.where(open_, (low * f_high - high * f_low) / (f_high - f_low), low)
        f_guess = over(guess)
        below = f_guess <= 0
        f_high = np.where(open_ & below & (side == -1), f_high / 2, f_high)
        f_low = np.where(open_ & ~below & (side == 1), f_low / 2, f_low)
        low, f_low = np.where(open_ & below, guess, low), np.where(open_ & below, f_guess, f_low)
        high = np.where(open_ & ~below, guess, high)
        f_high = np.where(open_ & ~below, f_guess, f_high)
        side = np.where(below, -1, 1)
        open_ &= ~(below & (f_guess >= -TOLERANCE)) & (high - low > 1e-15)
    return np.where(short, low, 1.0)
