"""The cohort engine against closed forms, and against itself under changes that change nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from random_scenarios import Data, model_of, scenario_of, small, time
from som_sim.core.time import DAYS_PER_YEAR
from som_sim.engine.cohort import run_cohort
from som_sim.engine.trajectory import Trajectory

EXACT = 1e-12
"""Relative: each cycle's series is good to float rounding, and a run is a few dozen cycles."""
OUT, BACK = 3.0, 0.5
FROM_SHELTER = {"from": {"housing": "shelter"}}
FROM_HOME = {"from": {"housing": "home"}}


def run(data: Data, strategy: str = "reference") -> Trajectory:
    return run_cohort(model_of(data, strategy))


def persons(state: str, number: Any = 60, **more: str) -> Data:
    return {"stratum": "adult", "housing": state, "persons": number, **more}


def in_states(trajectory: Trajectory) -> np.ndarray:
    """Return persons by (boundary, state), over strata and programmes."""
    return trajectory.occupancy[0, 0].sum(axis=(0, 1))


def days_in_states(trajectory: Trajectory) -> np.ndarray:
    return trajectory.person_days[0, 0].sum(axis=(0, 1))


def moved(trajectory: Trajectory, source: int, target: int) -> np.ndarray:
    """Return moves by cycle between two combined states, over strata and programmes."""
    axes, edges = trajectory.model.axes, trajectory.model.generator
    wanted = (edges.domain >= 0) & (edges.source % axes.n_states == source)
    wanted &= (edges.target < axes.n_cells) & (edges.target % axes.n_states == target)
    return trajectory.flows[0, 0][:, wanted].sum(axis=1)


class TwoStates:
    """Shelter and home with rates out and back, and arrivals into both, in closed form."""

    def __init__(self, n0: tuple[float, float], arrivals: tuple[float, float]) -> None:
        self.rate, self.everybody = OUT + BACK, sum(n0)
        self.coming = sum(arrivals)
        self.slope = BACK * self.coming / self.rate
        self.level = (BACK * self.everybody + arrivals[0] - self.slope) / self.rate
        self.away = n0[0] - self.level

    def persons(self, t: np.ndarray) -> np.ndarray:
        shelter = self.level + self.slope * t + self.away * np.exp(-self.rate * t)
        return np.stack([shelter, self.everybody + self.coming * t - shelter], axis=-1)

    def years(self, t: np.ndarray) -> np.ndarray:
        """Person-years since the start."""
        faded = -np.expm1(-self.rate * t) / self.rate
        shelter = self.level * t + self.slope * t**2 / 2 + self.away * faded
        return np.stack([shelter, self.everybody * t + self.coming * t**2 / 2 - shelter], axis=-1)


@pytest.mark.parametrize("cycle", ["month", "quarter", "year"])
@pytest.mark.parametrize("arrivals", [(0, 0), (30, 0), (0, 12), (7, 90)])
def test_two_states_in_closed_form(arrivals: tuple[int, int], cycle: str) -> None:
    data = small(
        time=time("2019-01", "2021-12", cycle),
        population={
            "initial": [persons("shelter"), persons("home", 20)],
            "arrivals": [
                {"stratum": "adult", "housing": state, "per_year": number}
                for state, number in zip(("shelter", "home"), arrivals, strict=True)
            ],
        },
    )
    trajectory = run(data)
    days = np.concatenate([[0], np.cumsum(trajectory.model.calendar.days)])
    expected = TwoStates((60, 20), arrivals)
    years = days / DAYS_PER_YEAR
    np.testing.assert_allclose(in_states(trajectory), expected.persons(years), rtol=EXACT)
    spent = np.diff(expected.years(years), axis=0)
    np.testing.assert_allclose(days_in_states(trajectory) / DAYS_PER_YEAR, spent, rtol=EXACT)
    np.testing.assert_allclose(moved(trajectory, 0, 1), OUT * spent[:, 0], rtol=EXACT)
    np.testing.assert_allclose(moved(trajectory, 1, 0), BACK * spent[:, 1], rtol=EXACT)


