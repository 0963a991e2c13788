"""The cohort engine for large jobs: the loops of `som_sim.engine.kernels`, compiled.

It gives what `som_sim.engine.cohort.run_cohort` gives, to 1e-12 of the persons in the run. It needs
the extra ``fast``. The base case never comes here. Models without programmes, in discrete steps or
small with rates that seldom change, have a loop of their own, `som_sim.engine.products`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from som_sim.core.errors import SomSimError
from som_sim.core.limits import MAX_EXPECTED_JUMPS
from som_sim.core.time import Calendar
from som_sim.engine import kernels, products, vectors
from som_sim.engine.keep import EVERYTHING, Keep
from som_sim.engine.stamps import source_digest, stamp
from som_sim.engine.trajectory import Trajectory
from som_sim.engine.uniformise import too_fast
from som_sim.engine.windows import part_of_cycle
from som_sim.model.model import Model
from som_sim.model.stays import refuse_memory

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
COUNTING = {
    "start": kernels.START,
    "end": kernels.END,
    "half_cycle": kernels.HALF_CYCLE,
    None: kernels.CONTINUOUS,
}
TERMS = 20
"""A series of few terms takes about as long as so many products for each place and edge."""
GAIN = 0.75
"""Products are taken where they seem to need at most this share of the series' time."""
_compiling = Lock()


def is_there() -> bool:
    """Tell whether the extra ``fast`` is installed."""
    return find_spec("numba") is not None


def can_run(model: Model) -> bool:
    """Tell whether the compiled loops know all that a model asks for.

    They do not solve for short places in a state, and do not count by Simpson's rule.
    """
    return not model.limits and model.counting in COUNTING


def by_products(model: Model) -> bool:
    """Tell whether a model's cycles are moved by products, `som_sim.engine.products`.

    Discrete steps without programmes are. In continuous time a cycle is then two lists of shares,
    from each place to each, in place of a series; the lists cost a series for each place, and pay
    where places are few and sets of rates and lengths of cycle come back often enough. Only sizes
    decide, so that a draw takes the same path in any block.
    """
    if not can_run(model) or model.programmes:
        return False
    if model.discrete:
        return True
    n_places, n_cycles = model.axes.n_places, model.calendar.n_cycles
    series = TERMS * (len(model.generator.source) + 3 * n_places)
    shares = 2 * n_places**2
    return _n_lists(model) * n_places * series + n_cycles * shares <= GAIN * n_cycles * series


def _n_lists(model: Model) -> int:
    """Return how often shares are worked out: for each length, anew when rates change."""
    found, regime = 0, -1
    lengths: set[int] = set()
    for number, days in zip(model.regime, model.calendar.days, strict=True):
        if number != regime:
            regime, lengths = number, set()
        found += days not in lengths
        lengths.add(days)
    return found


SOURCES = tuple(one.__name__ for one in (kernels, products, vectors))
"""The modules that the compiled loops are made of."""


@cache
def _compiled(products_only: bool = False) -> Callable[..., float]:
    """Compile the loops, or take them from an earlier run's cache."""
    try:
        from numba import njit
        from numba.extending import register_jitable
    except ImportError:
        raise SomSimError(
            'compiled runs need the extra "fast": pip install "som-sim[fast]"'
        ) from None
    for helper in kernels.HELPERS:
        register_jitable(helper)
    if products_only:
        vectors.register()
        for one in products.HELPERS:
            register_jitable(one)
    loop: Callable[..., Any] = products.move_products if products_only else kernels.move_draws
    compiled: Callable[..., float] = njit(nogil=True, cache=True)(loop)
    stamp(compiled, source_digest(SOURCES))
    return compiled


def run_fast(
    model: Model, keep: Keep = EVERYTHING, move_draws: Callable[..., float] | None = None
) -> Trajectory:
    """Move the population of a model through its calendar, all draws, compiled.

    Parameters
    ----------
    model
        One strategy; one that `can_run`.
    keep
        What to store.
    move_draws
        In place of the compiled `som_sim.engine.kernels.move_draws`.

    Raises
    ------
    SomSimError
        When rates are too high for the length of a cycle, or the extra is not installed.
    """
    refuse_memory(model.stays)
    if move_draws is None and by_products(model):
        return run_products(model, keep)
    if move_draws is None:
        with _compiling:
            move_draws = _compiled()
    n_cycles = model.calendar.n_cycles
    moves = _moves(model)
    kept = _room(model, keep)
    waited = np.zeros((len(model.programmes), kernels.LANES))
    jumps = move_draws(
        moves,
        _rules(model),
        _sums(keep, n_cycles),
        kept,
        np.ascontiguousarray(model.initial),
        waited,
    )
    _refuse(jumps, moves)
    return _trajectory(model, keep, kept)


def _refuse(jumps: float, moves: kernels.Moves) -> None:
    if jumps > MAX_EXPECTED_JUMPS:
        raise too_fast(jumps / (moves.days.max() / kernels.DAYS))


