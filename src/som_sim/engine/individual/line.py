"""Lines for programmes: first come, first served, by declared priority.

People who are eligible stand in line in the order of their rank (0 goes first), then of how long
they have been eligible; of those who became so at the same moment, in a random order that is their
own. A person who is no longer eligible leaves an entry behind, which is dropped when it is met.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from som_sim.engine.individual.hashing import uniform
from som_sim.engine.individual.registry import kernel
from som_sim.engine.individual.state import State
from som_sim.engine.individual.tables import Tables


@kernel
def stand_in_line(T: Tables, S: State, r: int, p: int) -> None:
    """Note that a person is to stand in line for a programme from now on."""
    if S.n_fresh[r] == S.fresh.shape[1]:
        join_line(T, S, r)
    at = S.n_fresh[r]
    S.fresh[r, at] = p
    S.fresh_since[r, at] = S.since[r, p]
    S.fresh_rank[r, at] = S.rank[r, p]
    S.n_fresh[r] = at + 1


@kernel
def tie(T: Tables, S: State, r: int, p: int) -> float:
    """Return a person's place among those who became eligible at the same moment."""
    return uniform(S.key[p], T.salt_rule[r], 0, 1)


@kernel
def stands(S: State, r: int, p: int, since: float, rank: int) -> bool:
    """Tell whether an entry of the line still holds."""
    return bool(S.since[r, p] == since and S.rank[r, p] == rank)


@kernel
def goes_first(
    rank: int, since: float, own: float, rank_2: int, since_2: float, own_2: float
) -> bool:
    """Tell whether the first of two entries is served first."""
    if rank != rank_2:
        return rank < rank_2
    if since != since_2:
        return since < since_2
    return own < own_2


@kernel
def in_order(
    rank: NDArray[np.int64], since: NDArray[np.float64], own: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return the order in which entries are served (a merge sort from the bottom up)."""
    n = len(own)
    order, other = np.arange(n), np.zeros(n, dtype=np.int64)
    width = 1
    while width < n:
        for low in range(0, n, 2 * width):
            i, j = low, min(low + width, n)
            middle, high = j, min(low + 2 * width, n)
            for k in range(low, high):
                right = i >= middle
                if i < middle and j < high:
                    a, b = order[i], order[j]
                    right = goes_first(rank[b], since[b], own[b], rank[a], since[a], own[a])
                if right:
                    other[k] = order[j]
                    j += 1
                else:
                    other[k] = order[i]
                    i += 1
        order, other = other, order
        width *= 2
    return order


@kernel
def join_line(T: Tables, S: State, r: int) -> None:
    """Put those who have become eligible into their place in the line."""
    n = S.n_fresh[r]
    if n == 0:
        return
    S.n_fresh[r] = 0
    own = np.zeros(n)
    for i in range(n):
        own[i] = tie(T, S, r, S.fresh[r, i])
    order = in_order(S.fresh_rank[r, :n], S.fresh_since[r, :n], own)
    begin, end = S.line_begin[r], S.line_end[r]
    first = order[0]
    behind = begin == end
    if not behind:
        last = S.line[r, end - 1]
        behind = goes_first(
            S.line_rank[r, end - 1],
            S.line_since[r, end - 1],
            tie(T, S, r, last),
            S.fresh_rank[r, first],
            S.fresh_since[r, first],
            own[first],
        )
    if behind and end + n <= S.line.shape[1]:
        for i in range(n):
            S.line[r, end + i] = S.fresh[r, order[i]]
            S.line_since[r, end + i] = S.fresh_since[r, order[i]]
            S.line_rank[r, end + i] = S.fresh_rank[r, order[i]]
        S.line_end[r] = end + n
        return
    _merge(T, S, r, order, own)


@kernel
def _merge(T: Tables, S: State, r: int, order: NDArray[np.int64], own: NDArray[np.float64]) -> None:
    """Merge new entries into the line, without those that no longer hold or stand twice."""
    i, end, j, n, kept = S.line_begin[r], S.line_end[r], 0, len(order), 0
    size = end - i + n
    people = np.zeros(size, dtype=np.int64)
    since = np.zeros(size)
    rank = np.zeros(size, dtype=np.int64)
    while i < end or j < n:
        new = order[j] if j < n else 0
        take_old = j == n
        if i < end and j < n:
            take_old = not goes_first(
                S.fresh_rank[r, new],
                S.fresh_since[r, new],
                own[new],
                S.line_rank[r, i],
                S.line_since[r, i],
                tie(T, S, r, S.line[r, i]),
            )
        if take_old:
            p, s, k = S.line[r, i], S.line_since[r, i], S.line_rank[r, i]
            i += 1
        else:
            p, s, k = S.fresh[r, new], S.fresh_since[r, new], S.fresh_rank[r, new]
            j += 1
        twice = kept > 0 and people[kept - 1] == p and since[kept - 1] == s
        if stands(S, r, p, s, k) and not twice:
            people[kept] = p
            since[kept] = s
            rank[kept] = k
            kept += 1
    for i in range(kept):
        S.line[r, i] = people[i]
        S.line_since[r, i] = since[i]
        S.line_rank[r, i] = rank[i]
    S.line_begin[r] = 0
    S.line_end[r] = kept
