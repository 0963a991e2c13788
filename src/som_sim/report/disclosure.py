"""Small numbers of people are left out of what is published: the switch and the threshold.

A count above 0 and under the threshold is left out (primary suppression), and so are others from
which it could be worked out (complementary suppression, `som_sim.report.plan`). Both carry the same
mark, so that a reader cannot tell which is which.
"""

from __future__ import annotations

from dataclasses import dataclass

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
