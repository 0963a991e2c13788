"""Enrolment at a cycle's start: of those who want to, the longest waiting first.

Each person who waits wants to start in this cycle with the intake's share as chance, so that where
places suffice the number is right on average and nobody's luck depends on another's. Places and
an intake per month that are no whole numbers become whole ones that are right on average over
histories, by systematic rounding.
"""

from __future__ import annotations

import numpy as np

from som_sim.engine.individual.change import change
from som_sim.engine.individual.hashing import uniform
from som_sim.engine.individual.line import join_line, stands
from som_sim.engine.individual.registry import kernel
from som_sim.engine.individual.state import ENROLLED, Counts, Log, State, log_event
from som_sim.engine.individual.tables import Tables

NO_LIMIT = 1e18
PLACES, INTAKE = 0, 1
"""Which of a history's random starts is for what."""


@kernel
def room_in(T: Tables, S: State, r: int, cycle: int) -> float:
    """Return how many persons a programme can take in a cycle."""
    room = np.floor(T.places[r, cycle] + S.chance[PLACES]) - S.n_status[T.rule_status[r]]
    if T.most[r, cycle] < NO_LIMIT:
        before = S.chance[INTAKE]
        for earlier in range(cycle):
            if T.most[r, earlier] < NO_LIMIT:
                before += T.most[r, earlier]
        most = np.floor(before + T.most[r, cycle]) - np.floor(before)
        room = min(room, most)
    return float(room)


@kernel
def enrol(T: Tables, S: State, C: Counts, L: Log, r: int, cycle: int) -> None:
    """Enrol those whose turn it is in a programme."""
    join_line(T, S, r)
    C.waiting[cycle, r] += S.n_eligible[r]
    room = room_in(T, S, r, cycle)
    if room < 1:
        return
    begin, end, kept = S.line_begin[r], S.line_end[r], 0
    stay = np.zeros(0 if T.share[r] >= 1 else end - begin, dtype=np.int64)
    at = begin
    while at < end and room >= 1:
        p = S.line[r, at]
        if stands(S, r, p, S.line_since[r, at], S.line_rank[r, at]):
            if T.share[r] >= 1 or uniform(S.key[p], T.salt_rule[r], cycle, 0) < T.share[r]:
                start = S.cell[p]
                waited = T.starts[cycle] - S.since[r, p]
                C.enrolments[cycle, r, start] += 1
                change(T, S, C, p, T.enrol_to[r, start], T.starts[cycle], cycle, 0.0)
                log_event(L, p, T.starts[cycle], S.cell[p], ENROLLED - r, waited)
                room -= 1
            else:
                stay[kept] = at
                kept += 1
        at += 1
    for back in range(1, kept + 1):  # from the last, so that none is written over too early
        old, new = stay[kept - back], at - back
        S.line[r, new] = S.line[r, old]
        S.line_since[r, new] = S.line_since[r, old]
        S.line_rank[r, new] = S.line_rank[r, old]
    S.line_begin[r] = at - kept
