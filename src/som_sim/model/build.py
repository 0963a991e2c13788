"""From a strategy's scenario to a `Model`: cells, edges with their rates, programme rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from som_sim.core.axes import Axes
from som_sim.core.rates import rates_from_mean_stay, rates_from_row
from som_sim.core.time import Calendar
from som_sim.model.model import PROGRAMME_MOVE, Generator, Model, ProgrammeRule
from som_sim.model.states import cells_where, homeless_states, make_axes
from som_sim.scenario.quantities import Condition, Quantity, Schedule, number_in_range
from som_sim.scenario.schema import Arrival, Initial, ScenarioFile, Transition

Draws = NDArray[np.float64]
Values = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolver:
    """Turns quantities of a file into numbers, one per draw.

    Attributes
    ----------
    values
        The value of each parameter, in its own unit.
    n_draws
        Length of what `number` returns.
    """

    values: Values
    n_draws: int = 1

    def number(self, quantity: Quantity) -> Draws:
        """Return a quantity as (draw,); a duration is in years."""
        number = quantity.number
        if number is None:
            number = number_in_range(quantity.kind, self.values[quantity.parameter])
        return np.full(self.n_draws, number)


def build_model(spec: ScenarioFile, strategy: str) -> Model:
    """Compile one strategy at its stated values.

    Parameters
    ----------
    spec
        The file with the strategy's overrides applied, checked.
    strategy
        Name of the strategy.
    """
    resolver = Resolver(values={name: one.value for name, one in spec.parameters.items()})
    axes = make_axes(spec, strategy)
    calendar = spec.time.calendar
    return Model(
        strategy=strategy,
        axes=axes,
        calendar=calendar,
        initial=_place(spec.population.initial, axes, resolver),
        arrivals=_place(spec.population.arrivals, axes, resolver),
        generator=_generator(spec, axes, resolver),
        programmes=tuple(_programme_rules(spec, axes, calendar, resolver)),
        homeless=homeless_states(spec, axes),
    )


def _place(
    groups: tuple[Initial, ...] | tuple[Arrival, ...], axes: Axes, resolver: Resolver
) -> Draws:
    """Put people, or people a year, into their cells: (place, draw)."""
    persons = np.zeros((axes.n_places, resolver.n_draws))
    for group in groups:
        state = sum(
            axes.states[position].index(group.states[domain]) * axes.stride(domain)
            for position, domain in enumerate(axes.domains)
        )
        cell = np.ravel_multi_index((axes.strata.index(group.stratum), 0, state), axes.cell_shape)
        quantity = group.persons if isinstance(group, Initial) else group.per_year
        persons[cell] += resolver.number(quantity)
    return persons


@dataclass(frozen=True, slots=True, kw_only=True)
class _Move:
    """Edges of one kind: people of `source` cells go to `target` at `rate`."""

    source: NDArray[np.int64]
    target: NDArray[np.int64]
    domain: int
    rate: Draws


def _generator(spec: ScenarioFile, axes: Axes, resolver: Resolver) -> Generator:
    """Collect every move of every row and programme, sorted by where it goes."""
    moves = [*_transition_moves(spec, axes, resolver), *_programme_moves(spec, axes, resolver)]
    if not moves:
        none = np.zeros(0, dtype=np.int64)
        rate = np.zeros((0, resolver.n_draws))
        return Generator(n_places=axes.n_places, source=none, target=none, domain=none, rate=rate)
    source = np.concatenate([move.source for move in moves])
    target = np.concatenate([move.target for move in moves])
    domain = np.concatenate([np.full(len(move.source), move.domain) for move in moves])
    rate = np.concatenate([move.rate for move in moves])
    order = np.lexsort((source, target))
    return Generator(
        n_places=axes.n_places,
        source=source[order],
        target=target[order],
        domain=domain[order],
        rate=rate[order],
    )


def _transition_moves(spec: ScenarioFile, axes: Axes, resolver: Resolver) -> Iterator[_Move]:
    """Yield the moves of each transition row, changed by the programmes people are in."""
    for row in spec.transitions:
        domain = row.from_.keys[0]
        states = axes.states[axes.domains.index(domain)]
        who = cells_where(spec, axes, row.if_)
        if row.stratum:
            who &= cells_where(spec, axes, Condition(allowed=(("stratum", row.stratum),)))
        rates = _row_rates(row, resolver)
        for from_state in row.from_.names(domain) or ():
            here = cells_where(spec, axes, Condition(allowed=((domain, (from_state,)),)))
            source = np.flatnonzero(who & here)
            for to_state, rate in zip(row.destinations, rates, strict=True):
                if to_state in axes.leave:
                    target = np.full_like(source, axes.n_cells + axes.leave.index(to_state))
                else:
                    step = states.index(to_state) - states.index(from_state)
                    target = source + step * axes.stride(domain)
                factor = _effect(spec, axes, resolver, domain, from_state, to_state)
                yield _Move(
                    source=source,
                    target=target,
                    domain=axes.domains.index(domain),
                    rate=rate * factor[source],
                )


def _row_rates(row: Transition, resolver: Resolver) -> Draws:
    """Return the rates of a row's destinations: (destination, draw), per year."""
    given = [one if one is None else resolver.number(one) for one in row.destinations.values()]
    ones = np.ones(resolver.n_draws)
    if row.stay is not None:
        shares = np.stack([ones if one is None else one for one in given])
        return rates_from_mean_stay(resolver.number(row.stay.mean), shares)
    if row.rate_per_year is not None:
        return resolver.number(row.rate_per_year)[None, :]
    assert row.within is not None
    return rates_from_row(np.stack([one for one in given if one is not None]), row.within.years)


