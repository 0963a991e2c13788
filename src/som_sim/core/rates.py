"""Every conversion between rates, probabilities and stays.

Three kinds of number are kept apart by name: a rate per year (of 365.25 days), a probability
within a stated time, a mean stay. Each function states what it assumes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from som_sim.core.sums import sum_in_order


def rates_from_mean_stay(
    mean_years: NDArray[np.float64], shares: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Turn a mean stay and the shares of where people go into rates.

    Parameters
    ----------
    mean_years : (draw,), years, > 0
    shares : (exit, draw), adding to 1 over exits

    Returns
    -------
    (exit, draw), rate per year
        Assumes a constant hazard; the stay is the mean when nothing else ends it.
    """
    return shares / mean_years


def rate_from_median(median_years: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn the median of a stay into the rate of leaving.

    Parameters
    ----------
    median_years : (draw,), years, > 0
        The time within which half have left.

    Returns
    -------
    (draw,), rate per year
        Assumes a constant hazard, so ``ln 2 / median``; the mean stay is longer, ``median / ln 2``.

    Examples
    --------
    >>> float(1 / rate_from_median(np.array([np.log(2)]))[0])
    1.0
    """
    rate: NDArray[np.float64] = np.log(2) / median_years
    return rate


def rate_from_share_over(
    share: NDArray[np.float64], over_years: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Turn the share of stays that last over a time into the rate of leaving.

    Parameters
    ----------
    share : (draw,), above 0 and below 1
    over_years : (draw,), years, > 0

    Returns
    -------
    (draw,), rate per year
        Assumes a constant hazard, so ``share = exp(-rate over)``.

    Raises
    ------
    ValueError
        When a share is not above 0 and below 1.

    Examples
    --------
    >>> float(rate_from_share_over(np.array([np.exp(-3)]), np.array([1.5]))[0])
    2.0
    """
    if np.any((share <= 0) | (share >= 1)):
        raise ValueError("the share of stays over a time must be above 0 and below 1")
    rate: NDArray[np.float64] = -np.log(share) / over_years
    return rate


def rates_from_row(p: NDArray[np.float64], within_years: float) -> NDArray[np.float64]:
    """Turn a row of probabilities within a time into rates, the row as a whole.

    The total rate is ``-log1p(-sum p) / time`` and is shared in proportion to the probabilities
    (first exit, constant competing hazards). Converting exit by exit would be wrong: each
    probability already is net of the other exits.

    Parameters
    ----------
    p : (exit, draw), probability of leaving first to each exit within the time; sum < 1
    within_years : years, > 0

    Returns
    -------
    (exit, draw), rate per year

    Raises
    ------
    ValueError
        When a probability is negative or a row adds to 1 or more: no finite rate gives that.

    Examples
    --------
    >>> bool(np.isclose(rates_from_row(np.array([[0.5]]), 1.0)[0, 0], np.log(2)))
    True
    """
    total = sum_in_order(p)
    if np.any(p < 0) or np.any(total >= 1):
        raise ValueError("probabilities must be 0 or more and add to less than 1")
    whole = -np.log1p(-total) / within_years
    shares = np.divide(p, total, out=np.zeros_like(p), where=total > 0)
    rates: NDArray[np.float64] = shares * whole
    return rates


def probabilities_from_rates(rates: NDArray[np.float64], years: float) -> NDArray[np.float64]:
    """Invert `rates_from_row`: probability of each first exit within a time.

    Parameters
    ----------
    rates : (exit, draw), rate per year
    years : years

    Returns
    -------
    (exit, draw), probability
    """
    total = sum_in_order(rates)
    shares = np.divide(rates, total, out=np.zeros_like(rates), where=total > 0)
    p: NDArray[np.float64] = shares * -np.expm1(-total * years)
    return p
