"""States with a limited number of places, and where those go for whom there is none.

A limit needs two kinds of edges: those that enter its state, and for each of them one to the
overflow state, at rate 0 until places are short. A person who is in the overflow state already
just stays; without an overflow everybody waits where they are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from som_sim.core.axes import Axes
from som_sim.model.clocks import ClockRule, onto
from som_sim.model.edges import Edges
from som_sim.model.resolve import Draws, Resolver
from som_sim.model.states import rank_of_cells
from som_sim.scenario.schema import ScenarioFile

Ints = NDArray[np.int64]
WAIT = -1
"""In place of an edge or a cell: people wait where they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLimit:
    """The places of one state.

    Attributes
    ----------
    domain, state
        Names.
    inside : (cell,), bool
        Cells of the state.
    places : (cycle, draw), persons
    entry, spill : (entry,), int
        Edges that enter the state, and the edge to the overflow state for each, or `WAIT`.
    overflow : (cell,), int
        For each cell the one that differs by being in the overflow state, or `WAIT`.
    rank : (cell,), int, or None
        Who of those waiting goes first, 0 before 1: the declared priority, which the individual
        engine follows.
    """

    domain: str
    state: str
    inside: NDArray[np.bool_]
    places: Draws
    entry: Ints
    spill: Ints
    overflow: Ints
    rank: Ints | None = None


def with_spill(
    spec: ScenarioFile, axes: Axes, clocks: tuple[ClockRule, ...], edges: Edges
) -> tuple[Edges, list[PlaceLimit]]:
    """Add the edges to overflow states, and return the limits they serve (places still empty)."""
    limits = []
    for position, (domain, states) in enumerate(spec.domains.items()):
        of_cell = np.tile(axes.state_position(domain), axes.n_cells // axes.n_states)
        names = list(states)
        for name, state in states.items():
            if state.places is None:
                continue
            inside = of_cell == names.index(name)
            overflow = np.full(axes.n_cells, WAIT)
            if state.overflow is not None:
                step = names.index(state.overflow) - names.index(name)
                step *= axes.stride(domain)
                here = np.flatnonzero(inside)
                overflow[inside] = onto(clocks, here, here + step)
            enters = np.append(inside, np.zeros(len(axes.leave), dtype=bool))
            entry = np.flatnonzero(
                (edges.domain == position) & enters[edges.target] & ~enters[edges.source]
            )
            away = np.full(len(entry), WAIT)
            if state.overflow is not None:
                away = _turned_away(clocks, edges.source[entry], edges.target[entry], step)
            moving = (away != WAIT) & (away != edges.source[entry])
            spill = np.full(len(entry), WAIT)
            spill[moving] = len(edges.source) + np.arange(int(moving.sum()))
            edges = Edges(
                source=np.append(edges.source, edges.source[entry[moving]]),
                target=np.append(edges.target, away[moving]),
                domain=np.append(edges.domain, np.full(int(moving.sum()), position)),
            )
            limits.append(
                PlaceLimit(
                    domain=domain,
                    state=name,
                    inside=inside,
                    places=np.zeros((0, 0)),
                    entry=entry,
                    spill=spill,
                    overflow=overflow,
                    rank=rank_of_cells(spec, axes, state.priority),
                )
            )
    return edges, limits


def _turned_away(clocks: tuple[ClockRule, ...], source: Ints, full: Ints, step: int) -> Ints:
    """Return the overflow cells of moves from `source` to cells that are `full`: (entry,)."""
    away = full + step
    for rule in clocks:  # nobody was ever in the full state: its clocks did not start or stop
        goes_on = rule.inside[source] & rule.inside[full]
        away = rule.moved(away, np.where(goes_on, rule.at(full), rule.at(source)))
    return onto(clocks, source, away)


def renumbered(limit: PlaceLimit, new: Ints, spec: ScenarioFile, resolver: Resolver) -> PlaceLimit:
    """Return a limit with its places by cycle, its edges at their sorted positions.

    Parameters
    ----------
    new : (edge,), int, the new position of each edge
    """
    places = spec.domains[limit.domain][limit.state].places
    assert places is not None
    days = spec.time.calendar.boundaries[:-1]
    return replace(
        limit,
        places=np.stack([resolver.on(places, day) for day in days]),
        entry=new[limit.entry],
        spill=np.where(limit.spill == WAIT, WAIT, new[np.maximum(limit.spill, 0)]),
    )