def test_leavers_in_closed_form() -> None:
    data = small(
        leave=["dead", "moved_away"],
        population={"initial": [persons("shelter")]},
        transitions=[
            {**FROM_SHELTER, "to": "dead", "rate_per_year": Decimal("0.5")},
            {**FROM_SHELTER, "to": "moved_away", "rate_per_year": Decimal("1.5")},
        ],
    )
    trajectory = run(data)
    years = np.concatenate([[0], np.cumsum(trajectory.model.calendar.days)]) / DAYS_PER_YEAR
    gone = 60 * -np.expm1(-2 * years)
    np.testing.assert_allclose(in_states(trajectory)[:, 0], 60 - gone, rtol=EXACT)
    np.testing.assert_allclose(trajectory.left[0, 0], [gone / 4, gone * 3 / 4], rtol=EXACT)
    spent = np.diff(gone) / 2 * DAYS_PER_YEAR
    np.testing.assert_allclose(days_in_states(trajectory)[:, 0], spent, rtol=EXACT)


@pytest.mark.parametrize("cycle", ["month", "quarter", "year"])
def test_without_transitions_everybody_stays_where_they_are(cycle: str) -> None:
    arrival = {"stratum": "adult", "housing": "home", "per_year": 12}
    data = small(
        time=time("2019-01", "2020-12", cycle),
        transitions=[],
        population={"initial": [persons("shelter")], "arrivals": [arrival]},
    )
    trajectory = run(data)
    days = np.array(trajectory.model.calendar.days)
    at = np.concatenate([[0], np.cumsum(days)]) * 12 / DAYS_PER_YEAR
    np.testing.assert_allclose(
        in_states(trajectory), np.stack([at * 0 + 60, at], axis=1), rtol=EXACT
    )
    spent = np.stack([60.0 * days, (at[:-1] + at[1:]) / 2 * days], axis=1)
    np.testing.assert_allclose(days_in_states(trajectory), spent, rtol=EXACT)


def test_a_year_of_months_is_365_days_and_a_leap_year_366() -> None:
    data = small(time=time("2019-01", "2020-12"), transitions=[])
    days = days_in_states(run(data))[:, 0] / 60
    assert days[:12] == pytest.approx([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], rel=EXACT)
    assert days[12:].sum() == pytest.approx(366, rel=EXACT)


STEADY = small(
    time=time("2019-01", "2022-12"),
    domains={"housing": {"street": {"homeless": True}, "shelter": {"homeless": True}, "home": None}},
    leave=["dead"],
    population={
        "initial": [persons("street", 26), persons("shelter"), persons("home", 30)],
        "arrivals": [{"stratum": "adult", "housing": "street", "per_year": 60}],
    },
    transitions=[
        {"from": {"housing": "street"}, "to": "shelter", "rate_per_year": 20},
        {**FROM_SHELTER, "stay": {"mean": "61 days"},
         "to": {"home": Decimal("0.43"), "street": Decimal("0.57")}},
        {**FROM_HOME, "to": "street", "rate_per_year": Decimal("0.5")},
        {"from": {"housing": ["street", "shelter", "home"]}, "to": "dead",
         "probability": Decimal("0.025"), "within": "1 year"},
    ],
)  # fmt: skip


@pytest.mark.parametrize("cycle", ["quarter", "year"])
def test_longer_cycles_agree_with_months_where_nothing_changes(cycle: str) -> None:
    months, longer = run(STEADY), run({**STEADY, "time": time("2019-01", "2022-12", cycle)})
    step = longer.model.calendar.months_per_cycle
    n_cycles = longer.model.calendar.n_cycles

    def gathered(values: np.ndarray) -> np.ndarray:
        return values.reshape(n_cycles, step, -1).sum(axis=1)

    np.testing.assert_allclose(in_states(longer), in_states(months)[::step], rtol=EXACT)
    np.testing.assert_allclose(longer.left[0, 0], months.left[0, 0][:, ::step], rtol=EXACT)
    np.testing.assert_allclose(days_in_states(longer), gathered(days_in_states(months)), rtol=EXACT)
    np.testing.assert_allclose(longer.flows[0, 0], gathered(months.flows[0, 0]), rtol=EXACT)


