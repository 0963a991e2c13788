"""Stays whose length has a memory: how long somebody has been there changes the chance of leaving.

The moves of such a row keep their place in the generator, at rates as if the mean were all that is
known. A run of single persons lets time pass for them at another pace, so that the length follows
its law; what programmes do to the rates is then a ratio of hazards at every moment.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from som_sim.core.axes import Axes
from som_sim.core.errors import SomSimError
from som_sim.model.model import Generator, StayLaw
from som_sim.model.resolve import Draws, Resolver
from som_sim.model.row_rates import mean_stay
from som_sim.model.states import cells_where
from som_sim.scenario.quantities import Condition
from som_sim.scenario.schema import ScenarioFile
from som_sim.scenario.transitions import (
    NO_SHAPE,
    NO_SPREAD,
    SHAPES,
    SPREADS,
    StayInState,
    Transition,
)


def stay_laws(
    spec: ScenarioFile, axes: Axes, generator: Generator, resolver: Resolver
) -> Iterator[StayLaw]:
    """Yield the law of each row whose stays have a memory."""
    for position, row in enumerate(spec.transitions):
        stay = row.stay
        if stay is None or not stay.kind:
            continue
        number = axes.domains.index(row.from_.keys[0])
        allowed = (*row.from_.allowed, *row.if_.allowed)
        if row.stratum:
            allowed = (*allowed, ("stratum", row.stratum))
        cells = cells_where(spec, axes, Condition(allowed=allowed)).ravel()
        place = f"transitions[{position}].stay"
        yield StayLaw(
            position=position,
            domain=number,
            kind=stay.kind,
            cells=cells,
            edges=_edges(axes, generator, number, cells, row),
            mean=mean_stay(stay, place, resolver),
            numbers=_numbers(stay, place, resolver),
        )


def _numbers(stay: StayInState, place: str, resolver: Resolver) -> Draws:
    """Return what the law needs beside the mean: (number, draw)."""
    if stay.lengths is not None:
        return np.stack([resolver.number(one) for one in stay.lengths])
    if stay.weibull is not None:
        shape = resolver.number(stay.weibull.shape)
        sound = (shape >= SHAPES[0]) & (shape <= SHAPES[1])
        resolver.check(f"{place}.weibull.shape", sound, NO_SHAPE, shape)
        return shape[None]
    spread = stay.lognormal or stay.gamma
    assert spread is not None and stay.mean is not None
    sd = resolver.number(spread.sd)
    times = sd / resolver.number(stay.mean)
    sound = (times >= SPREADS[0]) & (times <= SPREADS[1])
    resolver.check(f"{place}.{stay.kind}.sd", sound, NO_SPREAD, times)
    return sd[None]


def _edges(
    axes: Axes, generator: Generator, domain: int, cells: NDArray[np.bool_], row: Transition
) -> NDArray[np.bool_]:
    """Tell which edges are of a row: no other row moves the same people to the same state."""
    name, n_cells = axes.domains[domain], axes.n_cells
    state = np.tile(axes.state_position(name), n_cells // axes.n_states)
    wanted = [one in row.destinations for one in axes.states[domain]]
    ways = [one in row.destinations for one in axes.leave]
    fits = np.concatenate([np.array(wanted)[state], np.array(ways, dtype=bool)])
    here: NDArray[np.bool_] = (
        (generator.domain == domain) & cells[generator.source] & fits[generator.target]
    )
    return here


def refuse_memory(laws: tuple[StayLaw, ...]) -> None:
    """Refuse stays with a memory where people are expected numbers.

    Raises
    ------
    SomSimError
        Naming the first such row.
    """
    for law in laws:
        raise SomSimError(
            f"transitions[{law.position}].stay: expected numbers do not know how long each person "
            f"has been there, and a {law.kind} length asks for it; run it with --engine individual"
        )
