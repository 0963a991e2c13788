"""The chance that what is counted meets a goal.

The expected value says what happens on average. The number that is counted also holds chance: here
a Poisson count around the expected value, and for a share a binomial count among those it is taken
among. Where a population is partly known and places are shared, Poisson is an upper bound of the
spread; where one person makes several of the moves that are counted, it need not be. Where nobody
competes for places `som_sim.outcomes.known` knows the distribution. Every chance is published with
the name of what it was taken from.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

KNOWN = "known"
"""Nobody competes: people of the start are binomial numbers, arrivals a Poisson number."""
UPPER_BOUND = "poisson_upper_bound"
"""A Poisson number, whose spread is an upper bound for persons who share places."""
POISSON = "poisson"
"""A Poisson number, for moves, of which one person can make several: no bound."""
BINOMIAL = "binomial"
"""A share is a binomial number among the target's `n`."""
HISTORIES = "histories"
"""The share of histories of the individual engine."""
CHANCES_FROM = (KNOWN, UPPER_BOUND, POISSON, BINOMIAL, HISTORIES)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


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
    from scipy.special import pdtr, pdtrc

    if better == "lower":
        at_most = math.floor(goal)
        return float(pdtr(at_most, mean)) if at_most >= 0 else 0.0
    at_least = math.ceil(goal)
    return float(pdtrc(at_least - 1, mean)) if at_least > 0 else 1.0


def chance_of_share(share: float, n: int, goal: Decimal, better: str) -> float:
    """Return the chance that a share observed among `n` meets a goal.

    Parameters
    ----------
    share
        Expected share, 0 to 1.
    n
        How many it is taken among; each is independently one of those counted.
    goal
        The share must be at most this (``lower``) or at least this (``higher``). It is held
        against the count itself, not against a rounded percentage.

    Examples
    --------
    Of 47 personal goals 60 % were kept. With nothing changed, 63 % or more are with the chance

    >>> round(chance_of_share(0.60, 47, Decimal("0.63"), "higher"), 2)
    0.35
    """
    from scipy.special import bdtr, bdtrc

    wanted = Fraction(goal) * n
    truth = min(share, 1.0)  # a whole added up in another order than its parts
    if better == "lower":
        at_most = min(math.floor(wanted), n)
        return float(bdtr(at_most, n, truth)) if at_most >= 0 else 0.0
    at_least = min(math.ceil(wanted), n + 1)
    return float(bdtrc(at_least - 1, n, truth)) if at_least > 0 else 1.0


def chances_of_goal(means: Floats, goal: Decimal, better: str) -> Floats:
    """Return `chance_of_goal` in every draw: (draw,) to (draw,)."""
    import numpy as np
    from scipy.special import pdtr, pdtrc

    means = np.maximum(means, 0.0)
    if better == "lower":
        at_most = math.floor(goal)
        return np.asarray(pdtr(at_most, means)) if at_most >= 0 else np.zeros_like(means)
    at_least = math.ceil(goal)
    return np.asarray(pdtrc(at_least - 1, means)) if at_least > 0 else np.ones_like(means)


def chances_of_share(shares: Floats, n: int, goal: Decimal, better: str) -> Floats:
    """Return `chance_of_share` in every draw: (draw,) to (draw,)."""
    import numpy as np
    from scipy.special import bdtr, bdtrc

    wanted = Fraction(goal) * n
    truth = np.clip(shares, 0.0, 1.0)
    if better == "lower":
        at_most = min(math.floor(wanted), n)
        return np.asarray(bdtr(at_most, n, truth)) if at_most >= 0 else np.zeros_like(truth)
    at_least = min(math.ceil(wanted), n + 1)
    return np.asarray(bdtrc(at_least - 1, n, truth)) if at_least > 0 else np.ones_like(truth)


def chance_seen(values: Floats, goal: Decimal, better: str) -> float | None:
    """Return the share of histories in which a goal is met; None when none of them says.

    Parameters
    ----------
    values : (replicate,)
        What each history counted; not a number where it says nothing.

    Examples
    --------
    >>> import numpy as np
    >>> chance_seen(np.array([74.0, 75.0, 80.0, 81.0]), Decimal(75), "lower")
    0.5
    """
    known = values[values == values]
    if not len(known):
        return None
    met = known <= float(goal) if better == "lower" else known >= float(goal)
    return float(met.mean())
