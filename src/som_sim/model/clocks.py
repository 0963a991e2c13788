"""Clocks as phases: how the time so far is carried by people whose moves have no memory.

A clock is an axis of the cells. Entering its set of states puts people into its first time, leaving
puts them outside (`onto`). Within the set they pass from one time to the next at a rate of its own.

A time of length ``w`` is one phase. People leave the set at rate ``h`` meanwhile. Passed at the
rate ``r = h / (exp(h w) - 1)``, the share that outlasts it is ``r / (r + h) = exp(-h w)`` and the
mean time in it ``1 / (r + h) = (1 - exp(-h w)) / h``: both as if the time were counted exactly. So
times in which people move alike give what no clock gives, and shares of stays over an edge are
right. What is approximate is when, in a stay, people pass: at a random time with the right mean.
Where the states of the set are left at different rates, `som_sim.model.passing` keeps the mean
time right from each of them.

In a discrete step of the same chance ``h`` a cycle, with ``s = 1 - h`` and a time of ``k`` cycles,
those who remain pass with probability ``h s^(k - 1) / (1 - s^k)``: all of them for ``k = 1``.

Where a clock does not start anew on exit, it stands still while people are outside, and ``h``
counts only those who leave for good. A personal window passes in `WINDOW_PHASES` phases.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from som_sim.core.axes import Axes
from som_sim.core.time import DAYS_PER_UNIT, DAYS_PER_YEAR
from som_sim.model.edges import Edges
from som_sim.model.passing import mean_cycles, mean_time, passage_rate, unlike
from som_sim.model.states import cells_where
from som_sim.scenario.clocks import WINDOW_PHASES, Clock, parse_time_so_far
from som_sim.scenario.schema import Arrival, Initial, ScenarioFile

Ints = NDArray[np.int64]
Draws = NDArray[np.float64]
SWEEPS = 2
"""How often the times of several clocks are fitted to each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRule:
    """A clock, as positions.

    Attributes
    ----------
    name
        Name of the clock.
    domain, stride, size : int
        Its position among the domains; how far apart its neighbouring states stand; how many.
    resets
        ``on_exit``, ``window`` or ``never``.
    inside : (cell,), bool
        Cells in which the time counts.
    edges_days : tuple of float
    window_days
        Length of the personal window; 0 without one.
    """

    name: str
    domain: int
    stride: int
    size: int
    resets: str
    inside: NDArray[np.bool_]
    edges_days: tuple[float, ...]
    window_days: float

    @property
    def first(self) -> int:
        """Position of the first time among the states."""
        return 0 if self.resets == "never" else 1

    @property
    def phases(self) -> int:
        """Positions for each time."""
        return WINDOW_PHASES if self.resets == "window" else 1

    def at(self, cells: Ints) -> Ints:
        """Return the position that cells have on the clock."""
        return (cells // self.stride) % self.size

    def moved(self, cells: Ints, to: Ints | int) -> Ints:
        """Return the cells that differ by another position on the clock."""
        return cells + (to - self.at(cells)) * self.stride


def clock_rules(spec: ScenarioFile, axes: Axes) -> tuple[ClockRule, ...]:
    """Return the clocks of a scenario, as positions."""
    return tuple(
        ClockRule(
            name=name,
            domain=axes.domains.index(name),
            stride=axes.stride(name),
            size=len(clock.states),
            resets=clock.resets,
            inside=cells_where(spec, axes, clock.in_).ravel(),
            edges_days=tuple(edge.days for edge in clock.edges),
            window_days=clock.window.days if clock.window else 0.0,
        )
        for name, clock in spec.clocks.items()
    )


def position_at_start(
    clock: Clock, rule: ClockRule, group: Initial | Arrival, cell: int
) -> tuple[int, float]:
    """Return where a group of people stands on a clock, and its time so far in days.

    `cell` is any cell of the states that the group is in.
    """
    given = group.states.get(rule.name)
    days = 0.0 if given is None else parse_time_so_far(given)
    if not rule.inside[cell] and rule.resets != "never" and not days:
        return 0, 0.0
    return rule.first + clock.bin_of(days) * rule.phases, days


def possible(rules: tuple[ClockRule, ...], n_cells: int) -> NDArray[np.bool_]:
    """Tell which cells people can be in: (cell,)."""
    cells = np.arange(n_cells)
    fits = np.ones(n_cells, dtype=bool)
    for rule in rules:
        runs = rule.at(cells) > 0
        if rule.resets == "on_exit":
            fits &= rule.inside == runs
        elif rule.resets == "window":
            fits &= ~rule.inside | runs
    return fits


def onto(rules: tuple[ClockRule, ...], source: Ints, target: Ints) -> Ints:
    """Return the targets of moves with each clock started, stopped or left alone.

    Parameters
    ----------
    source, target : (edge,), int
        Cells, or ways to leave as targets. A target's own position on a clock is kept where the
        time goes on.
    """
    target = target.copy()
    for rule in rules:
        n_cells = len(rule.inside)
        stays = np.flatnonzero(target < n_cells)
        there = target[stays]
        was, enters = rule.inside[source[stays]], rule.inside[there]
        to = rule.at(there)
        if rule.resets == "on_exit":
            to = np.where(enters & ~was, rule.first, np.where(enters, to, 0))
        elif rule.resets == "window":
            to = np.where(enters & (to == 0), rule.first, to)
        target[stays] = rule.moved(there, to)
    return target


def with_clocks(
    rules: tuple[ClockRule, ...], edges: Edges, rate: Draws, cycle_months: int | None
) -> tuple[Edges, Draws]:
    """Add the passing of time to moves between cells.

    Parameters
    ----------
    edges
        Moves, their targets already put `onto` the clocks.
    rate : (edge, draw), per year; in a discrete step the probability per cycle
    cycle_months
        Length of a cycle in a discrete step; None in continuous time.
    """
    if cycle_months is not None:
        for rule in rules:
            edges, rate = _with_steps(rule, edges, rate, cycle_months)
        return edges, rate
    return _joined(edges, rate, _all_passages(rules, edges, rate))


def refitted(rules: tuple[ClockRule, ...], edges: Edges, rate: Draws) -> Draws:
    """Return the rates of moves with the passing of time fitted to those of all others.

    For continuous time, when full states hold people back.

    Parameters
    ----------
    edges
        All moves of a generator, in any order.
    rate : (edge, draw), per year
    """
    passing = np.isin(edges.domain, [rule.domain for rule in rules])
    added = _all_passages(rules, edges.only(~passing), rate[~passing])
    nothing = edges.only(np.zeros(len(passing), dtype=bool))
    more, more_rate = _joined(nothing, rate[:0], added)
    here, old = np.flatnonzero(passing), edges.only(passing)
    rate = rate.copy()
    rate[here[np.lexsort((old.domain, old.source, old.target))]] = more_rate[
        np.lexsort((more.domain, more.source, more.target))
    ]
    return rate


def _all_passages(
    rules: tuple[ClockRule, ...], edges: Edges, rate: Draws
) -> list[tuple[Edges, Draws]]:
    """Return the passing of time on each clock."""
    added = [_passages(rule, edges, rate) for rule in rules]
    for _ in range(SWEEPS if len(rules) > 1 else 0):  # other clocks change who leaves how fast
        added = [
            _passages(rule, *_joined(edges, rate, added[:position] + added[position + 1 :]))
            for position, rule in enumerate(rules)
        ]
    return added


def _joined(edges: Edges, rate: Draws, added: list[tuple[Edges, Draws]]) -> tuple[Edges, Draws]:
    for more, more_rate in added:
        edges, rate = edges.joined(more), np.concatenate([rate, more_rate])
    return edges, rate


def _lost(rule: ClockRule, edges: Edges, rate: Draws) -> Draws:
    """Return the rate at which people stop to be counted: (cell, draw)."""
    n_cells = len(rule.inside)
    stays = edges.target < n_cells
    out = ~stays
    if rule.resets == "on_exit":
        out |= ~rule.inside[np.where(stays, edges.target, 0)]
    lost = np.zeros((n_cells, rate.shape[1]))
    np.add.at(lost, edges.source[out], rate[out])
    return lost


def _running(rule: ClockRule) -> tuple[Ints, Ints]:
    """Return the cells whose time passes an edge, and the number of that edge."""
    cells = np.flatnonzero(rule.inside)
    at = rule.at(cells)
    edge = (at - rule.first) // rule.phases
    passing = (at >= rule.first) & (edge < len(rule.edges_days))
    return cells[passing], edge[passing]


def _within(rule: ClockRule, edges: Edges) -> NDArray[np.bool_]:
    """Tell which moves are between cells of one time: (edge,)."""
    stays = edges.target < len(rule.inside)
    there = np.where(stays, edges.target, 0)
    both = stays & rule.inside[edges.source] & rule.inside[there]
    same: NDArray[np.bool_] = both & (rule.at(edges.source) == rule.at(there))
    return same


def _times(
    rule: ClockRule, edges: Edges, rate: Draws, lost: Draws, cells: Ints, edge: Ints
) -> Iterator[tuple[int, Ints, NDArray[np.bool_], Ints, Ints, Draws]]:
    """Yield each time in which people come to states that are left at another rate.

    Yields
    ------
    int, (cell,), (cell, draw), (edge,), (edge,), (edge, draw)
        Number of the edge that ends it, positions among `cells`, in which of them and of the draws
        people do so, and the moves between these positions, sorted by source.
    """
    kept = np.flatnonzero(_within(rule, edges))
    kept = kept[np.argsort(edges.source[kept], kind="stable")]
    source, target, rate = edges.source[kept], edges.target[kept], rate[kept]
    mixed = unlike(source, target, lost)[cells]
    here = np.full(len(rule.inside), -1)
    for number in np.unique(edge[mixed.any(axis=1)]):
        some = np.flatnonzero(edge == number)
        here[:] = -1
        here[cells[some]] = np.arange(len(some))
        ours = (here[source] >= 0) & (here[target] >= 0)
        yield (
            int(number), some, mixed[some], here[source[ours]], here[target[ours]], rate[ours]
        )  # fmt: skip


def _passages(rule: ClockRule, edges: Edges, rate: Draws) -> tuple[Edges, Draws]:
    """Return the moves from one time to the next, and those of the personal window."""
    cells, edge = _running(rule)
    lengths = np.diff([0.0, *rule.edges_days]) / DAYS_PER_YEAR
    source, target = [cells], [rule.moved(cells, rule.at(cells) + rule.phases)]
    lost = _lost(rule, edges, rate)
    rates = [passage_rate(lost[cells], lengths[edge][:, None])]
    for number, some, mixed, from_, to, moving in _times(rule, edges, rate, lost, cells, edge):
        share, time = mean_time(from_, to, moving, lost[cells[some]], float(lengths[number]))
        rates[0][some] = np.where(mixed, share / time, rates[0][some])
    if rule.resets == "window":
        open_ = np.flatnonzero(rule.at(np.arange(len(rule.inside))) > 0)
        at = rule.at(open_)
        last = (at - rule.first) % rule.phases == rule.phases - 1
        anew = np.where(rule.inside[open_], rule.first, 0)
        source.append(open_)
        target.append(rule.moved(open_, np.where(last, anew, at + 1)))
        phase_rate = rule.phases * DAYS_PER_YEAR / rule.window_days
        rates.append(np.full((len(open_), rate.shape[1]), phase_rate))
    passing = Edges(
        source=np.concatenate(source),
        target=np.concatenate(target),
        domain=np.full(sum(map(len, source)), rule.domain),
    )
    return passing, np.concatenate(rates)


def _with_steps(rule: ClockRule, edges: Edges, p: Draws, cycle_months: int) -> tuple[Edges, Draws]:
    """Split every move that stays in the set, and staying itself, by whether the time passes."""
    cells, edge = _running(rule)
    days = [0.0, *rule.edges_days]
    cycle_days = cycle_months * DAYS_PER_UNIT["month"]
    cycles = np.array([round((b - a) / cycle_days) for a, b in pairwise(days)])
    passing = np.zeros((len(rule.inside), p.shape[1]))
    k = cycles[edge][:, None]
    lost = _lost(rule, edges, p)
    h = lost[cells]
    with np.errstate(divide="ignore", invalid="ignore"):
        never = np.expm1(k * np.log1p(-np.minimum(h, 1.0)))
        passing[cells] = np.where(h > 0, h * (1 - h) ** (k - 1) / -never, 1 / k)
    for number, some, mixed, from_, to, moving in _times(rule, edges, p, lost, cells, edge):
        share, time = mean_cycles(from_, to, moving, h[some], int(cycles[number]))
        remain = time - 1.0 + share
        pass_ = np.divide(share, remain, out=np.ones_like(share), where=remain > 0)
        passing[cells[some]] = np.where(mixed, pass_, passing[cells[some]])
    stays = edges.target < len(rule.inside)
    within = np.flatnonzero(stays)
    within = within[rule.inside[edges.target[within]] & passing[edges.source[within]].any(axis=1)]
    share = passing[edges.source[within]]
    there = edges.target[within]
    left = np.ones((len(rule.inside), p.shape[1]))
    np.subtract.at(left, edges.source, p)
    more = Edges(
        source=np.concatenate([edges.source[within], cells]),
        target=np.concatenate(
            [rule.moved(there, rule.at(there) + 1), rule.moved(cells, rule.at(cells) + 1)]
        ),
        domain=np.concatenate([edges.domain[within], np.full(len(cells), rule.domain)]),
    )
    staying = np.maximum(left[cells], 0.0) * passing[cells]
    more_p = np.concatenate([p[within] * share, staying])
    p = p.copy()
    p[within] *= 1 - share
    return edges.joined(more), np.concatenate([p, more_p])