def run_products(
    model: Model, keep: Keep = EVERYTHING, move_products: Callable[..., float] | None = None
) -> Trajectory:
    """Do what `run_fast` does, for a model whose cycles are moved `by_products`.

    Parameters
    ----------
    model
        One strategy, without programmes.
    keep
        What to store.
    move_products
        In place of the compiled `som_sim.engine.products.move_products`.

    Raises
    ------
    SomSimError
        When rates are too high for the length of a cycle, or the extra is not installed.
    """
    if move_products is None:
        with _compiling:
            move_products = _compiled(products_only=True)
    moves, kept = _moves(model), _room(model, keep, products.WIDTH)
    kept.flows[:, np.setdiff1d(np.arange(len(moves.source)), moves.used)] = 0.0
    sums = _sums(keep, model.calendar.n_cycles)
    pairs = _pairs(model, moves, sums)
    sizes = (len(moves.used), model.axes.n_places, len(moves.days), len(keep.tallies))
    room = products.make_room(pairs, *sizes)
    jumps = move_products(moves, pairs, sums, kept, room, np.ascontiguousarray(model.initial))
    _refuse(jumps, moves)
    wide = ("persons", "enrolments", "waiting", "person_days", "flows", "tallies")
    kept = kept._replace(**{one: getattr(kept, one)[..., : model.n_draws] for one in wide})
    return _trajectory(model, keep, kept)


def _reachable(model: Model) -> NDArray[np.bool_]:
    """Return the places where somebody can be: (place,), bool."""
    axes = model.axes
    there: NDArray[np.bool_] = (model.initial != 0).any(axis=1)
    there |= (model.arrivals_per_year != 0).any(axis=(0, 2))
    cells = np.arange(axes.n_cells).reshape(axes.cell_shape)
    steps = [(model.generator.source, model.generator.target)]
    for rule in model.programmes:
        status = np.broadcast_to(cells[:, rule.status][:, None], axes.cell_shape).ravel()
        eligible = np.flatnonzero(rule.eligible)
        steps.append((eligible, status[eligible]))
    source = np.concatenate([one for one, _ in steps])
    target = np.concatenate([one for _, one in steps])
    while True:
        found = target[there[source] & ~there[target]]
        if not len(found):
            return there
        there[found] = True


def _moves(model: Model) -> kernels.Moves:
    generator = model.generator
    there = _reachable(model)
    used = there[generator.source] & (model.rates != 0).any(axis=(0, 2))
    days, length = np.unique(np.array(model.calendar.days, dtype=np.float64), return_inverse=True)
    return kernels.Moves(
        generator.source.astype(np.int64),
        generator.target.astype(np.int64),
        np.flatnonzero(used).astype(np.int64),
        np.flatnonzero(there).astype(np.int64),
        np.flatnonzero((model.arrivals_per_year != 0).any(axis=(0, 2))).astype(np.int64),
        np.ascontiguousarray(model.rates),
        np.ascontiguousarray(model.arrivals_per_year),
        np.array(model.regime, dtype=np.int64),
        length.astype(np.int64),
        days,
        COUNTING[model.counting],
        model.arrivals_join == "start",
        float(MAX_EXPECTED_JUMPS),
    )


def _pairs(model: Model, moves: kernels.Moves, sums: kernels.Sums) -> products.Pairs:
    """List from where to where people come, in a jump and in a whole cycle."""
    places, used, n_places = moves.places, moves.used, model.axes.n_places

    source = np.append(places, moves.source[used])
    target = np.append(places, moves.target[used])
    order = np.argsort(target, kind="stable")
    comes = np.zeros((n_places, n_places), dtype=np.bool_)
    if not model.discrete:
        comes[target, source] = True
        for _ in range(n_places.bit_length()):
            comes = comes @ comes
    finish, begin = np.nonzero(comes)
    number = np.full(len(moves.source), -1, dtype=np.int64)
    number[used] = np.arange(len(used))
    return products.Pairs(
        np.append(np.searchsorted(target[order], places), len(order)),
        source[order],
        np.append(np.full(len(places), -1), np.arange(len(used)))[order],
        np.append(np.searchsorted(finish, places), len(finish)),
        np.ascontiguousarray(begin),
        number[sums.edges],
    )


def _rules(model: Model) -> kernels.Rules:
    rules, n_cycles, n_draws = model.programmes, model.calendar.n_cycles, model.n_draws

    def stacked(arrays: list[Any], shape: tuple[int, ...], kind: type) -> Any:
        return np.array(arrays, dtype=kind).reshape(shape)

    return kernels.Rules(
        np.array(model.axes.cell_shape, dtype=np.int64),
        stacked([rule.status for rule in rules], (len(rules),), np.int64),
        stacked([rule.eligible for rule in rules], (len(rules), model.axes.n_cells), np.bool_),
        stacked([rule.places for rule in rules], (len(rules), n_cycles, n_draws), np.float64),
        stacked([rule.share_of_waiting for rule in rules], (len(rules), n_draws), np.float64),
        stacked([rule.most for rule in rules], (len(rules), n_cycles, n_draws), np.float64),
    )


