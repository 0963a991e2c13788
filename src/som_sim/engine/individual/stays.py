"""Stays whose length has a memory, in the kernel.

The clock of such a stay uses up an exponential length as every other does, but not day by day: a
table says how much a stay without memory would have used up after so many days. What programmes do
multiplies the pace, which makes it a ratio of hazards at every moment.
"""

from __future__ import annotations

import math

import numpy as np

from som_sim.engine.individual.registry import kernel
from som_sim.engine.individual.state import State
from som_sim.engine.individual.tables import Tables


@kernel
def stay_is_over(T: Tables, cell: int, channel: int) -> bool:
    """Tell whether who waits for a place has ended a stay of a certain length."""
    number = channel - (T.n_channels - T.n_stays)
    if number < 0:
        return False
    return bool(T.stay_steps[T.stay_law[number, cell]] == 1)


@kernel
def used_after(T: Tables, law: int, days: float) -> float:
    """Return what is used up when people have been in a state for some days."""
    at = int(np.searchsorted(T.stay_days[law], days))
    if at == 0:
        return 0.0
    if at == T.stay_days.shape[1]:
        return float(T.stay_used[law, at - 1])
    before, after = T.stay_days[law, at - 1], T.stay_days[law, at]
    low, high = T.stay_used[law, at - 1], T.stay_used[law, at]
    return float(low + (high - low) * ((days - before) / (after - before)))


@kernel
def days_until(T: Tables, law: int, used: float) -> float:
    """Return after how many days in a state so much is used up."""
    at = int(np.searchsorted(T.stay_used[law], used))
    if at == 0:
        return 0.0
    if at == T.stay_used.shape[1]:
        return math.inf
    before, after = T.stay_days[law, at - 1], T.stay_days[law, at]
    low, high = T.stay_used[law, at - 1], T.stay_used[law, at]
    return float(before + (after - before) * ((used - low) / (high - low)))


@kernel
def met_after(T: Tables, law: int, u: float) -> float:
    """Return the days in a state that a share of the people who are met there do not exceed."""
    at = int(np.searchsorted(T.age_share[law], u))
    if at == 0:
        return 0.0
    before, after = T.age_days[law, at - 1], T.age_days[law, at]
    low, high = T.age_share[law, at - 1], T.age_share[law, at]
    return float(before + (after - before) * ((u - low) / (high - low)))


@kernel
def stay_left(T: Tables, S: State, p: int, row: int, channel: int, left: float) -> float:
    """Return how many days after `S.last` a stay ends that has so much left to use up."""
    number = channel - (T.n_channels - T.n_stays)
    law = T.stay_law[number, S.cell[p]]
    age = S.last[row] - S.entered[number, p]
    return float(max(days_until(T, law, used_after(T, law, age) + left) - age, 0.0))


@kernel
def stay_passed(T: Tables, S: State, p: int, row: int, channel: int, wait: float) -> float:
    """Return what some days after `S.last` use up of a stay."""
    number = channel - (T.n_channels - T.n_stays)
    law = T.stay_law[number, S.cell[p]]
    age = S.last[row] - S.entered[number, p]
    return float(used_after(T, law, age + wait) - used_after(T, law, age))
