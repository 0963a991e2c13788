"""Sums over the first axis that do not depend on what stands beside them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def sum_in_order(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add numbers one after the other, in each draw on its own.

    A draw has the same sum to the last bit whatever block it stands in. `sum` adds eight numbers or
    more in another order when a block holds one draw only.

    Parameters
    ----------
    numbers : (item, draw) or (item, ..., draw)

    Returns
    -------
    (draw,) or (..., draw)

    Examples
    --------
    >>> sum_in_order(np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([4., 6.])
    """
    if not len(numbers):
        return np.zeros(numbers.shape[1:])
    total: NDArray[np.float64] = numbers.cumsum(axis=0)[-1]
    return total
