"""What programmes do to the moves of the people in them.

Effects on one move multiply (differences add). In continuous time they are hazard ratios on rates.
In a discrete step a whole row of probabilities is changed at once, by one kind of effect: hazard
ratios on the competing hazards behind the row, odds ratios against staying, ratios of
probabilities, or differences. Nothing is clipped: a row that is no distribution any more is an
error that names the row and the draw.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from som_sim.core.axes import Axes
from som_sim.core.errors import SomSimError
from som_sim.core.rates import probabilities_from_rates, rates_from_row
from som_sim.core.time import MONTHS_PER_CYCLE, add_months
from som_sim.model.afterwards import after_statuses, faded
from som_sim.model.resolve import Draws, Resolver
from som_sim.model.states import cells_where
from som_sim.scenario.schema import Effect, Programme, ScenarioFile

ROUNDING = 1e-12
"""A row of probabilities may pass 1 by float rounding, not by more."""


def effects_on(
    spec: ScenarioFile, axes: Axes, resolver: Resolver, day: dt.date, move: tuple[str, str, str]
) -> Mapping[str, Draws]:
    """Return what programmes do to a move, in each cell.

    Parameters
    ----------
    move
        Domain, state left, state entered or way to leave.

    Returns
    -------
    mapping of kind to (cell, draw)
        Products of ratios, sums of differences; kinds without an effect are left out.
    """
    domain, from_state, to_state = move
    found: dict[str, Draws] = {}
    for status, name in enumerate(axes.programmes):
        programme = spec.programmes.get(name)
        for effect in programme.effects if programme else ():
            if from_state not in (effect.from_.names(domain) or ()) or to_state not in effect.to:
                continue
            assert programme is not None
            kind, size = _size(effect, resolver)
            shape = (*axes.cell_shape, resolver.n_draws)
            neutral = np.zeros if kind == "difference" else np.ones
            factor = found.setdefault(kind, neutral(shape))
            who = cells_where(spec, axes, effect.if_)[:, status]
            in_force = _in_force(spec, programme, effect, day)
            _apply(factor, status, who, kind, size, in_force)
            if effect.afterwards is not None:
                for after in after_statuses(axes, name):
                    left = faded(spec, resolver, name, effect, axes.programmes[after])
                    _apply(factor, after, who, kind, size, in_force * left)
    return {kind: factor.reshape(axes.n_cells, -1) for kind, factor in found.items()}


def _apply(
    factor: Draws,
    status: int,
    who: NDArray[np.bool_],
    kind: str,
    size: Draws,
    strength: Draws | float,
) -> None:
    if kind == "difference":
        factor[:, status][who] += size * strength
    else:
        factor[:, status][who] *= size**strength


def _size(effect: Effect, resolver: Resolver) -> tuple[str, Draws]:
    """Return an effect's kind and size; a share reached becomes a hazard ratio.

    Where a share `s` reached the state with the programme and `w` without it in the same time, and
    the chance of it was even, the hazard ratio is ``log(1 - s) / log(1 - w)``.
    """
    if effect.share_reached is not None:
        with_, without = (
            resolver.number(one)
            for one in (effect.share_reached.share, effect.share_reached.without)
        )
        return "hazard_ratio", np.log1p(-with_) / np.log1p(-without)
    return effect.kind, resolver.number(getattr(effect, effect.kind))


def _in_force(spec: ScenarioFile, programme: Programme, effect: Effect, day: dt.date) -> float:
    """Return the share of an effect (on the log scale) that is in force in the cycle of a day."""
    if effect.during is not None and not (effect.during.from_.start <= day < effect.during.to.end):
        return 0.0
    return ramped(programme, day, add_months(day, MONTHS_PER_CYCLE[spec.time.cycle]))


def ramped(programme: Programme, day: dt.date, end: dt.date) -> float:
    """Return the share of a programme's effects that its ramp has reached in a cycle.

    The mean from `day` up to, not including, `end`: the share grows evenly from 0 on the first day
    of `places` to 1 after `ramp_up`, and stays there.
    """
    first = programme.places.first
    if programme.ramp_up is None or first is None:
        return 1.0
    length = programme.ramp_up.days
    before, after = (day - first.start).days, (end - first.start).days
    if before >= length:
        return 1.0
    grown = min(max(after, 0.0), length) ** 2 - max(before, 0.0) ** 2
    return (grown / (2 * length) + max(after - length, 0.0)) / (after - before)


def changed_probabilities(
    p: Draws,
    source: NDArray[np.int64],
    effects: Mapping[str, Draws],
    axes: Axes,
    resolver: Resolver,
) -> Draws:
    """Return one-cycle probabilities as programmes change them.

    Parameters
    ----------
    p : (edge, draw), probability per cycle
    source : (edge,), int, the row of each edge
    effects : mapping of kind to (edge, draw)
    axes
        Names the rows in messages.
    resolver
        Names the draws in messages.

    Returns
    -------
    (edge, draw)

    Raises
    ------
    DrawError
        When a row is no distribution.
    SomSimError
        When a row is changed in two ways at once.
    """
    changed = p.copy()
    for row in np.unique(source):
        name = axes.cell_name(int(row))
        edges = np.flatnonzero(source == row)
        kinds = [
            kind
            for kind, factor in effects.items()
            if np.any(factor[edges] != (0.0 if kind == "difference" else 1.0))
        ]
        if len(kinds) > 1:
            raise SomSimError(f"{name}: {' and '.join(kinds)} cannot change one row together")
        _check_row(p[edges], name, resolver)
        if kinds:
            size = effects[kinds[0]][edges]
            changed[edges] = _changed_row(p[edges], kinds[0], size, name)
            _check_row(changed[edges], name, resolver)
    return changed


def _changed_row(p: Draws, kind: str, size: Draws, name: str) -> Draws:
    """Return (exit, draw) probabilities of one row after one kind of effect."""
    if kind == "difference":
        return p + size
    if kind == "risk_ratio":
        return p * size
    stay = 1.0 - p.sum(axis=0)
    if np.any(stay <= 0):
        words = kind.replace("_", " ")
        raise SomSimError(f"{name}: nobody stays, so {words} has no meaning here")
    if kind == "odds_ratio":
        odds = p / stay * size
        row: Draws = odds / (1.0 + odds.sum(axis=0))
        return row
    return probabilities_from_rates(rates_from_row(p, 1.0) * size, 1.0)


def _check_row(p: Draws, name: str, resolver: Resolver) -> None:
    wrong = np.any((p < 0) | (p > 1), axis=0) | (p.sum(axis=0) > 1 + ROUNDING)
    if wrong.any():
        draw = int(np.argmax(wrong))
        row = ", ".join(f"{one:.6g}" for one in p[:, draw])
        reason = f"{row} is no row of probabilities (0 or more, adding to at most 1)"
        raise resolver.error(name, reason, draw)
