"""States that can be full: events one by one, in the order of time.

Who would enter a full state goes to its overflow state, or waits where they are; who waits gets the
next place that is left, in the order of rank and of how long they have waited, and nothing else
gets it before them. A person who waits keeps their place until somebody can take them, so a full
state behind another blocks it; a ring of them turns (`exchange`).
"""

from __future__ import annotations

import math

import numpy as np

from som_sim.engine.individual.change import change
from som_sim.engine.individual.exchange import NOBODY, several_wait, who_change_places
from som_sim.engine.individual.movers import find_movers
from som_sim.engine.individual.moves import (
    NOT_WAITING,
    NOT_WOUND,
    begin,
    move_along,
    run_clocks,
    soonest,
    way,
)
from som_sim.engine.individual.people import in_ticks
from som_sim.engine.individual.queues import (
    entry_from,
    first_in_queue,
    has_moved,
    join_queue,
    take_from_queue,
)
from som_sim.engine.individual.registry import kernel
from som_sim.engine.individual.state import (
    CAME,
    GAVE_UP,
    NOT_YET,
    TURNED_AWAY,
    Counts,
    Log,
    State,
    log_event,
)
from som_sim.engine.individual.tables import Tables

STATE_PLACES = 2
"""Which of a history's random starts is for places that are no whole number."""


@kernel
def free_places(T: Tables, S: State, limit: int, cycle: int) -> float:
    """Return how many places of a state are free; below 0 where there are too many people."""
    places = np.floor(T.limit_places[limit, cycle] + S.chance[STATE_PLACES])
    return float(places - S.n_inside[limit])


@kernel
def has_room(T: Tables, S: State, limit: int, cycle: int) -> bool:
    """Tell whether a state has a free place."""
    return free_places(T, S, limit, cycle) > 0


@kernel
def arrive(T: Tables, S: State, C: Counts, L: Log, p: int, time: float, cycle: int) -> None:
    """Let a person come, into the overflow state where their own is full."""
    kind = CAME
    cell = S.begin[p]
    for limit in range(T.n_limits):
        if not T.inside[limit, cell]:
            continue
        if free_places(T, S, limit, cycle) > S.n_queue[limit]:  # nobody goes before who waits
            C.entered[cycle, limit] += 1
        else:
            C.kept_out[cycle, limit] += 1
            cell = T.overflow[limit, cell]
            kind = TURNED_AWAY
    C.came[cycle + 1, cell] += 1
    change(T, S, C, p, cell, time, cycle, T.starts[cycle + 1] - time)
    log_event(L, p, time, cell, kind, NOT_WAITING)


@kernel
def admit_waiting(T: Tables, S: State, C: Counts, L: Log, time: float, cycle: int) -> None:
    """Give every free place to who is first in its queue, until no more can move."""
    moved = True
    while moved:
        moved = False
        for limit in range(T.n_limits):
            while S.n_queue[limit] > 0 and has_room(T, S, limit, cycle):
                p = first_in_queue(T, S, limit, cycle)
                if p == NOBODY:
                    break
                if entry_from(T, S.cell[p], limit, T.pace[cycle]) < 0:
                    since = S.waits[limit, p]  # what they are now does not lead there
                    take_from_queue(S, limit, p)
                    log_event(L, p, time, S.cell[p], GAVE_UP - limit, time - since)
                    continue
                admit(T, S, C, L, p, limit, time, cycle)
                moved = True
        if not moved and several_wait(T, S):
            people = who_change_places(T, S, cycle)
            for limit in range(T.n_limits):
                if people[limit] != NOBODY:
                    admit(T, S, C, L, people[limit], limit, time, cycle)
                    moved = True


@kernel
def admit(
    T: Tables, S: State, C: Counts, L: Log, p: int, limit: int, time: float, cycle: int
) -> None:
    """Give a place to a person who waits for it."""
    at = entry_from(T, S.cell[p], limit, T.pace[cycle])
    waited = time - S.waits[limit, p]
    if not T.discrete:
        catch_up(T, S, p, cycle, time)
    S.wound[p] = cycle
    move_along(T, S, C, L, p, at, time, cycle, waited)
    if not T.discrete:
        schedule(T, S, p, cycle)


