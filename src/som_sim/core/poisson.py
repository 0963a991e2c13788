"""Poisson probabilities as weights of a series.

References
----------
Fox and Glynn 1988, doi:10.1145/42404.42409 (weights from the mode, normalised).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TAIL = 1e-16
"""A series may stop where less than this of the probability is left."""

Draws = NDArray[np.float64]


def poisson_weights(mean: Draws) -> Draws:
    """Return Poisson probabilities, computed from the mode and normalised.

    Parameters
    ----------
    mean : (draw,), >= 0

    Returns
    -------
    (term, draw)
        Terms 0, 1, 2, ...; those outside a draw's own range are exactly 0, so that a draw does
        not depend on the others it stands with.
    """
    mode = np.floor(mean).astype(np.int64)
    reach = np.ceil(9.0 * np.sqrt(mean) + 20.0).astype(np.int64)
    j = np.arange(1, int(reach.max()) + 1)[:, None]
    up = np.cumprod(mean / (mode + j), axis=0)
    down = np.cumprod(np.maximum(mode - j + 1, 0) / np.where(mean > 0, mean, 1.0), axis=0)
    weights = np.zeros((int((mode + reach).max()) + 1, len(mean)))
    weights[mode, np.arange(len(mean))] = 1.0
    for step, side in ((j, up), (-j, down)):
        term, column = np.nonzero((np.abs(step) <= reach) & (mode + step >= 0))
        weights[(mode + step)[term, column], column] = side[term, column]
    weights[weights < TAIL**2] = 0.0
    # A plain running sum: `sum` adds one column in another order than many.
    weights /= weights.cumsum(axis=0)[-1]
    return weights
