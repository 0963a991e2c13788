"""Clocks that count days: the time so far of each person, exactly."""

from __future__ import annotations

from som_sim.engine.individual.registry import kernel
from som_sim.engine.individual.state import NOT_YET, State
from som_sim.engine.individual.tables import EDGE, ON_EXIT, WINDOW, Tables


@kernel
def set_clock(T: Tables, S: State, p: int, clock: int, old: int, to: int, time: float) -> None:
    """Start, stop or reset a clock of a person who goes from one cell to another."""
    enters = T.clock_in[clock, to]
    if old == NOT_YET:
        days = S.start_days[clock, p]
        S.spent[clock, p] = days
        S.mark[clock, p] = time
        S.opened[clock, p] = time - days
        return
    was = T.clock_in[clock, old]
    resets = T.clock_resets[clock]
    if resets == ON_EXIT:
        if enters and not was:
            S.spent[clock, p] = 0.0
            S.mark[clock, p] = time
        return
    before, after = T.clock_at[clock, old], T.clock_at[clock, to]
    if resets == WINDOW and (after < before or (before == 0 and after > 0)):
        S.spent[clock, p] = 0.0  # a personal window ends, or begins
        S.opened[clock, p] = time
        S.mark[clock, p] = time
        return
    if was and not enters:
        S.spent[clock, p] += time - S.mark[clock, p]
    elif enters and not was:
        S.mark[clock, p] = time


@kernel
def time_left(T: Tables, S: State, p: int, row: int, clock: int, at: int) -> float:
    """Return how many days after `S.last` a person passes an edge of a clock."""
    cell = S.cell[p]
    position = T.clock_at[clock, cell] - T.clock_first[clock]
    phases = T.clock_phases[clock]
    if T.timer[at] == EDGE:
        so_far = S.spent[clock, p] + S.last[row] - S.mark[clock, p]
        wait = T.clock_edges[clock, position // phases] - so_far
    else:
        phase = position % phases
        ends = S.opened[clock, p] + (phase + 1) * T.clock_window[clock] / phases
        wait = ends - S.last[row]
    return float(max(wait, 0.0))
