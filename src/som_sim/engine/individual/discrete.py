"""A discrete step: everybody moves at most once a cycle, by one-cycle probabilities.

All moves happen at the same moment, the cycle's end. Those who would enter a state with places are
taken one by one when the others have moved: by rank, by how long they have waited, and of those
who wait since the same moment in a random order. Who waits and has made another move in the cycle
takes no place in it.
"""

from __future__ import annotations

import numpy as np

from som_sim.engine.individual.hashing import uniform
from som_sim.engine.individual.movers import find_movers
from som_sim.engine.individual.moves import NOT_WAITING, move_along
from som_sim.engine.individual.places import admit_waiting, arrive, spill_over
from som_sim.engine.individual.queues import join_queue
from som_sim.engine.individual.registry import kernel
from som_sim.engine.individual.state import Counts, Log, State, log_event
from som_sim.engine.individual.tables import Tables


@kernel
def pick_move(T: Tables, S: State, p: int, cycle: int) -> int:
    """Return the edge that a person who moves takes; staying comes first in the distribution."""
    pace, cell = T.pace[cycle], S.cell[p]
    u = uniform(S.key[p], T.salt[0], cycle, 0)
    so_far = T.staying[pace, cell, 0]
    chosen = -1
    for at in range(T.first[cell, 0], T.first[cell, 1]):
        if T.rate[pace, at] > 0:
            chosen = at
            so_far += T.rate[pace, at]
            if u < so_far:
                break
    return chosen


@kernel
def step_alone(T: Tables, S: State, C: Counts, L: Log, cycle: int, found: int) -> None:
    """Move those who move, where nobody waits for anything: `pick_move` and `change`, less work."""
    pace, end = T.pace[cycle], T.starts[cycle + 1]
    for i in range(found):
        p = S.moving[i]
        cell = S.cell[p]
        u = uniform(S.key[p], T.salt[0], cycle, 0)
        so_far = T.staying[pace, cell, 0]
        chosen = -1
        for at in range(T.first[cell, 0], T.first[cell, 1]):
            if T.rate[pace, at] > 0:
                chosen = at
                so_far += T.rate[pace, at]
                if u < so_far:
                    break
        to = T.target[chosen]
        S.cell[p] = to
        S.now[cell] -= 1
        S.now[to] += 1
        C.flows[cycle, T.edge[chosen]] += 1
        if len(L.person) > 0:
            log_event(L, p, end, to, T.edge[chosen], NOT_WAITING)


@kernel
def step_once(T: Tables, S: State, C: Counts, L: Log, cycle: int, first: int, last: int) -> None:
    """Move some persons once, and let those of them who come in the cycle join."""
    new, old = max(S.first_in[cycle], first), min(S.first_in[cycle + 1], last)
    if T.join_at_start:
        for p in range(new, old):
            arrive(T, S, C, L, p, T.starts[cycle], cycle)
    for cell in range(T.n_cells):
        C.opening[cycle, cell] += S.now[cell]
    end = T.starts[cycle + 1]
    found = find_movers(T, S, first, old, cycle)
    if T.n_limits == 0 and T.n_rules == 0:
        step_alone(T, S, C, L, cycle, found)
    elif T.n_limits == 0:
        for i in range(found):
            at = pick_move(T, S, S.moving[i], cycle)
            move_along(T, S, C, L, S.moving[i], at, end, cycle, NOT_WAITING)
    else:
        wanted = np.zeros(found, dtype=np.int64)
        for i in range(found):  # each from where they stood, before anybody has moved
            wanted[i] = pick_move(T, S, S.moving[i], cycle)
        for i in range(found):
            p = S.moving[i]
            if T.entry_limit[wanted[i]] < 0:
                S.wound[p] = cycle
                move_along(T, S, C, L, p, wanted[i], end, cycle, NOT_WAITING)
        for i in range(found):
            if T.entry_limit[wanted[i]] >= 0:
                join_queue(S, L, S.moving[i], T.entry_limit[wanted[i]], end)
        admit_waiting(T, S, C, L, end, cycle)
        spill_over(T, S, C, L, end, cycle)
    if not T.join_at_start:
        for p in range(new, old):
            arrive(T, S, C, L, p, end, cycle)
    for cell in range(T.n_cells):
        C.closing[cycle, cell] += S.now[cell]
