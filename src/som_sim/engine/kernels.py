"""The engine's arithmetic as plain loops, for a compiler.

Each function moves a group of up to `LANES` draws, which stand side by side in the last axis, so
that one instruction serves several of them. A draw meets the same operations in the same order
whatever group it stands in. Nothing here imports a compiler: `som_sim.engine.fast` compiles these
functions when a job is large, and as they stand they are slow Python that a test can run.

The names of sizes: ``n`` is the number of draws in this group, ``lo`` the first of them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LANES = 128
DAYS = 365.25
LEAST_RATE = 1.0
SMALLEST = 1e-18
"""Poisson terms below this share of the largest are left out."""
START, END, HALF_CYCLE, CONTINUOUS = 0, 1, 2, 3


class Moves(NamedTuple):
    """How people move: `som_sim.model.model.Model` as bare arrays.

    ``used`` are the edges that somebody can move along, ``places`` the places somebody can be
    in, ``arriving`` those that arrivals come to.
    """

    source: Ints  # (edge,)
    target: Ints  # (edge,)
    used: Ints  # (used edge,)
    places: Ints  # (used place,)
    arriving: Ints  # (place with arrivals,)
    rates: Floats  # (regime, edge, draw), per year or per cycle
    arrivals: Floats  # (regime, place, draw), persons per year
    regime: Ints  # (cycle,)
    length: Ints  # (cycle,), which of the lengths
    days: Floats  # (length,)
    counting: int
    join_start: bool
    most_jumps: float


class Rules(NamedTuple):
    """Who is enrolled: `som_sim.model.model.ProgrammeRule` as bare arrays."""

    shape: Ints  # (3,), strata, programmes, states
    status: Ints  # (rule,)
    eligible: NDArray[np.bool_]  # (rule, cell)
    places: Floats  # (rule, cycle, draw)
    share: Floats  # (rule, draw)
    most: Floats  # (rule, cycle, draw)


class Sums(NamedTuple):
    """What is added up: `som_sim.engine.keep.Tally` as lists, tally by tally."""

    cell_starts: Ints  # (tally + 1,)
    cells: Ints
    edge_starts: Ints
    edges: Ints
    enrolled_starts: Ints
    enrolled_rule: Ints
    enrolled_cell: Ints
    weights: Floats  # (tally, cycle)
    group: Ints  # (cycle,)


class Kept(NamedTuple):
    """Where results go; an array without cycles is not kept."""

    at_boundary: Ints  # (cycle + 1,), position in `persons`, or -1
    at_cycle: Ints  # (cycle,), position in `enrolments` and `waiting`, or -1
    persons: Floats  # (kept boundary, place, draw)
    enrolments: Floats  # (kept cycle, rule, cell, draw)
    waiting: Floats  # (kept cycle, rule, draw)
    person_days: Floats  # (cycle or none, cell, draw)
    flows: Floats  # (cycle or none, edge, draw)
    tallies: Floats  # (group, tally, draw)


class Work(NamedTuple):
    """Room to work in, used again in every cycle: (..., lane)."""

    now: Floats  # (place,)
    new: Floats  # (place,)
    spent: Floats  # (place,)
    power: Floats  # (place,)
    exits: Floats  # (place,)
    stay: Floats  # (place,)
    jump: Floats  # (edge,)
    top: Floats
    row: Floats
    enrolled: Floats  # (rule, cell)
    came: Floats  # (length, place), persons at the end from a cycle's arrivals
    stayed: Floats  # (length, place), their person-years


def make_work(n_places: int, n_edges: int, n_rules: int, n_lengths: int) -> Work:
    """Return empty room for one group of draws."""
    return Work(
        np.zeros((n_places, LANES)),
        np.zeros((n_places, LANES)),
        np.zeros((n_places, LANES)),
        np.zeros((n_places, LANES)),
        np.zeros((n_places, LANES)),
        np.zeros((n_places, LANES)),
        np.zeros((n_edges, LANES)),
        np.zeros(LANES),
        np.zeros(LANES),
        np.zeros((n_rules, n_places, LANES)),
        np.zeros((n_lengths, n_places, LANES)),
        np.zeros((n_lengths, n_places, LANES)),
    )


def enrol(rules: Rules, cycle: int, lo: int, n: int, work: Work, waited: Floats) -> None:
    """Enrol, rule by rule; `work.now` changes, `work.enrolled` says who."""
    strata, programmes, states = rules.shape[0], rules.shape[1], rules.shape[2]
    now, inside = work.now, work.row
    for rule in range(len(rules.status)):
        moved = work.enrolled[rule]
        eligible = rules.eligible[rule]
        status = rules.status[rule]
        waiting = waited[rule]
        waiting[:] = 0.0
        inside[:] = 0.0
        for cell in range(len(eligible)):
            here = now[cell]
            if eligible[cell]:
                for lane in range(n):
                    waiting[lane] += here[lane]
            if (cell // states) % programmes == status:
                for lane in range(n):
                    inside[lane] += here[lane]
        places = rules.places[rule, cycle, lo : lo + n]
        share = rules.share[rule, lo : lo + n]
        most = rules.most[rule, cycle, lo : lo + n]
        for lane in range(n):
            free = max(places[lane] - inside[lane], 0.0)
            enrolled = min(free, min(share[lane] * waiting[lane], most[lane]))
            inside[lane] = enrolled / waiting[lane] if waiting[lane] > 0 else 0.0
        for cell in range(len(eligible)):
            if eligible[cell]:
                here, going = now[cell], moved[cell]
                for lane in range(n):
                    going[lane] = here[lane] * inside[lane]
                    here[lane] -= going[lane]
        for stratum in range(strata):
            for state in range(states):
                inside[:] = 0.0
                for programme in range(programmes):
                    cell = (stratum * programmes + programme) * states + state
                    if eligible[cell]:
                        going = moved[cell]
                        for lane in range(n):
                            inside[lane] += going[lane]
                into = now[(stratum * programmes + status) * states + state]
                for lane in range(n):
                    into[lane] += inside[lane]


def take_rates(moves: Moves, regime: int, lo: int, n: int, work: Work) -> None:
    """Work out what a regime's rates make of one jump, or of one discrete step."""
    work.exits[:] = 0.0
    for edge in range(len(moves.source)):
        leaving, rate = work.exits[moves.source[edge]], moves.rates[regime, edge, lo : lo + n]
        for lane in range(n):
            leaving[lane] += rate[lane]
    discrete = moves.counting != CONTINUOUS
    top = work.row
    top[:] = 1.0 if discrete else LEAST_RATE
    if not discrete:
        for place in range(len(work.exits)):
            leaving = work.exits[place]
            for lane in range(n):
                top[lane] = max(top[lane], leaving[lane])
    for place in range(len(work.stay)):
        leaving, stay = work.exits[place], work.stay[place]
        for lane in range(n):
            stay[lane] = max(1.0 - leaving[lane] / top[lane], 0.0)
    for edge in moves.used:
        jump, rate = work.jump[edge], moves.rates[regime, edge, lo : lo + n]
        for lane in range(n):
            jump[lane] = rate[lane] / top[lane]
    work.top[:] = top