@kernel
def spill_over(T: Tables, S: State, C: Counts, L: Log, time: float, cycle: int) -> None:
    """In a discrete step, send those who found no place to the overflow state, if there is one."""
    for limit in range(T.n_limits):
        i = 0
        while i < S.n_queue[limit]:
            p = S.queue[limit, i]
            if S.waits[limit, p] == time:
                C.kept_out[cycle, limit] += 1
            at = entry_from(T, S.cell[p], limit, T.pace[cycle])
            if at >= 0 and T.spill[at] >= 0 and not has_moved(T, S, p, cycle):
                S.wound[p] = cycle
                move_along(T, S, C, L, p, T.spill[at], time, cycle, NOT_WAITING)
            else:
                i += 1
    admit_waiting(T, S, C, L, time, cycle)


@kernel
def catch_up(T: Tables, S: State, p: int, cycle: int, time: float) -> None:
    """Bring a person's clocks up to a moment."""
    if S.wound[p] != cycle:
        S.wound[p] = cycle
        begin(T, S, p, p, cycle, T.starts[cycle])
    run_clocks(T, S, p, p, cycle, time - S.last[p])
    S.last[p] = time


@kernel
def earlier(S: State, a: int, b: int) -> int:
    """Return to which of two persons something happens first; the first of equals."""
    n = len(S.next)
    if b >= n or (a < n and S.next[a] <= S.next[b]):
        return a
    return b


@kernel
def schedule(T: Tables, S: State, p: int, cycle: int) -> None:
    """Note when a person's next clock rings in this cycle, if one does."""
    S.next[p] = math.inf
    if S.cell[p] < T.n_cells:
        wait, _ = soonest(T, S, p, p, cycle)
        if S.last[p] + wait < T.starts[cycle + 1]:
            S.next[p] = S.last[p] + in_ticks(wait)
    node = (len(S.tree) // 2 + p) // 2
    while node >= 1:
        S.tree[node] = earlier(S, S.tree[2 * node], S.tree[2 * node + 1])
        node //= 2


@kernel
def plant_tree(S: State) -> None:
    """Order everybody by when something happens to them."""
    width = len(S.tree) // 2
    for p in range(width):
        S.tree[width + p] = p
    for node in range(width - 1, 0, -1):
        S.tree[node] = earlier(S, S.tree[2 * node], S.tree[2 * node + 1])


@kernel
def live_together(T: Tables, S: State, C: Counts, L: Log, cycle: int) -> None:
    """Move everybody through a cycle, event by event."""
    start, end = T.starts[cycle], T.starts[cycle + 1]
    for p in range(len(S.next)):
        S.next[p] = math.inf
    plant_tree(S)
    found = find_movers(T, S, 0, S.first_in[cycle], cycle)
    for i in range(found):
        catch_up(T, S, S.moving[i], cycle, start)
        schedule(T, S, S.moving[i], cycle)
    for p in range(S.first_in[cycle], S.first_in[cycle + 1]):
        S.next[p] = S.come[p]
    plant_tree(S)
    admit_waiting(T, S, C, L, start, cycle)
    while len(S.next) > 0:
        p = S.tree[1]
        time = S.next[p]
        if time >= end:
            break
        if S.cell[p] == NOT_YET:
            arrive(T, S, C, L, p, time, cycle)
            S.wound[p] = cycle
            begin(T, S, p, p, cycle, time)
        else:
            ring(T, S, C, L, p, cycle, time)
        schedule(T, S, p, cycle)
        admit_waiting(T, S, C, L, time, cycle)


@kernel
def ring(T: Tables, S: State, C: Counts, L: Log, p: int, cycle: int, time: float) -> None:
    """Let the clock of a person ring: they move, or find no place where they want to go."""
    wait, channel = soonest(T, S, p, p, cycle)
    run_clocks(T, S, p, p, cycle, wait)
    S.last[p] = time
    at = channel - T.n_channels
    if at < 0:
        at = way(T, S, p, p, cycle, channel)
        S.left[p, channel] = NOT_WOUND
    limit = T.entry_limit[at]
    if limit >= 0 and not has_room(T, S, limit, cycle):
        C.kept_out[cycle, limit] += 1
        if T.spill[at] < 0:
            join_queue(S, L, p, limit, time)
            return
        at = T.spill[at]
    move_along(T, S, C, L, p, at, time, cycle, NOT_WAITING)
