"""One person's moves in continuous time.

Each channel of a person (each domain, programme status, ageing) has a clock that runs at the total
rate of the moves which the person's cell allows, and rings when it has used up a random length
(the integral of the rate, exponentially distributed). When something else changes the rates, what
is left of the length stays. So the same person with the same luck moves at the same moment in two
strategies, or sooner where a programme makes the rate higher.
"""

from __future__ import annotations

import math

from som_sim.engine.individual.change import change
from som_sim.engine.individual.clocks import time_left
from som_sim.engine.individual.hashing import uniform
from som_sim.engine.individual.people import in_ticks
from som_sim.engine.individual.queues import leave_queues
from som_sim.engine.individual.registry import kernel
from som_sim.engine.individual.state import Counts, Log, State, log_event
from som_sim.engine.individual.stays import stay_is_over, stay_left, stay_passed
from som_sim.engine.individual.tables import Tables

NOT_WAITING = math.nan
NOT_WOUND = -1.0


@kernel
def held(T: Tables, S: State, p: int, at: int) -> bool:
    """Tell whether a person waits for a place already, so that wanting it again means nothing."""
    limit = T.entry_limit[at]
    return bool(limit >= 0 and S.waits[limit, p] >= 0)


@kernel
def channel_rate(T: Tables, S: State, p: int, pace: int, channel: int) -> float:
    """Return the rate at which a clock runs, per day."""
    cell = S.cell[p]
    total = T.total[pace, cell, channel]
    if T.n_limits > 0 and S.n_waits[p] > 0:
        total = 0.0
        for at in range(T.first[cell, channel], T.first[cell, channel + 1]):
            if not held(T, S, p, at):
                total += T.rate[pace, at]
            elif stay_is_over(T, cell, channel):
                return 0.0
    return float(total)


@kernel
def wind(T: Tables, S: State, p: int, row: int, cycle: int, channel: int) -> None:
    """Give a clock its next random length."""
    u = uniform(S.key[p], T.salt[channel], cycle, S.used[row, channel])
    S.left[row, channel] = -math.log(u)
    S.used[row, channel] += 1


@kernel
def begin(T: Tables, S: State, p: int, row: int, cycle: int, time: float) -> None:
    """Set a person's clocks at the start of a cycle, or when they come.

    A clock is given its length when it first runs.
    """
    for channel in range(T.n_channels):
        S.used[row, channel] = 0
        S.left[row, channel] = NOT_WOUND
    S.last[row] = time


@kernel
def soonest(T: Tables, S: State, p: int, row: int, cycle: int) -> tuple[float, int]:
    """Return how many days after `S.last` a clock of a person rings first, and which.

    A channel; or, for time that passes an edge of a clock that counts days, the position of the
    edge after all channels.
    """
    pace, cell = T.pace[cycle], S.cell[p]
    wait = math.inf
    which = -1
    for channel in range(T.n_channels):
        rate = T.total[pace, cell, channel]
        if rate <= 0:
            continue
        if T.n_limits > 0:
            rate = channel_rate(T, S, p, pace, channel)
            if rate <= 0 and channel >= T.n_channels - T.n_stays:
                continue
        if S.left[row, channel] < 0:
            wind(T, S, p, row, cycle, channel)
        if channel >= T.n_channels - T.n_stays:
            days = stay_left(T, S, p, row, channel, S.left[row, channel] / rate)
            if days < wait:
                wait = days
                which = channel
        elif S.left[row, channel] < wait * rate:
            wait = S.left[row, channel] / rate
            which = channel
    for clock in range(T.n_clocks):
        channel = T.clock_channel[clock]
        for at in range(T.first[cell, channel], T.first[cell, channel + 1]):
            days = time_left(T, S, p, row, clock, at)
            if days < wait:
                wait = days
                which = T.n_channels + at
    return wait, which


@kernel
def run_clocks(T: Tables, S: State, p: int, row: int, cycle: int, wait: float) -> None:
    """Let a person's clocks run for some days."""
    pace, cell = T.pace[cycle], S.cell[p]
    for channel in range(T.n_channels):
        rate = T.total[pace, cell, channel]
        if rate > 0 and T.n_limits > 0:
            rate = channel_rate(T, S, p, pace, channel)
        if rate > 0:
            if S.left[row, channel] < 0:
                wind(T, S, p, row, cycle, channel)
            passed = wait
            if channel >= T.n_channels - T.n_stays:
                passed = stay_passed(T, S, p, row, channel, wait)
            S.left[row, channel] = max(S.left[row, channel] - rate * passed, 0.0)


@kernel
def way(T: Tables, S: State, p: int, row: int, cycle: int, channel: int) -> int:
    """Return which edge of a channel a person takes whose clock has rung.

    By the inverse of the distribution over the edges; the last that is possible takes what
    rounding leaves.
    """
    pace, cell = T.pace[cycle], S.cell[p]
    # The random length that ran out was number `used - 1`; its way has the same number.
    u = uniform(S.key[p], T.salt_way[channel], cycle, S.used[row, channel] - 1)
    wanted = u * channel_rate(T, S, p, pace, channel)
    so_far = 0.0
    chosen = -1
    for at in range(T.first[cell, channel], T.first[cell, channel + 1]):
        if T.rate[pace, at] > 0 and not (T.n_limits > 0 and held(T, S, p, at)):
            chosen = at
            so_far += T.rate[pace, at]
            if wanted < so_far:
                break
    return chosen


@kernel
def move_along(
    T: Tables, S: State, C: Counts, L: Log, p: int, at: int, time: float, cycle: int, waited: float
) -> None:
    """Move a person along an edge."""
    C.flows[cycle, T.edge[at]] += 1
    if T.n_limits > 0:
        if T.entry_limit[at] >= 0:
            C.entered[cycle, T.entry_limit[at]] += 1
        leave_queues(T, S, L, p, T.target[at], T.entry_limit[at], time)
    change(T, S, C, p, T.target[at], time, cycle, T.starts[cycle + 1] - time)
    log_event(L, p, time, S.cell[p], T.edge[at], waited)


@kernel
def live_through(T: Tables, S: State, C: Counts, L: Log, p: int, cycle: int, start: float) -> None:
    """Move one person through a cycle, or the rest of it; nobody else is in the way."""
    end = T.starts[cycle + 1]
    time = start
    begin(T, S, p, 0, cycle, time)
    while S.cell[p] < T.n_cells:
        wait, channel = soonest(T, S, p, 0, cycle)
        if time + wait >= end:
            break
        run_clocks(T, S, p, 0, cycle, wait)
        time += in_ticks(wait)
        S.last[0] = time
        at = channel - T.n_channels
        if at < 0:
            at = way(T, S, p, 0, cycle, channel)
            S.left[0, channel] = NOT_WOUND
        move_along(T, S, C, L, p, at, time, cycle, NOT_WAITING)
