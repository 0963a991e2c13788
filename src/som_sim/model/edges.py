"""Moves between cells before they are sorted into a generator."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """Where moves start, where they lead (a cell or a way to leave), and in which domain.

    Attributes
    ----------
    source, target, domain : (edge,), int
    """

    source: Ints
    target: Ints
    domain: Ints

    def only(self, which: NDArray[np.bool_]) -> Edges:
        """Return some of the moves."""
        return Edges(
            source=self.source[which], target=self.target[which], domain=self.domain[which]
        )

    def joined(self, others: Edges) -> Edges:
        """Return these moves and others after them."""
        return Edges(
            source=np.concatenate([self.source, others.source]),
            target=np.concatenate([self.target, others.target]),
            domain=np.concatenate([self.domain, others.domain]),
        )
