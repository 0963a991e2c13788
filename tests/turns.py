"""Whose turn it was: every admission of a history held to the rule of the line."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from som_sim.engine.individual.compiled import plain_functions
from som_sim.engine.individual.histories import Runner, empty_counts, run_key
from som_sim.engine.individual.state import GAVE_UP, QUEUED, Counts
from som_sim.engine.individual.tables import make_tables
from som_sim.model.model import Model


def check_turns(model: Model, ranks: list[NDArray[np.int64] | None], seed: int) -> int:
    """Hold every admission of a history to the rule, in the order in which they happened.

    Who gets a place is of the lowest rank among those who wait for it then, and of these has waited
    longest. The rank is of the cell they are in at that moment.

    Parameters
    ----------
    ranks
        Of each limit, by cell; None where all are alike.

    Returns
    -------
    How often the rank decided, not how long somebody had waited.
    """
    tables = make_tables(model)
    runner = Runner(tables, plain_functions(), with_log=True)
    runner.run(run_key(seed, 0, 0), Counts(*(one[0] for one in empty_counts(tables, 1))))
    log, decided = runner.log, 0
    cell: dict[int, int] = {}
    moved: dict[int, float] = {}
    lines: list[dict[int, float]] = [{} for _ in model.limits]
    for at in range(int(log.n[0])):
        person, kind, time = int(log.person[at]), int(log.kind[at]), float(log.time[at])
        if QUEUED - len(lines) < kind <= QUEUED:
            lines[QUEUED - kind][person] = time
        elif GAVE_UP - len(lines) < kind <= GAVE_UP:
            del lines[GAVE_UP - kind][person]
        elif kind >= 0 and not math.isnan(log.waited[at]):
            (number,) = (n for n, one in enumerate(model.limits) if kind in one.entry)
            line, rank = lines[number], ranks[number]
            turn = {
                p: (0 if rank is None else rank[cell[p]], since)
                for p, since in line.items()
                if not model.discrete or moved.get(p) != time  # who has moved takes no place
            }
            assert turn[person] == min(turn.values())
            assert time - line[person] == log.waited[at]
            decided += line[person] > min(line.values())
            del line[person]
        cell[person] = int(log.place[at])
        if kind >= 0:
            moved[person] = time
    return decided


def declared(model: Model) -> list[NDArray[np.int64] | None]:
    """Return the declared ranks of a model's limits."""
    return [one.rank for one in model.limits]
