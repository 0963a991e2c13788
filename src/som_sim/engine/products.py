"""Cycles that are sums of products, as one plain loop, for a compiler.

`som_sim.engine.kernels` knows every kind of run. This loop knows runs without programmes in which a
cycle is a list of shares: so much of those in one place are in another when it ends. In a discrete
step these are its chances. In continuous time they are what the exact series makes of one person in
each place, worked out once for each set of rates and each length of cycle; another list says how
long they were where. Then a cycle is so little work that how it is laid out decides the time: a few
draws stand side by side, so few that all of theirs fits the nearest caches, and sums are added up
while people move. `som_sim.engine.vectors` makes vectors of the rows of draws in four functions,
where the time goes. A draw meets the same operations in the same order wherever it stands.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from som_sim.engine.kernels import (
    CONTINUOUS,
    DAYS,
    END,
    LEAST_RATE,
    START,
    Floats,
    Ints,
    Kept,
    Moves,
    Sums,
    weigh,
)

WIDTH = 64
LINE = 64


class Pairs(NamedTuple):
    """From where people come, place by place that somebody can be in.

    ``starts`` and ``source`` are of one jump or discrete step, ``first`` and ``begin`` of a whole
    cycle, which discrete steps do not need.
    """

    starts: Ints  # (used place + 1,), where its jumps begin
    source: Ints  # (jump,)
    move: Ints  # (jump,), which of the moves that somebody can make it is, or -1: they stay
    first: Ints  # (used place + 1,), where its shares begin
    begin: Ints  # (share,)
    summed: Ints  # (edge of a tally,), which of the moves it is, or -1: nobody can make it


class Room(NamedTuple):
    """Room to work in, used again for every group of draws: (..., lane)."""

    jump: Floats  # (jump,), its chance
    rate: Floats  # (move,), its chance in a discrete step; its rate per day
    share: Floats  # (length, share), of those in a place, who are in another at the end
    time: Floats  # (length, share), the days of each of them there
    came: Floats  # (length, place), persons at the end from a cycle's arrivals
    stayed: Floats  # (length, place), their days
    old: Floats  # (place,), persons before
    new: Floats  # (place,), persons after
    days: Floats  # (place,), person-days
    total: Floats  # (tally,)
    one: Floats  # (1,)
    top: Floats  # (), jumps per year, as many from every place


def lines(*shape: int, blank: bool = True) -> Floats:
    """Return room that begins where a cache line does, so that no vector lies in two.

    What will be written anyway need not be ``blank``, zeros.
    """
    size = int(np.prod(shape))
    loose = (np.zeros if blank else np.empty)(size + LINE // 8)
    first = -loose.ctypes.data % LINE // 8
    return loose[first : first + size].reshape(shape)


def make_room(pairs: Pairs, n_moves: int, n_places: int, n_lengths: int, n_tallies: int) -> Room:
    """Return empty room."""
    whole, coming = (n_lengths, len(pairs.begin), WIDTH), (n_lengths, n_places, WIDTH)
    return Room(
        lines(len(pairs.source), WIDTH), lines(n_moves, WIDTH), lines(*whole), lines(*whole),
        lines(*coming), lines(*coming), lines(n_places, WIDTH), lines(n_places, WIDTH),
        lines(n_places, WIDTH), lines(n_tallies, WIDTH), lines(1, WIDTH), lines(WIDTH),
    )  # fmt: skip


def clear(out: Floats, o: int) -> None:
    """Set a row to 0."""
    out[o] = 0.0


def add_product(out: Floats, o: int, a: Floats, i: int, b: Floats, j: int) -> None:
    """Add the product of two rows to a row."""
    out[o] += a[i] * b[j]


def add_times(out: Floats, o: int, a: Floats, i: int, times: float) -> None:
    """Add a row to a row so many times."""
    out[o] += a[i] * times


def write(out: Floats, at: int, a: Floats, i: int) -> None:
    """Write a row into a larger array, from the so manieth of its numbers on."""
    out.reshape(-1)[at : at + WIDTH] = a[i]


def move_once(
    places: Ints, starts: Ints, source: Ints, share: Floats, old: Floats, new: Floats
) -> None:
    """Move everybody once: (place, lane) to (place, lane)."""
    for k in range(len(places)):
        place = places[k]
        clear(new, place)
        for pair in range(starts[k], starts[k + 1]):
            add_product(new, place, old, source[pair], share, pair)


def take_chances(moves: Moves, pairs: Pairs, regime: int, lo: int, n: int, room: Room) -> None:
    """Take a regime's rates, and what they make of one jump or discrete step."""
    rate, jump, exits, top = room.rate, room.jump, room.days, room.top
    continuous = moves.counting == CONTINUOUS
    exits[:] = 0.0
    top[:] = LEAST_RATE if continuous else 1.0
    for move in range(len(moves.used)):
        edge = moves.used[move]
        found, row = moves.rates[regime, edge, lo : lo + n], rate[move]
        for lane in range(n):
            row[lane] = found[lane]
        add_times(exits, moves.source[edge], rate, move, 1.0)
    if continuous:
        for place in moves.places:
            for lane in range(n):
                top[lane] = max(top[lane], exits[place, lane])
    for pair in range(len(pairs.source)):
        move, place = pairs.move[pair], pairs.source[pair]
        for lane in range(n):
            part = exits[place, lane] if move < 0 else rate[move, lane]
            part /= top[lane]
            jump[pair, lane] = max(1.0 - part, 0.0) if move < 0 else part
    if continuous:
        rate /= DAYS


