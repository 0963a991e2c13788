"""Lengths of stay in closed form: how many last longer, and how long those who are met have stayed.

Who is met at a moment that has nothing to do with them is in a stay of length ``l`` with a chance
in proportion to ``l f(l)``, and has been in it for a share of ``l`` that is uniform. So the time so
far, like the time left, has the density ``S(a) / mean`` (the residual life of renewal theory), and

    F(a) = a S(a) / mean + H(a),

where ``S`` is the share of stays that last longer and ``H`` the share of all time in stays that is
spent in those of length up to ``a``.

References
----------
Cox, D. R. (1962). Renewal Theory. Methuen, sections 5.1 to 5.4.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
BEYOND = 1e-12
"""Less time than this share is spent in stays longer than `longest_met`."""


def cumulative_hazard(kind: str, days: Array, mean: float, number: float) -> Array:
    """Return minus the logarithm of the share of stays that last longer: (day,).

    Parameters
    ----------
    days, mean
        In the same unit.
    number
        The shape of a Weibull law; of the others the standard deviation.
    """
    from scipy.special import gammaincc, log_ndtr

    if kind == "weibull":
        return np.asarray((days / weibull_scale(mean, number)) ** number)
    if kind == "lognormal":
        middle, width = _lognormal(mean, number)
        return np.asarray(-log_ndtr(-(np.log(days) - middle) / width))
    shape, pace = (mean / number) ** 2, mean / number**2
    over = gammaincc(shape, days * pace)
    known = over > 1e-280
    hazard = -np.log(np.where(known, over, 1.0))
    last = np.flatnonzero(known)[-1]
    beyond = hazard[last] + (days - days[last]) * pace  # the hazard has settled
    return np.asarray(np.where(known, hazard, beyond))


def weibull_scale(mean: float, shape: float) -> float:
    """Return the scale of a Weibull law of some mean."""
    from scipy.special import gamma

    return float(mean / gamma(1 + 1 / shape))


def _lognormal(mean: float, sd: float) -> tuple[float, float]:
    """Return mean and standard deviation of the logarithm."""
    width = float(np.sqrt(np.log1p((sd / mean) ** 2)))
    return float(np.log(mean)) - width**2 / 2, width


def share_of_time(kind: str, days: Array, mean: float, number: float) -> Array:
    """Return the share of all time in stays that is spent in those of length up to `days`: (day,).

    The laws of lengths weighted by length: of a Weibull law the power of a gamma law, of a
    lognormal one a lognormal one that is moved, of a gamma law one with a shape that is 1 more.
    """
    from scipy.special import gammainc, ndtr

    if kind == "weibull":
        return np.asarray(gammainc(1 + 1 / number, (days / weibull_scale(mean, number)) ** number))
    if kind == "lognormal":
        middle, width = _lognormal(mean, number)
        return np.asarray(ndtr((np.log(days) - middle - width**2) / width))
    return np.asarray(gammainc((mean / number) ** 2 + 1, days * mean / number**2))


def longest_met(kind: str, mean: float, number: float) -> float:
    """Return a length beyond which a share of `BEYOND` of all time in stays is spent."""
    from scipy.special import gammainccinv, ndtri

    if kind == "weibull":
        power = gammainccinv(1 + 1 / number, BEYOND)
        return float(weibull_scale(mean, number) * power ** (1 / number))
    if kind == "lognormal":
        middle, width = _lognormal(mean, number)
        return float(np.exp(middle + width**2 - width * ndtri(BEYOND)))
    return float(gammainccinv((mean / number) ** 2 + 1, BEYOND) * number**2 / mean)


def share_so_far(kind: str, days: Array, mean: float, number: float) -> Array:
    """Return the share of people met who have stayed up to `days` so far: (day,)."""
    lasting = np.exp(-cumulative_hazard(kind, days, mean, number))
    return days * lasting / mean + share_of_time(kind, days, mean, number)
