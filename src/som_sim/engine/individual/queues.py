"""Who waits for a place in a state that is full."""

from __future__ import annotations

from som_sim.engine.individual.hashing import uniform
from som_sim.engine.individual.line import goes_first
from som_sim.engine.individual.registry import kernel
from som_sim.engine.individual.state import GAVE_UP, QUEUED, Log, State, log_event
from som_sim.engine.individual.tables import Tables


@kernel
def join_queue(S: State, L: Log, p: int, limit: int, time: float) -> None:
    """Let a person wait for a place, unless they do so already."""
    if S.waits[limit, p] >= 0:
        return
    S.waits[limit, p] = time
    S.n_waits[p] += 1
    S.queue[limit, S.n_queue[limit]] = p
    S.n_queue[limit] += 1
    log_event(L, p, time, S.cell[p], QUEUED - limit, 0.0)


@kernel
def take_from_queue(S: State, limit: int, p: int) -> None:
    """Let a person wait no longer."""
    n = S.n_queue[limit]
    at = 0
    while S.queue[limit, at] != p:
        at += 1
    for i in range(at, n - 1):
        S.queue[limit, i] = S.queue[limit, i + 1]
    S.n_queue[limit] = n - 1
    S.waits[limit, p] = -1.0
    S.n_waits[p] -= 1


@kernel
def leave_queues(T: Tables, S: State, L: Log, p: int, to: int, entering: int, time: float) -> None:
    """Take a person who moves to another place out of the queues that it means the end of.

    A move in the domain of a state they wait for is one; a move in another domain is not.

    Parameters
    ----------
    entering
        The limit of the state they enter, or -1.
    """
    for limit in range(T.n_limits):
        if S.n_waits[p] == 0:
            return
        since = S.waits[limit, p]
        if since < 0:
            continue
        state = T.limit_state[limit, S.cell[p]]
        if to >= T.n_cells or T.limit_state[limit, to] != state:
            take_from_queue(S, limit, p)
            if limit != entering:
                log_event(L, p, time, S.cell[p], GAVE_UP - limit, time - since)


@kernel
def entry_from(T: Tables, cell: int, limit: int, pace: int) -> int:
    """Return the edge by which people of a cell enter a state, or -1."""
    for at in range(T.first[cell, 0], T.first[cell, T.n_channels]):
        if T.entry_limit[at] == limit and T.rate[pace, at] > 0:
            return at
    return -1


@kernel
def has_moved(T: Tables, S: State, p: int, cycle: int) -> bool:
    """Tell whether a person has made their one move of a discrete step."""
    return bool(T.discrete and S.wound[p] == cycle)


@kernel
def first_in_queue(T: Tables, S: State, limit: int, cycle: int) -> int:
    """Return who gets the next place: by rank, then who has waited longest; -1 for nobody."""
    best = -1
    for i in range(S.n_queue[limit]):
        p = S.queue[limit, i]
        if has_moved(T, S, p, cycle):
            continue
        if best < 0 or goes_first(
            T.limit_rank[limit, S.cell[p]],
            S.waits[limit, p],
            uniform(S.key[p], T.salt_limit[limit], 0, 0),
            T.limit_rank[limit, S.cell[best]],
            S.waits[limit, best],
            uniform(S.key[best], T.salt_limit[limit], 0, 0),
        ):
            best = p
    return int(best)