def add_series(
    places: Ints, pairs: Pairs, jump: Floats, ends: Floats, times: Floats, power: Floats,
    new: Floats, end: Floats, days: Floats,
) -> None:  # fmt: skip
    """Add up the series that begins with ``power``, which is lost: weights are (term, lane)."""
    for place in places:
        clear(end, place)
        clear(days, place)
    for k in range(len(ends)):
        if k:
            move_once(places, pairs.starts, pairs.source, jump, power, new)
            power, new = new, power
        for place in places:
            add_product(end, place, power, place, ends, k)
            add_product(days, place, power, place, times, k)


def make_shares(
    moves: Moves, pairs: Pairs, regime: int, length: int, lo: int, n: int, most: float, room: Room,
) -> None:  # fmt: skip
    """Work out what a cycle of a length makes of one person in each place, and of its arrivals."""
    weights = np.zeros((3, int(most + 9.0 * np.sqrt(most)) + 30, WIDTH))
    n_terms = weigh(room.top, moves.days[length] / DAYS, n, weights)
    ends, later, latest = weights[0, :n_terms], weights[1, :n_terms], weights[2, :n_terms]
    times = later * DAYS
    end, days = np.zeros(room.old.shape), np.zeros(room.old.shape)
    power, new = np.zeros(room.old.shape), np.zeros(room.old.shape)
    for place in moves.places:
        power[:] = 0.0
        power[place] = 1.0
        add_series(moves.places, pairs, room.jump, ends, times, power, new, end, days)
        for k in range(len(moves.places)):
            for pair in range(pairs.first[k], pairs.first[k + 1]):
                if pairs.begin[pair] == place:
                    room.share[length, pair] = end[moves.places[k]]
                    room.time[length, pair] = days[moves.places[k]]
    if len(moves.arriving):
        power[:, :n] = moves.arrivals[regime, :, lo : lo + n]
        came, stayed = room.came[length], room.stayed[length]
        times = latest * DAYS
        add_series(moves.places, pairs, room.jump, later, times, power, new, came, stayed)


def join(moves: Moves, regime: int, length: int, lo: int, n: int, persons: Floats) -> None:
    """Let a discrete step's arrivals join: (place, draw) to (place, lane)."""
    years = moves.days[length] / DAYS
    for place in moves.arriving:
        for lane in range(n):
            persons[place, lane] += moves.arrivals[regime, place, lo + lane] * years


def store(kept: Floats, lo: int, found: Floats) -> None:
    """Store what some draws came to: (row, lane) to (row, draw)."""
    for row in range(len(kept)):
        write(kept, row * kept.shape[1] + lo, found, row)


def add_up(
    moves: Moves, pairs: Pairs, sums: Sums, cycle: int, before: float, after: float, old: Floats,
    new: Floats, room: Room,
) -> None:  # fmt: skip
    """Add the tallies of a cycle."""
    discrete = moves.counting != CONTINUOUS
    total, one, days = room.total, room.one, room.days
    through = old if discrete else days
    for t in range(len(sums.weights)):
        weight = sums.weights[t, cycle]
        if weight == 0.0:
            continue
        for k in range(sums.cell_starts[t], sums.cell_starts[t + 1]):
            cell = sums.cells[k]
            if discrete:
                add_times(total, t, old, cell, weight * before)
                add_times(total, t, new, cell, weight * after)
            else:
                add_times(total, t, days, cell, weight)
        if sums.edge_starts[t + 1] > sums.edge_starts[t]:
            clear(one, 0)
            for k in range(sums.edge_starts[t], sums.edge_starts[t + 1]):
                move = pairs.summed[k]
                if move >= 0:
                    source = moves.source[sums.edges[k]]
                    add_product(one, 0, through, source, room.rate, move)
            add_times(total, t, one, 0, weight)


