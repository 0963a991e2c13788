"""Every possible move of a strategy as edges with rates, under the rules of one day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from som_sim.core.axes import Axes
from som_sim.core.time import MONTHS_PER_YEAR
from som_sim.model.afterwards import after_statuses, phase_years
from som_sim.model.effects import effects_on
from som_sim.model.model import AGEING, PROGRAMME_MOVE
from som_sim.model.resolve import Draws, Resolver
from som_sim.model.row_rates import ROUNDING, mean_stay, row_rates
from som_sim.model.states import cells_where
from som_sim.scenario.quantities import Condition
from som_sim.scenario.schema import ScenarioFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Edges of one kind: people of `source` cells go to `target` at `rate`.

    Attributes
    ----------
    source, target : (edge,), int
    domain
        Position of the domain, `PROGRAMME_MOVE` or `AGEING`.
    rate : (edge, draw), per year; in a discrete step the probability per cycle
        Before programmes change it.
    effects : mapping of kind to (edge, draw)
        What programmes do to it: a product of ratios, or a sum of differences.
    """

    source: NDArray[np.int64]
    target: NDArray[np.int64]
    domain: int
    rate: Draws
    effects: Mapping[str, Draws] = field(default_factory=dict)


def moves_on(spec: ScenarioFile, axes: Axes, resolver: Resolver, day: dt.date) -> Iterator[Move]:
    """Yield all moves; the edges are the same on every day, the rates need not be."""
    yield from _transitions(spec, axes, resolver, day)
    yield from _programme_ends(spec, axes, resolver)
    yield from _ageing(spec, axes, resolver)


def _transitions(
    spec: ScenarioFile, axes: Axes, resolver: Resolver, day: dt.date
) -> Iterator[Move]:
    """Yield the moves of each transition row, changed by the programmes people are in."""
    for position, row in enumerate(spec.transitions):
        domain = row.from_.keys[0]
        states = axes.states[axes.domains.index(domain)]
        who = cells_where(spec, axes, row.if_)
        if row.stratum:
            who &= cells_where(spec, axes, Condition(allowed=(("stratum", row.stratum),)))
        rates = row_rates(position, row, resolver, day, spec.time.discrete)
        for from_state in row.from_.names(domain) or ():
            here = cells_where(spec, axes, Condition(allowed=((domain, (from_state,)),)))
            source = np.flatnonzero(who & here)
            for to_state, rate in zip(row.destinations, rates, strict=True):
                if to_state in axes.leave:
                    target = np.full_like(source, axes.n_cells + axes.leave.index(to_state))
                else:
                    step = states.index(to_state) - states.index(from_state)
                    target = source + step * axes.stride(domain)
                effects = effects_on(spec, axes, resolver, day, (domain, from_state, to_state))
                yield Move(
                    source=source,
                    target=target,
                    domain=axes.domains.index(domain),
                    rate=np.broadcast_to(rate, (len(source), resolver.n_draws)),
                    effects={kind: factor[source] for kind, factor in effects.items()},
                )


def _programme_ends(spec: ScenarioFile, axes: Axes, resolver: Resolver) -> Iterator[Move]:
    """Yield the end of each programme's stay, drop-out, and the fading of what follows."""
    for status, name in enumerate(axes.programmes):
        if name not in spec.programmes:
            continue
        programme = spec.programmes[name]
        per_unit = _units(spec)
        ending = np.zeros(resolver.n_draws)
        if programme.stay is not None:
            place = f"programmes.{name}.stay"
            step = per_unit if spec.time.discrete else 0.0
            ending = per_unit / mean_stay(programme.stay, place, resolver, step)
        rest = np.ones(resolver.n_draws)
        for other, share in programme.onward.items():
            part = np.ones(resolver.n_draws) if share is None else resolver.number(share)
            yield _status_move(axes, status, axes.programmes.index(other), ending * part)
            rest = rest - part
        sound = rest >= -ROUNDING
        resolver.check(f"programmes.{name}.moves_on_to", sound, "the shares add to {}", 1 - rest)
        chain = (*after_statuses(axes, name), 0)
        leaving = ending * np.maximum(rest, 0)
        dropping = np.zeros(resolver.n_draws)
        if programme.drop_out is not None:
            dropping = resolver.number(programme.drop_out.rate_per_year)
        if programme.stay is not None and programme.stay.kind:  # at a pace of its own
            yield _status_move(axes, status, chain[0], leaving)
            yield _status_move(axes, status, chain[0], dropping)
        else:
            yield _status_move(axes, status, chain[0], leaving + dropping)
        for after, following in pairwise(chain):
            rate = per_unit / phase_years(spec, resolver, name, axes.programmes[after])
            yield _status_move(axes, after, following, rate)


def _units(spec: ScenarioFile) -> float:
    """Return the time a rate is per, in years: one year, or one cycle in a discrete step."""
    calendar = spec.time.calendar
    return calendar.months_per_cycle / MONTHS_PER_YEAR if spec.time.discrete else 1.0


def _status_move(axes: Axes, status: int, to_status: int, rate: Draws) -> Move:
    cells = np.arange(axes.n_cells).reshape(axes.cell_shape)
    source = cells[:, status, :].ravel()
    return Move(
        source=source,
        target=cells[:, to_status, :].ravel(),
        domain=PROGRAMME_MOVE,
        rate=np.broadcast_to(rate, (len(source), len(rate))),
    )


def _ageing(spec: ScenarioFile, axes: Axes, resolver: Resolver) -> Iterator[Move]:
    """Yield the moves from a stratum to the next."""
    cells = np.arange(axes.n_cells).reshape(axes.cell_shape)
    for position, stratum in enumerate(spec.strata.values()):
        if stratum.ages is not None:
            source = cells[position].ravel()
            rate = _units(spec) / resolver.number(stratum.ages.after)
            yield Move(
                source=source,
                target=cells[axes.strata.index(stratum.ages.to)].ravel(),
                domain=AGEING,
                rate=np.broadcast_to(rate, (len(source), len(rate))),
            )
