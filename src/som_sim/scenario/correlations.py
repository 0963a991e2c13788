"""Correlations between uncertain parameters, as a Gaussian copula.

A rank correlation r of two parameters becomes the correlation ``2 sin(pi r / 6)`` of two standard
normals, which then become the parameters by their own distributions: each keeps its distribution,
and the ranks go together as stated (for discrete parameters, as far as their steps allow).

References
----------
Kruskal, W. H. (1958). Ordinal measures of association. JASA 53, 814-861.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from som_sim.scenario.schema import Correlation

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEAST_EIGENVALUE = 1e-9
"""Below this a matrix counts as one that no random variables have."""


def pairs(correlations: Sequence[Correlation]) -> dict[tuple[str, str], float]:
    """Return the rank correlation of each pair."""
    return {(one.between[0], one.between[1]): float(one.rank) for one in correlations}


def order_of(correlations: Sequence[Correlation]) -> list[str]:
    """Return the parameters correlated, in the order in which the file first mentions them.

    What comes later leans on what came before: a correlation added at the end of the list changes
    the draws of no parameter but those it brings in.
    """
    return list(dict.fromkeys(name for one in correlations for name in one.between))


def matrix_of(correlations: Sequence[Correlation]) -> NDArray[np.float64]:
    """Return the correlations of the normals: (parameter, parameter), in the order of `order_of`.

    Pairs of which nothing is said have 0.
    """
    import numpy as np

    order = order_of(correlations)
    matrix = np.eye(len(order))
    for (a, b), rank in pairs(correlations).items():
        i, j = order.index(a), order.index(b)
        matrix[i, j] = matrix[j, i] = 2 * math.sin(math.pi * rank / 6)
    return matrix


def clash(correlations: Sequence[Correlation]) -> tuple[str, ...]:
    """Return parameters whose correlations cannot hold together, and could without any one of them.

    Returns
    -------
    tuple of str
        Empty when all correlations can hold together.
    """
    if not correlations:
        return ()
    import numpy as np

    matrix, order = matrix_of(correlations), order_of(correlations)

    def impossible(inside: list[int]) -> bool:
        return bool(np.linalg.eigvalsh(matrix[np.ix_(inside, inside)])[0] < LEAST_EIGENVALUE)

    inside = list(range(len(order)))
    if not impossible(inside):
        return ()
    for one in range(len(order)):
        rest = [other for other in inside if other != one]
        if len(rest) > 1 and impossible(rest):
            inside = rest
    return tuple(order[one] for one in inside)


def lean(correlations: Sequence[Correlation]) -> dict[str, dict[str, float]]:
    """Return how much each correlated parameter leans on those before it, and on its own stream.

    The rows of the Cholesky factor, without zeros.
    """
    import numpy as np

    order = order_of(correlations)
    factor = np.linalg.cholesky(matrix_of(correlations))
    return {
        name: {order[j]: float(factor[i, j]) for j in range(i + 1) if factor[i, j] != 0}
        for i, name in enumerate(order)
    }
