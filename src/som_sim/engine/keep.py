"""What a run stores: everything, or only what somebody will read.

A base case stores every person, day and move. A run of many draws reads some sums of them: the days
spent in some cells, the moves along some edges. A `Tally` names such a sum, and the run adds it up
while it moves, so that what nobody reads never reaches memory.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A sum that a run adds up in every cycle: of days, of moves and of enrolments.

    Attributes
    ----------
    cells : (cell,), bool, or None
        Cells whose person-days count.
    edges : (edge,), bool, or None
        Edges whose moves count.
    enrolled : (rule, cell), bool, or None
        Enrolments that count, by programme rule and the cell left.
    weights : (cycle,), or None
        What each cycle's sum is multiplied with; 1 when None.
    """

    cells: Mask | None = None
    edges: Mask | None = None
    enrolled: Mask | None = None
    weights: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """What a run stores.

    Attributes
    ----------
    boundaries : tuple of int, or None
        Cycle boundaries at which persons are stored, rising; None for all.
    enrolments : tuple of int, or None
        Cycles whose enrolments and numbers waiting are stored, rising; None for all.
    person_days, flows
        Whether these are stored, in every cycle.
    tallies
        Sums to add up.
    groups : (cycle,), int from 0, or None
        Which cycles the sums are over: cycles with the same number are added together, such as
        those of one year. None keeps every cycle apart.

    Examples
    --------
    >>> Keep().everything, Keep(flows=False).everything
    (True, False)
    >>> Keep(boundaries=(3, 8)).position(8)
    1
    """

    boundaries: tuple[int, ...] | None = None
    enrolments: tuple[int, ...] | None = None
    person_days: bool = True
    flows: bool = True
    tallies: tuple[Tally, ...] = ()
    groups: tuple[int, ...] | None = None

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return (
            self.boundaries is None and self.enrolments is None and self.person_days and self.flows
        )

    def boundaries_of(self, n_cycles: int) -> tuple[int, ...]:
        """Return the boundaries at which persons are stored."""
        return tuple(range(n_cycles + 1)) if self.boundaries is None else self.boundaries

    def cycles_of(self, n_cycles: int) -> tuple[int, ...]:
        """Return the cycles whose enrolments are stored."""
        return tuple(range(n_cycles)) if self.enrolments is None else self.enrolments

    def groups_of(self, n_cycles: int) -> tuple[int, ...]:
        """Return which group of cycles each cycle's sums are added to."""
        return tuple(range(n_cycles)) if self.groups is None else self.groups

    def n_groups(self, n_cycles: int) -> int:
        """Return the number of groups of cycles."""
        return max(self.groups_of(n_cycles), default=-1) + 1

    def weights_of(self, n_cycles: int) -> NDArray[np.float64]:
        """Return what each cycle's sums are multiplied with: (tally, cycle)."""
        weights = np.ones((len(self.tallies), n_cycles))
        for number, tally in enumerate(self.tallies):
            if tally.weights is not None:
                weights[number] = tally.weights
        return weights

    def position(self, boundary: int) -> int:
        """Return where a boundary stands among those stored.

        Raises
        ------
        ValueError
            When it is not stored.
        """
        return _position(self.boundaries, boundary, "persons at boundary")

    def enrolment_position(self, cycle: int) -> int:
        """Return where a cycle stands among those whose enrolments are stored.

        Raises
        ------
        ValueError
            When it is not stored.
        """
        return _position(self.enrolments, cycle, "enrolments of cycle")


def _position(stored: tuple[int, ...] | None, number: int, what: str) -> int:
    if stored is None:
        return number
    if number not in stored:
        raise ValueError(f"this run does not store the {what} {number}")
    return stored.index(number)


EVERYTHING = Keep()
"""Nothing left out, nothing added up."""
