"""Place labels beside the ends of lines so that none covers another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def spread(
    wanted: Sequence[float], heights: Sequence[float], low: float, high: float
) -> NDArray[np.float64]:
    """Return where the middles of labels go: apart, in order, and as near as can be to the wish.

    Parameters
    ----------
    wanted : (label,)
        The height each label would like its middle at.
    heights : (label,)
        How much room each label takes, in the same unit.
    low, high
        The ends of the room; labels that do not fit between them stand out at the top.

    Returns
    -------
    (label,)
        The places, in the order given, with the least sum of squared shifts.

    Notes
    -----
    Taking from each wish the room that the labels below it need turns "apart and in order" into
    "not falling", which is isotonic regression: neighbours in the wrong order share their mean.

    Examples
    --------
    >>> spread([10, 10, 50], [4, 4, 4], 0, 100).tolist()
    [8.0, 12.0, 50.0]
    """
    if len(wanted) == 0:
        return np.empty(0)
    order = np.argsort(wanted, kind="stable")
    room = np.asarray(heights, dtype=float)[order]
    below = np.concatenate(([0.0], np.cumsum((room[:-1] + room[1:]) / 2)))
    blocks: list[tuple[float, int]] = []
    for wish in np.asarray(wanted, dtype=float)[order] - below:
        value, size = float(wish), 1
        while blocks and blocks[-1][0] >= value:
            mean, members = blocks.pop()
            value = (value * size + mean * members) / (size + members)
            size += members
        blocks.append((value, size))
    free = np.concatenate([np.full(size, value) for value, size in blocks])
    least, most = low + room[0] / 2, high - room[-1] / 2 - below[-1]
    placed = np.empty(len(room))
    placed[order] = np.clip(free, least, max(least, most)) + below
    return placed
