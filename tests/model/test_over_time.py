"""Rates, arrivals and ages that change over time, against sums and products worked out by hand."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import som_sim as som
from random_scenarios import Data, as_text, model_of, result_of, small, time
from som_sim.core.time import DAYS_PER_YEAR
from som_sim.engine.cohort import run_cohort
from som_sim.engine.trajectory import Trajectory
from som_sim.ledger.quantities import entries
from som_sim.model.build import build_model
from som_sim.model.model import AGEING

EXACT = 1e-12
"""Relative: each cycle's series is good to float rounding, and a run is a few dozen cycles."""
OUT = {"from": {"housing": "shelter"}, "to": "home"}
BACK = {"from": {"housing": "home"}, "to": "shelter", "rate_per_year": Decimal("0.5")}
SHELTER = {"stratum": "adult", "housing": "shelter"}
SEASON = [2, Decimal("1.5"), 1, Decimal("0.5"), 0, Decimal("0.25"), 1, 1, Decimal("0.75"), 1, 1, 2]


def run(data: Data, strategy: str = "reference") -> Trajectory:
    return run_cohort(model_of(data, strategy))


def years(trajectory: Trajectory) -> np.ndarray:
    """Return the length of each cycle."""
    return np.array(trajectory.model.calendar.days) / DAYS_PER_YEAR


def persons(trajectory: Trajectory, state: int) -> np.ndarray:
    return trajectory.occupancy[0, 0].sum(axis=(0, 1))[:, state]


def rates(data: Data, strategy: str = "reference") -> np.ndarray:
    """Return the rate of the first edge in each cycle."""
    model = model_of(data, strategy)
    return np.array([model.generator_in(c).rate[0, 0] for c in range(model.calendar.n_cycles)])


# Rates that step --------------------------------------------------------------------------------


def test_stepping_rates_are_a_product_of_exponentials() -> None:
    schedule = {
        "2018-05": 4,
        "2019-04": "pace",
        "2019-10": 0,
        "2020-02": {"value": 3},
        "2099-01": 9,
    }
    data = small(
        time=time("2019-01", "2020-12"),
        parameters={"pace": {"value": Decimal("0.6")}},
        transitions=[{**OUT, "rate_per_year": schedule}],
    )
    trajectory = run(data)
    rate = np.array([4.0] * 3 + [0.6] * 6 + [0.0] * 4 + [3.0] * 11)
    expected = 60 * np.exp(-np.concatenate([[0], np.cumsum(rate * years(trajectory))]))
    np.testing.assert_allclose(persons(trajectory, 0), expected, rtol=EXACT)
    moved = -np.diff(expected)
    np.testing.assert_allclose(trajectory.flows[0, 0, :, 0], moved, rtol=EXACT, atol=EXACT)
    days = np.divide(moved, rate, out=expected[:-1] * years(trajectory), where=rate > 0)
    spent = trajectory.person_days[0, 0].sum(axis=(0, 1))[:, 0] / DAYS_PER_YEAR
    np.testing.assert_allclose(spent, days, rtol=EXACT)