def weigh(top: Floats, years: float, n: int, weights: Floats) -> int:
    """Fill Poisson weights and their two sums of what comes after: (3, term, lane).

    Returns
    -------
    Number of terms that some draw of the group needs.
    """
    n_terms = 1
    weights[:] = 0.0
    for lane in range(n):
        mean = top[lane] * years
        mode = int(mean)
        weights[0, mode, lane] = 1.0
        term = 1.0
        last = mode
        while last + 1 < weights.shape[1]:
            term *= mean / (last + 1)
            if term < SMALLEST:
                break
            last += 1
            weights[0, last, lane] = term
        term = 1.0
        for k in range(mode, 0, -1):
            term *= k / mean
            if term < SMALLEST:
                break
            weights[0, k - 1, lane] = term
        total = 0.0
        for k in range(last + 1):
            total += weights[0, k, lane]
        later = 0.0
        latest = 0.0
        for k in range(last, -1, -1):
            weights[0, k, lane] /= total
            weights[1, k, lane] = later / top[lane]
            weights[2, k, lane] = latest / top[lane]
            later += weights[0, k, lane]
            latest += weights[1, k, lane]
        n_terms = max(n_terms, last + 1)
    return n_terms


def jump_once(moves: Moves, work: Work, n: int, before: Floats, after: Floats) -> None:
    """Move everybody by one jump, or one discrete step: (place, lane) to (place, lane)."""
    for place in moves.places:
        old, new, stay = before[place], after[place], work.stay[place]
        for lane in range(n):
            new[lane] = old[lane] * stay[lane]
    for edge in moves.used:
        old, new, jump = before[moves.source[edge]], after[moves.target[edge]], work.jump[edge]
        for lane in range(n):
            new[lane] += old[lane] * jump[lane]


