"""The labels of every axis, in one value.

People stand in cells: stratum x programme status x the product of the domains' states, flattened
in that order. The ways to leave stand after the cells. Below `model` code uses positions only;
labels are put back where tables are made.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Axes:
    """Labels of the strata, programmes, domains, states and ways to leave.

    Attributes
    ----------
    strata
        Names of the strata.
    programmes
        Programme statuses; the first is ``none``.
    domains, states
        Names of the domains, and of the states of each.
    leave
        Ways to leave all domains at once.
    clocks
        Which of the domains, the last ones, are clocks: their states are times so far.
    """

    strata: tuple[str, ...]
    programmes: tuple[str, ...]
    domains: tuple[str, ...]
    states: tuple[tuple[str, ...], ...]
    leave: tuple[str, ...]
    clocks: tuple[str, ...] = ()

    @property
    def n_states(self) -> int:
        """Number of combined states: the product over domains."""
        return prod(len(states) for states in self.states)

    @property
    def cell_shape(self) -> tuple[int, int, int]:
        """Strata, programme statuses, combined states."""
        return len(self.strata), len(self.programmes), self.n_states

    @property
    def n_cells(self) -> int:
        """Number of cells people can be in."""
        return prod(self.cell_shape)

    @property
    def n_places(self) -> int:
        """Cells and ways to leave together."""
        return self.n_cells + len(self.leave)

    def stride(self, domain: str) -> int:
        """Return how far apart neighbouring states of a domain stand among combined states."""
        position = self.domains.index(domain)
        return prod(len(states) for states in self.states[position + 1 :])

    def state_position(self, domain: str) -> NDArray[np.int64]:
        """Return the position of each combined state within a domain.

        Returns
        -------
        (n_states,), int
        """
        size = len(self.states[self.domains.index(domain)])
        return (np.arange(self.n_states) // self.stride(domain)) % size

    def cell_name(self, cell: int) -> str:
        """Return a cell in words, such as ``adult, none, street``.

        Examples
        --------
        >>> labels = {"strata": ("a",), "programmes": ("none",), "domains": ("d",), "leave": ()}
        >>> Axes(states=(("x", "y"),), **labels).cell_name(1)
        'a, none, y'
        """
        stratum, programme, state = np.unravel_index(cell, self.cell_shape)
        states = [
            self.states[position][self.state_position(domain)[state]]
            for position, domain in enumerate(self.domains)
        ]
        return ", ".join([self.strata[stratum], self.programmes[programme], *states])