def _sums(keep: Keep, n_cycles: int) -> kernels.Sums:
    def lists(masks: list[NDArray[np.bool_] | None]) -> tuple[Ints, list[Ints]]:
        found = [np.zeros((1, 0)) if one is None else np.argwhere(one).T for one in masks]
        starts = np.cumsum([0, *(one.shape[1] for one in found)])
        n_rows = max((len(one) for one in found), default=1)
        rows: list[Any] = [
            [one[row] for one in found if row < len(one)] for row in range(max(n_rows, 2))
        ]
        none = np.zeros(0)
        return starts.astype(np.int64), [
            np.concatenate([none, *row]).astype(np.int64) for row in rows
        ]

    cell_starts, (cells, *_) = lists([one.cells for one in keep.tallies])
    edge_starts, (edges, *_) = lists([one.edges for one in keep.tallies])
    enrolled_starts, (rule, cell, *_) = lists([one.enrolled for one in keep.tallies])
    groups = np.array(keep.groups_of(n_cycles), dtype=np.int64)
    return kernels.Sums(
        cell_starts,
        cells,
        edge_starts,
        edges,
        enrolled_starts,
        rule,
        cell,
        keep.weights_of(n_cycles),
        groups,
    )


def _room(model: Model, keep: Keep, width: int = 1) -> kernels.Kept:
    """Return room for results, of whole groups of so many draws; groups are written whole."""
    axes, n_cycles = model.axes, model.calendar.n_cycles
    n_draws = -(-model.n_draws // width) * width
    boundaries, cycles = keep.boundaries_of(n_cycles), keep.cycles_of(n_cycles)
    at_boundary = np.full(n_cycles + 1, -1)
    at_boundary[list(boundaries)] = np.arange(len(boundaries))
    at_cycle = np.full(n_cycles, -1)
    at_cycle[list(cycles)] = np.arange(len(cycles))
    n_rules, n_edges = len(model.programmes), len(model.generator.source)
    days, flows = (n_cycles if kept else 0 for kept in (keep.person_days, keep.flows))
    blank = width == 1
    return kernels.Kept(
        at_boundary.astype(np.int64),
        at_cycle.astype(np.int64),
        products.lines(len(boundaries), axes.n_places, n_draws, blank=blank),
        products.lines(len(cycles), n_rules, axes.n_cells, n_draws),
        products.lines(len(cycles), n_rules, n_draws),
        products.lines(days, axes.n_cells, n_draws, blank=blank),
        products.lines(flows, n_edges, n_draws, blank=blank),
        products.lines(keep.n_groups(n_cycles), len(keep.tallies), n_draws),
    )


def _trajectory(model: Model, keep: Keep, kept: kernels.Kept) -> Trajectory:
    """Put the results on the public axes, without copying them."""
    axes, n_draws = model.axes, model.n_draws

    def public(array: Floats) -> Floats:
        split = array.reshape(len(array), *axes.cell_shape, n_draws)
        return np.moveaxis(split, (4, 1, 2, 0, 3), (0, 1, 2, 3, 4))[:, None]

    persons, n_cells = kept.persons, axes.n_cells
    n_cycles, n_rules = kept.enrolments.shape[:2]
    enrolments = kept.enrolments.reshape(n_cycles, n_rules, *axes.cell_shape, n_draws)
    return Trajectory(
        model=model,
        keep=keep,
        occupancy=public(persons[:, :n_cells]),
        left=np.moveaxis(persons[:, n_cells:], (0, 1, 2), (2, 1, 0))[:, None],
        person_days=public(kept.person_days),
        flows=np.moveaxis(kept.flows, 2, 0)[:, None],
        enrolments=np.moveaxis(enrolments, 5, 0)[:, None],
        waiting=np.moveaxis(kept.waiting, 2, 0)[:, None],
        admitted=np.ones((n_draws, 1, model.calendar.n_cycles, 0)),
        tallies=np.moveaxis(kept.tallies, 2, 0)[:, None],
    )


def fast_part_of_cycle(
    model: Model,
    cycle: int,
    persons: Floats,
    days: float,
    free: NDArray[np.bool_] | None = None,
) -> Floats:
    """Do what `som_sim.engine.windows.part_of_cycle` does, compiled.

    Parameters
    ----------
    persons : (place, draw)
    free : (edge, 1), bool, the edges along which people move; all when None
    """
    if model.discrete or days != int(days):
        return part_of_cycle(model, cycle, persons, days, free)
    number = model.regime[cycle]
    rates = model.rates[number]
    part = replace(
        model,
        initial=persons,
        rates=(rates if free is None else rates * free)[None],
        arrivals_per_year=model.arrivals_per_year[number][None],
        regime=(0,),
        programmes=(),
        calendar=_one_cycle(model.calendar.start, days),
    )
    keep = Keep(boundaries=(1,), enrolments=(), person_days=False, flows=False)
    run = run_fast(part, keep)
    cells = run.occupancy[:, 0, :, :, 0].reshape(model.n_draws, -1).T
    return np.concatenate([cells, run.left[:, 0, :, 0].T])


def _one_cycle(start: dt.date, days: float) -> Calendar:
    """Return a calendar of one cycle of so many days."""
    return Calendar(unit="month", boundaries=(start, start + dt.timedelta(days=int(days))))
