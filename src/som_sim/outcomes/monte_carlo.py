"""How sure a figure is that was taken from histories: its Monte Carlo error.

The figure booked is the mean over independent histories, so its standard error is their standard
deviation over the square root of their number. A difference between strategies is taken history by
history: the same history of two strategies has the same luck, so the difference varies less than
the two figures do (common random numbers). More histories make the error smaller; it says nothing
of how sure the parameters are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
LEVEL = 0.95
"""Confidence of the interval of a mean."""
ERRORS_FROM_ZERO = 4.0
"""Standard errors that a denominator must be away from 0 for its ratio to have an error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What histories say of a figure.

    Attributes
    ----------
    mean, error
        Their mean, and its standard error; the error is not a number with one history.
    low, high
        Interval that holds the true mean with `LEVEL` confidence (Student's t), around the figure
        that is booked.
    sd, p05, p95
        How single histories vary: standard deviation, and the numbers below which 5 and 95 % lie.
    """

    mean: float
    error: float
    low: float
    high: float
    sd: float
    p05: float
    p95: float


def estimate(values: Array, booked: float) -> Estimate:
    """Return what histories say of a figure that is their mean.

    Parameters
    ----------
    values : (replicate,)
    booked
        The figure as it is published.

    Examples
    --------
    >>> found = estimate(np.array([1.0, 3.0, 2.0, 2.0]), 2.0)
    >>> round(found.error, 3), round(found.low, 2), round(found.high, 2)
    (0.408, 0.7, 3.3)
    """
    n = len(values)
    sd = float(values.std(ddof=1)) if n > 1 else np.nan
    low, high = (float(one) for one in np.quantile(values, (0.05, 0.95)))
    return _around(booked, float(values.mean()), sd / np.sqrt(n), n, (sd, low, high))


def estimate_of_ratio(top: Array, bottom: Array, booked: float) -> Estimate:
    """Return what histories say of a ratio of two means.

    Parameters
    ----------
    top, bottom : (replicate,)
    booked
        The ratio as it is published.

    Notes
    -----
    By the delta method: the error of ``mean(top - ratio * bottom) / mean(bottom)``. Where the
    denominator is less than `ERRORS_FROM_ZERO` of its own standard errors away from 0 the method
    does not hold, and the error is not a number. Single histories have no ratio worth showing, so
    neither have their deviation and quantiles.
    """
    n, mean = len(bottom), float(bottom.mean())
    error = np.nan
    if n > 1 and abs(mean) > ERRORS_FROM_ZERO * float(bottom.std(ddof=1)) / np.sqrt(n):
        left = top - float(top.mean()) / mean * bottom
        error = float(left.std(ddof=1)) / np.sqrt(n) / abs(mean)
    ratio = float(top.mean()) / mean if mean else np.nan
    return _around(booked, ratio, error, n, (np.nan, np.nan, np.nan))


def _around(
    booked: float, mean: float, error: float, n: int, single: tuple[float, float, float]
) -> Estimate:
    from scipy.special import stdtrit

    reach = float(stdtrit(n - 1, (1 + LEVEL) / 2)) * error if n > 1 else np.nan
    return Estimate(
        mean=mean,
        error=float(error),
        low=float(booked - reach),
        high=float(booked + reach),
        sd=single[0],
        p05=single[1],
        p95=single[2],
    )
