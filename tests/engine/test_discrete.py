"""A discrete step against matrix powers, sums by hand, and a plain loop over random scenarios."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discrete_scenarios import (
    RULES,
    PlainRun,
    discrete,
    discrete_scenarios,
    row_of,
    with_programme,
)
from random_scenarios import Data, hundredths, model_of, parts_of, result_of, scenario_of
from som_sim.engine.cohort import run_cohort
from som_sim.engine.discrete import count_time
from som_sim.engine.trajectory import Trajectory
from som_sim.engine.windows import persons_in
from som_sim.ledger.reconcile_persons import flows_close, flows_follow_person_time
from som_sim.model.build import build_model

ROUNDING = 1e-12
"""Relative; a run of some cycles is a few hundred float operations."""

# Rows and columns a, b, c, dead of `discrete()`.
P = np.array(
    [[0.65, 0.2, 0.1, 0.05], [0.1, 0.6, 0.3, 0.0], [0.0, 0.0, 0.75, 0.25], [0.0, 0.0, 0.0, 1.0]]
)


def ran(data: Data, strategy: str = "reference") -> Trajectory:
    return run_cohort(model_of(data, strategy))


def persons(trajectory: Trajectory, status: int = 0) -> np.ndarray:
    """Persons of the first stratum at each boundary: (boundary, state and then way to leave)."""
    alive = trajectory.occupancy[0, 0, 0, status]
    return np.concatenate([alive, trajectory.left[0, 0].T], axis=1)


def person_days(trajectory: Trajectory, status: int = 0) -> np.ndarray:
    """Person-days of the first stratum: (cycle, state)."""
    days: np.ndarray = trajectory.person_days[0, 0, 0, status]
    return days


def close(value: object) -> Any:
    return pytest.approx(value, rel=ROUNDING, abs=1e-9)


# Occupancy and flows ------------------------------------------------------------------------------


@pytest.mark.parametrize("cycle", ["month", "quarter", "year"])
def test_occupancy_is_a_power_of_the_matrix(cycle: str) -> None:
    rows = discrete(12, cycle)
    expected = [1000 * np.linalg.matrix_power(P, k)[0] for k in range(13)]
    assert persons(ran(rows)) == close(np.array(expected))


def test_moves_are_persons_at_the_start_times_probability() -> None:
    trajectory = ran(discrete(5))
    edges, opening = trajectory.model.generator, persons(trajectory)
    for flow, source, target in zip(
        trajectory.flows[0, 0].T, edges.source, edges.target, strict=True
    ):
        assert flow == close(opening[:-1, source] * P[source, target])


def test_a_person_makes_one_move_a_cycle_at_the_most() -> None:
    """Where everybody moves on, nobody is two states further in one cycle."""
    rows = [row_of("health", "a", {"b": "1"}), row_of("health", "b", {"c": "1"})]
    trajectory = ran(discrete(3, transitions=rows))
    assert persons(trajectory)[:, :3].tolist() == [
        [1000, 0, 0], [0, 1000, 0], [0, 0, 1000], [0, 0, 1000],
    ]  # fmt: skip


def two_domains(n_cycles: int = 3) -> Data:
    return discrete(
        n_cycles,
        domains={"health": {"a": None, "b": None}, "work": {"out": None, "in": None}},
        leave=[],
        population={
            "initial": [{"stratum": "adult", "health": "a", "work": "out", "persons": 100}]
        },
        transitions=[
            row_of("health", "a", {"b": "0.3"}),
            row_of("work", "out", {"in": "0.5"}),
            {**row_of("work", "in", {"out": "0.1"}), "if": {"health": "b"}},
        ],
    )


def test_nobody_moves_in_two_domains_in_one_cycle() -> None:
    """a-out, a-in, b-out, b-in: the row of a-out is 0.2 staying, 0.5 and 0.3, never both."""
    p = np.array(
        [[0.2, 0.5, 0.3, 0.0], [0.0, 0.7, 0.0, 0.3], [0.0, 0.0, 0.5, 0.5], [0.0, 0.0, 0.1, 0.9]]
    )
    found = ran(two_domains()).occupancy[0, 0, 0, 0]
    expected = [100 * np.linalg.matrix_power(p, k)[0] for k in range(4)]
    assert found == close(np.array(expected))
    assert found[1, 3] == 0


@given(hundredths(1, 1e6), parts_of(1000, 3))
def test_rows_that_add_to_1_leave_nobody_behind(number: Decimal, parts: list[int]) -> None:
    """And never less than nobody: 333.33 persons less a third, a third and the rest once were."""
    row = {
        to: str(Decimal(part) / 1000) for to, part in zip(("b", "c", "dead"), parts, strict=True)
    }
    data = discrete(1, transitions=[row_of("health", "a", row)])
    data["population"]["initial"][0]["persons"] = number
    after = persons(ran(data))[1]
    assert after == close(np.array([0, *(float(number) * part / 1000 for part in parts)]))
    assert after[0] >= 0


def test_a_target_of_nobody_has_its_chance_when_all_move_on() -> None:
    rows = [row_of("health", "a", {"b": "0.33", "c": "0.33", "dead": "0.34"})]
    target = {
        "indicator": {"persons_in": {"health": "a"}}, "at": "2018-01-01", "goal": 0,
        "better": "lower",
    }  # fmt: skip
    data = discrete(2, transitions=rows, targets={"nobody": target})
    data["population"]["initial"][0]["persons"] = Decimal("333.33")
    (measured,) = result_of(data).targets.to_dict("records")
    assert measured["projected"] == close(0)
    assert measured["projected"] >= 0
    assert measured["probability"] == close(1)


# Person-time --------------------------------------------------------------------------------------


def test_start_and_end_count_those_there_then_and_half_cycle_their_mean() -> None:
    start, end, half = (ran(discrete(6, "month", rule)) for rule in ("start", "end", "half_cycle"))
    days = np.array(start.model.calendar.days)[:, None]
    alive = persons(start)[:, :3]
    assert person_days(start) == close(alive[:-1] * days)
    assert person_days(end) == close(alive[1:] * days)
    assert person_days(half) == close((alive[:-1] + alive[1:]) / 2 * days)


@pytest.mark.parametrize("counting", RULES)
@pytest.mark.parametrize("cycle", ["month", "quarter", "year"])
def test_the_weights_of_every_rule_add_to_the_horizon(counting: str, cycle: str) -> None:
    """Of people who never move, each is there every day of the run, leap days included."""
    trajectory = ran(discrete(14, cycle, counting, transitions=[]))
    days = trajectory.model.calendar.days
    assert person_days(trajectory)[:, 0] == close(1000.0 * np.array(days))
    assert sum(days) == (trajectory.model.calendar.end - trajectory.model.calendar.start).days


def weights(rule: str, n_cycles: int) -> np.ndarray:
    """The weight of each boundary: what one person there then, and at no other time, counts."""
    there = np.eye(n_cycles + 1)[:, None, :]  # boundary, cell, draw: one draw for each boundary
    counted: np.ndarray = count_time(there[:-1], there[1:], rule).sum(axis=(0, 1))
    return counted


def test_weights_of_boundaries_are_those_of_the_textbook() -> None:
    """Not 2/3 where 4/3 should be, which adds to 3.33 of 4 and is found in published code."""
    assert weights("simpson", 4) == close(np.array([1, 4, 2, 4, 1]) / 3)
    assert weights("half_cycle", 4) == close([0.5, 1, 1, 1, 0.5])
    assert weights("start", 4) == close([1, 1, 1, 1, 0])
    assert weights("end", 4) == close([0, 1, 1, 1, 1])
    for rule in RULES:
        assert weights(rule, 20).sum() == close(20)


def test_simpson_integrates_a_square_exactly_in_every_cycle() -> None:
    squares = np.arange(9.0)[:, None, None] ** 2
    time = count_time(squares[:-1], squares[1:], "simpson").ravel()
    assert time == close([((k + 1) ** 3 - k**3) / 3 for k in range(8)])
    assert count_time(squares[:-1], squares[1:], "half_cycle").sum() != close(8**3 / 3)


def test_simpson_integrates_a_cube_exactly_over_a_pair() -> None:
    cubes = np.arange(9.0)[:, None, None] ** 3
    time = count_time(cubes[:-1], cubes[1:], "simpson").ravel()
    assert time.reshape(4, 2).sum(axis=1) == close(
        [((2 * k + 2) ** 4 - (2 * k) ** 4) / 4 for k in range(4)]
    )


@given(
    st.lists(st.floats(0, 1e6), min_size=3, max_size=15).filter(lambda one: len(one) % 2),
    st.sampled_from(RULES),
)
def test_nobody_spends_less_than_no_time(numbers: list[float], rule: str) -> None:
    n = np.array(numbers)[:, None, None]
    time = count_time(n[:-1], n[1:], rule)
    assert time.min() >= 0
    if rule == "simpson":
        pairs = time.reshape(-1, 2).sum(axis=1)
        assert pairs == close((n[:-2:2] + 4 * n[1::2] + n[2::2]).ravel() / 3)


def test_a_state_reached_after_two_cycles_has_the_time_of_its_pair() -> None:
    """The parabola through 0, 0 and n is below 0 at first; a bill cannot be."""
    rows = [row_of("health", "a", {"b": "0.3"}), row_of("health", "b", {"c": "0.5"})]
    days = person_days(ran(discrete(2, "year", "simpson", transitions=rows)))[:, 2]
    assert days == close([0, 150 / 3 * 365])


def test_counting_leaves_its_input_alone() -> None:
    opening, closing = np.ones((2, 1, 1)), np.full((2, 1, 1), 3.0)
    for rule in RULES:
        count_time(opening, closing, rule)[:] = -1
        assert opening.tolist() == [[[1]], [[1]]]
        assert closing.tolist() == [[[3]], [[3]]]


def test_life_expectancy_is_the_mean_of_a_geometric() -> None:
    """With p a year, (1 - p) / p years counted at the end, 1 / p at the start."""
    rows = [row_of("health", "a", {"dead": "0.25"})]
    for rule, years in (("end", 3.0), ("start", 4.0), ("half_cycle", 3.5)):
        trajectory = ran(discrete(120, "year", rule, transitions=rows))
        lived = person_days(trajectory)[:, 0] / np.array(trajectory.model.calendar.days)
        assert lived.sum() / 1000 == pytest.approx(years, rel=1e-12)


# Arrivals -----------------------------------------------------------------------------------------


def arriving(n_cycles: int, counting: str, join: str | None) -> Data:
    data = discrete(n_cycles, "year", counting, arrivals_join=join)
    data["population"]["arrivals"] = [
        {"stratum": "adult", "health": "a", "per_year": Decimal("365.25")}  # one a day
    ]
    return data


@pytest.mark.parametrize("join", [None, "end", "start"])
def test_arrivals_join_at_the_end_or_at_the_start(join: str | None) -> None:
    trajectory = ran(arriving(5, "end", join))
    n, expected = np.array([1000.0, 0, 0, 0]), []
    for days in trajectory.model.calendar.days:
        expected.append(n)
        new = np.array([days, 0, 0, 0])
        n = (n + new) @ P if join == "start" else n @ P + new
    found = persons(trajectory)
    assert found == close(np.array([*expected, n]))
    came = 1000 + np.concatenate([[0], np.cumsum(trajectory.model.calendar.days)])
    assert found.sum(axis=1) == close(came)


def test_those_who_join_at_the_start_are_counted_from_then() -> None:
    for rule in ("start", "end", "half_cycle"):
        at_start, at_end = (ran(arriving(3, rule, join)) for join in ("start", "end"))
        days = np.array(at_start.model.calendar.days, dtype=float)
        joined = persons(at_start)[:-1, 0] + days
        after = persons(at_start)[1:, 0]
        expected = {"start": joined, "end": after, "half_cycle": (joined + after) / 2}[rule]
        assert person_days(at_start)[:, 0] == close(expected * days)
        there, then = persons(at_end)[:-1, 0], persons(at_end)[1:, 0]
        expected = {"start": there, "end": then, "half_cycle": (there + then) / 2}[rule]
        assert person_days(at_end)[:, 0] == close(expected * days)


@pytest.mark.parametrize("join", ["end", "start"])
def test_moves_of_those_who_join_at_the_start_are_reconciled(join: str) -> None:
    trajectory = ran(arriving(4, "end", join))
    for check in (flows_close, flows_follow_person_time):
        assert all(found[3] for found in check(trajectory))
    other = replace(trajectory.model, arrivals_join="start" if join == "end" else "end")
    assert not all(found[3] for found in flows_follow_person_time(replace(trajectory, model=other)))


# Programmes ---------------------------------------------------------------------------------------


def inside(trajectory: Trajectory) -> np.ndarray:
    """Persons in the programme at each boundary, after enrolment."""
    number: np.ndarray = trajectory.occupancy[0, 0, :, 1].sum(axis=(0, 2))
    return number


def once(**keys: Any) -> Data:
    """A programme that takes 100 people at the first boundary and none later."""
    rows = [
        row_of("health", "a", {"b": "0.3"}, "month"),
        row_of("health", "b", {"a": "0.2"}, "month"),
    ]
    data = discrete(36, "month", "start", transitions=rows)
    places = {"2017-01": 100, "2017-02": 0}
    return with_programme(data, *keys.pop("effects", ()), places=places, **keys)


def test_without_a_stay_nobody_leaves_a_programme() -> None:
    assert inside(ran(once(), "act")) == close([100.0] * 37)


@pytest.mark.parametrize(
    "effect",
    [
        {"hazard_ratio": 3},
        {"odds_ratio": 3},
        {"risk_ratio": 2},
        {"difference": Decimal("0.3")},
    ],
)
def test_a_stay_is_geometric_with_its_mean_whatever_moves_beside_it(effect: Data) -> None:
    one = {"from": {"health": "a"}, "to": "b", **effect}
    trajectory = ran(once(stay={"mean": "4 months"}, effects=[one]), "act")
    assert inside(trajectory) == close([100 * 0.75**k for k in range(37)])
    spent = trajectory.person_days[0, 0, 0, 1].sum(axis=1) / np.array(
        trajectory.model.calendar.days
    )
    assert spent.sum() / 100 == pytest.approx(4, rel=0.75**36)  # the run is cut off after 36


def test_a_stay_of_one_cycle_is_one_cycle() -> None:
    data = once(stay={"mean": "1 month"})
    data["transitions"] = []
    assert inside(ran(data, "act")) == close([100.0, *[0] * 36])


def test_half_have_left_after_the_median() -> None:
    data = once(stay={"median": "3 months"})
    assert inside(ran(data, "act"))[3] == close(50)


@pytest.mark.parametrize(("cycle", "months"), [("month", 1), ("quarter", 3), ("year", 12)])
def test_a_stay_is_as_long_in_every_length_of_cycle(cycle: str, months: int) -> None:
    data = discrete(40, cycle, "start", transitions=[])
    data = with_programme(data, stay={"mean": "24 months"}, places=100)
    trajectory = ran(data, "act")
    ended = trajectory.flows[0, 0].sum(axis=1)
    assert ended == close([100 * months / 24] * 40)  # the places are filled again each cycle


def test_ageing_takes_its_mean_time() -> None:
    strata = {"young": {"ages": {"to": "old", "after": "5 years"}}, "old": None}
    young = [{"stratum": "young", "health": "a", "persons": 1000}]
    data = discrete(10, strata=strata, population={"initial": young}, transitions=[])
    found = ran(data).occupancy[0, 0, 0, 0, :, 0]
    assert found == close([1000 * 0.8**k for k in range(11)])


# Counting persons ---------------------------------------------------------------------------------


def test_persons_at_a_boundary_are_the_occupancy() -> None:
    trajectory = ran(discrete(4, "quarter"))
    sick = np.array([False, True, True])[None, None]
    for number, day in enumerate(trajectory.model.calendar.boundaries):
        (found,) = persons_in(trajectory, sick, day)
        assert found == close(persons(trajectory)[number, 1:3].sum())


@pytest.mark.parametrize("join", ["end", "start"])
def test_distinct_persons_over_cycles_are_those_an_absorbing_chain_catches(join: str) -> None:
    """Once in b or c, a person is counted; who left before it is not."""
    data = arriving(6, "end", join)
    trajectory = ran(data)
    calendar = trajectory.model.calendar
    caught = np.array([[0.65, 0.3, 0.05], [0, 1, 0], [0, 0, 1]])  # a, counted, dead
    sick = np.array([False, True, True])[None, None]
    for first, n_cycles in ((0, 1), (0, 6), (2, 3)):
        opening = persons(trajectory)[first]
        n = np.array([opening[0], opening[1:3].sum(), opening[3]])
        for days in calendar.days[first : first + n_cycles]:
            new = np.array([days, 0, 0])
            n = (n + new) @ caught if join == "start" else n @ caught + new
        span = sum(calendar.days[first : first + n_cycles])
        (found,) = persons_in(trajectory, sick, calendar.boundaries[first], span)
        assert found == close(n[1])


def test_distinct_persons_of_a_year_can_be_a_target() -> None:
    target = {
        "indicator": {"distinct_persons_in": {"health": ["b", "c"]}},
        "during": {"from": "2018-01", "to": "2018-12"},
        "goal": 10,
        "better": "lower",
    }
    result = result_of(discrete(4, targets={"sick": target}))
    after = 1000 * P[0]  # 650 in a when the window opens, of whom 0.3 become sick in it
    (projected,) = result.targets["projected"]
    assert projected == close(after[1] + after[2] + 0.3 * after[0])


@pytest.mark.parametrize(("month", "over"), [(2, 0.0), (1, 30.0), (1, 365.25)])
def test_part_of_a_cycle_is_no_time_to_count_at(month: int, over: float) -> None:
    trajectory = ran(discrete(2))
    day = trajectory.model.calendar.start.replace(month=month)
    with pytest.raises(ValueError, match="counted at the start of a cycle"):
        persons_in(trajectory, np.ones((1, 1, 3), dtype=bool), day, over)


# Draws --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["discrete", "continuous"])
def test_a_draw_has_the_bytes_in_a_block_that_it_has_alone(step: str) -> None:
    """Those who wait are in eleven cells, which `sum` adds in another order for a single draw."""
    names = [f"s{number}" for number in range(11)]
    data = discrete(
        domains={"health": dict.fromkeys(names)},
        leave=[],
        parameters={"p": {"value": Decimal("0.2")}},
        population={
            "initial": [
                {"stratum": "adult", "health": name, "persons": Decimal("7.13") * (number + 1)}
                for number, name in enumerate(names)
            ]
        },
        transitions=[
            {"from": {"health": one}, "to": two, "probability": "p", "within": "1 year"}
            for one, two in pairwise([*names, names[0]])
        ],
    )
    if step == "continuous":
        data["time"] = {key: data["time"][key] for key in ("from", "to", "cycle")}
    share = {"share_of_waiting": Decimal("0.3")}
    data = with_programme(data, places=20, intake=share, stay={"mean": "48 months"})
    spec = scenario_of(data).strategies["act"]
    values = np.array([0.2, 0.17, 0.31, 0.05])
    together = run_cohort(build_model(spec, "act", values={"p": values}))
    cells = np.array([[[True] * 10 + [False]] * 2])
    for draw in range(4):
        alone = run_cohort(build_model(spec, "act", values={"p": values[draw : draw + 1]}))
        for name in ("occupancy", "person_days", "flows", "waiting"):
            assert getattr(alone, name)[0].tobytes() == getattr(together, name)[draw].tobytes()
        day = alone.model.calendar.boundaries[2]
        found = [persons_in(one, cells, day) for one in (alone, together)]
        assert found[0][0] == found[1][draw]


# Random scenarios ---------------------------------------------------------------------------------


@settings(max_examples=40)
@given(discrete_scenarios())
def test_against_a_plain_loop(data: Data) -> None:
    for strategy in data["strategies"]:
        trajectory, plain = ran(data, strategy), PlainRun(data, strategy)
        named = labels(trajectory)
        for number, expected in enumerate(plain.occupancy):
            found = np.concatenate(
                [
                    trajectory.occupancy[0, 0, :, :, number].ravel(),
                    trajectory.left[0, 0, :, number],
                ]
            )
            assert found == close(np.array([expected.get(cell, 0.0) for cell in named]))
        cells = named[: trajectory.model.axes.n_cells]
        for number, time in enumerate(plain.person_days):
            spent = trajectory.person_days[0, 0, :, :, number].ravel()
            assert spent == close(np.array([time.get(cell, 0.0) for cell in cells]))
        edges = trajectory.model.generator
        for number, moves in enumerate(plain.moves):
            flows: dict[Any, float] = defaultdict(float)
            for edge, flow in enumerate(trajectory.flows[0, 0, number]):
                flows[named[edges.source[edge]], named[edges.target[edge]]] += float(flow)
            keys = list({*flows, *moves})
            assert [flows[key] for key in keys] == close([moves.get(key, 0.0) for key in keys])


def labels(trajectory: Trajectory) -> list[tuple[str, ...]]:
    axes = trajectory.model.axes
    cells = [tuple(axes.cell_name(cell).split(", ")) for cell in range(axes.n_cells)]
    return [*cells, *((name,) for name in axes.leave)]


@settings(max_examples=25)
@given(discrete_scenarios())
def test_books_and_persons_are_reconciled(data: Data) -> None:
    result = result_of(data)
    assert result.ok, result.reconciliation[~result.reconciliation["ok"]]
    for run in result.runs.values():
        trajectory = run.trajectory
        assert trajectory.person_days.min() >= 0
        came = trajectory.model.initial.sum() + np.concatenate(
            [[0], np.cumsum(trajectory.model.arrived().sum(axis=(1, 2)))]
        )
        present = trajectory.occupancy[0, 0].sum(axis=(0, 1, 3)) + trajectory.left[0, 0].sum(axis=0)
        assert present == close(came)
    assert (result.ledger["amount_oere"] >= 0).all()
    assert (result.flows["persons"] >= 0).all()


@settings(max_examples=15)
@given(discrete_scenarios(), st.integers(2, 5))
def test_so_many_times_the_people_are_so_many_times_everything(data: Data, times: int) -> None:
    def scaled(strategy: str) -> Trajectory:
        model = model_of(data, strategy)
        return run_cohort(
            replace(
                model,
                initial=model.initial * times,
                arrivals_per_year=model.arrivals_per_year * times,
                programmes=tuple(
                    replace(rule, places=rule.places * times) for rule in model.programmes
                ),
            )
        )

    for strategy in data["strategies"]:
        one, many = ran(data, strategy), scaled(strategy)
        assert many.occupancy == close(times * one.occupancy)
        assert many.person_days == close(times * one.person_days)
        assert many.flows == close(times * one.flows)
