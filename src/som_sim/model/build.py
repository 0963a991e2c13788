"""From a strategy's scenario to a `Model`: cells, moves with their rates, programme rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

import numpy as np

from som_sim.core.axes import Axes
from som_sim.core.names import NO_PROGRAMME
from som_sim.core.time import Calendar
from som_sim.model.clocks import (
    ClockRule,
    clock_rules,
    onto,
    position_at_start,
    possible,
    with_clocks,
)
from som_sim.model.draws import stated_parameters
from som_sim.model.edges import Edges
from som_sim.model.effects import NEUTRAL, ramped
from som_sim.model.limits import PlaceLimit, renumbered, with_spill
from som_sim.model.model import EQUILIBRIUM_AGE, Generator, Group, Model, ProgrammeRule
from som_sim.model.moves import Move, moves_on
from som_sim.model.resolve import Draws, Resolver
from som_sim.model.rows import changed_probabilities
from som_sim.model.states import cells_where, homeless_states, make_axes, rank_of_cells
from som_sim.model.stays import check_so_far, stay_laws
from som_sim.scenario.quantities import Condition
from som_sim.scenario.schedules import Schedule
from som_sim.scenario.schema import Arrival, Initial, ScenarioFile
from som_sim.scenario.time_so_far import parse_so_far


def build_model(
    spec: ScenarioFile,
    strategy: str,
    values: Mapping[str, Draws] | None = None,
    first: int = 0,
) -> Model:
    """Compile one strategy, at its stated values or for a block of draws.

    Parameters
    ----------
    spec
        The file with the strategy's overrides applied, checked.
    strategy
        Name of the strategy.
    values : mapping of name to (draw,), in base units
        What `draw_parameters` gave; one draw when there are no parameters. None for the base case.
    first
        Number of the first draw, which errors count from.

    Raises
    ------
    DrawError
        When a draw gives a number that its place cannot take, naming place and draw.
    """
    if values is None:
        resolver = Resolver(values=stated_parameters(spec))
    else:
        n_draws = len(next(iter(values.values()), (None,)))
        resolver = Resolver(values=values, n_draws=n_draws, first=first)
    axes = make_axes(spec, strategy)
    calendar = spec.time.calendar
    days, regime = _regimes(spec, axes, calendar)
    clocks = clock_rules(spec, axes)
    built = [_generator(spec, axes, clocks, resolver, day) for day in days]
    even = tuple(one for one in spec.population.arrivals if one.spacing == "even")
    groups = tuple(_group(one, spec, axes, clocks, resolver) for one in spec.population.initial)
    stays = tuple(stay_laws(spec, axes, built[0][0], resolver))
    check_so_far(groups, stays, axes, resolver)
    return Model(
        strategy=strategy,
        axes=axes,
        calendar=calendar,
        initial=_initial(groups, axes, resolver),
        groups=groups,
        clocks=clocks,
        stays=stays,
        generator=built[0][0],
        rates=np.stack([generator.rate for generator, _ in built]),
        limits=built[0][1],
        arrivals_per_year=np.stack(
            [_arrivals(spec.population.arrivals, spec, axes, clocks, resolver, day) for day in days]
        ),
        even_per_year=np.stack([_arrivals(even, spec, axes, clocks, resolver, day) for day in days])
        if even
        else None,
        regime=regime,
        programmes=tuple(_programme_rules(spec, axes, calendar, resolver)),
        counting=spec.time.counting,
        arrivals_join=spec.time.arrivals_join or "end",
        homeless=homeless_states(spec, axes),
    )


def _regimes(
    spec: ScenarioFile, axes: Axes, calendar: Calendar
) -> tuple[list[dt.date], tuple[int, ...]]:
    """Return a day of each regime of rates, and the regime of each cycle.

    Two cycles are in one regime when every schedule stands at the same step, every season at the
    same month and every ramp at the same height.
    """
    rates = [row.rate_per_year for row in spec.transitions if row.rate_per_year is not None]
    schedules = [*rates, *(arrival.per_year for arrival in spec.population.arrivals)]
    seasons = [row.season for row in spec.transitions]
    seasons += [arrival.season for arrival in spec.population.arrivals]
    seasonal = any(season is not None for season in seasons)
    ramps = [
        programme
        for name in axes.programmes
        if (programme := spec.programmes.get(name)) is not None and programme.ramp_up
    ]
    windows = [
        effect.during
        for name in axes.programmes
        if (programme := spec.programmes.get(name)) is not None
        for effect in programme.effects
        if effect.during is not None
    ]
    days: dict[tuple[object, ...], dt.date] = {}
    keys = []
    for day, end in pairwise(calendar.boundaries):
        key = (
            *(sum(p is None or p.start <= day for p, _ in one.steps) for one in schedules),
            day.month if seasonal else 0,
            *(ramped(programme, day, end) for programme in ramps),
            *(window.from_.start <= day < window.to.end for window in windows),
        )
        days.setdefault(key, day)
        keys.append(key)
    numbers = {key: number for number, key in enumerate(days)}
    return list(days.values()), tuple(numbers[key] for key in keys)


def _place(
    group: Initial | Arrival, spec: ScenarioFile, axes: Axes, clocks: tuple[ClockRule, ...]
) -> tuple[int, tuple[float, ...]]:
    """Return the cell of a group of people, and their time so far on each clock in days."""
    state = sum(
        axes.states[position].index(group.states[domain]) * axes.stride(domain)
        for position, domain in enumerate(axes.domains)
        if domain not in axes.clocks
    )
    cell = int(np.ravel_multi_index((axes.strata.index(group.stratum), 0, state), axes.cell_shape))
    at_start = [position_at_start(spec.clocks[one.name], one, group, cell) for one in clocks]
    cell += sum(at * one.stride for one, (at, _) in zip(clocks, at_start, strict=True))
    return cell, tuple(days for _, days in at_start)


def _group(
    group: Initial,
    spec: ScenarioFile,
    axes: Axes,
    clocks: tuple[ClockRule, ...],
    resolver: Resolver,
) -> Group:
    cell, days = _place(group, spec, axes, clocks)
    so_far = [group.so_far.get(domain) for domain in axes.domains]
    ages = (0.0 if one is None else parse_so_far(one) for one in so_far)
    return Group(
        cell=cell,
        days=days,
        persons=resolver.number(group.persons),
        so_far=tuple(EQUILIBRIUM_AGE if one is None else one for one in ages),
    )


def _initial(groups: tuple[Group, ...], axes: Axes, resolver: Resolver) -> Draws:
    """Put people into their cells: (place, draw)."""
    persons = np.zeros((axes.n_places, resolver.n_draws))
    for group in groups:
        persons[group.cell] += group.persons
    return persons


def _arrivals(
    arrivals: tuple[Arrival, ...],
    spec: ScenarioFile,
    axes: Axes,
    clocks: tuple[ClockRule, ...],
    resolver: Resolver,
    day: dt.date,
) -> Draws:
    """Put arrivals under the rules of a day into cells: (place, draw), persons per year."""
    per_year = np.zeros((axes.n_places, resolver.n_draws))
    for group in arrivals:
        season = 1.0 if group.season is None else group.season[day.month - 1]
        cell, _ = _place(group, spec, axes, clocks)
        per_year[cell] += season * resolver.on(group.per_year, day)
    return per_year


def _generator(
    spec: ScenarioFile,
    axes: Axes,
    clocks: tuple[ClockRule, ...],
    resolver: Resolver,
    day: dt.date,
) -> tuple[Generator, tuple[PlaceLimit, ...]]:
    """Collect every move of every row and programme, sorted by where it goes, and the limits."""
    moves = list(moves_on(spec, axes, resolver, day))
    none = np.zeros(0, dtype=np.int64)
    source = np.concatenate([none, *(move.source for move in moves)])
    target = np.concatenate([none, *(move.target for move in moves)])
    domain = np.concatenate([none, *(np.full(len(m.source), m.domain) for m in moves)])
    empty = np.zeros((0, resolver.n_draws))
    base = np.concatenate([empty, *(move.rate for move in moves)])
    effects = {
        kind: np.concatenate(
            [empty, *(move.effects.get(kind, _neutral(kind, move)) for move in moves)]
        )
        for kind in dict.fromkeys(kind for move in moves for kind in move.effects)
    }
    edges = Edges(source=source, target=target, domain=domain)
    if clocks:
        who = possible(clocks, axes.n_cells)[source]
        edges, base = edges.only(who), base[who]
        effects = {kind: effect[who] for kind, effect in effects.items()}
        edges = replace(edges, target=onto(clocks, edges.source, edges.target))
    if spec.time.discrete:
        given = Generator(
            n_places=axes.n_places,
            source=edges.source,
            target=edges.target,
            domain=edges.domain,
            rate=base,
        )
        rate = changed_probabilities(given, effects, axes, resolver)
    else:
        rate = base * effects["hazard_ratio"] if effects else base
    months = spec.time.calendar.months_per_cycle if spec.time.discrete else None
    edges, rate = with_clocks(clocks, edges, rate, months)
    edges, limits = with_spill(spec, axes, clocks, edges)
    spilled = np.zeros((len(edges.source) - len(rate), resolver.n_draws))
    order = np.lexsort((edges.source, edges.target))
    new = np.empty_like(order)
    new[order] = np.arange(len(order))
    generator = Generator(
        n_places=axes.n_places,
        source=edges.source[order],
        target=edges.target[order],
        domain=edges.domain[order],
        rate=np.concatenate([rate, spilled])[order],
    )
    return generator, tuple(renumbered(limit, new, spec, resolver) for limit in limits)


def _neutral(kind: str, move: Move) -> Draws:
    """Return an effect that changes nothing: (edge, draw)."""
    return np.full_like(move.rate, NEUTRAL[kind])


def _programme_rules(
    spec: ScenarioFile, axes: Axes, calendar: Calendar, resolver: Resolver
) -> Iterator[ProgrammeRule]:
    """Yield who waits for each programme and how many it takes."""
    for status, name in enumerate(axes.programmes):
        if name not in spec.programmes:
            continue
        programme = spec.programmes[name]
        eligible = cells_where(spec, axes, programme.eligible)
        if programme.eligible.names("programme") is None:
            nowhere = Condition(allowed=(("programme", (NO_PROGRAMME,)),))
            eligible &= cells_where(spec, axes, nowhere)
        intake = programme.intake
        most = intake.persons_per_month
        yield ProgrammeRule(
            name=name,
            status=status,
            eligible=eligible.ravel(),
            rank=rank_of_cells(spec, axes, programme.priority),
            places=_by_cycle(programme.places, calendar, resolver),
            share_of_waiting=np.ones(resolver.n_draws)
            if intake.share_of_waiting is None
            else resolver.number(intake.share_of_waiting),
            most=np.full((calendar.n_cycles, resolver.n_draws), np.inf)
            if most is None
            else _by_cycle(most, calendar, resolver) * calendar.months_per_cycle,
        )


def _by_cycle(schedule: Schedule, calendar: Calendar, resolver: Resolver) -> Draws:
    """Return a stepping number by cycle: (cycle, draw)."""
    return np.stack([resolver.on(schedule, day) for day in calendar.boundaries[:-1]])
