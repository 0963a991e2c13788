"""Targets and values in every draw, from the sums that a run has kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from som_sim.core.errors import SomSimError
from som_sim.core.time import Calendar
from som_sim.engine.trajectory import Trajectory
from som_sim.engine.windows import Step, persons_in
from som_sim.ledger.quantities import edges_of
from som_sim.ledger.sums import Asked, Sum, entries_to, moves_along, moves_of, time_in, value_of
from som_sim.model.states import cells_where
from som_sim.outcomes.measure import stay_edges
from som_sim.scenario.measures import Measured
from som_sim.scenario.schema import ScenarioFile
from som_sim.scenario.values import Value

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurePlan:
    """How an indicator is found in every draw.

    Attributes
    ----------
    where, day, over_days
        For persons at a date or in a window: the cells, its first day, its length.
    top, bottom
        Otherwise the numbers of two sums: the indicator is the first, or the first over the second.
    divide_by
        What the first is divided with besides.
    """

    where: Mask | None = None
    day: dt.date | None = None
    over_days: float = 0.0
    top: int = 0
    bottom: int | None = None
    divide_by: float = 1.0


def cycles_within(calendar: Calendar, start: dt.date, end: dt.date) -> Mask:
    """Tell which cycles lie in a window: (cycle,), bool."""
    return np.array([start <= day < end for day in calendar.boundaries[:-1]])


def plan_measure(
    spec: ScenarioFile, trajectory: Trajectory, measured: Measured, asked: Asked
) -> MeasurePlan:
    """Return how an indicator is found, and ask for the sums that takes."""
    indicator, model = measured.indicator, trajectory.model
    if indicator.persons_in is not None:
        assert measured.at is not None
        where = cells_where(spec, model.axes, indicator.persons_in)
        over = measured.over.days if measured.over else 0.0
        return MeasurePlan(where=where, day=measured.at.start, over_days=over)
    assert measured.during is not None
    start, end = measured.during.from_.start, measured.during.to.end
    days = float((end - start).days)
    if indicator.distinct_persons_in is not None:
        where = cells_where(spec, model.axes, indicator.distinct_persons_in)
        return MeasurePlan(where=where, day=start, over_days=days)
    cycles = cycles_within(model.calendar, start, end)
    shares: tuple[Mask, Mask] | None = None
    if indicator.share_of_moves is not None:
        shares = edges_of(spec, trajectory, indicator.share_of_moves)
    elif indicator.share_of_stays is not None:
        shares = stay_edges(spec, model, indicator.share_of_stays)
    if shares is not None:
        top, bottom = (asked.add(moves_along(edges, cycles)) for edges in shares)
        return MeasurePlan(top=top, bottom=bottom)
    if indicator.moves is not None:
        return MeasurePlan(top=asked.add(moves_of(spec, trajectory, indicator.moves, cycles)))
    assert indicator.where is not None
    where = cells_where(spec, model.axes, indicator.where)
    if indicator.entries_to is not None:
        return MeasurePlan(top=asked.add(entries_to(model, where, cycles)))
    top = asked.add(time_in(model, where, "person_day", cycles))
    return MeasurePlan(top=top, divide_by=1.0 if indicator.person_days_in is not None else days)


def boundaries_read(plan: MeasurePlan, calendar: Calendar) -> tuple[set[int], set[int]]:
    """Return the boundaries and the enrolments that a count of persons needs."""
    if plan.day is None:
        return set(), set()
    if plan.day == calendar.end:
        return {calendar.n_cycles}, set()
    first = calendar.cycle_of(plan.day)
    end = plan.day + dt.timedelta(days=plan.over_days)
    later = {
        cycle for cycle in range(first + 1, calendar.n_cycles) if calendar.boundaries[cycle] < end
    }
    return {first, *later}, later


def measure_draws(
    plan: MeasurePlan, name: str, sums: list[Sum], trajectory: Trajectory, step: Step
) -> Floats:
    """Return an indicator in every draw: (draw,).

    Parameters
    ----------
    name
        Of what is measured, for messages.
    step
        Moves persons through part of a cycle.

    Raises
    ------
    SomSimError
        When a share is asked for and nobody moves in some draw.
    """
    if plan.where is not None:
        assert plan.day is not None
        return persons_in(trajectory, plan.where, plan.day, plan.over_days, step)

    def whole(number: int) -> Floats:
        by_group = value_of(number, sums[number], trajectory)
        total = np.zeros(by_group.shape[1])
        for one in by_group:
            total = total + one
        return total

    top = whole(plan.top) / plan.divide_by
    if plan.bottom is None:
        return top
    bottom = whole(plan.bottom)
    if not bottom.all():
        raise SomSimError(
            f"targets.{name}: nobody moves in some draw, so a share of these moves means nothing"
        )
    return top / bottom


def value_sum(spec: ScenarioFile, trajectory: Trajectory, value: Value) -> Sum:
    """Return the sum that is the quantity of a value."""
    model = trajectory.model
    cycles = np.ones(model.calendar.n_cycles, dtype=bool)
    if value.moves is not None:
        return moves_of(spec, trajectory, value.moves, cycles)
    assert value.in_ is not None
    where = cells_where(spec, model.axes, value.in_)
    if value.per == "entry":
        return entries_to(model, where, cycles)
    return time_in(model, where, value.per, cycles)
