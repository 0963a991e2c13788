"""One person's history: what happened to them, and what it cost whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from som_sim.core.axes import Axes
from som_sim.core.errors import SomSimError
from som_sim.engine.individual.events import Events
from som_sim.engine.individual.histories import empty_counts
from som_sim.engine.individual.run import as_happened, as_trajectory
from som_sim.engine.individual.simulate import history_events
from som_sim.engine.individual.state import (
    CAME,
    ENROLLED,
    GAVE_UP,
    QUEUED,
    THERE,
    TURNED_AWAY,
    Counts,
)
from som_sim.engine.individual.tables import make_tables
from som_sim.ledger.post import Journal, charges, post_charge
from som_sim.ledger.quantities import depends_on_people
from som_sim.model.build import build_model
from som_sim.model.model import AGEING, PROGRAMME_MOVE, Model
from som_sim.outcomes.economics import cost_table
from som_sim.scenario.schema import ScenarioFile

Floats = NDArray[np.float64]
NO_MONEY: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that happened to a person.

    Attributes
    ----------
    day : float
        Days from the run's start.
    date
        The calendar day it fell on.
    what
        ``there``, ``came``, ``turned_away``, ``move``, ``programme``, ``ageing``, ``clock``,
        ``leaves``, ``enrolled``, ``queued`` or ``gave_up``.
    about
        The domain, clock or programme it is about; empty where it is about none.
    before, after
        Names of states, strata or programmes; empty where there are none.
    waited
        Days they had waited for it; None where nobody waits.
    cell
        Where they are after it: a cell, or -1 when they have left.
    """

    day: float
    date: dt.date
    what: str
    about: str
    before: str
    after: str
    waited: float | None
    cell: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A person's history in one strategy.

    Attributes
    ----------
    model
        Of the strategy, with its labels and calendar.
    person, replicate, seed
        Who, in which history.
    n_persons
        How many people the history has.
    steps
        In the order of time.
    oere : mapping of payer to øre
        What the person cost each payer over the run, in current prices, by the prices that are
        about people; without `money` in the scenario empty.
    """

    model: Model
    person: int
    replicate: int
    seed: int
    n_persons: int
    steps: tuple[Step, ...]
    oere: Mapping[str, int]


def follow(
    spec: ScenarioFile, strategy: str, person: int, *, replicate: int = 0, seed: int = 0
) -> Story:
    """Return one person's history.

    Parameters
    ----------
    spec
        The file with the strategy's overrides applied.
    person
        Number of the person, from 0: those there at the start first, then those who come.

    Raises
    ------
    SomSimError
        When there is no such person.

    Examples
    --------
    >>> import som_sim as som
    >>> spec = som.load("scenarios/first.yaml").strategies["with_support"]
    >>> story = follow(spec, "with_support", 7, seed=1)
    >>> story.steps[0].what, story.steps[0].date.isoformat()
    ('there', '2024-01-01')
    """
    model = build_model(spec, strategy)
    events = history_events(model, replicate, seed)
    n = int(events.person.max(initial=-1)) + 1
    if not 0 <= person < n:
        there = f"persons 0 to {n - 1}" if n else "nobody"
        raise SomSimError(f"there is no person {person}; this history has {there}")
    own = events.person == person
    one = Events(
        person=events.person[own], time=events.time[own], place=events.place[own],
        kind=events.kind[own], waited=events.waited[own],
    )  # fmt: skip
    return Story(
        model=model,
        person=person,
        replicate=replicate,
        seed=seed,
        n_persons=n,
        steps=tuple(steps_of(model, one)),
        oere=NO_MONEY if spec.money is None else costs_of(spec, model, one),
    )


def steps_of(model: Model, events: Events) -> list[Step]:
    """Return what happened to one person as steps with names."""
    found = []
    cell = -1
    for time, place, kind, waited in zip(
        events.time, events.place, events.kind, events.waited, strict=True
    ):
        what, about, before, after = _named(model, int(kind), cell, int(place))
        cell = int(place) if place < model.axes.n_cells else -1
        found.append(
            Step(
                day=float(time),
                date=model.calendar.start + dt.timedelta(days=int(time)),
                what=what,
                about=about,
                before=before,
                after=after,
                waited=None if np.isnan(waited) else float(waited),
                cell=cell,
            )
        )
    return found


def _named(model: Model, kind: int, cell: int, place: int) -> tuple[str, str, str, str]:
    """Return what an event is, what it is about, and what was before and after it."""
    axes = model.axes
    starts = {THERE: "there", CAME: "came", TURNED_AWAY: "turned_away"}
    if kind in starts:
        return starts[kind], "", "", ""
    if kind <= QUEUED:
        what, first = ("gave_up", GAVE_UP) if kind <= GAVE_UP else ("queued", QUEUED)
        return what, model.limits[first - kind].domain, "", model.limits[first - kind].state
    if kind <= ENROLLED:
        name = model.programmes[ENROLLED - kind].name
        return "enrolled", name, axes.programmes[_at(axes, cell)[1]], name
    domain = int(model.generator.domain[kind])
    if place >= axes.n_cells:
        return "leaves", axes.domains[domain], "", axes.leave[place - axes.n_cells]
    before, after = _at(axes, cell), _at(axes, place)
    if domain == PROGRAMME_MOVE:
        return "programme", "", axes.programmes[before[1]], axes.programmes[after[1]]
    if domain == AGEING:
        return "ageing", "", axes.strata[before[0]], axes.strata[after[0]]
    name = axes.domains[domain]
    position = axes.state_position(name)
    names = axes.states[domain]
    what = "clock" if name in axes.clocks else "move"
    return what, name, names[position[before[2]]], names[position[after[2]]]


def _at(axes: Axes, cell: int) -> tuple[int, int, int]:
    """Return stratum, programme status and combined state of a cell."""
    stratum, programme, state = np.unravel_index(cell, axes.cell_shape)
    return int(stratum), int(programme), int(state)


def costs_of(spec: ScenarioFile, model: Model, events: Events) -> Mapping[str, int]:
    """Return what one person cost each payer over the run, booked as any run is."""
    counts = counts_of(model, events)
    one = as_trajectory(as_happened(model, [counts]), counts)
    journal = Journal()
    for charge in charges(spec, one):
        if depends_on_people(charge.price):
            post_charge(journal, charge, one)
    table = cost_table(spec, journal.close(model.strategy, one))
    return {
        payer: int(amounts.sum())
        for (view, payer), amounts in table.amounts.items()
        if view == "current"
    }


def counts_of(model: Model, events: Events) -> Counts:
    """Return what one person adds to the counts of a history, from their events alone."""
    tables = make_tables(model)
    counts = empty_counts(tables, 1)
    starts, n_cells = tables.starts, tables.n_cells
    place = -1
    for number, (time, to, kind) in enumerate(
        zip(events.time, events.place, events.kind, strict=True)
    ):
        # What happens at the end of a discrete step stands at the start of the next.
        moved = kind >= 0 or (kind in (CAME, TURNED_AWAY) and not tables.join_at_start)
        after = np.searchsorted(starts, time, "left" if model.discrete and moved else "right")
        cycle = int(after) - 1
        if kind == THERE:
            counts.came[0, 0, to] += 1
        elif kind in (CAME, TURNED_AWAY):
            counts.came[0, cycle + 1, to] += 1
        elif kind >= 0:
            counts.flows[0, cycle, kind] += 1
        elif kind > QUEUED:
            counts.enrolments[0, cycle, ENROLLED - kind, place] += 1
        until = events.time[number + 1] if number + 1 < len(events.time) else np.inf
        place = int(to)
        stays = (starts >= time) & (starts < until)
        counts.occupancy[0, stays, place] += 1
        if place < n_cells:
            inside = np.minimum(until, starts[1:]) - np.maximum(time, starts[:-1])
            counts.days[0, :, place] += np.maximum(inside, 0.0)
    if model.discrete:
        _at_steps(events, starts, counts, n_cells)
    return counts


def _at_steps(events: Events, starts: Floats, counts: Counts, n_cells: int) -> None:
    """Fill in where a person of a discrete step is before and after each step."""
    enrolled = (events.kind <= ENROLLED) & (events.kind > QUEUED)
    for cycle, end in enumerate(starts[1:]):
        before = np.flatnonzero(events.time < end)
        after = np.flatnonzero((events.time < end) | ((events.time == end) & ~enrolled))
        for rows, found in ((before, counts.opening), (after, counts.closing)):
            if len(rows) and events.place[rows[-1]] < n_cells:
                found[0, cycle, events.place[rows[-1]]] += 1
