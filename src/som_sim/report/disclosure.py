"""Small numbers of people are left out of what is published, and so are those that give them away.

A count above 0 and under the threshold is left out (primary suppression). Where a row or a column
has lost exactly one figure, its total would give that figure back, so one more is left out
(complementary suppression). Both carry the same mark, so that a reader cannot tell which is which.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

THRESHOLD = 5
"""Persons: the fewest that are shown in what is published."""
SUPPRESSED = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """Whether small counts are shown, and which are small.

    Attributes
    ----------
    hide
        The one switch: True for what is published, False for use inside the municipality.
    threshold
        Counts above 0 and under this are small.

    Examples
    --------
    >>> Disclosure().small(4.9), Disclosure().small(0.0), Disclosure(hide=False).small(4.9)
    (True, False, False)
    """

    hide: bool = True
    threshold: float = THRESHOLD

    def small(self, persons: float) -> bool:
        """Return whether a count of persons may not be shown."""
        return self.hide and 0 < persons < self.threshold

    def mask(self, counts: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which figures of a table with totals are left out.

        Parameters
        ----------
        counts : (row, column), persons
            Without the totals.

        Returns
        -------
        (row + 1, column + 1), bool
            The last row and the last column are the totals.
        """
        whole = with_totals(counts)
        if not self.hide:
            return np.zeros(whole.shape, dtype=bool)
        return complemented(whole, (whole > 0) & (whole < self.threshold))


def with_totals(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a table with a last row and a last column of totals.

    Examples
    --------
    >>> with_totals(np.array([[1.0, 2.0]])).tolist()
    [[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]]
    """
    wide = np.concatenate([counts, counts.sum(axis=1, keepdims=True)], axis=1)
    return np.concatenate([wide, wide.sum(axis=0, keepdims=True)], axis=0)


def complemented(whole: NDArray[np.float64], hidden: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Hide more, until no row and no column has lost exactly one figure.

    The smallest figure of the line goes, one that is not 0 before one that is, and an inner one
    before a total. A mirrored figure (of a table with one row, whose totals repeat it) goes too.

    Parameters
    ----------
    whole : (row + 1, column + 1), a table with its totals
    hidden : the same shape, what is small

    Examples
    --------
    >>> counts = np.array([[3.0, 20.0], [30.0, 40.0]])
    >>> Disclosure().mask(counts).astype(int).tolist()
    [[1, 1, 0], [1, 1, 0], [0, 0, 0]]
    """
    masked = hidden.copy()
    changed = True
    while changed:
        changed = False
        for axis in (1, 0):
            lines = masked if axis == 1 else masked.T
            values = whole if axis == 1 else whole.T
            for line, figures in zip(lines, values, strict=True):
                if line.sum() == 1:
                    line[_next(line, figures)] = True
                    changed = True
    return masked


def _next(line: NDArray[np.bool_], figures: NDArray[np.float64]) -> int:
    """Return which shown figure of a line to hide."""
    last = len(line) - 1
    shown = [place for place in range(len(line)) if not line[place]]
    return min(shown, key=lambda place: (figures[place] == 0, place == last, figures[place]))