def _effect(
    spec: ScenarioFile, axes: Axes, resolver: Resolver, domain: str, from_state: str, to_state: str
) -> Draws:
    """Return what multiplies the rate of a move in each cell: (cell, draw)."""
    factor = np.ones((axes.n_cells, resolver.n_draws))
    for name in axes.programmes[1:]:
        inside = Condition(allowed=(("programme", (name,)),))
        for effect in spec.programmes[name].effects:
            if from_state in (effect.from_.names(domain) or ()) and to_state in effect.to:
                who = cells_where(spec, axes, inside) & cells_where(spec, axes, effect.if_)
                factor[np.flatnonzero(who)] *= resolver.number(effect.hazard_ratio)
    return factor


def _programme_moves(spec: ScenarioFile, axes: Axes, resolver: Resolver) -> Iterator[_Move]:
    """Yield the end of each programme's stay: on to other programmes, or to none."""
    cells = np.arange(axes.n_cells).reshape(axes.cell_shape)
    for status, name in enumerate(axes.programmes[1:], start=1):
        programme = spec.programmes[name]
        ending = 1 / resolver.number(programme.stay.mean)
        rest = np.ones(resolver.n_draws)
        onward = []
        for other, share in programme.onward.items():
            part = np.ones(resolver.n_draws) if share is None else resolver.number(share)
            onward.append((axes.programmes.index(other), part))
            rest = rest - part
        for to_status, part in (*onward, (0, rest)):
            source = cells[:, status, :].ravel()
            yield _Move(
                source=source,
                target=cells[:, to_status, :].ravel(),
                domain=PROGRAMME_MOVE,
                rate=np.broadcast_to(ending * np.maximum(part, 0), (len(source), resolver.n_draws)),
            )


def _programme_rules(
    spec: ScenarioFile, axes: Axes, calendar: Calendar, resolver: Resolver
) -> Iterator[ProgrammeRule]:
    """Yield who waits for each programme and how many it takes."""
    for status, name in enumerate(axes.programmes[1:], start=1):
        programme = spec.programmes[name]
        eligible = cells_where(spec, axes, programme.eligible)
        if programme.eligible.names("programme") is None:
            eligible &= cells_where(spec, axes, Condition(allowed=(("programme", ("none",)),)))
        yield ProgrammeRule(
            name=name,
            status=status,
            eligible=eligible.ravel(),
            places=_schedule(programme.places, calendar, resolver),
            share_of_waiting=resolver.number(programme.intake.share_of_waiting),
        )


def _schedule(schedule: Schedule, calendar: Calendar, resolver: Resolver) -> Draws:
    """Return a stepping number by cycle: (cycle, draw)."""
    values = np.zeros((calendar.n_cycles, resolver.n_draws))
    for period, quantity in schedule.steps:
        first = period.start if period else calendar.start
        later = np.array([day >= first for day in calendar.boundaries[:-1]])
        values[later] = resolver.number(quantity)
    return values
