"""Bounds on chance for sums of independent yes-or-no counts and Poisson counts.

A sum S of independent Bernoulli and Poisson counts with mean m is s or more (or s or less) with a
probability of at most ``exp(-(s log(s / m) - s + m))`` (Chernoff). It holds at every size, so the
stated false-alarm rate is one that a test really has.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

FALSE_ALARM = 1e-6
"""Of a test as a whole: how often it would fail if nothing were wrong."""


def surprise(observed: NDArray[np.float64], mean: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return minus the logarithm of the bound; infinite where what cannot be was seen."""
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = observed * np.log(observed / mean) - observed + mean
    whole = np.where(observed == 0, mean, whole)
    return np.where((mean <= 0) & (observed > 0), np.inf, whole)


def allowed(n_tests: int) -> float:
    """Return the largest surprise of `n_tests` two-sided tests at `FALSE_ALARM` together."""
    return math.log(2 * n_tests / FALSE_ALARM)


def smallest_visible(mean: float, n_tests: int) -> float:
    """Return the smallest true mean above `mean` that would be seen as often as not."""
    low, high = mean, 2 * mean + 1000
    for _ in range(100):
        middle = (low + high) / 2
        if surprise(np.array(middle), np.array(mean)) > allowed(n_tests):
            high = middle
        else:
            low = middle
    return high