@pytest.mark.parametrize(("cycle", "cycles"), [("month", 24), ("quarter", 8), ("year", 2)])
def test_a_step_holds_from_its_month_whatever_the_cycle(cycle: str, cycles: int) -> None:
    data = small(
        time=time("2019-01", "2020-12", cycle),
        transitions=[{**OUT, "rate_per_year": {"2019-01": 1, "2020-01": 3}}],
    )
    assert rates(data).tolist() == [1] * (cycles // 2) + [3] * (cycles // 2)
    found = persons(run(data), 0)[-1]
    assert found == pytest.approx(60 * math.exp(-(365 + 3 * 366) / DAYS_PER_YEAR), rel=EXACT)


def test_arrivals_step_with_the_calendar() -> None:
    arrivals = [{**SHELTER, "per_year": {"2018-01": 12, "2019-07": 36}}]
    data = small(
        population={"initial": [{**SHELTER, "persons": 5}], "arrivals": arrivals}, transitions=[]
    )
    trajectory = run(data)
    came = years(trajectory) * ([12] * 6 + [36] * 6)
    expected = 5 + np.concatenate([[0], np.cumsum(came)])
    np.testing.assert_allclose(persons(trajectory, 0), expected, rtol=EXACT)
    assert expected[-1] == pytest.approx(5 + (12 * 181 + 36 * 184) / DAYS_PER_YEAR, rel=EXACT)
    np.testing.assert_allclose(trajectory.model.arrived()[:, 0, 0], came, rtol=EXACT)


# Seasons ----------------------------------------------------------------------------------------


def test_seasonal_arrivals_add_to_days_times_season() -> None:
    arrivals = [
        {**SHELTER, "per_year": {"2019-01": 24, "2020-06": 48}, "season": SEASON},
        {**SHELTER, "per_year": 6},
    ]
    data = small(
        time=time("2019-01", "2021-12"),
        population={"initial": [{**SHELTER, "persons": 0}], "arrivals": arrivals},
        transitions=[],
    )
    trajectory = run(data)
    total = 0.0
    for first, end in pairwise(trajectory.model.calendar.boundaries):
        per_year = 48 if first >= dt.date(2020, 6, 1) else 24
        one = per_year * float(SEASON[first.month - 1]) + 6
        total += one * (end - first).days / DAYS_PER_YEAR
    assert persons(trajectory, 0)[-1] == pytest.approx(total, rel=EXACT)


@pytest.mark.parametrize(
    ("form", "rate"),
    [
        ({"rate_per_year": 3}, 3.0),
        ({"stay": {"mean": "6 months"}}, 2.0),
        ({"probability": Decimal("0.5"), "within": "1 year"}, math.log(2)),
        ({"rate_per_year": {"2019-01": 3, "2019-03": 1}}, 3.0),
    ],
)
def test_a_season_multiplies_every_form_of_a_row(form: Data, rate: float) -> None:
    data = small(time=time("2019-01", "2020-12"), transitions=[{**OUT, **form, "season": SEASON}])
    expected = rate * np.array([float(one) for one in SEASON] * 2)
    if isinstance(form.get("rate_per_year"), dict):
        expected[2:] /= 3
    np.testing.assert_allclose(rates(data), expected, rtol=EXACT)
    trajectory = run(data)
    left = 60 * math.exp(-float(expected @ years(trajectory)))
    assert persons(trajectory, 0)[-1] == pytest.approx(left, rel=EXACT)


def test_a_season_begins_with_january_wherever_the_run_begins() -> None:
    data = small(
        time=time("2019-11", "2020-04"), transitions=[{**OUT, "rate_per_year": 2, "season": SEASON}]
    )
    assert rates(data).tolist() == [2, 4, 4, 3, 2, 1]


# Regimes ----------------------------------------------------------------------------------------


ACT: Data = {
    "eligible": {},
    "places": {"2019-03": 5},
    "intake": {"share_of_waiting": 1},
    "stay": {"mean": "1 year"},
    "ramp_up": "12 months",
    "effects": [{"from": {"housing": "shelter"}, "to": "home", "hazard_ratio": 2}],
}
BOTH = {"reference": {}, "act": {"programmes": ["act"]}}


@pytest.mark.parametrize(
    ("row", "strategy", "regimes"),
    [
        ({"rate_per_year": 3}, "reference", 1),
        ({"rate_per_year": {"2019-01": 3}}, "reference", 1),
        ({"rate_per_year": {"2017-01": 1, "2018-01": 3, "2031-01": 9}}, "reference", 1),
        ({"rate_per_year": {"2019-01": 3, "2019-07": 1, "2020-02": 3}}, "reference", 3),
        ({"rate_per_year": 3, "season": SEASON}, "reference", 12),
        ({"rate_per_year": {"2019-01": 3, "2020-07": 1}, "season": SEASON}, "reference", 24),
        ({"rate_per_year": 3}, "act", 14),  # before the ramp, 12 months and a day of it, after it
    ],
)
def test_rates_are_held_once_for_cycles_that_share_them(
    row: Data, strategy: str, regimes: int
) -> None:
    data = small(
        time=time("2019-01", "2021-12"),
        transitions=[{**OUT, **row}, BACK],
        programmes={"act": ACT},
        strategies=BOTH,
    )
    model = model_of(data, strategy)
    assert len(model.rates) == len(model.arrivals_per_year) == regimes
    assert set(model.regime) == set(range(regimes))
    assert len(model.regime) == model.calendar.n_cycles == 36


def test_only_the_calendar_months_of_a_run_are_regimes() -> None:
    data = small(
        time=time("2019-11", "2020-04"), transitions=[{**OUT, "rate_per_year": 2, "season": SEASON}]
    )
    assert len(model_of(data).rates) == 6


# What changes nothing ---------------------------------------------------------------------------


def assert_same(one: Trajectory, two: Trajectory) -> None:
    for name in ("occupancy", "person_days", "flows", "enrolments", "waiting", "left"):
        np.testing.assert_allclose(getattr(one, name), getattr(two, name), rtol=EXACT, atol=EXACT)


def two_ways(plain: Any, stepping: Any) -> tuple[Data, Data]:
    """Return a scenario whose rate, arrivals and places are plain, and the same that step."""

    def one(number: Any) -> Data:
        steps = number if isinstance(number, dict) else {}
        arrivals = [{**SHELTER, "per_year": number}]
        rule = {**ACT, "places": number, "intake": {"persons_per_month": number}}
        rule = {key: value for key, value in rule.items() if key != "ramp_up"}
        posts = {**rule, "places": {"posts": steps or number, "caseload": 1}}
        return small(
            time=time("2019-01", "2020-12"),
            population={"initial": [{**SHELTER, "persons": 60}], "arrivals": arrivals},
            transitions=[{**OUT, "rate_per_year": number}, BACK],
            programmes={"act": rule, "icm": posts},
            strategies={"reference": {"programmes": ["act", "icm"]}},
        )

    return one(plain), one(stepping)


def test_steps_to_the_same_number_are_no_steps() -> None:
    plain, stepping = two_ways(3, {"2018-07": 3, "2019-02": 3, "2019-08": 3, "2020-12": 3})
    assert len(model_of(stepping).rates) == 4
    assert_same(run(plain), run(stepping))


@pytest.mark.parametrize(
    "form",
    [
        {"rate_per_year": 3},
        {"stay": {"mean": "61 days"}},
        {"probability": Decimal("0.4"), "within": "1 year"},
        {"rate_per_year": {"2019-01": 3, "2019-06": 1}},
    ],
)
def test_a_season_of_ones_is_none(form: Data) -> None:
    def one(**season: Any) -> Data:
        arrivals = [{**SHELTER, "per_year": 30, **season}]
        return small(
            population={"initial": [{**SHELTER, "persons": 60}], "arrivals": arrivals},
            transitions=[{**OUT, **form, **season}, BACK],
        )

    assert_same(run(one()), run(one(season=[1] * 12)))


def test_quarters_that_step_are_months_that_step() -> None:
    def one(cycle: str) -> Data:
        return small(
            time=time("2019-01", "2020-12", cycle),
            population={
                "initial": [{**SHELTER, "persons": 60}],
                "arrivals": [{**SHELTER, "per_year": {"2019-01": 30, "2019-10": 6}}],
            },
            transitions=[{**OUT, "rate_per_year": {"2019-01": 3, "2020-04": 1}}, BACK],
        )

    months, quarters = run(one("month")), run(one("quarter"))
    for state in (0, 1):
        np.testing.assert_allclose(
            persons(quarters, state), persons(months, state)[::3], rtol=EXACT, atol=EXACT
        )


# Strategies -------------------------------------------------------------------------------------


def test_a_strategy_overrides_a_schedule_or_a_step_of_it() -> None:
    schedule = {"2019-01": 3, "2019-07": 1}
    overrides = {
        "reference": {},
        "whole": {"transitions[0].rate_per_year": {"2019-01": 5, "2019-03": 4, "2019-05": 2}},
        "number": {"transitions[0].rate_per_year": 7},
        "step": {"transitions[0].rate_per_year.2019-07": 2},
        "later": {"transitions[0].rate_per_year.2019-12": 9},
    }
    data = small(
        transitions=[{**OUT, "rate_per_year": schedule}],
        strategies={name: {"overrides": one} if one else {} for name, one in overrides.items()},
    )
    found = {name: rates(data, name).tolist() for name in overrides}
    assert found == {
        "reference": [3] * 6 + [1] * 6,
        "whole": [5] * 2 + [4] * 2 + [2] * 8,
        "number": [7] * 12,
        "step": [3] * 6 + [2] * 6,
        "later": [3] * 6 + [1] * 5 + [9],
    }


def test_a_strategy_makes_a_number_step_and_changes_a_season() -> None:
    arrivals = [{**SHELTER, "per_year": 12, "season": SEASON}]
    path = "population.arrivals[0]"
    data = small(
        population={"initial": [{**SHELTER, "persons": 1}], "arrivals": arrivals},
        strategies={
            "reference": {},
            "step": {"overrides": {f"{path}.per_year": {"2019-01": 12, "2019-07": 24}}},
            "even": {"overrides": {f"{path}.season": [1] * 12}},
            "first": {"overrides": {f"{path}.season[0]": 4}},
        },
    )
    season = np.array([float(one) for one in SEASON])
    for name, expected in (
        ("reference", 12 * season),
        ("step", season * ([12] * 6 + [24] * 6)),
        ("even", 12 * np.ones(12)),
        ("first", 12 * np.array([4, *season[1:]])),
    ):
        model = model_of(data, name)
        found = [model.arrivals_in(cycle)[0, 0] for cycle in range(12)]
        np.testing.assert_allclose(found, expected, rtol=EXACT)


def test_a_step_can_be_set_at_the_command_line() -> None:
    data = small(transitions=[{**OUT, "rate_per_year": {"2019-01": 3, "2019-07": 1}}])
    path = "transitions[0].rate_per_year"
    for overrides, expected in (
        ({f"{path}.2019-07": "2"}, [3, 2]),
        ({path: "{2019-01: 6, 2019-07: 5}"}, [6, 5]),
        ({path: "4"}, [4, 4]),
    ):
        scenario = som.loads(as_text(data), overrides=overrides)
        model = build_model(scenario.strategies["reference"], "reference")
        found = [model.generator_in(cycle).rate[0, 0] for cycle in (0, 11)]
        assert found == expected


# Ageing -----------------------------------------------------------------------------------------


def ageing(**sections: Any) -> Data:
    """Return young and adult people who stay where they are, the young for 4 years on average."""
    data = small(
        time=time("2019-01", "2022-12"),
        strata={"young": {"ages": {"to": "adult", "after": "4 years"}}, "adult": None},
        population={
            "initial": [
                {"stratum": "young", "housing": "shelter", "persons": 60},
                {"stratum": "young", "housing": "home", "persons": 20},
                {"stratum": "adult", "housing": "shelter", "persons": 7},
            ],
            "arrivals": [{"stratum": "young", "housing": "shelter", "per_year": 12}],
        },
        transitions=[],
    )
    return {**data, **sections}


def test_ageing_is_a_move_between_two_states() -> None:
    trajectory = run(ageing())
    t = np.concatenate([[0], np.cumsum(years(trajectory))])
    aged = np.exp(-t / 4)
    young_home, young_shelter = 20 * aged, 48 + (60 - 48) * aged  # 12 a year come, 1 of 4 ages
    occupancy = trajectory.occupancy[0, 0].sum(axis=1)
    np.testing.assert_allclose(occupancy[0, :, 0], young_shelter, rtol=EXACT)
    np.testing.assert_allclose(occupancy[0, :, 1], young_home, rtol=EXACT)
    np.testing.assert_allclose(occupancy[1, :, 0], 67 + 12 * t - young_shelter, rtol=EXACT)
    np.testing.assert_allclose(occupancy[1, :, 1], 20 - young_home, rtol=EXACT, atol=EXACT)


def test_a_birthday_at_the_shelter_is_no_entry_to_it() -> None:
    trajectory = run(ageing(population={"initial": ageing()["population"]["initial"]}))
    adults_at_shelter = np.zeros(trajectory.model.axes.cell_shape, dtype=bool)
    adults_at_shelter[1, :, 0] = True
    assert persons(trajectory, 0)[-1] == pytest.approx(67)
    assert entries(trajectory, adults_at_shelter).sum() == 0


def test_ageing_takes_people_along_in_state_and_programme() -> None:
    act = {**ACT, "places": 10, "eligible": {"stratum": "young"}}
    act = {key: value for key, value in act.items() if key not in ("ramp_up", "effects")}
    model = model_of(ageing(programmes={"act": act}, strategies=BOTH), "act")
    axes, edges = model.axes, model.generator
    older = edges.domain == AGEING
    source = np.unravel_index(edges.source[older], axes.cell_shape)
    target = np.unravel_index(edges.target[older], axes.cell_shape)
    assert (source[0] == 0).all()
    assert (target[0] == 1).all()
    assert all(np.array_equal(source[axis], target[axis]) for axis in (1, 2))
    assert older.sum() == 2 * 2
    np.testing.assert_allclose(edges.rate[older], 0.25, rtol=EXACT)


def test_rates_follow_the_age_people_have_reached() -> None:
    """Only adults move home: who does has aged first, a sum of two exponential times."""
    data = ageing(
        population={"initial": [{"stratum": "young", "housing": "shelter", "persons": 60}]},
        transitions=[{**OUT, "rate_per_year": 2, "stratum": "adult"}],
    )
    trajectory = run(data)
    t = np.concatenate([[0], np.cumsum(years(trajectory))])
    home = 60 * (1 - (2 * np.exp(-t / 4) - np.exp(-2 * t) / 4) / (2 - 1 / 4))
    np.testing.assert_allclose(persons(trajectory, 1), home, rtol=1e-11, atol=EXACT)


def test_three_ages_one_after_the_other_are_an_erlang_time() -> None:
    strata = {
        "young": {"ages": {"to": "adult", "after": "group"}},
        "adult": {"ages": {"to": "old", "after": "2 years"}},
        "old": None,
    }
    data = ageing(
        strata=strata,
        parameters={"group": {"value": "24 months"}},
        population={"initial": [{"stratum": "young", "housing": "shelter", "persons": 60}]},
    )
    trajectory = run(data)
    t = np.concatenate([[0], np.cumsum(years(trajectory))]) / 2
    young, adult, old = trajectory.occupancy[0, 0].sum(axis=(1, 3))
    np.testing.assert_allclose(young, 60 * np.exp(-t), rtol=EXACT)
    np.testing.assert_allclose(adult, 60 * t * np.exp(-t), rtol=EXACT, atol=EXACT)
    np.testing.assert_allclose(young + adult + old, 60, rtol=EXACT)


def test_the_table_of_flows_explains_every_change_of_age() -> None:
    result = result_of(ageing(transitions=[{**OUT, "rate_per_year": 2}, BACK]))
    assert result.ok
    flows, occupancy = result.flows, result.occupancy
    assert flows["persons"].dtype == float
    assert set(flows["domain"]) == {"housing", "stratum"}
    older = flows[flows["domain"] == "stratum"]
    assert set(zip(older["from"], older["to"], strict=True)) == {("young", "adult")}
    came = flows[flows["from"] == "arrival"].groupby("start")["persons"].sum()
    present = occupancy.groupby(["date", "stratum"])["persons"].sum().unstack()
    moved = older.groupby("start")["persons"].sum()
    young, adult = (np.diff(present[name]) for name in ("young", "adult"))
    np.testing.assert_allclose(young, came.to_numpy() - moved.to_numpy(), rtol=1e-9)
    np.testing.assert_allclose(adult, moved, rtol=1e-9)


def test_nobody_is_lost_or_made_by_ageing() -> None:
    data = ageing(
        leave=["dead"],
        transitions=[
            {**OUT, "rate_per_year": 2, "season": SEASON},
            BACK,
            {
                "from": {"housing": "home"},
                "to": "dead",
                "rate_per_year": {"2019-01": 1, "2020-01": 2},
            },
        ],
    )
    result = result_of(data)
    assert result.ok
    trajectory = result.runs["reference"].trajectory
    t = np.concatenate([[0], np.cumsum(years(trajectory))])
    everybody = trajectory.occupancy[0, 0].sum(axis=(0, 1, 3)) + trajectory.left[0, 0].sum(axis=0)
    np.testing.assert_allclose(everybody, 87 + 12 * t, rtol=EXACT)
