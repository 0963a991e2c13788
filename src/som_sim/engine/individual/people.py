"""Who is there at the start, and who comes: whole persons, each with a key of their own.

The file may expect 2.6 persons in a cell. In each history the cells are filled with whole persons
so that every cell has its number on average, and a whole number is met exactly: the numbers are
added up over the cells, a random start between 0 and 1 is added, and the whole numbers passed in a
cell are its persons (systematic rounding). The total is then never off by as much as one.

Arrivals are a Poisson process with the expected numbers of the model. Where the file says that
people come evenly, they come as many as expected at even distances, again by systematic rounding.

A person's key is made of where they start, or where and in which cycle they come, and the number
among those; so it is the same in every strategy, and a person more changes nobody else's.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from som_sim.engine.individual.hashing import child_key, decision_key, mix, uniform
from som_sim.engine.individual.registry import kernel
from som_sim.engine.individual.state import State
from som_sim.engine.individual.stays import met_after
from som_sim.engine.individual.tables import Tables

TICKS_PER_DAY = float(2**20)
"""Times are whole ticks of 0.08 seconds, so that sums of them are exact in any order."""
POISSON_PART = 30.0
SALT_ROUND = decision_key("initial", "rounding")
SALT_COUNT = decision_key("arrivals", "number")
SALT_TIME = decision_key("arrivals", "time")


@kernel
def in_ticks(days: float) -> float:
    """Return a time at the last tick before it."""
    return math.floor(days * TICKS_PER_DAY) / TICKS_PER_DAY


@kernel
def poisson(key: np.uint64, decision: np.uint64, cycle: int, mean: float) -> int:
    """Return a Poisson number by inverting its distribution, in parts where the mean is large.

    It never falls when the mean rises, up to a mean of `POISSON_PART`.
    """
    parts = math.ceil(mean / POISSON_PART)
    number = 0
    for part in range(parts):
        u = uniform(key, decision, cycle, part)
        term = math.exp(-mean / parts)
        below = term
        one = 0
        while u > below and one < 1000:
            one += 1
            term *= mean / parts / one
            below += term
        number += one
    return number


@kernel
def count_initial(T: Tables, run_key: np.uint64) -> NDArray[np.int64]:
    """Return the whole persons of each initial group: (group,)."""
    persons = np.zeros(len(T.initial_cell), dtype=np.int64)
    begin = uniform(run_key, SALT_ROUND, 0, 0)
    expected = 0.0
    before = 0
    for group in range(len(persons)):
        expected += T.initial_persons[group]
        after = math.floor(expected + begin)
        persons[group] = after - before
        before = after
    return persons


@kernel
def count_coming(T: Tables, run_key: np.uint64) -> NDArray[np.int64]:
    """Return the whole persons of each arriving group by cycle: (cycle, group)."""
    persons = np.zeros((T.n_cycles, len(T.come_cell)), dtype=np.int64)
    for group in range(len(T.come_cell)):
        key = mix(run_key ^ T.come_code[group])
        expected = uniform(key, SALT_ROUND, 0, 0)
        for cycle in range(T.n_cycles):
            mean = T.come_mean[cycle, group]
            if T.come_even[group]:
                before = math.floor(expected)
                expected += mean
                persons[cycle, group] = int(math.floor(expected) - before)
            elif mean > 0:
                persons[cycle, group] = poisson(key, SALT_COUNT, cycle, mean)
    return persons


@kernel
def come_time(
    T: Tables, key: np.uint64, cycle: int, group: int, number: int, expected: float
) -> float:
    """Return when the numbered person of a group comes in a cycle, in days from the start.

    Parameters
    ----------
    expected
        What had been expected of an even group before this cycle, with its random start.
    """
    start, end = float(T.starts[cycle]), float(T.starts[cycle + 1])
    if T.discrete:
        return start if T.join_at_start else end
    if T.come_even[group]:
        share = (math.floor(expected) + number + 1 - expected) / T.come_mean[cycle, group]
    else:
        share = uniform(key, SALT_TIME, cycle, 0)
    return start + in_ticks(min(share, 1.0) * (end - start))


@kernel
def age_at_start(T: Tables, S: State, p: int, group: int, channel: int) -> float:
    """Return how many days a person of the start has been in their state of a stay channel."""
    age = T.initial_age[group, channel]
    if age >= 0:
        return in_ticks(age)
    law = T.stay_law[channel, S.begin[p]]
    if law < 0:
        return 0.0
    return in_ticks(met_after(T, law, uniform(S.key[p], T.salt_age[channel], 0, 0)))


@kernel
def put_in_order(T: Tables, S: State, first: int, last: int) -> None:
    """Put some persons in the order of time; those who come at the same moment stay as they are."""
    if last - first < 2:
        return
    order = np.argsort(S.come[first:last], kind="mergesort")
    S.come[first:last] = S.come[first:last][order]
    S.key[first:last] = S.key[first:last][order]
    S.begin[first:last] = S.begin[first:last][order]
    for clock in range(T.n_clocks):
        S.start_days[clock, first:last] = S.start_days[clock, first:last][order]


@kernel
def make_people(T: Tables, S: State, run_key: np.uint64) -> int:
    """Fill in everybody of one history: those there at the start, then those who come, in time.

    Returns
    -------
    How many they are; nobody is filled in when there is not room for all.
    """
    there = count_initial(T, run_key)
    coming = count_coming(T, run_key)
    n_people = there.sum() + coming.sum()
    if n_people > len(S.key):
        return int(n_people)
    person = 0
    for group in range(len(there)):
        of_group = mix(run_key ^ T.initial_code[group])
        for number in range(there[group]):
            S.key[person] = child_key(of_group, number)
            S.begin[person] = T.initial_cell[group]
            S.come[person] = 0.0
            for clock in range(T.n_clocks):
                S.start_days[clock, person] = T.initial_days[group, clock]
            for channel in range(T.n_stays):
                S.start_age[channel, person] = age_at_start(T, S, person, group, channel)
            person += 1
    expected = np.zeros(coming.shape[1])
    for group in range(coming.shape[1]):
        expected[group] = uniform(mix(run_key ^ T.come_code[group]), SALT_ROUND, 0, 0)
    for cycle in range(T.n_cycles):
        S.first_in[cycle] = person
        for group in range(coming.shape[1]):
            of_cycle = child_key(mix(run_key ^ T.come_code[group]), cycle)
            for number in range(coming[cycle, group]):
                S.key[person] = child_key(of_cycle, number)
                S.begin[person] = T.come_cell[group]
                S.come[person] = come_time(T, S.key[person], cycle, group, number, expected[group])
                for channel in range(T.n_stays):
                    S.start_age[channel, person] = 0.0  # whoever comes begins their stays
                for clock in range(T.n_clocks):
                    S.start_days[clock, person] = T.come_days[group, clock]
                person += 1
            expected[group] += T.come_mean[cycle, group]
        put_in_order(T, S, S.first_in[cycle], person)
    S.first_in[T.n_cycles] = person
    return person
