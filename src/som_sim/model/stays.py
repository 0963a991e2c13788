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
from som_sim.core.time import DAYS_PER_YEAR
from som_sim.model.model import PROGRAMME_MOVE, Generator, Group, StayLaw
from som_sim.model.resolve import Draws, Resolver
from som_sim.model.row_rates import mean_stay
from som_sim.model.states import cells_where
from som_sim.model.stay_curves import cumulative_hazard
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

MOST_HAZARD = 30.0
"""People are not said to have stayed longer than a share of ``exp(-30)`` of stays lasts."""


def stay_laws(
    spec: ScenarioFile, axes: Axes, generator: Generator, resolver: Resolver
) -> Iterator[StayLaw]:
    """Yield the law of each row, then of each programme, whose stays have a memory."""
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
            place=place,
            domain=number,
            kind=stay.kind,
            cells=cells,
            edges=_edges(axes, generator, number, cells, row),
            mean=mean_stay(stay, place, resolver),
            numbers=_numbers(stay, place, resolver),
        )

    for status, name in enumerate(axes.programmes):
        programme = spec.programmes.get(name)
        if programme is None or programme.stay is None or not programme.stay.kind:
            continue
        cells = np.zeros(axes.cell_shape, dtype=bool)
        cells[:, status] = True
        place = f"programmes.{name}.stay"
        yield StayLaw(
            place=place,
            domain=PROGRAMME_MOVE,
            kind=programme.stay.kind,
            cells=cells.ravel(),
            edges=_ends(generator, cells.ravel()),
            mean=mean_stay(programme.stay, place, resolver),
            numbers=_numbers(programme.stay, place, resolver),
        )


def _ends(generator: Generator, cells: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which edges end a programme's stay: of two of the same cells, the first.

    The second is drop-out, which has no memory.
    """
    ends: NDArray[np.bool_] = (generator.domain == PROGRAMME_MOVE) & cells[generator.source]
    before = (generator.source[1:] == generator.source[:-1]) & (
        generator.target[1:] == generator.target[:-1]
    )
    ends[1:] &= ~(before & (generator.domain[:-1] == PROGRAMME_MOVE))
    return ends


def check_so_far(
    groups: tuple[Group, ...], laws: tuple[StayLaw, ...], axes: Axes, resolver: Resolver
) -> None:
    """Check that people of the start can have been in their states for so long.

    Raises
    ------
    DrawError
        When next to no stay lasts so long in some draw.
    """
    for number, group in enumerate(groups):
        for law in laws:
            if law.domain == PROGRAMME_MOVE or not law.cells[group.cell]:
                continue
            days = group.so_far[law.domain]
            if days <= 0:
                continue
            lasting = np.array([_hazard(law, draw, days) for draw in range(len(law.mean))])
            resolver.check(
                f"population.initial[{number}].so_far.{axes.domains[law.domain]}",
                lasting <= MOST_HAZARD,
                f"of the stays of {law.place} next to none lasts {days:g} days (minus the "
                "logarithm of the share is {})",
                lasting,
            )


def _hazard(law: StayLaw, draw: int, days: float) -> float:
    """Return minus the logarithm of the share of stays that last longer."""
    mean = float(law.mean[draw]) * DAYS_PER_YEAR
    if law.kind == "lengths":
        over = (law.numbers[:, draw] * DAYS_PER_YEAR > days).mean()
        return float(-np.log(over)) if over else np.inf
    number = float(law.numbers[0, draw]) * (1.0 if law.kind == "weibull" else DAYS_PER_YEAR)
    at = np.array([mean * 1e-6, days]) if law.kind == "gamma" else np.array([days])
    return float(cumulative_hazard(law.kind, at, mean, number)[-1])


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
            f"{law.place}: expected numbers do not know how long each person "
            f"has been there, and a {law.kind} length asks for it; run it with --engine individual"
        )
