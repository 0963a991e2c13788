"""People of full states who wait for each other's places.

Nobody can leave before somebody else does, so that by waiting alone they would stay for ever. When
they stand in a ring (one of the first state waits for a place in the second, one of the second for
a third, and so on back to the first) all of them move at once, and no place is needed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from som_sim.engine.individual.hashing import uniform
from som_sim.engine.individual.line import goes_first
from som_sim.engine.individual.queues import entry_from, has_moved
from som_sim.engine.individual.registry import kernel
from som_sim.engine.individual.state import State
from som_sim.engine.individual.tables import Tables

NOBODY = -1


@kernel
def several_wait(T: Tables, S: State) -> bool:
    """Tell whether people wait for more states than one."""
    found = 0
    for limit in range(T.n_limits):
        if S.n_queue[limit] > 0:
            found += 1
    return found > 1


@kernel
def giver(T: Tables, S: State, limit: int, other: int, cycle: int) -> int:
    """Return who of those that wait for a state would leave a place in another, first in order."""
    best = NOBODY
    for i in range(S.n_queue[limit]):
        p = S.queue[limit, i]
        if not T.inside[other, S.cell[p]] or has_moved(T, S, p, cycle):
            continue
        at = entry_from(T, S.cell[p], limit, T.pace[cycle])
        if at < 0 or T.inside[other, T.target[at]]:
            continue
        if best == NOBODY or goes_first(
            T.limit_rank[limit, S.cell[p]],
            S.waits[limit, p],
            uniform(S.key[p], T.salt_limit[limit], 0, 0),
            T.limit_rank[limit, S.cell[best]],
            S.waits[limit, best],
            uniform(S.key[best], T.salt_limit[limit], 0, 0),
        ):
            best = p
    return best


@kernel
def who_change_places(T: Tables, S: State, cycle: int) -> NDArray[np.int64]:
    """Return for each limited state who gets a place in it by a ring, or `NOBODY`: (limit,).

    The shortest ring of the first state that is in one.
    """
    n = T.n_limits
    gives = np.full((n, n), NOBODY)  # who is in the first and waits for the second
    for limit in range(n):
        for other in range(n):
            if limit != other and S.n_queue[limit] > 0 and S.n_queue[other] > 0:
                gives[other, limit] = giver(T, S, limit, other, cycle)
    chosen = np.full(n, NOBODY)
    for start in range(n):
        before = np.full(n, NOBODY)
        order = np.zeros(n, dtype=np.int64)
        order[0] = start
        size = 1
        i = 0
        while i < size:
            here = order[i]
            i += 1
            for to in range(n):
                if gives[here, to] == NOBODY or before[to] != NOBODY:
                    continue
                before[to] = here
                if to != start:
                    order[size] = to
                    size += 1
                    continue
                while chosen[to] == NOBODY:  # once round, backwards
                    chosen[to] = gives[before[to], to]
                    to = before[to]
                return chosen
    return chosen
