"""Persons counted at a date or at some time in a window: a first passage."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import expm

from random_scenarios import Data, model_of, small, time
from som_sim.core.time import DAYS_PER_YEAR
from som_sim.engine.cohort import run_cohort
from som_sim.engine.trajectory import Trajectory
from som_sim.engine.windows import persons_in

EXACT = 1e-12
"""Relative: a window is a few steps, each good to float rounding."""
NEAR = 1e-10
"""Against expm of a matrix with arrivals in it, over a year."""
PEOPLE = {
    "initial": [
        {"stratum": "adult", "housing": "street", "persons": 26},
        {"stratum": "adult", "housing": "shelter", "persons": 60},
        {"stratum": "adult", "housing": "home", "persons": 30},
    ],
    "arrivals": [{"stratum": "adult", "housing": "street", "per_year": 60}],
}
DATA = small(
    time=time("2019-01", "2020-12"),
    domains={"housing": {"street": {"homeless": True}, "shelter": {"homeless": True}, "home": None}},
    population=PEOPLE,
    leave=["dead"],
    transitions=[
        {"from": {"housing": "street"}, "to": "shelter", "rate_per_year": 20},
        {"from": {"housing": "shelter"}, "stay": {"mean": "61 days"},
         "to": {"home": Decimal("0.43"), "street": Decimal("0.57")}},
        {"from": {"housing": "home"}, "to": "street", "rate_per_year": Decimal("0.5")},
        {"from": {"housing": ["street", "shelter", "home"]}, "to": "dead", "rate_per_year": 1},
    ],
)  # fmt: skip
STATES = ("street", "shelter", "home")


def run(data: Data) -> Trajectory:
    return run_cohort(model_of(data))


@cache
def steady() -> Trajectory:
    return run(DATA)


def cells(trajectory: Trajectory, *names: str, status: int | None = None) -> np.ndarray:
    found = np.zeros(trajectory.model.axes.cell_shape, dtype=bool)
    state = np.isin(trajectory.model.axes.states[0], names)
    found[:, slice(None) if status is None else [status]] = state
    return found


def count(trajectory: Trajectory, day: str, over: float, *names: str) -> float:
    where = cells(trajectory, *names)
    return float(persons_in(trajectory, where, dt.date.fromisoformat(day), over)[0])


@pytest.mark.parametrize("name", STATES)
def test_over_nothing_is_the_occupancy(name: str) -> None:
    boundaries = steady().model.calendar.boundaries
    found = [count(steady(), day.isoformat(), 0, name) for day in boundaries]
    expected = steady().occupancy[0, 0, 0, 0, :, STATES.index(name)]
    np.testing.assert_allclose(found, expected, rtol=EXACT)


def test_within_a_cycle_it_is_the_way_to_the_next_boundary() -> None:
    in_one_step = run({**DATA, "time": time("2019-01", "2019-01")})
    day = dt.date(2019, 1, 15)
    q = np.array([[-21, 20, 0, 1], [0, 0, 0, 1], [0.5, 0, -1.5, 1], [0, 0, 0, 0]])
    q[1, :3] = np.array([0.57, -1, 0.43]) * DAYS_PER_YEAR / 61 - [0, 1, 0]
    full = np.zeros((5, 5))  # arrivals as a state that everybody comes from and nobody leaves
    full[:4, :4], full[4, 0] = q, 60
    expected = np.array([26, 60, 30, 0, 1]) @ expm(full * 14 / DAYS_PER_YEAR)
    for position, name in enumerate(STATES):
        found = persons_in(in_one_step, cells(in_one_step, name), day)[0]
        assert found == pytest.approx(expected[position], rel=NEAR)


@pytest.mark.parametrize(("day", "over"), [("2019-01-01", 7), ("2019-01-01", 31),
                                            ("2019-01-29", 7), ("2019-01-10", 365),
                                            ("2020-06-17", 198), ("2019-03-31", 0.5)])  # fmt: skip
@pytest.mark.parametrize("names", [("street", "shelter"), ("home",), ("shelter",)])
def test_a_window_against_expm_of_the_absorbing_chain(
    day: str, over: float, names: tuple[str, ...]
) -> None:
    present = [count(steady(), day, 0, name) for name in STATES]
    rates = np.zeros((5, 5))
    rates[0, 1], rates[1, 0], rates[1, 2] = 20, 0.57 * DAYS_PER_YEAR / 61, 0.43 * DAYS_PER_YEAR / 61
    rates[2, 0], rates[:3, 3] = 0.5, 1
    for name in names:
        rates[STATES.index(name)] = 0
    q = rates - np.diag(rates.sum(axis=1))
    q[4, 0] = 60  # arrivals
    end = np.array([*present, 0, 1]) @ expm(q * over / DAYS_PER_YEAR)
    expected = sum(end[STATES.index(name)] for name in names)
    assert count(steady(), day, over, *names) == pytest.approx(expected, rel=NEAR)


@given(
    st.integers(0, 700), st.lists(st.integers(0, 60), min_size=2, max_size=4),
    st.sampled_from([("street",), ("street", "shelter"), ("home", "street")]),
)  # fmt: skip
def test_a_longer_window_counts_more_but_nobody_twice(
    first: int, lengths: list[int], names: tuple[str, ...]
) -> None:
    start = steady().model.calendar.start + dt.timedelta(days=first)
    left = (steady().model.calendar.end - start).days
    overs = sorted(min(length, left) for length in lengths)
    counted = [count(steady(), start.isoformat(), over, *names) for over in overs]
    assert all(a <= b * (1 + EXACT) for a, b in pairwise(counted))
    everybody = count(steady(), start.isoformat(), 0, *STATES)
    came = 60 * np.array(overs) / DAYS_PER_YEAR
    assert all(c <= (everybody + a) * (1 + EXACT) for c, a in zip(counted, came, strict=True))
    assert counted[0] >= count(steady(), start.isoformat(), 0, *names) * (1 - EXACT)


def test_everywhere_counts_everybody_who_was_there_or_came() -> None:
    present = count(steady(), "2019-05-20", 0, *STATES)
    expected = present + 60 * 100 / DAYS_PER_YEAR
    assert count(steady(), "2019-05-20", 100, *STATES) == pytest.approx(expected, rel=EXACT)


def test_nowhere_counts_nobody() -> None:
    assert count(steady(), "2019-05-20", 100) == 0


@pytest.mark.parametrize("cycle", ["month", "year"])
def test_distinct_persons_in_a_year_in_closed_form(cycle: str) -> None:
    """At home at the start, in a shelter some time in the year, with arrivals into both."""
    arrivals = [
        {"stratum": "adult", "housing": "shelter", "per_year": 40},
        {"stratum": "adult", "housing": "home", "per_year": 10},
    ]
    initial = [
        {"stratum": "adult", "housing": "shelter", "persons": 34},
        {"stratum": "adult", "housing": "home", "persons": 120},
    ]
    data = small(
        time=time("2019-01", "2019-12", cycle),
        population={"initial": initial, "arrivals": arrivals},
    )
    trajectory = run(data)
    years, rate = 365 / DAYS_PER_YEAR, 0.5
    from_home = 120 * -np.expm1(-rate * years)
    came_home = 10 * (years + np.expm1(-rate * years) / rate)
    expected = 34 + 40 * years + from_home + came_home
    assert count(trajectory, "2019-01-01", 365, "shelter") == pytest.approx(expected, rel=EXACT)
    stays = 34 + trajectory.flows[0, 0].sum(axis=0)[trajectory.model.generator.target == 0].sum()
    assert expected < stays + 40 * years, "203 stays of 157 persons: stays are more than persons"


FOR_EVER = "1000000000000000 years"


def with_act(**rules: object) -> Data:
    act = {"eligible": {"housing": "home"}, "places": {"2019-02": 12},
           "intake": {"share_of_waiting": 1}, "stay": {"mean": FOR_EVER}, **rules}  # fmt: skip
    data = small(
        population={"initial": [{"stratum": "adult", "housing": "home", "persons": 30}]},
        transitions=[{"from": {"housing": "home"}, "to": "shelter", "rate_per_year": 2}],
        programmes={"act": act},
        strategies={"reference": {"programmes": "act"}},
    )
    return data


def test_enrolment_at_a_boundary_within_the_window_changes_the_rates() -> None:
    """From 1 February 12 of those still at home cannot lose it; the window is 25 Jan to 8 Feb."""
    stopped = [{"from": {"housing": "home"}, "to": "shelter", "hazard_ratio": 0}]
    trajectory = run(with_act(effects=stopped))
    at_home = 30 * np.exp(-2 * np.array([24, 31]) / DAYS_PER_YEAR)
    later = at_home[1] - 12
    lost = at_home[0] - at_home[1] + later * -np.expm1(-2 * 7 / DAYS_PER_YEAR)
    day = dt.date(2019, 1, 25)
    in_shelter = persons_in(trajectory, cells(trajectory, "shelter"), day)[0]
    counted = persons_in(trajectory, cells(trajectory, "shelter"), day, 14)[0]
    assert counted - in_shelter == pytest.approx(lost, rel=1e-11)  # a small difference of two


def test_enrolment_at_a_boundary_within_the_window_is_counted() -> None:
    trajectory = run(with_act())
    in_act = cells(trajectory, "home", "shelter", status=1)
    day = dt.date(2019, 1, 25)
    assert persons_in(trajectory, in_act, day, 7)[0] == 0
    assert persons_in(trajectory, in_act, day, 7.001)[0] == pytest.approx(12, rel=EXACT)
    assert persons_in(trajectory, in_act, dt.date(2019, 2, 1))[0] == pytest.approx(12, rel=EXACT)


def test_those_who_left_the_cells_by_enrolment_are_counted_once() -> None:
    trajectory = run(with_act())
    not_in_act = cells(trajectory, "home", "shelter", status=0)
    counted = persons_in(trajectory, not_in_act, dt.date(2019, 1, 25), 14)[0]
    assert counted == pytest.approx(30, rel=EXACT)


def test_two_programmes_that_enrol_at_the_same_boundary_in_turn() -> None:
    """Those not in a shelter yet are enrolled first in act, then from act in icm, one half each."""
    data = with_act(intake={"share_of_waiting": Decimal("0.5")}, places={"2019-02": 99})
    icm = {**data["programmes"]["act"], "eligible": {"programme": "act"}}
    stopped = [{"from": {"housing": "home"}, "to": "shelter", "hazard_ratio": 0}]
    programmes = {"act": data["programmes"]["act"], "icm": {**icm, "effects": stopped}}
    course = {"reference": {"programmes": ["act", "icm"]}}
    trajectory = run({**data, "programmes": programmes, "strategies": course})
    at_home = 30 * np.exp(-2 * np.array([24, 31]) / DAYS_PER_YEAR)
    lost = at_home[0] - at_home[1] + 0.75 * at_home[1] * -np.expm1(-2 * 7 / DAYS_PER_YEAR)
    day = dt.date(2019, 1, 25)
    # Before February nobody is in a programme, so the shelter holds those who lost a home so far.
    in_shelter = 30 - at_home[0]
    counted = persons_in(trajectory, cells(trajectory, "shelter"), day, 14)[0]
    assert counted == pytest.approx(in_shelter + lost, rel=EXACT)


def test_a_window_beyond_the_run_is_refused() -> None:
    with pytest.raises(ValueError, match="the window closes after the run ends"):
        count(steady(), "2020-12-28", 7, "street")
    with pytest.raises(ValueError, match="is outside"):
        count(steady(), "2018-12-31", 0, "street")
    assert count(steady(), "2020-12-25", 7, "street") > 0