def test_twice_the_people_are_twice_the_occupancy() -> None:
    population = STEADY["population"]
    twice = {
        "initial": [{**one, "persons": 2 * one["persons"]} for one in population["initial"]],
        "arrivals": [{**one, "per_year": 2 * one["per_year"]} for one in population["arrivals"]],
    }
    one, two = run(STEADY), run({**STEADY, "population": twice})
    np.testing.assert_allclose(two.occupancy, 2 * one.occupancy, rtol=EXACT)
    np.testing.assert_allclose(two.person_days, 2 * one.person_days, rtol=EXACT)
    np.testing.assert_allclose(two.flows, 2 * one.flows, rtol=EXACT)
    np.testing.assert_allclose(two.left, 2 * one.left, rtol=EXACT)


ACT: Data = {
    "eligible": {"housing": ["street", "shelter"]},
    "places": {"2019-03": 5, "2019-06": 9, "2020-02": 3},
    "intake": {"share_of_waiting": Decimal("0.4")},
    "stay": {"mean": "14 months"},
    "effects": [
        {"from": {"housing": "shelter"}, "to": "home", "hazard_ratio": Decimal("2.5")},
        {"from": {"housing": "home"}, "to": "street", "hazard_ratio": Decimal("0.4")},
    ],
}
WITH_ACT = {
    **STEADY,
    "programmes": {"act": ACT},
    "strategies": {"reference": {}, "act": {"programmes": "act"}},
}


def test_a_stratum_split_in_two_halves_is_the_whole() -> None:
    population = WITH_ACT["population"]
    halves = {
        "strata": {"one": None, "two": None},
        "population": {
            "initial": [
                {**group, "stratum": name, "persons": Decimal(group["persons"]) / 2}
                for group in population["initial"]
                for name in ("one", "two")
            ],
            "arrivals": [
                {**group, "stratum": name, "per_year": Decimal(group["per_year"]) / 2}
                for group in population["arrivals"]
                for name in ("one", "two")
            ],
        },
    }
    whole, split = run(WITH_ACT, "act"), run({**WITH_ACT, **halves}, "act")
    for name in ("occupancy", "person_days"):
        parts, all_ = getattr(split, name)[0, 0], getattr(whole, name)[0, 0, 0]
        np.testing.assert_allclose(parts[0], parts[1], rtol=EXACT, atol=EXACT)
        np.testing.assert_allclose(parts.sum(axis=0), all_, rtol=EXACT, atol=EXACT)
    np.testing.assert_allclose(split.waiting, whole.waiting, rtol=EXACT)
    np.testing.assert_allclose(split.left, whole.left, rtol=EXACT)


def renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {names.get(str(key), key): renamed(one, names) for key, one in value.items()}
    if isinstance(value, list):
        return [renamed(one, names) for one in value]
    return names.get(value, value) if isinstance(value, str) else value


def test_relabelled_states_in_another_order_are_the_same_people() -> None:
    new = renamed(WITH_ACT, {"street": "z_gade", "shelter": "a_herberg", "home": "m_bolig"})
    states = new["domains"]["housing"]
    new["domains"] = {"housing": {name: states[name] for name in sorted(states)}}
    old_run, new_run = run(WITH_ACT, "act"), run(new, "act")
    order = [2, 0, 1]  # street, shelter, home among a_herberg, m_bolig, z_gade
    assert new_run.model.axes.states == (("a_herberg", "m_bolig", "z_gade"),)
    for name in ("occupancy", "person_days"):
        found = getattr(new_run, name)[..., order]
        np.testing.assert_allclose(found, getattr(old_run, name), rtol=EXACT, atol=EXACT)
    np.testing.assert_allclose(new_run.waiting, old_run.waiting, rtol=EXACT)


