"""What the kernel changes: where everybody is, who waits, what is counted and what is logged."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from som_sim.engine.individual.registry import (
    Floats1,
    Floats2,
    Floats3,
    Ints1,
    Ints2,
    Keys1,
    kernel,
    structure,
)
from som_sim.engine.individual.tables import Tables

NOT_YET = -1
"""In place of a cell: the person has not come yet."""
THERE, CAME, TURNED_AWAY = -1, -2, -3
"""Kinds of event: at the start, arrives, arrives where it is full and is sent to the overflow."""
ENROLLED, QUEUED, GAVE_UP = -1_000, -2_000, -3_000
"""Kinds of event that also name a rule or a limit: the kind less its number."""


@structure
class State(NamedTuple):
    """Everybody in one history, or in one tile of it."""

    key: Keys1  # (person,)
    come: Floats1  # (person,): when, in days; 0 for those there at the start
    begin: Ints1  # (person,): where they start
    first_in: Ints1  # (cycle + 1,): the first person who comes in each cycle
    cell: Ints1  # (person,)
    now: Floats1  # (place,): persons in each place
    moving: Ints1  # (person,): those who move in this cycle
    left: Floats2  # (row, channel): what is left of each clock's random length
    used: Ints2  # (row, channel): random lengths taken in this cycle
    last: Floats1  # (row,): when `left` was brought up to date
    since: Floats2  # (rule, person): eligible since then; -1 when not
    rank: Ints2  # (rule, person)
    n_eligible: Ints1  # (rule,)
    n_status: Ints1  # (status,)
    line: Ints2  # (rule, entry): persons in the order in which they are served
    line_since: Floats2  # (rule, entry)
    line_rank: Ints2  # (rule, entry)
    line_begin: Ints1  # (rule,)
    line_end: Ints1  # (rule,)
    fresh: Ints2  # (rule, entry): persons not in line yet
    fresh_since: Floats2  # (rule, entry)
    fresh_rank: Ints2  # (rule, entry)
    n_fresh: Ints1  # (rule,)
    n_inside: Ints1  # (limit,)
    waits: Floats2  # (limit, person): waits for a place since then; -1 when not
    n_waits: Ints1  # (person,): for how many places a person waits
    queue: Ints2  # (limit, entry): persons who wait for a place
    n_queue: Ints1  # (limit,)
    next: Floats1  # (person,): when something happens to them next
    wound: Ints1  # (person,): the cycle for which the clocks were last set; or of the last step
    tree: Ints1  # (node,): of each two persons the one to whom something happens first
    start_days: Floats2  # (clock, person): time so far when they come
    spent: Floats2  # (clock, person): days inside up to `mark`
    mark: Floats2  # (clock, person): inside since then
    opened: Floats2  # (clock, person): when the personal window began
    entered: Floats2  # (stay channel, person): when they came into the state they are in
    start_age: Floats2  # (stay channel, person): how long they had been in it when they came
    chance: Floats1  # (3,): random starts of this history's roundings, by what is rounded


@structure
class Counts(NamedTuple):
    """What one history adds to: all in persons or person-days."""

    occupancy: Floats2  # (cycle + 1, place)
    opening: Floats2  # (cycle, cell): before people move
    closing: Floats2  # (cycle, cell): after people moved
    days: Floats2  # (cycle, cell)
    flows: Floats2  # (cycle, edge)
    enrolments: Floats3  # (cycle, rule, cell)
    waiting: Floats2  # (cycle, rule)
    came: Floats2  # (cycle + 1, cell): at the start, then by cycle
    entered: Floats2  # (cycle, limit)
    kept_out: Floats2  # (cycle, limit)


@structure
class Log(NamedTuple):
    """Every event of one history; `n` counts on when the columns are full."""

    n: Ints1  # (1,)
    person: Ints1
    time: Floats1
    place: Ints1
    kind: Ints1
    waited: Floats1


def make_state(T: Tables, n: int) -> State:
    """Return room for the histories of up to `n` persons."""
    waiting = n if T.n_limits else 0
    width = 1
    while width < waiting:
        width *= 2
    line, fresh = (T.n_rules, 2 * n + 64), (T.n_rules, n + 64)

    def whole(*shape: int) -> Ints1:
        return np.zeros(shape, dtype=np.int64)

    return State(
        key=np.zeros(n, dtype=np.uint64),
        come=np.zeros(n),
        begin=whole(n),
        first_in=whole(T.n_cycles + 1),
        cell=whole(n),
        now=np.zeros(T.n_places),
        moving=whole(n),
        left=np.zeros((max(waiting, 1), T.n_channels)),
        used=whole(max(waiting, 1), T.n_channels),
        last=np.zeros(max(waiting, 1)),
        since=np.zeros((T.n_rules, n)),
        rank=whole(T.n_rules, n),
        n_eligible=whole(T.n_rules),
        n_status=whole(T.n_cells + 1),
        line=whole(*line),
        line_since=np.zeros(line),
        line_rank=whole(*line),
        line_begin=whole(T.n_rules),
        line_end=whole(T.n_rules),
        fresh=whole(*fresh),
        fresh_since=np.zeros(fresh),
        fresh_rank=whole(*fresh),
        n_fresh=whole(T.n_rules),
        n_inside=whole(T.n_limits),
        waits=np.zeros((T.n_limits, waiting)),
        n_waits=whole(waiting),
        queue=whole(T.n_limits, waiting),
        n_queue=whole(T.n_limits),
        next=np.zeros(waiting),
        wound=whole(waiting),
        tree=whole(2 * width),
        start_days=np.zeros((T.n_clocks, n)),
        spent=np.zeros((T.n_clocks, n)),
        mark=np.zeros((T.n_clocks, n)),
        opened=np.zeros((T.n_clocks, n)),
        entered=np.zeros((T.n_stays, n)),
        start_age=np.zeros((T.n_stays, n)),
        chance=np.zeros(3),
    )


@kernel
def clear_state(T: Tables, S: State, first: int, last: int) -> None:
    """Begin anew with some persons, of whom nobody has come yet."""
    for place in range(T.n_places):
        S.now[place] = 0.0
    for status in range(len(S.n_status)):
        S.n_status[status] = 0
    for p in range(first, last):
        S.cell[p] = NOT_YET
    for r in range(T.n_rules):
        S.n_eligible[r] = 0
        S.line_begin[r] = 0
        S.line_end[r] = 0
        S.n_fresh[r] = 0
        for p in range(first, last):
            S.since[r, p] = -1.0
    for limit in range(T.n_limits):
        S.n_inside[limit] = 0
        S.n_queue[limit] = 0
        for p in range(first, last):
            S.waits[limit, p] = -1.0
    for p in range(len(S.next)):
        S.next[p] = math.inf
        S.n_waits[p] = 0
        S.wound[p] = -1


@kernel
def log_event(L: Log, person: int, time: float, place: int, kind: int, waited: float) -> None:
    """Write an event down, if there is room."""
    at = L.n[0]
    if at < len(L.person):
        L.person[at] = person
        L.time[at] = time
        L.place[at] = place
        L.kind[at] = kind
        L.waited[at] = waited
    L.n[0] = at + 1
