"""Price levels and discounting: how amounts of different years are made comparable."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from som_sim.economics import discount_factors as discount_factors


def level_ratio(index: Mapping[int, Decimal], year: int, price_year: int) -> float:
    """Return what an amount at the level of `price_year` is worth at the level of `year`.

    Examples
    --------
    >>> level_ratio({2019: Decimal(100), 2020: Decimal(102)}, 2020, 2019)
    1.02
    """
    return float(index[year] / index[price_year])
