"""In closed form: which share of all days lies within the first so many of a personal year.

A person is in a service for stays of a mean length and out of it for gaps of a mean length, both
without memory; a running year begins with a first day. How far their days in the year go has a
closed form, and with it the share of days that a limit lets through. It is a check on the other
ways to find the share, and a first guess where no model has been made.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from som_sim.core.time import DAYS_PER_YEAR

Floats = NDArray[np.float64]
POINTS = 400
"""Of the quadrature over the days of a year; the integrand is smooth between its ends."""


def expected_share_within(
    limit_days: float,
    mean_stay_days: float,
    mean_gap_days: float,
    window_days: float = DAYS_PER_YEAR,
) -> float:
    """Return the share of days within the first `limit_days` of each running year.

    Parameters
    ----------
    limit_days
        The limit, 0 to `window_days`.
    mean_stay_days, mean_gap_days
        Mean length of a stay, and of the time from a stay to the next; a day or more.
    window_days
        Length of the running year; the next begins with the next day in the service.

    Notes
    -----
    By the time ``x`` days have been used, a Poisson number ``k`` of mean ``x / stay`` of gaps has
    been passed, of total length gamma(k, gap). The days used in a year, O, exceed ``x`` when these
    gaps leave room: ``P(O > x) = sum_k Poisson(k; x / stay) P(gamma(k, gap) < window - x)``. The
    share is ``integral_0^limit P(O > x) dx / integral_0^window P(O > x) dx``.

    Examples
    --------
    >>> round(expected_share_within(120, 60, 240), 2)
    0.76
    >>> round(expected_share_within(120, 1e9, 1.0), 3)  # who never leaves: 120 of 365.25 days
    0.329
    """
    if not 0 <= limit_days <= window_days or min(mean_stay_days, mean_gap_days) < 1:
        raise ValueError("a limit lies within the year, and stays and gaps last a day or more")

    def days_up_to(end: float) -> float:
        nodes, weights = np.polynomial.legendre.leggauss(POINTS)
        over = _chance_over((nodes + 1) * end / 2, mean_stay_days, mean_gap_days, window_days)
        return float(weights @ over) * end / 2

    return days_up_to(limit_days) / days_up_to(window_days)


def _chance_over(used: Floats, stay: float, gap: float, window: float) -> Floats:
    """Return the chance that somebody uses more than so many days of a year: (point,)."""
    from scipy import special

    mean = (used / stay)[:, None]
    most = int(mean.max() + 12 * np.sqrt(mean.max()) + 30)
    k = np.arange(most)[None, :]
    poisson = np.exp(special.xlogy(k, mean) - mean - special.gammaln(k + 1))
    room = special.gammainc(np.maximum(k, 1), (window - used)[:, None] / gap)
    over: Floats = np.sum(poisson * np.where(k == 0, 1.0, room), axis=1)
    return over
