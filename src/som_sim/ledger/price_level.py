"""Price levels and discounting: how amounts of different years are made comparable."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from som_sim.knowledge.rules import DiscountRate


def level_ratio(index: Mapping[int, Decimal], year: int, price_year: int) -> float:
    """Return what an amount at the level of `price_year` is worth at the level of `year`.

    Examples
    --------
    >>> level_ratio({2019: Decimal(100), 2020: Decimal(102)}, 2020, 2019)
    1.02
    """
    return float(index[year] / index[price_year])


def discount_factors(
    rate: DiscountRate, years: tuple[int, ...], base_year: int
) -> NDArray[np.float64]:
    """Return the factor of each year: a cumulative product of yearly factors.

    A year `n` after the base year is divided by ``(1 + r_1) ... (1 + r_n)``, so that stepped
    rates fall smoothly; years before the base year are compounded up at the first rate.

    Parameters
    ----------
    rate
        Rate by years since the base year.
    years : (year,)
    base_year
        The year with factor 1.

    Returns
    -------
    (year,)

    Examples
    --------
    >>> flat = DiscountRate(name="flat", source="", steps=((0, 0.25),))
    >>> discount_factors(flat, (2018, 2019, 2020), 2019).tolist()
    [1.25, 1.0, 0.8]
    """
    factors = []
    for year in years:
        factor = 1.0
        for since in range(1, year - base_year + 1):
            factor /= 1 + rate.rate(since)
        for _ in range(base_year - year):
            factor *= 1 + rate.rate(0)
        factors.append(factor)
    return np.array(factors)
