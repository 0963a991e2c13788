"""Discrete steps as one plain loop, for a compiler.

`som_sim.engine.kernels` knows every kind of run. This loop knows discrete steps without programmes,
where a cycle is so little work that how it is laid out decides the time: a few draws stand side by
side, so few that all of theirs fits the nearest cache, and sums are added up while people move.
`som_sim.engine.vectors` makes one instruction of the draws in the two functions where the time
goes. A draw meets the same operations in the same order wherever it stands.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from som_sim.engine.kernels import DAYS, END, START, Floats, Ints, Kept, Moves, Sums

Indices = NDArray[np.uint64]
WIDTH = 32
LINE = 64


class Incoming(NamedTuple):
    """The moves that somebody can make, place by place that they come to."""

    places: Indices  # (used place,)
    starts: Ints  # (used place + 1,), where its moves begin
    source: Indices  # (move,)
    edge: Indices  # (move,), which edge it is
    summed: Ints  # (edge of a tally,), which move it is, or -1


class Room(NamedTuple):
    """Room to work in, used again for every group of draws: (..., lane)."""

    rate: Floats  # (move,)
    stay: Floats  # (place,)
    old: Floats  # (place,)
    new: Floats  # (place,)
    total: Floats  # (tally,)


def make_room(n_moves: int, n_places: int, n_tallies: int) -> Room:
    """Return empty room; each begins where a cache line does, so that no vector lies in two."""

    def lines(n_rows: int) -> Floats:
        loose = np.zeros(n_rows * WIDTH + LINE // 8)
        first = -loose.ctypes.data % LINE // 8
        return loose[first : first + n_rows * WIDTH].reshape(n_rows, WIDTH)

    return Room(lines(n_moves), lines(n_places), lines(n_places), lines(n_places), lines(n_tallies))


def take_rates(
    rates: Floats, incoming: Incoming, lo: int, n: int, rate: Floats, stay: Floats
) -> None:
    """Take the chances of some draws, and what is left for those who stay: (..., lane)."""
    stay[:] = 0.0
    for k in range(len(incoming.edge)):
        for lane in range(n):
            rate[k, lane] = rates[incoming.edge[k], lo + lane]
            stay[incoming.source[k], lane] += rate[k, lane]
    for place in range(len(stay)):
        for lane in range(WIDTH):
            stay[place, lane] = max(1.0 - stay[place, lane], 0.0)


def move_once(
    places: Indices,
    starts: Ints,
    source: Indices,
    rate: Floats,
    stay: Floats,
    old: Floats,
    new: Floats,
) -> None:
    """Move everybody once: (place, lane) to (place, lane)."""
    for k in range(len(places)):
        place = places[k]
        new[place] = old[place] * stay[place]
        for move in range(starts[k], starts[k + 1]):
            new[place] += old[source[move]] * rate[move]


def add_days(
    cells: Indices, first: int, end: int, b: float, a: float, old: Floats, new: Floats, out: Floats
) -> None:
    """Add days in cells to a sum: ``b`` for each person before, ``a`` for each after."""
    for k in range(first, end):
        out[:] += old[cells[k]] * b + new[cells[k]] * a


def join(places: Ints, come: Floats, lo: int, n: int, years: float, persons: Floats) -> None:
    """Let a cycle's arrivals join: (place, draw) to (place, lane)."""
    for place in places:
        for lane in range(n):
            persons[place, lane] += come[place, lo + lane] * years


def store(kept: Floats, lo: int, n: int, found: Floats) -> None:
    """Store what some draws came to: (row, lane) to (row, draw)."""
    for row in range(len(kept)):
        for lane in range(n):
            kept[row, lo + lane] = found[row, lane]


def store_cycle(
    kept: Kept, incoming: Incoming, cycle: int, lo: int, n: int, b: float, a: float,
    rate: Floats, old: Floats, new: Floats,
) -> None:  # fmt: skip
    """Store a cycle's days and moves, where they are kept."""
    if len(kept.person_days):
        for cell in range(kept.person_days.shape[1]):
            for lane in range(n):
                kept.person_days[cycle, cell, lo + lane] = old[cell, lane] * b + new[cell, lane] * a
    if len(kept.flows):
        for k in range(len(incoming.edge)):
            for lane in range(n):
                moved = old[incoming.source[k], lane] * rate[k, lane]
                kept.flows[cycle, incoming.edge[k], lo + lane] = moved


def add_moves(
    summed: Ints, source: Indices, weight: float, rate: Floats, old: Floats, out: Floats
) -> None:
    """Add moves along edges to a sum."""
    for move in summed:
        if move >= 0:
            for lane in range(WIDTH):
                out[lane] += weight * (old[source[move], lane] * rate[move, lane])


def move_discrete(
    moves: Moves, incoming: Incoming, sums: Sums, kept: Kept, room: Room, initial: Floats
) -> None:
    """Move all draws through all cycles, `WIDTH` at a time.

    Parameters
    ----------
    initial : (place, draw)
    """
    n_draws, n_cycles, n_tallies = initial.shape[1], len(moves.regime), len(sums.weights)
    places, starts, source = incoming.places, incoming.starts, incoming.source
    cells, cell_starts, edge_starts = (
        sums.cells.astype(np.uint64),
        sums.cell_starts,
        sums.edge_starts,
    )
    before = 1.0 if moves.counting == START else 0.0 if moves.counting == END else 0.5
    rate, stay, old, new, total = room
    for lo in range(0, n_draws, WIDTH):
        n = min(WIDTH, n_draws - lo)
        old[:] = 0.0
        old[:, :n] = initial[:, lo : lo + n]
        rate[:] = 0.0
        regime = -1
        for cycle in range(n_cycles):
            if moves.regime[cycle] != regime:
                regime = moves.regime[cycle]
                take_rates(moves.rates[regime], incoming, lo, n, rate, stay)
            if kept.at_boundary[cycle] >= 0:
                store(kept.persons[kept.at_boundary[cycle]], lo, n, old)
            days = moves.days[moves.length[cycle]]
            come = moves.arrivals[regime]
            if moves.join_start:
                join(moves.arriving, come, lo, n, days / DAYS, old)
            move_once(places, starts, source, rate, stay, old, new)
            if not moves.join_start:
                join(moves.arriving, come, lo, n, days / DAYS, new)
            b, a = before * days, (1.0 - before) * days
            for t in range(n_tallies):
                w = sums.weights[t, cycle]
                if w != 0.0:
                    add_days(
                        cells, cell_starts[t], cell_starts[t + 1], w * b, w * a, old, new, total[t]
                    )
                    if edge_starts[t + 1] > edge_starts[t]:
                        summed = incoming.summed[edge_starts[t] : edge_starts[t + 1]]
                        add_moves(summed, source, w, rate, old, total[t])
            if len(kept.person_days) or len(kept.flows):
                store_cycle(kept, incoming, cycle, lo, n, b, a, rate, old, new)
            if cycle + 1 == n_cycles or sums.group[cycle + 1] != sums.group[cycle]:
                for t in range(n_tallies):
                    for lane in range(n):
                        kept.tallies[sums.group[cycle], t, lo + lane] += total[t, lane]
                total[:] = 0.0
            old, new = new, old
        if kept.at_boundary[n_cycles] >= 0:
            store(kept.persons[kept.at_boundary[n_cycles]], lo, n, old)


HELPERS = (take_rates, join, store, store_cycle, add_moves)
"""What `move_discrete` calls, but for what `som_sim.engine.vectors` has."""
