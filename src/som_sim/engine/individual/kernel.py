"""One history: everybody, cycle by cycle.

Order of events in a cycle:

1. enrolment, programme by programme in the strategy's order;
2. people move in continuous time, each by clocks of their own, while others arrive and leave; in a
   discrete step everybody moves at most once, and arrivals join at its start or its end.
"""

from __future__ import annotations

import numpy as np

from som_sim.engine.individual.boundary import count_boundary
from som_sim.engine.individual.change import change
from som_sim.engine.individual.discrete import step_once
from som_sim.engine.individual.hashing import uniform
from som_sim.engine.individual.movers import find_movers
from som_sim.engine.individual.moves import NOT_WAITING, live_through
from som_sim.engine.individual.people import SALT_ROUND
from som_sim.engine.individual.places import arrive, live_together
from som_sim.engine.individual.programmes import enrol
from som_sim.engine.individual.registry import kernel
from som_sim.engine.individual.state import THERE, Counts, Log, State, clear_state, log_event
from som_sim.engine.individual.tables import Tables


@kernel
def run_history(
    T: Tables, S: State, C: Counts, L: Log, run_key: np.uint64, first: int, last: int
) -> None:
    """Move people through the calendar, and add them to the counts.

    Parameters
    ----------
    run_key
        Of the history.
    first, last
        Which persons: all of them where they share places.
    """
    clear_state(T, S, first, last)
    for number in range(len(S.chance)):
        S.chance[number] = uniform(run_key, SALT_ROUND, 0, 1 + number)
    for p in range(first, min(S.first_in[0], last)):
        change(T, S, C, p, S.begin[p], 0.0, 0, 0.0)
        C.came[0, S.begin[p]] += 1
        log_event(L, p, 0.0, S.begin[p], THERE, NOT_WAITING)
    for cycle in range(T.n_cycles):
        for r in range(T.n_rules):
            enrol(T, S, C, L, r, cycle)
        count_boundary(T, S, C, cycle)
        if T.discrete:
            step_once(T, S, C, L, cycle, first, last)
        elif T.n_limits > 0:
            live_together(T, S, C, L, cycle)
        else:
            move_each(T, S, C, L, cycle, first, last)
    count_boundary(T, S, C, T.n_cycles)


@kernel
def move_each(T: Tables, S: State, C: Counts, L: Log, cycle: int, first: int, last: int) -> None:
    """Move persons through a cycle, one after the other, where no state runs full."""
    found = find_movers(T, S, first, min(S.first_in[cycle], last), cycle)
    for i in range(found):
        live_through(T, S, C, L, S.moving[i], cycle, T.starts[cycle])
    for p in range(max(S.first_in[cycle], first), min(S.first_in[cycle + 1], last)):
        arrive(T, S, C, L, p, S.come[p], cycle)
        live_through(T, S, C, L, p, cycle, S.come[p])
