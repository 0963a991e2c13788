"""What programmes do to the moves of the people in them.

Effects on one move multiply (differences add). In continuous time they are hazard ratios on rates;
what the kinds do to a row of probabilities in a discrete step is in `som_sim.model.rows`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from som_sim.core.axes import Axes
from som_sim.core.time import MONTHS_PER_CYCLE, add_months
from som_sim.model.afterwards import after_statuses, faded
from som_sim.model.draws import stated_parameters
from som_sim.model.resolve import Draws, Resolver
from som_sim.model.states import cells_where
from som_sim.scenario.check_effects import SHARE_WITH, SHARE_WITHOUT
from som_sim.scenario.quantities import RANGES
from som_sim.scenario.schema import Effect, Programme, ScenarioFile

NEUTRAL = {"hazard_ratio": 1.0, "odds_ratio": 1.0, "risk_ratio": 1.0, "difference": 0.0}
"""For each kind, what changes nothing."""


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
        for position, effect in enumerate(programme.effects if programme else ()):
            if from_state not in (effect.from_.names(domain) or ()) or to_state not in effect.to:
                continue
            assert programme is not None
            kind, size = _size(effect, resolver, f"programmes.{name}.effects[{position}]")
            shape = (*axes.cell_shape, resolver.n_draws)
            factor = found.setdefault(kind, np.full(shape, NEUTRAL[kind]))
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


def _size(effect: Effect, resolver: Resolver, place: str) -> tuple[str, Draws]:
    """Return an effect's kind and size; a share reached becomes a hazard ratio.

    Where a share `s` reached the state with the programme and `w` without it in the same time, and
    the chance of it was even, the hazard ratio is ``log(1 - s) / log(1 - w)``.
    """
    reached = effect.share_reached
    if reached is None:
        return effect.kind, resolver.number(getattr(effect, effect.kind))
    place = f"{place}.share_reached"
    share, without = resolver.number(reached.share), resolver.number(reached.without)
    comparable = (without > 0) & (without < 1)
    resolver.check(f"{place}.without", comparable, SHARE_WITHOUT, without)
    resolver.check(f"{place}.share", share < 1, SHARE_WITH, share)
    ratio = np.log1p(-share) / np.log1p(-without)
    words, fits = RANGES["ratio"]
    fitting = np.array([fits(float(one)) for one in ratio])
    resolver.check(place, fitting, f"the hazard ratio of {{}} is not {words}", ratio)
    return "hazard_ratio", ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class NetEffect:
    """What an effect published gross, as a share reached, comes to net.

    Attributes
    ----------
    place
        Path of the effect in the file.
    share, without
        Shares that reached the state with the programme and without it.
    within
        The time both are of, as the file has it.
    hazard_ratio
        What the model uses.
    """

    place: str
    share: float
    without: float
    within: str
    hazard_ratio: float

    @property
    def points(self) -> float:
        """The net difference in percentage points: 12 % with and 2 % without are 10."""
        return 100 * (self.share - self.without)


def net_effects(spec: ScenarioFile) -> Iterator[NetEffect]:
    """Yield every effect that is given as a share reached, at the stated values.

    Raises
    ------
    DrawError
        When the shares give no hazard ratio.
    """
    resolver = Resolver(values=stated_parameters(spec))
    for name, programme in spec.programmes.items():
        for position, effect in enumerate(programme.effects):
            if effect.share_reached is None:
                continue
            place = f"programmes.{name}.effects[{position}]"
            _, ratio = _size(effect, resolver, place)
            yield NetEffect(
                place=place,
                share=float(resolver.number(effect.share_reached.share)[0]),
                without=float(resolver.number(effect.share_reached.without)[0]),
                within=effect.share_reached.within.text,
                hazard_ratio=float(ratio[0]),
            )


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
