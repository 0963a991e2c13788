"""A discrete step: people move once a cycle, and person-time is counted by a named rule."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from som_sim.model.model import Generator

Draws = NDArray[np.float64]


def move_once(generator: Generator, persons: Draws) -> tuple[Draws, Draws]:
    """Move everybody by one-cycle probabilities.

    Parameters
    ----------
    generator
        Its `rate` holds probabilities.
    persons : (place, draw)

    Returns
    -------
    persons after, and moves: (place, draw), (edge, draw)
    """
    moves = persons[generator.source] * generator.rate
    # Not persons less moves: where all move on, that can leave a little less than nobody.
    after = persons * np.maximum(1.0 - generator.exit_rates(), 0.0)
    np.add.at(after, generator.target, moves)
    return after, moves


def count_time(opening: Draws, closing: Draws, rule: str) -> Draws:
    """Return the cycles that people spend in each cell, by a counting rule.

    Parameters
    ----------
    opening, closing : (cycle, cell, draw), persons at each cycle's start and end
    rule
        ``start``: those there at the start; ``end``: those there at the end; ``half_cycle``: the
        mean of the two; ``simpson``: Simpson's rule over pairs of cycles, so that a pair adds to
        ``(n0 + 4 n1 + n2) / 3``. It is split between the two cycles by the parabola through the
        three numbers; where that falls below 0, one cycle has none of the pair's time and the
        other all of it.

    Returns
    -------
    (cycle, cell, draw), person-cycles

    Examples
    --------
    >>> squares = np.array([0.0, 1.0, 4.0])[:, None, None]
    >>> float(count_time(squares[:-1], squares[1:], "simpson").sum() * 3)
    8.0
    """
    if rule == "start":
        return opening.copy()
    if rule == "end":
        return closing.copy()
    if rule == "half_cycle":
        return (opening + closing) / 2
    n0, n1, n2 = opening[0::2], opening[1::2], closing[1::2]
    time = np.empty_like(opening)
    pair = (n0 + 4 * n1 + n2) / 3
    time[0::2] = np.clip((5 * n0 + 8 * n1 - n2) / 12, 0.0, pair)
    time[1::2] = pair - time[0::2]
    return time
