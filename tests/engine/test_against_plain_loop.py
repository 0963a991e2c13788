"""The cohort engine on random whole scenarios against the plain loop over labels."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plain_loop import PlainModel, PlainRun
from random_scenarios import Data, conditions, model_of, scenario_of, scenarios
from som_sim.engine.cohort import run_cohort
from som_sim.engine.trajectory import Trajectory
from som_sim.engine.windows import persons_in
from som_sim.model.model import AGEING, PROGRAMME_MOVE
from som_sim.model.states import cells_where
from som_sim.scenario.schema import Indicator

SAME = 1e-11
"""Relative to everybody in the run: expm of the plain loop loses a digit or two at stays of hours,
and a year of them is many steps."""
OTHER_MOVES = {PROGRAMME_MOVE: "programme", AGEING: "stratum"}
FEW, MANY = 25, 100
"""Whole scenarios: some in every run of the tests, many where time is given for it."""


def both(data: Data, strategy: str) -> tuple[Trajectory, PlainRun, float]:
    """Return the two runs, and everybody there was or came."""
    plain = PlainModel(data, strategy).run()
    everybody = sum(plain.occupancy[-1].values())
    return run_cohort(model_of(data, strategy)), plain, max(everybody, 1.0)


def assert_same(actual: object, expected: object, scale: float) -> None:
    np.testing.assert_allclose(actual, expected, rtol=0, atol=SAME * scale)


def assert_same_people(trajectory: Trajectory, plain: PlainRun, persons: float) -> None:
    axes, n_cycles = trajectory.model.axes, trajectory.model.calendar.n_cycles
    occupancy = np.moveaxis(trajectory.occupancy[0, 0], 2, 0).reshape(n_cycles + 1, axes.n_cells)
    assert_same(
        occupancy, [[one[cell] for cell in plain.cells] for one in plain.occupancy], persons
    )
    left = [[one[way] for way in plain.leave] for one in plain.occupancy]
    assert_same(trajectory.left[0, 0].T, np.reshape(left, (n_cycles + 1, -1)), persons)
    days = np.moveaxis(trajectory.person_days[0, 0], 2, 0).reshape(n_cycles, axes.n_cells)
    expected = [[one[cell] for cell in plain.cells] for one in plain.person_days]
    assert_same(days, expected, persons * max(trajectory.model.calendar.days))


def assert_same_moves(trajectory: Trajectory, plain: PlainRun, persons: float) -> None:
    axes, edges = trajectory.model.axes, trajectory.model.generator
    places: list[object] = [*plain.cells, *plain.leave]
    busiest = plain.busiest
    for cycle, expected in enumerate(plain.flows):
        found = dict.fromkeys(expected, 0.0)
        for source, target, domain, flow in zip(
            edges.source, edges.target, edges.domain, trajectory.flows[0, 0, cycle], strict=True
        ):
            name = OTHER_MOVES.get(domain) or axes.domains[domain]
            move = places[source], places[target], name
            found[move] = found.get(move, 0.0) + flow  # type: ignore[index, arg-type]
        assert found.keys() == expected.keys()
        wanted = list(expected.values())
        assert_same([found[move] for move in expected], wanted, persons * busiest)


def assert_same_enrolment(trajectory: Trajectory, plain: PlainRun, persons: float) -> None:
    for cycle in range(trajectory.model.calendar.n_cycles):
        for number, rule in enumerate(trajectory.model.programmes):
            enrolled = trajectory.enrolments[0, 0, cycle, number].ravel()
            expected = plain.enrolments[cycle]
            wanted = [expected.get((rule.name, cell), 0.0) for cell in plain.cells]
            assert_same(enrolled, wanted, persons)
            waiting = trajectory.waiting[0, 0, cycle, number]
            assert_same(waiting, plain.waiting[cycle][rule.name], persons)
            assert rule.places[cycle, 0] == plain.places[cycle][rule.name]


def check_run(data: Data) -> None:
    for strategy in data["strategies"]:
        trajectory, plain, persons = both(data, strategy)
        assert_same_people(trajectory, plain, persons)
        assert_same_moves(trajectory, plain, persons)
        assert_same_enrolment(trajectory, plain, persons)


def check_window(data: Data, more: st.DataObject) -> None:
    trajectory, plain, persons = both(data, "act")
    calendar = trajectory.model.calendar
    length = (calendar.end - calendar.start).days
    first = more.draw(st.integers(0, length - 1))
    over = more.draw(st.one_of(st.integers(0, length - first), st.just(0.5)))
    where = more.draw(conditions(data, (*data["domains"], "stratum", "homeless", "programme")))
    condition = Indicator.model_validate({"persons_in": where}).persons_in
    assert condition is not None
    cells = cells_where(scenario_of(data).strategies["act"], trajectory.model.axes, condition)
    day = calendar.start + dt.timedelta(days=first)
    expected = PlainModel(data, "act").count(plain, where, day, over)
    assert_same(persons_in(trajectory, cells, day, over), [expected], persons)


@settings(max_examples=FEW)
@given(scenarios(money=False))
def test_people_time_moves_and_enrolment(data: Data) -> None:
    check_run(data)


@settings(max_examples=FEW)
@given(scenarios(money=False), st.data())
def test_persons_counted_in_a_window(data: Data, more: st.DataObject) -> None:
    check_window(data, more)


@pytest.mark.slow
@settings(max_examples=MANY)
@given(scenarios(money=False, max_cycles=12), st.data())
def test_many_scenarios(data: Data, more: st.DataObject) -> None:
    check_run(data)
    check_window(data, more)