def add_series(
    moves: Moves,
    work: Work,
    n: int,
    n_terms: int,
    ends: Floats,
    times: Floats,
    end: Floats,
    spent: Floats,
) -> None:
    """Add up a series from `work.power`: weights (term, lane), results (place, lane)."""
    power, new = work.power, work.new
    for k in range(n_terms):
        if k:
            jump_once(moves, work, n, power, new)
            power, new = new, power
        at_end, in_time = ends[k], times[k]
        for place in moves.places:
            one, here, stayed = power[place], end[place], spent[place]
            if k:
                for lane in range(n):
                    here[lane] += at_end[lane] * one[lane]
                    stayed[lane] += in_time[lane] * one[lane]
            else:
                for lane in range(n):
                    here[lane] = at_end[lane] * one[lane]
                    stayed[lane] = in_time[lane] * one[lane]


def add_arrivals(moves: Moves, cycle: int, lo: int, n: int, persons: Floats) -> None:
    """Let a discrete step's arrivals join."""
    years = moves.days[moves.length[cycle]] / DAYS
    for place in moves.arriving:
        here, come = persons[place], moves.arrivals[moves.regime[cycle], place, lo : lo + n]
        for lane in range(n):
            here[lane] += come[lane] * years


def step_discrete(moves: Moves, cycle: int, lo: int, n: int, work: Work) -> None:
    """Move everybody once; `work.spent` becomes persons before, `work.power` the days counted."""
    days = moves.days[moves.length[cycle]]
    if moves.join_start:
        add_arrivals(moves, cycle, lo, n, work.now)
    for place in moves.places:
        before, now = work.spent[place], work.now[place]
        for lane in range(n):
            before[lane] = now[lane]
    jump_once(moves, work, n, work.spent, work.now)
    if not moves.join_start:
        add_arrivals(moves, cycle, lo, n, work.now)
    for place in moves.places:
        time, before, now = work.power[place], work.spent[place], work.now[place]
        if moves.counting == START:
            for lane in range(n):
                time[lane] = before[lane] * days
        elif moves.counting == END:
            for lane in range(n):
                time[lane] = now[lane] * days
        else:
            for lane in range(n):
                time[lane] = (before[lane] + now[lane]) / 2 * days


def step_continuous(
    moves: Moves,
    cycle: int,
    lo: int,
    n: int,
    work: Work,
    weights: Floats,
    terms: Ints,
) -> None:
    """Move everybody through a cycle; `work.spent` becomes person-years, `work.power` days.

    The weights of each length of cycle, and what its arrivals come to, are worked out when a regime
    first meets that length.
    """
    regime, length = moves.regime[cycle], moves.length[cycle]
    came, stayed = work.came[length], work.stayed[length]
    first, later, latest = weights[length, 0], weights[length, 1], weights[length, 2]
    if terms[length] == 0:
        terms[length] = weigh(work.top, moves.days[length] / DAYS, n, weights[length])
        for place in moves.places:
            for lane in range(n):
                work.power[place, lane] = moves.arrivals[regime, place, lo + lane]
        if len(moves.arriving):
            add_series(moves, work, n, terms[length], later, latest, came, stayed)
    work.power[:] = work.now
    add_series(moves, work, n, terms[length], first, later, work.now, work.spent)
    for place in moves.places:
        now, spent, days = work.now[place], work.spent[place], work.power[place]
        if len(moves.arriving):
            more, longer = came[place], stayed[place]
            for lane in range(n):
                now[lane] += more[lane]
                spent[lane] += longer[lane]
        for lane in range(n):
            days[lane] = spent[lane] * DAYS


def add_up(moves: Moves, sums: Sums, kept: Kept, cycle: int, lo: int, n: int, work: Work) -> None:
    """Add the tallies of a cycle: `work.power` holds days, `work.spent` what rates apply to."""
    regime = moves.regime[cycle]
    for tally in range(len(sums.weights)):
        weight = sums.weights[tally, cycle]
        if weight == 0.0:
            continue
        total = work.row
        total[:] = 0.0
        for k in range(sums.cell_starts[tally], sums.cell_starts[tally + 1]):
            days = work.power[sums.cells[k]]
            for lane in range(n):
                total[lane] += days[lane]
        for k in range(sums.edge_starts[tally], sums.edge_starts[tally + 1]):
            rate = moves.rates[regime, sums.edges[k], lo : lo + n]
            spent = work.spent[moves.source[sums.edges[k]]]
            for lane in range(n):
                total[lane] += spent[lane] * rate[lane]
        for k in range(sums.enrolled_starts[tally], sums.enrolled_starts[tally + 1]):
            enrolled = work.enrolled[sums.enrolled_rule[k], sums.enrolled_cell[k]]
            for lane in range(n):
                total[lane] += enrolled[lane]
        out = kept.tallies[sums.group[cycle], tally, lo : lo + n]
        for lane in range(n):
            out[lane] += weight * total[lane]


