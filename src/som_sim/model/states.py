"""Which cells a condition means."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from som_sim.core.axes import Axes
from som_sim.core.names import NO_PROGRAMME
from som_sim.model.afterwards import after_names
from som_sim.scenario.quantities import Condition
from som_sim.scenario.schema import ScenarioFile


def make_axes(spec: ScenarioFile, strategy: str) -> Axes:
    """Return the axes of one strategy: its own programmes, everything else shared."""
    names = spec.strategies[strategy].programmes
    return Axes(
        strata=tuple(spec.strata),
        programmes=(
            NO_PROGRAMME,
            *names,
            *(after for name in names for after in after_names(name, spec.programmes[name])),
        ),
        domains=(*spec.domains, *spec.clocks),
        states=(
            *(tuple(states) for states in spec.domains.values()),
            *(clock.states for clock in spec.clocks.values()),
        ),
        leave=spec.leave,
        clocks=tuple(spec.clocks),
    )


def homeless_states(spec: ScenarioFile, axes: Axes) -> NDArray[np.bool_]:
    """Tell which combined states count as homeless: any domain's state is marked so.

    Returns
    -------
    (n_states,), bool
    """
    homeless = np.zeros(axes.n_states, dtype=bool)
    for domain, states in spec.domains.items():
        marked = np.array([state.homeless for state in states.values()])
        homeless |= marked[axes.state_position(domain)]
    return homeless


def cells_where(spec: ScenarioFile, axes: Axes, where: Condition) -> NDArray[np.bool_]:
    """Tell which cells fit a condition; a programme the strategy lacks fits none.

    Returns
    -------
    (stratum, programme, state), bool
    """
    mask = np.ones(axes.cell_shape, dtype=bool)
    for key, names in where.allowed:
        if key == "stratum":
            mask &= np.isin(axes.strata, names)[:, None, None]
        elif key == "programme":
            inside = np.isin(axes.programmes, names)
            if NO_PROGRAMME in names:
                inside |= ~np.isin(axes.programmes, tuple(spec.programmes))
            mask &= inside[None, :, None]
        elif key == "homeless":
            wanted = "true" in names
            mask &= (homeless_states(spec, axes) == wanted)[None, None, :]
        else:
            states = np.isin(axes.states[axes.domains.index(key)], names)
            mask &= states[axes.state_position(key)][None, None, :]
    return mask


def rank_of_cells(
    spec: ScenarioFile, axes: Axes, priority: tuple[Condition, ...]
) -> NDArray[np.int64] | None:
    """Return the first of some conditions that fits each cell, their number where none does.

    Returns
    -------
    (cell,), 0 goes first; None where no priority is declared
    """
    if not priority:
        return None
    rank = np.full(axes.cell_shape, len(priority))
    for number in reversed(range(len(priority))):
        rank[cells_where(spec, axes, priority[number])] = number
    return rank.ravel()