def store_cycle(
    moves: Moves, kept: Kept, cycle: int, before: float, after: float, lo: int,
    old: Floats, new: Floats, room: Room,
) -> None:  # fmt: skip
    """Store a cycle's days and moves, where they are kept."""
    discrete, days = moves.counting != CONTINUOUS, room.days
    if len(kept.person_days):
        if discrete:
            for place in moves.places:
                clear(days, place)
                add_times(days, place, old, place, before)
                add_times(days, place, new, place, after)
        store(kept.person_days[cycle], lo, days)
    if len(kept.flows):
        through, flows = old if discrete else days, kept.flows[cycle]
        for move in range(len(moves.used)):
            edge = moves.used[move]
            clear(room.one, 0)
            add_product(room.one, 0, through, moves.source[edge], room.rate, move)
            write(flows, edge * flows.shape[1] + lo, room.one, 0)


def move_products(
    moves: Moves, pairs: Pairs, sums: Sums, kept: Kept, room: Room, initial: Floats
) -> float:
    """Move all draws through all cycles, `WIDTH` at a time.

    Parameters
    ----------
    kept
        With room for whole groups of draws, each row beginning where a cache line does.
    initial : (place, draw)

    Returns
    -------
    The most jumps expected in a cycle; when they pass `Moves.most_jumps`, nothing else was done.
    """
    n_draws, n_cycles = initial.shape[1], len(moves.regime)
    discrete = moves.counting != CONTINUOUS
    counted = 1.0 if moves.counting == START else 0.0 if moves.counting == END else 0.5
    old, new = room.old, room.new
    known = np.zeros(len(moves.days), dtype=np.bool_)
    most = 0.0
    for lo in range(0, n_draws, WIDTH):
        n = min(WIDTH, n_draws - lo)
        old[:] = 0.0
        old[:, :n] = initial[:, lo : lo + n]
        regime = -1
        for cycle in range(n_cycles):
            length = moves.length[cycle]
            if moves.regime[cycle] != regime:
                regime = moves.regime[cycle]
                take_chances(moves, pairs, regime, lo, n, room)
                known[:] = discrete
                most = 0.0 if discrete else room.top[:n].max() * moves.days.max() / DAYS
                if most > moves.most_jumps:
                    return float(most)
            if not known[length]:
                known[length] = True
                make_shares(moves, pairs, regime, length, lo, n, most, room)
            if kept.at_boundary[cycle] >= 0:
                store(kept.persons[kept.at_boundary[cycle]], lo, old)
            if discrete:
                if moves.join_start:
                    join(moves, regime, length, lo, n, old)
                move_once(moves.places, pairs.starts, pairs.source, room.jump, old, new)
                if not moves.join_start:
                    join(moves, regime, length, lo, n, new)
            else:
                share, time, days = room.share[length], room.time[length], room.days
                move_once(moves.places, pairs.first, pairs.begin, share, old, new)
                move_once(moves.places, pairs.first, pairs.begin, time, old, days)
                if len(moves.arriving):
                    new += room.came[length]
                    days += room.stayed[length]
            before = counted * moves.days[length]
            after = moves.days[length] - before
            add_up(moves, pairs, sums, cycle, before, after, old, new, room)
            if len(kept.person_days) or len(kept.flows):
                store_cycle(moves, kept, cycle, before, after, lo, old, new, room)
            if cycle + 1 == n_cycles or sums.group[cycle + 1] != sums.group[cycle]:
                out = kept.tallies[sums.group[cycle]]
                for tally in range(len(out)):
                    for lane in range(WIDTH):
                        out[tally, lo + lane] += room.total[tally, lane]
                room.total[:] = 0.0
            old, new = new, old
        if kept.at_boundary[n_cycles] >= 0:
            store(kept.persons[kept.at_boundary[n_cycles]], lo, old)
    return 0.0


HELPERS = (
    move_once, take_chances, add_series, make_shares, join, store, add_up, store_cycle,
)  # fmt: skip
"""What `move_products` calls, but for what is in `kernels` and `som_sim.engine.vectors`."""