def store_start(
    rules: Rules, kept: Kept, cycle: int, lo: int, n: int, work: Work, waited: Floats
) -> None:
    """Store persons at a boundary, and who was enrolled there, where they are kept."""
    at = kept.at_boundary[cycle]
    if at >= 0:
        kept.persons[at, :, lo : lo + n] = work.now[:, :n]
    at = kept.at_cycle[cycle] if cycle < len(kept.at_cycle) else -1
    if at >= 0:
        for rule in range(len(rules.status)):
            kept.waiting[at, rule, lo : lo + n] = waited[rule, :n]
            for cell in range(kept.enrolments.shape[2]):
                if rules.eligible[rule, cell]:
                    kept.enrolments[at, rule, cell, lo : lo + n] = work.enrolled[rule, cell, :n]


def store_cycle(moves: Moves, kept: Kept, cycle: int, lo: int, n: int, work: Work) -> None:
    """Store a cycle's days and moves, where they are kept."""
    if len(kept.person_days):
        for cell in moves.places:
            if cell < kept.person_days.shape[1]:
                kept.person_days[cycle, cell, lo : lo + n] = work.power[cell, :n]
    if len(kept.flows):
        for edge in moves.used:
            out = kept.flows[cycle, edge, lo : lo + n]
            rate = moves.rates[moves.regime[cycle], edge, lo : lo + n]
            spent = work.spent[moves.source[edge]]
            for lane in range(n):
                out[lane] = spent[lane] * rate[lane]


def move_draws(
    moves: Moves, rules: Rules, sums: Sums, kept: Kept, initial: Floats, waited: Floats
) -> float:
    """Move all draws through all cycles, a group at a time.

    Parameters
    ----------
    initial : (place, draw)
    waited : (rule, lane), room

    Returns
    -------
    The most jumps expected in a cycle; when they pass `Moves.most_jumps`, nothing else was done.
    """
    n_places, n_draws = initial.shape
    n_cycles = len(moves.regime)
    work = make_work(n_places, len(moves.source), len(rules.status), len(moves.days))
    terms = np.zeros(len(moves.days), dtype=np.int64)
    weights = np.zeros((len(moves.days), 3, 0, LANES))
    longest = moves.days.max() / DAYS
    for lo in range(0, n_draws, LANES):
        n = min(LANES, n_draws - lo)
        work.now[:, :n] = initial[:, lo : lo + n]
        regime = -1
        for cycle in range(n_cycles):
            if moves.regime[cycle] != regime:
                regime = moves.regime[cycle]
                take_rates(moves, regime, lo, n, work)
                if moves.counting == CONTINUOUS:
                    terms[:] = 0
                    most = work.top[:n].max() * longest
                    if most > moves.most_jumps:
                        return float(most)
                    room = int(most + 9.0 * np.sqrt(most)) + 30
                    if room > weights.shape[2]:
                        weights = np.zeros((len(moves.days), 3, room, LANES))
            if len(rules.status):
                enrol(rules, cycle, lo, n, work, waited)
            if kept.at_boundary[cycle] >= 0 or kept.at_cycle[cycle] >= 0:
                store_start(rules, kept, cycle, lo, n, work, waited)
            if moves.counting == CONTINUOUS:
                step_continuous(moves, cycle, lo, n, work, weights, terms)
            else:
                step_discrete(moves, cycle, lo, n, work)
            add_up(moves, sums, kept, cycle, lo, n, work)
            if len(kept.person_days) or len(kept.flows):
                store_cycle(moves, kept, cycle, lo, n, work)
        store_start(rules, kept, n_cycles, lo, n, work, waited)
    return 0.0


HELPERS = (
    make_work, enrol, take_rates, weigh, jump_once, add_series, add_arrivals, step_discrete,
    step_continuous, add_up, store_start, store_cycle,
)  # fmt: skip
"""What `move_draws` calls."""
