"""Many histories of one strategy: blocks of them, and what is added up over all.

Every number a history adds is a whole number of persons, or of ticks of person-time, so that sums
over histories are exact and do not depend on the size of blocks.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from som_sim.core.errors import SomSimError
from som_sim.core.streams import MAX_SEED, stream_key
from som_sim.engine.individual.compiled import (
    LARGE_JOB,
    Functions,
    compiled_functions,
    plain_functions,
)
from som_sim.engine.individual.state import Counts, Log, make_state
from som_sim.engine.individual.tables import Tables

BLOCK = 128
"""Histories whose counts are in memory at once."""
TILE = 4096
"""Persons moved at once where nobody shares places, so that they stay in the processor's cache."""
Array = NDArray[np.float64]


def run_key(seed: int, draw: int, replicate: int) -> np.uint64:
    """Return the key of a history.

    Raises
    ------
    SomSimError
        When a number is none from 0 to 2**64 - 1.
    """
    for name, number in (("draw", draw), ("replicate", replicate)):
        if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= MAX_SEED:
            raise SomSimError(f"{name} {number} is not a whole number from 0 to {MAX_SEED}")
    root = np.uint64(stream_key(seed, "individual") & (2**64 - 1))
    with np.errstate(over="ignore"):
        child = plain_functions()["child_key"]
        key: np.uint64 = child(child(root, draw), replicate)
    return key


def empty_counts(T: Tables, n: int) -> Counts:
    """Return counts of some histories, all zero, with the history as the first axis."""
    steps = T.n_cycles if T.discrete else 0
    return Counts(
        occupancy=np.zeros((n, T.n_cycles + 1, T.n_places)),
        opening=np.zeros((n, steps, T.n_cells)),
        closing=np.zeros((n, steps, T.n_cells)),
        days=np.zeros((n, T.n_cycles, T.n_cells)),
        flows=np.zeros((n, T.n_cycles, len(T.edge))),
        enrolments=np.zeros((n, T.n_cycles, T.n_rules, T.n_cells)),
        waiting=np.zeros((n, T.n_cycles, T.n_rules)),
        came=np.zeros((n, T.n_cycles + 1, T.n_cells)),
        entered=np.zeros((n, T.n_cycles, T.n_limits)),
        kept_out=np.zeros((n, T.n_cycles, T.n_limits)),
    )


def empty_log(n: int) -> Log:
    """Return a log with room for some events."""
    return Log(
        n=np.zeros(1, dtype=np.int64),
        person=np.zeros(n, dtype=np.int64),
        time=np.zeros(n),
        place=np.zeros(n, dtype=np.int64),
        kind=np.zeros(n, dtype=np.int64),
        waited=np.zeros(n),
    )


def choose_functions(T: Tables, replicates: int, fast: bool | None) -> Functions:
    """Return the kernel for a job: compiled when it is large and can be.

    Parameters
    ----------
    fast
        True or False to have it one way; None to decide by size.
    """
    persons = float(T.initial_persons.sum() + T.come_mean.sum() / 2)
    large = persons * T.n_cycles * replicates >= LARGE_JOB
    if fast if fast is not None else large:
        found = compiled_functions()
        if found is not None:
            return found
    return plain_functions()


class Runner:
    """Room for one history at a time, and the kernel that fills it.

    Parameters
    ----------
    T
        One draw of a model.
    functions
        What `choose_functions` gave.
    with_log
        Whether events are wanted.
    """

    def __init__(self, T: Tables, functions: Functions, *, with_log: bool) -> None:
        self.T, self.functions = T, functions
        self.prepare = functions["prepared"]
        self.tables, self._kept_tables = self.prepare(T)
        expected = T.initial_persons.sum() + T.come_mean.sum()
        self._make_room(int(1.2 * expected + 20))
        self.log = empty_log(4096 if with_log else 0)

    def _make_room(self, n: int) -> None:
        self.state = make_state(self.T, n)
        self.state_words, self._kept_state = self.prepare(self.state)

    def run(self, key: np.uint64, counts: Counts) -> int:
        """Run one history and add it to the counts; return how many people it has."""
        with np.errstate(over="ignore"):  # a hash runs over on purpose
            n = self.functions["make_people"](self.tables, self.state_words, key)
            if n > len(self.state.key):
                self._make_room(int(1.2 * n))
                self.functions["make_people"](self.tables, self.state_words, key)
            self._move(key, counts, n)
            while self.log.n[0] > len(self.log.person) > 0:  # no room for all events: once more
                for column in counts:
                    column[...] = 0.0
                self.log = empty_log(2 * int(self.log.n[0]))
                self._move(key, counts, n)
        return int(n)

    def _move(self, key: np.uint64, counts: Counts, n: int) -> None:
        self.log.n[0] = 0
        words, kept_counts = self.prepare(counts)
        log, kept_log = self.prepare(self.log)
        alone = self.T.n_rules == 0 and self.T.n_limits == 0 and len(self.log.person) == 0
        size = TILE if alone else max(n, 1)
        for first in range(0, max(n, 1), size):
            last = min(first + size, n)
            self.functions["run_history"](
                self.tables, self.state_words, words, log, key, first, last
            )
        del kept_counts, kept_log  # addresses of them were in use until here


def faster(runner: Runner, moves: float, replicates: int) -> Runner:
    """Return a runner with the compiled kernel where one history shows that there is much to do.

    Few people who move often are as much work as many who move once.

    Parameters
    ----------
    moves
        In the history that was run.
    replicates
        Histories that are left.
    """
    if moves * replicates < LARGE_JOB or runner.functions is not plain_functions():
        return runner
    found = compiled_functions()
    return runner if found is None else Runner(runner.T, found, with_log=len(runner.log.person) > 0)


def blocks(n: int, size: int = BLOCK) -> Iterator[range]:
    """Yield the numbers of histories in blocks."""
    for first in range(0, n, size):
        yield range(first, min(first + size, n))
