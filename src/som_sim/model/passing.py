"""How fast people pass from one time of a clock to the next.

People are in the states of a clock, move between them, and leave them at rates that differ from
state to state. ``G`` holds the moves within one time of length ``w``, less those who leave. Of
those who are in a state now the share ``s(w) = exp(G w) 1`` is there for all of ``w``, and the mean
time spent of it is ``m = int_0^w s(u) du``. Passed at the rate ``r = s(w) / m``, state by state,
the mean time spent within it is ``m`` from whatever state it began::

    (diag(r) - G) m = s + 1 - s = 1        as   G m = s(w) - 1

so the numbers within the first time, and beyond it, are as if the time were counted exactly. Where
all states are left equally fast, at ``h``, this is ``h / (exp(h w) - 1)``, and the share that
outlasts the time is exact too.

In a discrete step of ``k`` cycles with ``P`` for moving and staying within the time,
``m = sum_{n < k} P^n 1``, ``P m = m - 1 + s``, and who remains passes with ``s / (m - 1 + s)``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from som_sim.core.errors import SomSimError
from som_sim.core.poisson import poisson_weights

Ints = NDArray[np.int64]
Draws = NDArray[np.float64]

ALIKE = 1e-9
"""Relative: states that are left as equally fast as this are taken as alike."""
MOST_JUMPS = 50_000
"""Moves of one person within a time of a clock, beyond which it is refused."""


def passage_rate(lost: Draws, years: Draws) -> Draws:
    """Return the rate at which a time is passed where all states are left equally fast.

    Parameters
    ----------
    lost : (cell, draw), per year
        Rate at which people leave meanwhile.
    years : (cell, 1)
        Length of the time.

    Examples
    --------
    >>> h, w = np.array([[6.0]]), np.array([[0.25]])
    >>> r = passage_rate(h, w)
    >>> bool(np.isclose(r / (r + h), np.exp(-h * w))[0, 0])
    True
    """
    x = lost * years
    with np.errstate(over="ignore", invalid="ignore"):
        share = np.where(x > 0, x / np.expm1(x), 1.0)
    rate: Draws = share / years
    return rate


def unlike(source: Ints, target: Ints, lost: Draws) -> NDArray[np.bool_]:
    """Tell from which cells people come to others that are left at another rate: (cell, draw).

    Parameters
    ----------
    source, target : (edge,), int
        Moves within one time.
    lost : (cell, draw), rate or probability of leaving the states of the clock
    """
    least, most = lost.copy(), lost.copy()
    while True:
        low, high = least.copy(), most.copy()
        np.minimum.at(low, source, least[target])
        np.maximum.at(high, source, most[target])
        if np.array_equal(low, least) and np.array_equal(high, most):
            mixed: NDArray[np.bool_] = most - least > ALIKE * most
            return mixed
        least, most = low, high


def mean_time(
    source: Ints, target: Ints, rate: Draws, lost: Draws, years: float
) -> tuple[Draws, Draws]:
    """Return the share that stays for a time, and the mean time spent of it.

    Parameters
    ----------
    source, target : (edge,), int
        Moves within the time, sorted by source.
    rate : (edge, draw), per year
    lost : (cell, draw), per year
    years
        Length of the time.

    Returns
    -------
    (cell, draw), (cell, draw) in years

    Raises
    ------
    SomSimError
        When people move so often that it cannot be followed.
    """
    leaving = lost.copy()
    np.add.at(leaving, source, rate)
    jump_rate = np.maximum(leaving.max(axis=0), 1.0 / years)
    expected = jump_rate * years
    if expected.max() > MOST_JUMPS:
        raise SomSimError(
            f"people move {float(jump_rate.max()):.4g} times a year in the states of a clock, "
            f"too often to be followed for {years:.4g} years; take a nearer edge or longer stays"
        )
    at_end = poisson_weights(expected)
    after = (at_end[::-1].cumsum(axis=0)[::-1] - at_end) / jump_rate
    stay, jump = 1.0 - leaving / jump_rate, rate / jump_rate
    from_, starts = np.unique(source, return_index=True)
    now = np.ones_like(lost)
    share, time = np.zeros_like(lost), np.zeros_like(lost)
    for k in range(len(at_end)):
        if k:
            moved = now[target] * jump
            now = now * stay
            if len(from_):
                now[from_] += np.add.reduceat(moved, starts, axis=0)
        share += at_end[k] * now
        time += after[k] * now
    return share, time


def mean_cycles(
    source: Ints, target: Ints, p: Draws, lost: Draws, cycles: int
) -> tuple[Draws, Draws]:
    """Return the share that stays for so many cycles, and the mean number of them spent.

    Parameters
    ----------
    source, target : (edge,), int
        Moves within the time.
    p : (edge, draw), probability per cycle
    lost : (cell, draw), probability per cycle
    """
    stay = 1.0 - lost
    np.subtract.at(stay, source, p)
    share, time = np.ones_like(lost), np.zeros_like(lost)
    for _ in range(cycles):
        time += share
        after = share * stay
        np.add.at(after, source, share[target] * p)
        share = after
    return share, time