def test_two_independent_domains_are_each_one_alone() -> None:
    activity = {"benefits": None, "work": None, "study": None}
    work = [
        {"from": {"activity": "benefits"}, "to": "work", "rate_per_year": Decimal("0.7")},
        {"from": {"activity": ["work", "study"]}, "to": "benefits", "rate_per_year": 2},
        {"from": {"activity": "benefits"}, "to": "study", "rate_per_year": Decimal("0.2")},
    ]
    housing = [row for row in STEADY["transitions"] if row["to"] != "dead"]
    base: Data = {**STEADY, "leave": []}
    first = {"housing": STEADY["domains"]["housing"]}
    groups = [("street", "work", 26), ("shelter", "benefits", 60), ("home", "benefits", 30)]

    def alone(domains: Data, rows: list[Data], position: int) -> Trajectory:
        (domain,) = domains
        initial = [
            {"stratum": "adult", domain: group[position], "persons": group[2]} for group in groups
        ]
        arrival = {"stratum": "adult", domain: ("street", "work")[position], "per_year": 60}
        people = {"initial": initial, "arrivals": [arrival]}
        return run({**base, "domains": domains, "transitions": rows, "population": people})

    people = {
        "initial": [persons(state, number, activity=does) for state, does, number in groups],
        "arrivals": [{"stratum": "adult", "housing": "street", "activity": "work", "per_year": 60}],
    }
    together = run(
        {
            **base,
            "domains": {**first, "activity": activity},
            "transitions": [*housing, *work],
            "population": people,
        }
    )
    for domain, single in (
        ("housing", alone(first, housing, 0)),
        ("activity", alone({"activity": activity}, work, 1)),
    ):
        at = together.model.axes.state_position(domain)
        for name in ("occupancy", "person_days"):
            values = getattr(together, name)
            marginal = np.stack([values[..., at == n].sum(axis=-1) for n in range(3)], axis=-1)
            np.testing.assert_allclose(marginal, getattr(single, name), rtol=EXACT)


@pytest.mark.parametrize(
    "effects",
    [
        [],
        [{"from": {"housing": "shelter"}, "to": ["home", "street"], "hazard_ratio": 1}],
        [
            {"from": {"housing": "shelter"}, "to": "home", "hazard_ratio": 4},
            {"from": {"housing": "shelter"}, "to": "home", "hazard_ratio": Decimal("0.25")},
        ],
    ],
)
def test_a_programme_without_effect_is_the_reference(effects: list[Data]) -> None:
    data = {**WITH_ACT, "programmes": {"act": {**ACT, "effects": effects}}}
    reference, act = run(data), run(data, "act")
    assert act.occupancy[0, 0, :, 1].sum() > 0
    for name in ("occupancy", "person_days"):
        found = getattr(act, name).sum(axis=3)
        np.testing.assert_allclose(found, getattr(reference, name).sum(axis=3), rtol=EXACT)
    np.testing.assert_allclose(act.left, reference.left, rtol=EXACT)
    for source in range(3):
        for target in range(3):
            there, same = moved(act, source, target), moved(reference, source, target)
            np.testing.assert_allclose(there, same, rtol=EXACT)


def test_a_hazard_ratio_of_zero_stops_the_move_and_no_other() -> None:
    effect = {"from": {"housing": "home"}, "to": "street", "hazard_ratio": 0}
    data = {**WITH_ACT, "programmes": {"act": {**ACT, "effects": [effect]}}}
    act = run(data, "act")
    axes, edges = act.model.axes, act.model.generator
    _, status, state = np.unravel_index(np.minimum(edges.source, axes.n_cells - 1), axes.cell_shape)
    flows = act.flows[0, 0].sum(axis=0)
    inside = (status == 1) & (edges.domain == 0)
    stopped = inside & (state == 2) & (edges.target < axes.n_cells)
    assert flows[inside & ~stopped].min() > 0
    assert not flows[stopped].any()
    assert flows[(status == 0) & (edges.domain == 0)].min() > 0


def test_the_run_leaves_what_it_was_given_as_it_was() -> None:
    scenario = scenario_of(WITH_ACT)
    model = model_of(WITH_ACT, "act")
    before = [model.initial.copy(), model.generator.rate.copy(), model.programmes[0].places.copy()]
    one, two = run_cohort(model), run_cohort(model)
    after = [model.initial, model.generator.rate, model.programmes[0].places]
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))
    assert scenario_of(WITH_ACT).digest == scenario.digest
    for name in ("occupancy", "left", "person_days", "flows", "enrolments", "waiting"):
        assert np.array_equal(getattr(one, name), getattr(two, name))
        with pytest.raises(ValueError, match="read-only"):
            getattr(one, name)[...] = 0


def test_progress_is_told_cycle_by_cycle() -> None:
    told: list[tuple[int, int]] = []
    run_cohort(model_of(small()), lambda done, all_: told.append((done, all_)))
    assert told == [(number, 12) for number in range(1, 13)]
