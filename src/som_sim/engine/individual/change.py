"""One person changes place: the only function that does it, so that every count stays right."""

from __future__ import annotations

from som_sim.engine.individual.clocks import set_clock
from som_sim.engine.individual.line import stand_in_line
from som_sim.engine.individual.registry import kernel
from som_sim.engine.individual.state import NOT_YET, Counts, State
from som_sim.engine.individual.tables import Tables


@kernel
def change(
    T: Tables, S: State, C: Counts, p: int, to: int, time: float, cycle: int, rest: float
) -> None:
    """Put a person into another place.

    Parameters
    ----------
    to
        A cell or a way to leave.
    time
        In days from the start of the run.
    rest
        Days left of the cycle: they go from one cell's person-time to the other's.
    """
    old = S.cell[p]
    S.cell[p] = to
    if old != NOT_YET:
        S.now[old] -= 1
        C.days[cycle, old] -= rest
        S.n_status[T.status[old]] -= 1
    S.now[to] += 1
    inside = to < T.n_cells
    if inside:
        C.days[cycle, to] += rest
        S.n_status[T.status[to]] += 1
    for r in range(T.n_rules):
        was = S.since[r, p] >= 0
        if inside and T.eligible[r, to]:
            rank = T.rule_rank[r, to]
            if not was:
                S.since[r, p] = time
                S.n_eligible[r] += 1
            if not was or S.rank[r, p] != rank:
                S.rank[r, p] = rank
                stand_in_line(T, S, r, p)
        elif was:
            S.since[r, p] = -1.0
            S.n_eligible[r] -= 1
    if inside:
        for clock in range(T.n_clocks):
            set_clock(T, S, p, clock, old, to, time)
        for number in range(T.n_stays):
            if old == NOT_YET:
                S.entered[number, p] = time - S.start_age[number, p]
            elif T.stay_state[number, old] != T.stay_state[number, to]:
                S.entered[number, p] = time
    for limit in range(T.n_limits):
        if old != NOT_YET and T.inside[limit, old]:
            S.n_inside[limit] -= 1
        if inside and T.inside[limit, to]:
            S.n_inside[limit] += 1
